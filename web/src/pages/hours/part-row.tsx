/** One part of a session in the form: what it is, buttons that move it, and its fields when it is open. */
import { Button, CloseButton } from '@mantine/core';
import { MoveButtons } from '../../kit/move-buttons.tsx';
import { spanWords } from '../../model/civil-time.ts';
import type { PartDraft } from '../../model/law/standing-day.ts';
import type { Say } from '../../text/say.ts';
import { useSay } from '../../text/use-say.ts';
import styles from './hours-page.module.css';
import { PartFields } from './part-fields.tsx';

export function PartRow(props: {
  part: PartDraft;
  index: number;
  count: number;
  isOpen: boolean;
  onFlip: () => void;
  onMove: (by: -1 | 1) => void;
  onChange: (part: PartDraft) => void;
  onRemove: () => void;
}) {
  const say = useSay();
  const { part, isOpen } = props;
  const name = draftWords(part, say);
  return (
    <li>
      <div className={styles.partLine}>
        <span className={styles.partName}>
          {props.index + 1}. {name}
        </span>
        <span className={styles.partTools}>
          <MoveButtons name={name} index={props.index} count={props.count} onMove={props.onMove} />
          <Button
            variant="default"
            aria-expanded={isOpen}
            aria-label={isOpen ? say('law.part-done') : say('law.part-edit', { name })}
            onClick={props.onFlip}
          >
            {say(isOpen ? 'law.part-done' : 'law.edit')}
          </Button>
          <CloseButton size="lg" aria-label={say('law.remove', { name })} onClick={props.onRemove} />
        </span>
      </div>
      {isOpen && (
        <div className={styles.partFields}>
          <PartFields part={part} onChange={props.onChange} />
        </div>
      )}
    </li>
  );
}

function draftWords(part: PartDraft, say: Say): string {
  if (part.kind === 'bulletins') return say(`law.part.from-${part.from}`);
  if (part.kind === 'tune') return say('law.part.tune-line', { title: part.title });
  const span = spanWords(Math.max(1, Number(part.minutes) || 0) * 60_000, say);
  const values = { title: part.title === '' ? '…' : part.title, span };
  return part.at === undefined
    ? say('law.part.relay-line', values)
    : say('law.part.relay-line-at', { ...values, time: part.at });
}
