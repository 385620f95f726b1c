/**
 * What the device says of itself, and when, so that an idle board costs little: a full heartbeat when something that
 * matters has changed or moves, else a word that it is still there, to a server that offered that. Pure.
 */
import { type ClockState, type Holds, heartbeatAgainMs, heartbeatMs, type Progress } from '@loa/protocol/device';

/** A full account of the device, as it was told or as it is. */
export interface Account {
  holds: Holds;
  clock: ClockState;
  progress: readonly Progress[];
}

/** The clock's offset has changed when it moved by more: people look at it, nothing is computed from it. */
const offsetNewsMs = 250;

/** The clock's bound has changed when it is twice or half of what was told, and by more than this. */
const boundNewsMs = 100;

/** The next thing to say and in how many ms from now; 0 is at once. */
export interface NextWord {
  kind: 'heartbeat' | 'beat';
  delayMs: number;
}

/**
 * `told`: the last hello or heartbeat. `beatMs`: what the server offered; undefined is the old way, a heartbeat every
 * `heartbeatMs`. Any frame counts as a beat, so that no word is sent beside another.
 */
export function nextWord(options: {
  told: Account & { atMs: number };
  present: Account;
  lastFrameMs: number;
  nowMs: number;
  beatMs: number | undefined;
}): NextWord {
  const { told, present, nowMs, beatMs } = options;
  const heartbeatIn = (everyMs: number): NextWord => ({
    kind: 'heartbeat',
    delayMs: Math.max(0, told.atMs + everyMs - nowMs),
  });
  if (beatMs === undefined || isMoving(present.progress) || isMoving(told.progress)) return heartbeatIn(heartbeatMs);
  const beatIn = Math.max(0, options.lastFrameMs + beatMs - nowMs);
  const again = heartbeatIn(hasChanged(told, present) ? heartbeatMs : heartbeatAgainMs);
  return again.delayMs <= beatIn ? again : { kind: 'beat', delayMs: beatIn };
}

/** Whether people watch something sound; a download tells by itself how far it has come. */
function isMoving(progress: readonly Progress[]): boolean {
  return progress.some(({ phase }) => phase === 'playing');
}

function hasChanged(told: Account, present: Account): boolean {
  return (
    JSON.stringify(told.holds) !== JSON.stringify(present.holds) ||
    JSON.stringify(told.progress) !== JSON.stringify(present.progress) ||
    clockHasChanged(told.clock, present.clock)
  );
}

function clockHasChanged(told: ClockState, present: ClockState): boolean {
  if (told.trusted !== present.trusted) return true;
  if (Math.abs(told.offsetMs - present.offsetMs) > offsetNewsMs) return true;
  const [less, more] = [told.boundMs, present.boundMs].sort((a, b) => a - b);
  return less !== undefined && more !== undefined && more > 2 * less && more - less > boundNewsMs;
}
