/** What sounds now, what comes next and what has been, from the airings the panel holds. Pure. */
import type { AiringView } from '@loa/protocol/panel';
import { stageOf } from './airing-summary.ts';
import { civilDateOf } from './civil-time.ts';

/** One day of airings still to come, earliest first. */
export interface ComingDay {
  date: Temporal.PlainDate;
  airings: AiringView[];
}

export interface Timeline {
  /** Sounding now, emergencies first. */
  sounding: AiringView[];
  coming: ComingDay[];
  /** Over since the start of today, newest first; not what was withdrawn and would only now come. */
  over: AiringView[];
}

/** Sorts the airings into the three lists. An emergency is sounding for as long as it is in force. */
export function timelineOf(airings: Iterable<AiringView>, input: { nowMs: number; timeZone: string }): Timeline {
  const { nowMs, timeZone } = input;
  const today = civilDateOf(nowMs, timeZone);
  const sounding: AiringView[] = [];
  const over: AiringView[] = [];
  const days = new Map<string, ComingDay>();
  for (const airing of [...airings].sort((a, b) => Date.parse(a.at) - Date.parse(b.at))) {
    const date = civilDateOf(Date.parse(airing.at), timeZone);
    const stage = stageOf(airing, nowMs);
    if (stage === 'sounding') sounding.push(airing);
    else if (stage === 'over') {
      if (date.equals(today) && hasBegun(airing, nowMs)) over.push(airing);
    } else {
      const day = days.get(date.toString()) ?? { date, airings: [] };
      day.airings.push(airing);
      days.set(date.toString(), day);
    }
  }
  sounding.sort((a, b) => Number(b.class === 'emergency') - Number(a.class === 'emergency'));
  return { sounding, coming: [...days.values()], over: over.reverse() };
}

/** Its time has come, or it sounded somewhere all the same. */
function hasBegun({ at, targets }: AiringView, nowMs: number): boolean {
  return Date.parse(at) <= nowMs || targets.some(({ startedAt }) => startedAt !== undefined);
}

/** Emergencies (drills too) in force: accepted, not stopped, not yet ended everywhere. */
export function inForce(airings: Iterable<AiringView>, nowMs: number): AiringView[] {
  return [...airings].filter((airing) => airing.class === 'emergency' && stageOf(airing, nowMs) === 'sounding');
}
