/**
 * How long a condition must last before a fault opens, and how long it must be gone before it clears: a flicker is no
 * reason to send a technician, and a fault that comes and goes must not fill the page. Pure.
 */
import type { DeviceFaultCode } from '@loa/protocol/device';

export interface Patience {
  openAfterMs: number;
  clearAfterMs: number;
}

export const patience: Record<DeviceFaultCode, Patience> = {
  // The output is asked every 2 s: two bad answers in a row open it within 4 s of the break, two good ones clear it.
  'output-missing': { openAfterMs: 1_500, clearAfterMs: 3_500 },
  // A slow link gets a minute; a start that was due without its clip for ten seconds is certain and does not wait.
  'clip-missing': { openAfterMs: 60_000, clearAfterMs: 5_000 },
  // After a boot the first round trips take some seconds; a board that waits for time longer says so.
  'clock-not-trusted': { openAfterMs: 30_000, clearAfterMs: 5_000 },
  // Asked every minute; downloads and compactions make it swing, so that both sides wait for a second answer.
  'disk-nearly-full': { openAfterMs: 60_000, clearAfterMs: 60_000 },
  // Each sign of it counts; a card that wears out does so again, so that a day without one is asked for.
  'storage-damaged': { openAfterMs: 0, clearAfterMs: 24 * 3_600_000 },
  // A clip that cannot be decoded was not heard; the next one that plays to its end shows that it works again.
  'decoder-failed': { openAfterMs: 0, clearAfterMs: 0 },
  // What a probe measured of a play or a test stands for the sound path until the next one says otherwise.
  'sound-missing': { openAfterMs: 0, clearAfterMs: 0 },
  'sound-too-low': { openAfterMs: 0, clearAfterMs: 0 },
  'sound-distorted': { openAfterMs: 0, clearAfterMs: 0 },
  'sound-wrong': { openAfterMs: 0, clearAfterMs: 0 },
  // Looked at every second; reported within ten of its beginning, gone when it has been quiet for a minute.
  'sound-unplanned': { openAfterMs: 5_000, clearAfterMs: 60_000 },
  // Each sign counts; an hour without another one shows that it runs.
  'output-stuck': { openAfterMs: 0, clearAfterMs: 3_600_000 },
  'amplifier-failed': { openAfterMs: 0, clearAfterMs: 5_000 },
  // A dip while a motor starts is none; a battery bridges it.
  'mains-lost': { openAfterMs: 5_000, clearAfterMs: 30_000 },
  'battery-low': { openAfterMs: 60_000, clearAfterMs: 600_000 },
  'too-hot': { openAfterMs: 60_000, clearAfterMs: 300_000 },
  'power-weak': { openAfterMs: 5_000, clearAfterMs: 600_000 },
  'disk-worn': { openAfterMs: 0, clearAfterMs: 0 },
  'memory-short': { openAfterMs: 60_000, clearAfterMs: 300_000 },
  'signal-weak': { openAfterMs: 600_000, clearAfterMs: 600_000 },
  'data-nearly-used': { openAfterMs: 0, clearAfterMs: 0 },
  'clock-battery-weak': { openAfterMs: 0, clearAfterMs: 24 * 3_600_000 },
  'door-open': { openAfterMs: 3_000, clearAfterMs: 10_000 },
  'update-failed': { openAfterMs: 0, clearAfterMs: 0 },
  'restarts-often': { openAfterMs: 0, clearAfterMs: 3_600_000 },
};

/** Below either of these the disk is nearly full: a plan's clips of one day need about 100 MB. */
export const spaceMin = { share: 0.05, bytes: 100_000_000 };

/** It counts as mended only above both of these, so that it does not swing about one figure. */
export const spaceMended = { share: 0.07, bytes: 150_000_000 };

/** Whether the disk is nearly full; between the two lines it stays what it was. */
export function isNearlyFull(space: { freeBytes: number; totalBytes: number }, wasNearlyFull: boolean): boolean {
  const line = wasNearlyFull ? spaceMended : spaceMin;
  return space.freeBytes < line.bytes || space.freeBytes < space.totalBytes * line.share;
}
