/** What holds at a place, in words: weekdays, limits, volume, who is cut by whom. Pure. */
import type { LawView, SessionForm } from '@loa/protocol/panel';
import type { Say } from '../../text/say.ts';
import { shortWeekdayWords, spanWords } from '../civil-time.ts';
import { hoursWords } from '../hours-words.ts';
import type { LimitName } from './limits-draft.ts';

/** `hằng ngày`, `T2, T3, T4`. */
export function weekdaysWords(weekdays: readonly number[], say: Say): string {
  if (weekdays.length === 7) return say('law.every-day');
  return [...weekdays]
    .sort((a, b) => a - b)
    .map((weekday) => shortWeekdayWords(weekday, say))
    .join(', ');
}

/** What a limit says where it holds; a word where nothing is limited. */
export function limitWords(name: LimitName, limits: LawView['holds']['limits'], say: Say): string {
  switch (name) {
    case 'sessionsPerDayMax': {
      const count = limits.sessionsPerDayMax?.value;
      return count === undefined ? say('law.unlimited') : say('law.sessions-max', { count });
    }
    case 'sessionMinutesMax': {
      const count = limits.sessionMinutesMax?.value;
      return count === undefined ? say('law.unlimited') : say('span.minutes', { count });
    }
    case 'weekdays':
      return weekdaysWords(limits.weekdays?.value ?? [1, 2, 3, 4, 5, 6, 7], say);
    case 'restsOnHolidays':
      return say(limits.restsOnHolidays?.value === true ? 'law.holidays-silent' : 'law.holidays-aired');
  }
}

/** Why an area does not get hours it asked for; a reason that this panel does not know is said as it is. */
export function hoursCutWords(cut: LawView['hoursCuts'][number], input: { name: string; say: Say }): string {
  const { say, name } = input;
  const hours = hoursWords(cut, say);
  if (cut.reason === 'beyond-above') return say('law.cut.beyond-above', { name, hours });
  if (cut.reason === 'other-zone') return say('law.cut.other-zone', { name, hours });
  if (cut.reason === 'too-many-spans') return say('law.cut.too-many-spans', { name, hours });
  return `${name}: ${hours} (${cut.reason})`;
}

/** `05:00–06:00: 70%`, a line each; a word when it is full all day. */
export function volumeLines(volume: LawView['holds']['volume'], say: Say): string[] {
  if (volume.length === 0) return [say('law.volume-full')];
  return volume.map(({ from, until, volumePercent }) =>
    say('law.volume-line', { from, until, percent: volumePercent }),
  );
}

/** What one part of a session is: `Tiếp âm Đài tỉnh, 30 phút, đúng 05:30`. */
export function partWords(part: NonNullable<SessionForm['parts']>[number], say: Say): string {
  if (part.kind === 'bulletins') return say(`law.part.from-${part.from}`);
  if (part.kind === 'tune') return say('law.part.tune-line', { title: part.title });
  const span = spanWords(part.lengthMs, say);
  return part.at === undefined
    ? say('law.part.relay-line', { title: part.title, span })
    : say('law.part.relay-line-at', { title: part.title, span, time: part.at });
}
