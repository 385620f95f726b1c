/** Weekdays as a row of check boxes. */
import { Choices } from '../../kit/choice.tsx';
import { shortWeekdayWords, type WeekdayNumber, weekdayNumbers, weekdayWords } from '../../model/civil-time.ts';
import { useSay } from '../../text/use-say.ts';

export function WeekdayChoices(props: {
  label: string;
  values: readonly WeekdayNumber[];
  onChange: (values: WeekdayNumber[]) => void;
}) {
  const say = useSay();
  return (
    <Choices
      label={props.label}
      values={props.values}
      onChange={props.onChange}
      options={weekdayNumbers.map((value) => ({
        value,
        words: shortWeekdayWords(value, say),
        full: weekdayWords(value, say),
      }))}
    />
  );
}
