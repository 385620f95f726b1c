/** The days of the month on which a notice is aired; the last one whatever its number. */
import { Choices } from '../../kit/choice.tsx';
import type { Draft } from '../../model/draft.ts';
import { useSay } from '../../text/use-say.ts';

const days = [...Array.from({ length: 31 }, (_, index) => index + 1), -1];

export function MonthDays(props: { draft: Draft; onChange: (change: Partial<Draft>) => void }) {
  const say = useSay();
  return (
    <Choices
      label={say('when.month-days')}
      values={props.draft.monthDays}
      onChange={(monthDays) => props.onChange({ monthDays })}
      options={days.map((value) => ({
        value,
        words: value === -1 ? say('when.month-end-short') : String(value),
        full: value === -1 ? say('when.month-end') : say('when.month-day', { day: value }),
      }))}
    />
  );
}
