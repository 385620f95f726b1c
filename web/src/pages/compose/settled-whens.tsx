/** The times settled so far, each removable, and the button that settles the one in the fields to add another. */
import { Button, CloseButton } from '@mantine/core';
import { IconPlus } from '@tabler/icons-react';
import { type Draft, slotOf, whenOf, whensMax, withoutWhen, withWhenSettled } from '../../model/draft.ts';
import { whenWords } from '../../model/when-words.ts';
import { useSay } from '../../text/use-say.ts';
import styles from './when-fields.module.css';

export function SettledWhens(props: {
  draft: Draft;
  onChange: (change: Partial<Draft>) => void;
  today: Temporal.PlainDate;
}) {
  const say = useSay();
  const { draft, onChange, today } = props;
  return (
    <div className={styles.settled}>
      {draft.moreWhens.length > 0 && (
        <>
          <p>{say('when.settled')}</p>
          <ul>
            {draft.moreWhens.map((when) => {
              const words = whenWords(when, { today, say, slot: slotOf(draft) });
              return (
                <li key={JSON.stringify(when)}>
                  <span>{words}</span>
                  <CloseButton
                    size="lg"
                    aria-label={say('when.remove', { when: words })}
                    onClick={() => onChange(withoutWhen(draft, when))}
                  />
                </li>
              );
            })}
          </ul>
        </>
      )}
      {draft.moreWhens.length < whensMax - 1 && (
        <Button
          variant="default"
          leftSection={<IconPlus size={20} aria-hidden />}
          disabled={whenOf(draft) === undefined}
          onClick={() => onChange(withWhenSettled(draft))}
        >
          {say('when.add')}
        </Button>
      )}
    </div>
  );
}
