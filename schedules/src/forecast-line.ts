/**
 * The line of one occurrence, from how its course went: which verdict, which code, which outcome the device will
 * report. Pure; one function for each way to end.
 */
import type { ForecastLine } from './forecast.ts';
import type { ForecastItem, Hold } from './forecast-run.ts';
import { plannedEndOf } from './late.ts';
import type { Span } from './permits.ts';

/** An item that has begun, or is about to. Durations in ms. */
export interface Run {
  readonly item: ForecastItem;
  readonly play: number;
  readonly fromMs: number;
  /** Sound and gaps so far, against `lengthMsMax`. */
  readonly usedMs: number;
  readonly heldOffMs: number;
  readonly notBeforeMs: number;
  readonly hasJoined: boolean;
  /** A play of it began again after an emergency. */
  readonly hasRestarted: boolean;
  /** Who held the output when it was due. */
  readonly cause: Hold | undefined;
  /** The first emergency that interrupted it. */
  readonly alarm?: string | undefined;
  readonly sounds: readonly Span[];
}

/** All of it has sounded, or all that a late join still could. */
export function endedLine(run: Run): ForecastLine {
  const { cause } = run;
  const base = soundedLine(run);
  const outcome = wholeOutcome(run);
  if (run.alarm !== undefined) {
    const code = run.hasRestarted ? 'restarted-after-emergency' : 'resumed-after-emergency';
    return { ...base, ...outcome, verdict: 'interrupted', code, cause: run.alarm };
  }
  if (base.lateMs === 0) return { ...base, ...outcome, verdict: 'plays', code: 'on-time' };
  const who = cause?.isAlarm === true ? 'emergency' : 'other';
  if (run.hasJoined) return { ...base, ...outcome, verdict: 'joined', code: `joined-after-${who}`, ...named(cause) };
  return { ...base, ...outcome, verdict: 'late', code: `late-after-${who}`, ...named(cause) };
}

/** Of a relay, what the station said under an emergency is lost; a clip loses nothing by it. */
function wholeOutcome({ item, hasJoined, alarm }: Run): Pick<ForecastLine, 'outcome' | 'reason'> {
  if (hasJoined) return { outcome: 'partial', reason: 'late' };
  if (item.isLive === true && alarm !== undefined) return { outcome: 'partial', reason: 'interrupted-by-emergency' };
  return { outcome: 'played' };
}

/** The device has ended it at its maximum length. */
export function cutLine(run: Run): ForecastLine {
  const verdict = { verdict: 'cut', code: 'cut-at-maximum-length' } as const;
  return { ...soundedLine(run), ...verdict, outcome: 'partial', reason: 'too-long' };
}

/** An emergency interrupted it, and it does not go on: by its policy, or because its time is over. */
export function droppedLine(run: Run): ForecastLine {
  const { alarm } = run;
  return {
    ...soundedLine(run),
    verdict: 'interrupted',
    code: 'dropped-for-emergency',
    outcome: 'preempted',
    reason: 'interrupted-by-emergency',
    ...(alarm === undefined ? {} : { cause: alarm }),
  };
}

/** Its other plays came too late, or outside the hours, without any emergency. */
export function lostLine(run: Run, { isPermitted }: { isPermitted: boolean }): ForecastLine {
  const reason = isPermitted ? 'late' : 'outside-permitted-hours';
  return { ...soundedLine(run), verdict: 'cut', code: 'play-lost', outcome: 'partial', reason };
}

/** The hours do not permit it: at its instant, or any more when its turn came. */
export function refusedLine(item: ForecastItem, { waited }: { waited: boolean }): ForecastLine {
  const code = waited ? 'hours-end-before-its-turn' : 'outside-permitted-hours';
  return { ...silentLine(item), code, outcome: 'refused', reason: 'outside-permitted-hours' };
}

/** Another held the output until it was too late for its late policy. */
export function skippedLine(item: ForecastItem, by: Hold | undefined): ForecastLine {
  const line = { ...silentLine(item), ...named(by) };
  if (by?.isAlarm === true)
    return { ...line, code: 'skipped-for-emergency', outcome: 'preempted', reason: 'interrupted-by-emergency' };
  return { ...line, code: 'skipped-other-sounding', outcome: 'missed', reason: 'busy-with-other' };
}

function silentLine(item: ForecastItem) {
  return { ...lineOf(item), verdict: 'skipped', lateMs: 0, sounds: [] } as const;
}

function soundedLine(run: Run) {
  const startMs = run.sounds[0]?.fromMs;
  const endMs = run.sounds.at(-1)?.untilMs;
  const lateMs = startMs === undefined ? 0 : Math.max(0, startMs - run.item.atMs);
  return {
    ...lineOf(run.item),
    ...(startMs === undefined ? {} : { startMs }),
    ...(endMs === undefined ? {} : { endMs }),
    lateMs,
    sounds: run.sounds,
  };
}

function lineOf(item: ForecastItem) {
  const { occurrence, bulletinId, atMs } = item;
  return { occurrence, bulletinId, atMs, plannedEndMs: plannedEndOf(item) };
}

function named(hold: Hold | undefined): { cause?: string } {
  return hold === undefined ? {} : { cause: hold.occurrence };
}
