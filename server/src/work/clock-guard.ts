/**
 * Whether the server's own clock may be believed (DESIGN P9): it must go on as steadily as the monotonic one, lie behind
 * nothing that was published, and agree with most of the devices. While it may not, the rooms get the time as it was
 * known before, or as the devices have it; no new plan is signed, and the log and every panel say why.
 */
import type { ClockState } from '@loa/protocol/device';
import type { ClockDoubt } from '@loa/protocol/panel';
import type { Clock } from '../edges/clock.ts';
import type { Log } from './contracts.ts';

/** A correction up to this is a time service at work. */
export const clockStepMsMax = 60_000;
/** More than a week alone leaves unknown (50 ppm), less than a battery does: one that never asked us has no say. */
const voteBoundMsMax = 59_000;
/** What a device said counts for so long. */
const voteLifeMs = 10 * 60_000;
/** Plans roll daily: a start so much later than the newest document follows a long outage, or a clock that is ahead. */
const awayMsMax = 26 * 3_600_000;
/** Then devices have so long to contradict: they are back within 30 s. Where none knows the time, nobody ever would. */
const confirmWithinMs = 60_000;
/** Votes are counted at most so often. */
const countEveryMs = 1_000;

export interface ClockGuard {
  /** What the rooms are handed in place of the machine's clock. */
  clock: Clock;
  /** Undefined while the clock is believed. */
  doubt(): ClockDoubt | undefined;
  /** What a device thinks of the time. */
  heard(deviceId: string, clock: ClockState): void;
  /** The newest instant that was ever published; told once at the start. */
  notBefore(newestMs: number): void;
}

/** `devices` is how many there are; `onChange` hears of doubt that comes and goes. */
export function guardClock(ports: { clock: Clock; devices: () => number; log: Log; onChange: () => void }): ClockGuard {
  const { clock } = ports;
  const votes = new Map<string, { offsetMs: number; saidMs: number }>();
  /** Civil minus monotonic time, as believed. */
  let offsetMs = clock.nowMs() - clock.monotonicMs();
  let floorMs = 0;
  let doubt: ClockDoubt | undefined;
  /** Monotonic; until then a start after a long time is not taken for granted. */
  let unconfirmedUntilMs = Number.NEGATIVE_INFINITY;
  let countedMs = Number.NEGATIVE_INFINITY;
  let agreedMs: number | undefined;

  /** What most of the devices say civil minus monotonic time is. */
  function agreed(monotonicMs: number): number | undefined {
    if (monotonicMs - countedMs < countEveryMs) return agreedMs;
    countedMs = monotonicMs;
    for (const [deviceId, { saidMs }] of votes) if (monotonicMs - saidMs > voteLifeMs) votes.delete(deviceId);
    const offsets = [...votes.values()].map((vote) => vote.offsetMs).sort((a, b) => a - b);
    const middleMs = offsets[Math.floor(offsets.length / 2)];
    const alike = offsets.filter((one) => middleMs !== undefined && isNear(one, middleMs)).length;
    // One device must not overrule a clock that has gone well; a start that is in question has nothing better to go by.
    const isOpen = monotonicMs < unconfirmedUntilMs || doubt === 'behind-own-documents';
    agreedMs = alike * 2 > Math.max(1, isOpen ? offsets.length : ports.devices()) ? middleMs : undefined;
    return agreedMs;
  }

  function judge(): void {
    const monotonicMs = clock.monotonicMs();
    const wallOffsetMs = clock.nowMs() - monotonicMs;
    const devicesMs = agreed(monotonicMs);
    const isBehind = wallOffsetMs + monotonicMs < floorMs - clockStepMsMax;
    const isSteady = isNear(wallOffsetMs, offsetMs);
    if (devicesMs !== undefined && isNear(wallOffsetMs, devicesMs)) believe(wallOffsetMs);
    else if (devicesMs !== undefined) disbelieve(isSteady ? 'devices-disagree' : 'stepped', devicesMs);
    else if (isBehind) disbelieve('behind-own-documents', Math.max(offsetMs, floorMs - monotonicMs));
    else if (isSteady && monotonicMs < unconfirmedUntilMs) enter('unconfirmed');
    else if (isSteady) believe(wallOffsetMs);
    else disbelieve('stepped', offsetMs);
  }

  function believe(wallOffsetMs: number): void {
    offsetMs = wallOffsetMs;
    unconfirmedUntilMs = Number.NEGATIVE_INFINITY;
    enter(undefined);
  }

  function disbelieve(why: ClockDoubt, heldMs: number): void {
    if (!isNear(offsetMs, heldMs)) offsetMs = heldMs;
    enter(doubt === undefined || doubt === 'unconfirmed' ? why : doubt);
  }

  function enter(next: ClockDoubt | undefined): void {
    if (next === doubt) return;
    const former = doubt;
    doubt = next;
    const offByMs = Math.round(clock.nowMs() - clock.monotonicMs() - offsetMs);
    if (next === undefined) ports.log('warn', 'the clock of this machine is believed again', { after: former });
    else ports.log('warn', 'the clock of this machine is not believed: no new plan is signed', { why: next, offByMs });
    ports.onChange();
  }

  return {
    clock: {
      ...clock,
      monotonicMs: () => clock.monotonicMs(),
      setTimer: (run, delayMs) => clock.setTimer(run, delayMs),
      nowMs() {
        const wallMs = clock.nowMs();
        const monotonicMs = clock.monotonicMs();
        if (doubt === undefined && isNear(wallMs - monotonicMs, offsetMs)) {
          offsetMs = wallMs - monotonicMs;
          return wallMs;
        }
        judge();
        return Math.floor(clock.monotonicMs() + offsetMs);
      },
    },
    doubt() {
      judge();
      return doubt;
    },
    heard(deviceId, { trusted, boundMs, atMs }) {
      const monotonicMs = clock.monotonicMs();
      if (atMs === undefined || !trusted || boundMs > voteBoundMsMax) votes.delete(deviceId);
      else votes.set(deviceId, { offsetMs: atMs - monotonicMs, saidMs: monotonicMs });
      if (monotonicMs - countedMs >= countEveryMs) judge();
    },
    notBefore(newestMs) {
      floorMs = newestMs;
      const isLongAway = newestMs > 0 && clock.nowMs() > newestMs + awayMsMax;
      if (isLongAway) unconfirmedUntilMs = clock.monotonicMs() + confirmWithinMs;
      judge();
    },
  };
}

function isNear(oneMs: number, otherMs: number): boolean {
  return Math.abs(oneMs - otherMs) <= clockStepMsMax;
}
