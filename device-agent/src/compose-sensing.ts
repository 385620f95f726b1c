/**
 * Puts the sensors beside the agent: hands them the time, asks each at its pace, lets the conditions be judged and the
 * figures be told. Decides nothing of its own.
 */
import type { DeviceFaultCode, Readings } from '@loa/protocol/device';
import type { Faults, Timekeeper } from './contracts.ts';
import type { Clock } from './edges/clock.ts';
import type { Sensing } from './fronts/sensors/find-sensors.ts';
import { watchSensors } from './fronts/sensors/watch-sensors.ts';
import { judgeReadings, type ReadingLimits } from './work/faults/judge-readings.ts';

/** Where an installation has told no hours yet. */
const defaultTimeZone = 'Asia/Ho_Chi_Minh';
/** The rate is known only by a time that was heard. */
const boundMsMax = 30_000;
const rateOverMs = 1_000_000;

export interface SensingOptions extends Sensing {
  limits: ReadingLimits;
}

export function startSensing(parts: {
  clock: Clock;
  sensing: SensingOptions;
  time: Timekeeper;
  faults: Pick<Faults, 'signal'>;
  timeZone: () => string | undefined;
  amplifierOn: () => boolean | undefined;
  onSeen: () => void;
}): { readings(): Readings; stop(): void } {
  const { clock, sensing, time, faults } = parts;
  const bad = new Set<DeviceFaultCode>();
  sensing.useTime({
    now: time.now,
    amplifierOn: parts.amplifierOn,
    driftPpm() {
      if (time.now().boundMs > boundMsMax) return undefined;
      const fromMs = clock.monotonicMs();
      const overMs = time.monotonicToServer(fromMs + rateOverMs) - time.monotonicToServer(fromMs);
      return overMs === rateOverMs ? undefined : (overMs / rateOverMs - 1) * 1e6;
    },
    monthOf: (ms) =>
      Temporal.Instant.fromEpochMilliseconds(Math.round(ms))
        .toZonedDateTimeISO(parts.timeZone() ?? defaultTimeZone)
        .toPlainDate()
        .toPlainYearMonth()
        .toString(),
  });
  return watchSensors({
    clock,
    sensors: sensing.sensors,
    onAnswer(answered) {
      for (const { code, ...signal } of judgeReadings(answered, sensing.limits, (code) => bad.has(code))) {
        if (signal.bad) bad.add(code);
        else bad.delete(code);
        faults.signal(code, signal);
      }
      parts.onSeen();
    },
  });
}
