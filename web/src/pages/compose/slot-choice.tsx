/** The hour of a notice: one of its own, or a session of the day, in whose programme it then stands. */
import { Choice } from '../../kit/choice.tsx';
import type { Draft } from '../../model/draft.ts';
import { mayHaveSlot, slotTimes } from '../../model/slots.ts';
import { useSay } from '../../text/use-say.ts';

/** Nothing for patterns that have their own hour. */
export function SlotChoice(props: { draft: Draft; onChange: (change: Partial<Draft>) => void }) {
  const say = useSay();
  const { draft, onChange } = props;
  if (!mayHaveSlot(draft)) return null;
  return (
    <>
      <Choice
        label={say('slot.legend')}
        value={draft.slot ?? 'own'}
        onChange={(value) => onChange({ slot: value === 'own' ? undefined : value })}
        options={[
          { value: 'own', words: say('slot.own') },
          { value: 'morning', words: say('slot.morning') },
          { value: 'noon', words: say('slot.noon') },
          { value: 'evening', words: say('slot.evening') },
        ]}
      />
      {draft.slot !== undefined && <p>{say('slot.line', { time: slotTimes[draft.slot] })}</p>}
    </>
  );
}
