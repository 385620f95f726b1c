/**
 * The course of one output through a plan, as the conductor of a device takes it: emergencies first, then what has
 * begun, then what is due by class and instant. Steps from one change to the next, so the work grows with the number
 * of items and not with the time between them. Pure; assumes that nothing fails.
 */
import { airTimeMs } from './bulletin.ts';
import type { Alarm, ForecastLine } from './forecast.ts';
import { cutLine, droppedLine, endedLine, lostLine, type Run, refusedLine, skippedLine } from './forecast-line.ts';
import {
  comesInAtItsPlace,
  joinFromMs,
  joinPlace,
  type Place,
  plannedEndOf,
  remainingMs,
  startLimitOf,
  type Timed,
} from './late.ts';
import type { Permits } from './permits.ts';
import type { PlanItem } from './plan.ts';
import { byInstant, byRank, type Ranked } from './turn.ts';

/** A plan item with its length and its place in the order of equals. */
export type ForecastItem = PlanItem & Timed & Ranked;

/** Who held the output over a stretch. */
export interface Hold extends Alarm {
  isAlarm: boolean;
}

/** Follows the output until every item has its line; the line of an item stands at its place. */
export function followOutput(
  items: readonly ForecastItem[],
  { permits, alarms }: { permits: Permits; alarms: readonly Alarm[] },
): ForecastLine[] {
  const coming = [...items].sort(byInstant).reverse();
  const ahead = mergeAlarms(alarms).reverse();
  const lines = new Array<ForecastLine>(items.length);
  const holds: Hold[] = [];
  /** Due and not begun, the first in turn last. */
  const due: ForecastItem[] = [];
  let begun: Run | undefined;
  let nowMs = Number.NEGATIVE_INFINITY;

  for (;;) {
    const alarm = ahead.at(-1);
    if (alarm !== undefined && alarm.fromMs <= nowMs) {
      ahead.pop();
      if (begun !== undefined) begun = { ...begun, heldOffMs: begun.heldOffMs + Math.max(0, alarm.untilMs - nowMs) };
      holds.push({ ...alarm, isAlarm: true });
      nowMs = Math.max(nowMs, alarm.untilMs);
      continue;
    }
    const alarmMs = alarm?.fromMs ?? Number.POSITIVE_INFINITY;
    if (begun !== undefined) begun = goOn(begun, alarmMs);
    else if (!takeDue()) return lines;
    else begun = beginDue(alarmMs);
  }

  /** Moves to the next instant at which something is due; false when nothing will be any more. */
  function takeDue(): boolean {
    const next = coming.at(-1);
    if (due.length === 0) {
      if (next === undefined) return false;
      nowMs = Math.max(nowMs, Math.min(next.atMs, ahead.at(-1)?.fromMs ?? next.atMs));
    }
    for (let one = coming.at(-1); one !== undefined && one.atMs <= nowMs; one = coming.at(-1)) {
      coming.pop();
      insertByTurn(due, one);
    }
    return true;
  }

  function beginDue(alarmMs: number): Run | undefined {
    const item = due.pop();
    if (item === undefined) return undefined;
    if (alarmMs <= nowMs) {
      due.push(item);
      return undefined;
    }
    const isPermittedUntil = (untilMs: number) => permits(item, { fromMs: item.atMs, untilMs });
    if (!isPermittedUntil(plannedEndOf(item))) return settle(item, refusedLine(item, { waited: false }));
    // Freed at its very instant, the output is a breath late for what may not be late at all.
    const waited = nowMs > item.atMs || (holds.at(-1)?.untilMs ?? Number.NEGATIVE_INFINITY) >= item.atMs;
    const limitMs = startLimitOf(item);
    const place = placeAt(item, nowMs);
    if ((waited && nowMs >= limitMs) || place.fromMs >= item.clipDurationMs) {
      // Waiting, it was judged all the time: whichever of its limits came first has ended it.
      const isByHours = !comesInAtItsPlace(item, false) && !isPermittedUntil(limitMs + airTimeMs(item));
      return settle(item, isByHours ? refusedLine(item, { waited }) : skippedLine(item, holdAt(holds, limitMs)));
    }
    if (!isPermittedUntil(place.startMs + remainingMs(item, place))) return settle(item, refusedLine(item, { waited }));
    const otherMs = place.startMs > nowMs ? overtakenAt(item, place.startMs) : undefined;
    const breakMs = Math.min(otherMs ?? Number.POSITIVE_INFINITY, alarmMs);
    if (breakMs <= place.startMs && place.startMs > nowMs) {
      insertByTurn(due, item);
      holds.push({ occurrence: item.occurrence, fromMs: nowMs, untilMs: breakMs, isAlarm: false });
      nowMs = breakMs;
      return undefined;
    }
    const isLate = place.startMs > item.atMs;
    const run: Run = {
      item,
      play: place.play,
      fromMs: place.fromMs,
      usedMs: 0,
      heldOffMs: 0,
      notBeforeMs: place.startMs,
      hasRestarted: false,
      hasJoined: place.play > 1 || place.fromMs > 0,
      cause: isLate ? holdAt(holds, item.atMs) : undefined,
      sounds: [],
    };
    return goOn(run, alarmMs);
  }

  /** A higher class that becomes due while a join waits for its next play goes first. */
  function overtakenAt(item: ForecastItem, untilMs: number): number | undefined {
    for (let index = coming.length - 1; index >= 0; index -= 1) {
      const other = coming[index];
      if (other === undefined || other.atMs >= untilMs) return undefined;
      if (byRank(other, item) < 0) return other.atMs;
    }
    return undefined;
  }

  /** Sounds the present play of what has begun; undefined when it is over altogether. */
  function goOn(before: Run, alarmMs: number): Run | undefined {
    const { item } = before;
    const startMs = Math.max(nowMs, before.notBeforeMs);
    const isRejoining = item.isLive === true && before.sounds.length > 0;
    const run = isRejoining ? { ...before, fromMs: startMs - item.atMs } : before;
    if (alarmMs <= startMs) {
      nowMs = alarmMs;
      return underAlarm(run);
    }
    if (run.sounds.length > 0) {
      const isTooLate = startMs > startLimitOf(item, run.heldOffMs);
      const isPermitted = permits(item, { fromMs: startMs, untilMs: startMs + remainingMs(item, run) });
      if (isTooLate || !isPermitted) {
        const isDropped = run.alarm !== undefined;
        return settle(item, isDropped ? droppedLine(run) : lostLine(run, { isPermitted }));
      }
    }
    const wholeMs = item.isLive === true ? plannedEndOf(item) : startMs + item.clipDurationMs - run.fromMs;
    const deadlineMs = startMs + Math.max(0, item.lengthMsMax - run.usedMs);
    const stopMs = Math.min(wholeMs, deadlineMs, alarmMs);
    const emittedMs = stopMs - startMs;
    const sounded: Run = {
      ...run,
      usedMs: run.usedMs + emittedMs,
      sounds: emittedMs > 0 ? [...run.sounds, { fromMs: startMs, untilMs: stopMs }] : run.sounds,
    };
    const freeMs = Number.isFinite(nowMs) ? nowMs : startMs;
    holds.push({ occurrence: item.occurrence, fromMs: freeMs, untilMs: stopMs, isAlarm: false });
    nowMs = stopMs;
    if (stopMs === wholeMs) return afterWhole(sounded);
    if (stopMs === deadlineMs) return settle(item, cutLine(sounded));
    return afterInterruption(sounded, emittedMs);
  }

  function afterWhole(run: Run): Run | undefined {
    if (run.play >= run.item.repeat.count) return settle(run.item, endedLine(run));
    const { gapMs } = run.item.repeat;
    return { ...run, play: run.play + 1, fromMs: 0, usedMs: run.usedMs + gapMs, notBeforeMs: nowMs + gapMs };
  }

  function afterInterruption(run: Run, emittedMs: number): Run | undefined {
    const { resume } = run.item;
    const interrupted = underAlarm(run);
    if (resume === 'drop') return settle(run.item, droppedLine(interrupted));
    if (run.item.isLive === true) return interrupted;
    // What starts again has its whole length before it once more.
    if (resume === 'restart') return { ...interrupted, fromMs: 0, usedMs: run.usedMs - emittedMs, hasRestarted: true };
    return { ...interrupted, fromMs: run.fromMs + emittedMs };
  }

  function underAlarm(run: Run): Run {
    return { ...run, alarm: run.alarm ?? ahead.at(-1)?.occurrence };
  }

  function settle(item: ForecastItem, line: ForecastLine): undefined {
    lines[item.place] = line;
  }
}

/** Where an item comes in when the output is free at `nowMs`. */
function placeAt(item: ForecastItem, nowMs: number): Place {
  const isJoin = comesInAtItsPlace(item, false) && nowMs - item.atMs > joinFromMs;
  if (isJoin && nowMs < plannedEndOf(item)) return joinPlace(item, nowMs);
  return { play: 1, fromMs: 0, startMs: nowMs };
}

/** Who held the output at an instant, or held it last before. */
function holdAt(holds: readonly Hold[], atMs: number): Hold | undefined {
  let low = 0;
  let high = holds.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if ((holds[middle]?.fromMs ?? 0) <= atMs) low = middle + 1;
    else high = middle;
  }
  return holds[low - 1];
}

function insertByTurn(due: ForecastItem[], item: ForecastItem): void {
  let low = 0;
  let high = due.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    const other = due[middle];
    if (other !== undefined && byRank(other, item) > 0) low = middle + 1;
    else high = middle;
  }
  due.splice(low, 0, item);
}

/** Overlapping and touching alarms as one stretch each, in order, under the name of the first. */
function mergeAlarms(alarms: readonly Alarm[]): Alarm[] {
  const merged: Alarm[] = [];
  for (const alarm of [...alarms].sort((a, b) => a.fromMs - b.fromMs || a.untilMs - b.untilMs)) {
    if (alarm.untilMs <= alarm.fromMs) continue;
    const last = merged.at(-1);
    if (last !== undefined && alarm.fromMs <= last.untilMs) last.untilMs = Math.max(last.untilMs, alarm.untilMs);
    else merged.push({ ...alarm });
  }
  return merged;
}
