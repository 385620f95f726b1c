/** The next few dates on which the time in the fields falls, so that a rule is seen and not only read. */

import { dateWords } from '../../model/civil-time.ts';
import { type Draft, whenOf } from '../../model/draft.ts';
import { nextDates } from '../../model/next-dates.ts';
import { useSay } from '../../text/use-say.ts';

const shownMax = 3;

export function FirstDates(props: { draft: Draft; today: Temporal.PlainDate; nowMs: number; timeZone: string }) {
  const say = useSay();
  const { today, nowMs, timeZone } = props;
  const when = whenOf(props.draft);
  const dates = when === undefined ? [] : nextDates(when, { nowMs, timeZone, count: shownMax });
  if (dates.length === 0) return null;
  return <p>{say('when.first-dates', { dates: dates.map((date) => dateWords(date, { today, say })).join('; ') })}</p>;
}
