/** Ends an airing: withdraws a bulletin, or stops an emergency. Asks first, and says what else ends with it. */

import type { AiringView, BulletinView } from '@loa/protocol/panel';
import { Button } from '@mantine/core';
import { IconPlayerStopFilled } from '@tabler/icons-react';
import { useState } from 'react';
import { useMay } from '../../api/me.tsx';
import { AskDialog } from '../../kit/ask-dialog.tsx';
import { useEnd } from '../../kit/use-end.ts';
import type { AiringStage } from '../../model/airing-summary.ts';
import { airingTitle } from '../../model/airing-title.ts';
import { useSay } from '../../text/use-say.ts';

/** Nothing when it is over, or not this person's to end. */
export function EndButton(props: { airing: AiringView; stage: AiringStage; bulletin: BulletinView | undefined }) {
  const say = useSay();
  const { airing, stage } = props;
  const isEmergency = airing.class === 'emergency';
  const mayEnd = useMay(isEmergency ? 'emergency' : 'schedule');
  const [isAsking, setAsking] = useState(false);
  const end = useEnd(() => setAsking(false));
  const repeats = props.bulletin?.whens.some((when) => when.kind !== 'now' && when.kind !== 'once') ?? false;
  const canEnd = mayEnd && airing.active && (stage !== 'over' || repeats);
  if (!canEnd) return null;
  const words = say(stage === 'sounding' ? 'end.stop' : 'end.withdraw');
  return (
    <>
      <Button
        size="lg"
        variant="default"
        leftSection={<IconPlayerStopFilled size={22} aria-hidden />}
        onClick={() => setAsking(true)}
      >
        {words}
      </Button>
      <AskDialog
        isOpen={isAsking}
        title={say(stage === 'sounding' ? 'end.ask-stop' : 'end.ask-withdraw')}
        yes={words}
        tone={isEmergency && !airing.drill ? 'alarm' : 'plain'}
        isBusy={end.isBusy}
        onYes={() => end.run({ bulletinId: airing.bulletinId, isEmergency })}
        onNo={() => setAsking(false)}
      >
        <p>
          <strong>{airingTitle(airing, say)}</strong>
        </p>
        <p>{say('end.consequence', { count: airing.targets.length })}</p>
        {repeats && <p>{say('end.repeats')}</p>}
      </AskDialog>
    </>
  );
}
