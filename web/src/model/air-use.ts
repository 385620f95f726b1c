/** Air time per day and session as an officer reads it, and which sessions are over what is allowed. Pure. */
import type { DayUseView } from '@loa/protocol/panel';
import type { Say } from '../text/say.ts';
import { civilDateWords, spanWords } from './civil-time.ts';

export interface SessionUseWords {
  name: string;
  /** `32 / 45 phút`, without a limit `32 phút`. */
  words: string;
  /** 0 to 1, of what is allowed; undefined without a limit. */
  fraction: number | undefined;
  isOver: boolean;
}

/** Whole minutes, begun ones counted: what is over a limit never looks equal to it. */
function minutesOf(spanMs: number): number {
  return Math.ceil(spanMs / 60_000);
}

export function sessionUseWords(session: DayUseView['sessions'][number], say: Say): SessionUseWords {
  const { name, usedMs, usedMsMax, isOver } = session;
  const used = minutesOf(usedMs);
  const count = usedMsMax === undefined ? undefined : Math.round(usedMsMax / 60_000);
  return {
    name,
    words: count === undefined ? say('span.minutes', { count: used }) : say('airuse.of', { used, count }),
    fraction: usedMsMax === undefined || usedMsMax === 0 ? undefined : Math.min(1, usedMs / usedMsMax),
    isOver,
  };
}

/** Days on which anything sounds. */
export function usedDays(days: readonly DayUseView[]): DayUseView[] {
  return days.filter((day) => day.usedMs > 0);
}

/** One sentence for each session that is over what is allowed. */
export function overWords(days: readonly DayUseView[], input: { today: Temporal.PlainDate; say: Say }): string[] {
  const { say } = input;
  return days.flatMap((day) =>
    day.sessions
      .filter((session) => session.isOver && session.usedMsMax !== undefined)
      .map((session) =>
        say('forecast.session-over', {
          session: session.name.replace(/^buổi\s+/i, ''),
          date: civilDateWords(Temporal.PlainDate.from(day.date), input),
          used: spanWords(session.usedMs, say),
          limit: spanWords(session.usedMsMax ?? 0, say),
        }),
      ),
  );
}
