/** When a bulletin is aired, in a plain sentence, so that nobody is surprised at 03:15. Pure. */
import type { WhenForm } from '@loa/protocol/panel';
import { lunarRuleWords, type SessionSlot } from '@loa/schedules';
import { languageOf, type Say } from '../text/say.ts';
import { dateWords, weekdayWords } from './civil-time.ts';

interface Reading {
  today: Temporal.PlainDate;
  say: Say;
  /** Placed in a session: its name stands where the time of day would. */
  slot?: SessionSlot | undefined;
  /** A leader is to approve it first: "now" is then. */
  isSubmitted?: boolean;
}

/** `lúc 17:00 thứ Hai, thứ Tư hằng tuần, từ thứ Sáu 27/11`; `trong buổi sáng hằng ngày`. */
export function whenWords(when: WhenForm, reading: Reading): string {
  const { say } = reading;
  switch (when.kind) {
    case 'now':
      return say(reading.isSubmitted ? 'approval.when-now' : 'when.now');
    case 'once':
      return say('when.once', { at: atWords(when.time, reading), date: dateOf(when.date, reading) });
    case 'daily':
      return say('when.daily', { at: atWords(when.time, reading), span: spanOf(when, reading) });
    case 'weekly': {
      const weekdays = [...when.weekdays].sort((a, b) => a - b).map((weekday) => weekdayWords(weekday, say));
      return say('when.weekly', {
        at: atWords(when.time, reading),
        weekdays: weekdays.join(', '),
        span: spanOf(when, reading),
      });
    }
    case 'rule':
      return say('when.rule');
    case 'monthly':
      return say('when.monthly', {
        at: atWords(when.time, reading),
        days: monthDaysWords(when.days, say),
        span: spanOf(when, reading),
      });
    case 'lunar':
      return say('when.lunar', {
        at: atWords(when.time, reading),
        days: lunarRuleWords(when.rule, languageOf(say)),
        span: spanOf(when, reading),
      });
  }
}

function atWords(time: string, { say, slot }: Reading): string {
  return slot === undefined ? say('when.at', { time: time.slice(0, 5) }) : say(`when.in-slot.${slot}`);
}

/** `ngày 1, ngày 15, ngày cuối tháng`. */
function monthDaysWords(days: readonly number[], say: Say): string {
  return [...days]
    .sort((a, b) => (a === -1 ? 32 : a) - (b === -1 ? 32 : b))
    .map((day) => (day === -1 ? say('when.month-end') : say('when.month-day', { day })))
    .join(', ');
}

/** `Phát lúc 17:00 thứ Sáu 27/11, tại 8 cụm loa, 2 lần liền.` `isOffered`: communes choose, it is only suggested. */
export function sentenceOf(
  input: { whens: readonly WhenForm[]; clusterCount: number; repeatCount: number; isOffered?: boolean },
  reading: Reading,
): string {
  const { say } = reading;
  const places =
    input.clusterCount === 0 ? say('when.nowhere') : say('when.at-clusters', { count: input.clusterCount });
  const whens = input.whens.map((when) => whenWords(when, reading));
  const repeats = input.repeatCount > 1 ? say('when.repeats', { count: input.repeatCount }) : '';
  return say(input.isOffered ? 'offered.sentence' : 'when.sentence', {
    when: whens.join(say('when.and')),
    places,
    repeats,
  });
}

function dateOf(date: string, reading: Reading): string {
  return dateWords(Temporal.PlainDate.from(date), reading);
}

function spanOf(when: { from: string; until?: string | undefined }, reading: Reading): string {
  const from = Temporal.PlainDate.from(when.from);
  const hasBegun = Temporal.PlainDate.compare(from, reading.today) <= 0;
  const parts = [
    hasBegun ? '' : reading.say('when.from', { date: dateOf(when.from, reading) }),
    when.until === undefined ? '' : reading.say('when.until', { date: dateOf(when.until, reading) }),
  ];
  return parts.join('');
}
