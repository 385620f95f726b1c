/**
 * When the board's figures are worth their bytes: all of them in the first heartbeat of a connection, at most every
 * five minutes when one of them has moved by more than its step, and at once when something has switched. Pure but for what
 * it has told last.
 */
import type { Readings } from '@loa/protocol/device';

/** Figures that move by themselves are told at most so often: 600 bytes each time, of 2 MB a day in all. */
const tellEveryMs = 300_000;

/** Less than this is noise. */
const steps: { [K in keyof Readings]: number } = {
  batteryVolts: 0.1,
  batteryPercent: 5,
  temperatureC: 2,
  memoryFreeBytes: 20_000_000,
  diskFreeBytes: 100_000_000,
  diskTotalBytes: 1,
  diskWearPercent: 1,
  linkSignalDbm: 6,
  dataUsedBytes: 5_000_000,
  clockDriftPpm: 2,
  batteryClockOffS: 5,
  amplifierCurrentMa: 100,
  amplifierVolts: 1,
  residentBytes: 10_000_000,
  uptimeS: 3_600,
};

/** What somebody may be waiting for. */
const switches = ['mainsPresent', 'doorOpen', 'isThrottled', 'isUndervolted', 'linkKind', 'amplifierOn'] as const;

export interface ReadingsNews {
  /** Whether a heartbeat should go for them now. */
  isWorth(readings: Readings, nowMs: number): boolean;
  /** What goes with a heartbeat now; undefined when it is not worth it. Counts as told. */
  take(readings: Readings, nowMs: number): Readings | undefined;
}

/** For one connection: the next one knows nothing. */
export function createReadingsNews(): ReadingsNews {
  let told: { readings: Readings; atMs: number } | undefined;

  function isWorth(readings: Readings, nowMs: number): boolean {
    if (told === undefined) return Object.keys(readings).length > 0;
    if (hasSwitched(told.readings, readings)) return true;
    return nowMs - told.atMs >= tellEveryMs && hasMoved(told.readings, readings);
  }

  return {
    isWorth,
    take(readings, nowMs) {
      if (!isWorth(readings, nowMs)) return undefined;
      told = { readings, atMs: nowMs };
      return readings;
    },
  };
}

function hasSwitched(before: Readings, now: Readings): boolean {
  return switches.some((name) => before[name] !== now[name]);
}

function hasMoved(before: Readings, now: Readings): boolean {
  const names = new Set([...Object.keys(before), ...Object.keys(now)]);
  return [...names].some((name) => {
    const [was, is] = [Reflect.get(before, name), Reflect.get(now, name)];
    if (typeof was !== 'number' || typeof is !== 'number') return was !== is;
    return Math.abs(is - was) >= (Object.entries(steps).find(([known]) => known === name)?.[1] ?? 0.001);
  });
}
