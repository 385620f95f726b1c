/** How well the board's clocks run: the rate the timekeeper found, and how far the battery-backed one is off. */
import type { Now, Sensor } from '../../contracts.ts';
import type { BoardFiles } from '../../edges/board-files.ts';
import { numberIn } from './text-source.ts';

const rtc = '/sys/class/rtc/rtc0/since_epoch';
const everyMs = 60_000;
/** A time that was not heard from the server has a wider bound, and judges no battery. */
const boundMsMax = 30_000;

/** Always fitted: each board has at least one clock. `driftPpm` is undefined until it is known. */
export function clockHealth(parts: { files: BoardFiles; now: () => Now; driftPpm: () => number | undefined }): Sensor {
  return {
    kind: 'clock-health',
    everyMs,
    async read() {
      const driftPpm = parts.driftPpm();
      const rtcS = numberIn(await parts.files.read(rtc));
      const { ms, trusted, boundMs } = parts.now();
      const isJudged = rtcS !== undefined && trusted && boundMs <= boundMsMax;
      return {
        ...(driftPpm === undefined ? {} : { clockDriftPpm: Math.round(driftPpm * 10) / 10 }),
        ...(isJudged ? { batteryClockOffS: Math.round(rtcS - ms / 1_000) } : {}),
      };
    },
  };
}
