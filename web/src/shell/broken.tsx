/** What stands where the panel itself has failed: said plainly, with the one thing to do. */
import { Button } from '@mantine/core';
import { IconCloudOff, IconRefresh } from '@tabler/icons-react';
import type { Failure } from '../api/call.ts';
import { failureWords } from '../api/failure-words.ts';
import { EmptyState } from '../kit/empty-state.tsx';
import { useLanguage, useSay } from '../text/use-say.ts';

/** A page that could not be drawn or fetched. */
export function Broken() {
  const say = useSay();
  return (
    <main>
      <EmptyState
        icon={<IconRefresh size={32} />}
        title={say('broken.title')}
        action={
          <Button size="lg" onClick={() => location.reload()}>
            {say('broken.again')}
          </Button>
        }
      >
        {say('broken.words')}
      </EmptyState>
    </main>
  );
}

/** The server does not answer at all. */
export function Unreachable(props: { failure: Failure; isTrying: boolean; onAgain: () => void }) {
  const say = useSay();
  const language = useLanguage();
  return (
    <main>
      <EmptyState
        icon={<IconCloudOff size={32} />}
        title={failureWords(props.failure, say, language)}
        action={
          <Button size="lg" loading={props.isTrying} onClick={props.onAgain}>
            {say('broken.again')}
          </Button>
        }
      />
    </main>
  );
}
