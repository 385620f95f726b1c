/**
 * What the board's figures mean: for each condition whether it holds, with two lines so that it does not swing about
 * one. A figure that is not known says nothing: neither bad nor good. Pure.
 */
import type { DeviceFaultCode, Evidence, Readings } from '@loa/protocol/device';

/** Where a condition begins and, on its good side, where it counts as over. */
export interface Line {
  begins: number;
  ends: number;
}

/** Sources: see the README's table of sensors. */
export const lines = {
  /** Lead and lithium alike are harmed below a fifth. */
  batteryPercent: { begins: 20, ends: 30 },
  /** Where only volts are known, of a 12 V lead battery at rest: a fifth and two fifths full. */
  batteryVolts: { begins: 11.8, ends: 12.2 },
  /** A Raspberry Pi slows itself at 80 °C. */
  temperatureC: { begins: 80, ends: 70 },
  diskWearPercent: { begins: 80, ends: 75 },
  memoryFreeBytes: { begins: 40_000_000, ends: 60_000_000 },
  /** Below it mobile data comes and goes. */
  mobileDbm: { begins: -105, ends: -99 },
  wifiDbm: { begins: -82, ends: -76 },
  /** Share of the month's data. */
  dataShare: { begins: 0.8, ends: 0.79 },
  /** A battery-backed clock so far off does not bring the board over a night without network. */
  clockOffS: { begins: 3_600, ends: 600 },
} as const satisfies Record<string, Line>;

export interface ReadingLimits {
  /** Data bought for a month; undefined: not limited. */
  dataBytesMonthMax: number | undefined;
}

export interface ReadingSignal {
  code: DeviceFaultCode;
  bad: boolean;
  evidence: Evidence;
}

/** `wasBad`: what was judged of a code last; between its two lines it stays that. */
export function judgeReadings(
  readings: Partial<Readings>,
  limits: ReadingLimits,
  wasBad: (code: DeviceFaultCode) => boolean,
): ReadingSignal[] {
  const signals: ReadingSignal[] = [];
  const say = (code: DeviceFaultCode, bad: boolean, evidence: Evidence) => signals.push({ code, bad, evidence });
  const { mainsPresent, isUndervolted, doorOpen, temperatureC, diskWearPercent, memoryFreeBytes } = readings;

  if (mainsPresent !== undefined) say('mains-lost', !mainsPresent, batteryEvidence(readings));
  const battery = readings.batteryPercent ?? readings.batteryVolts;
  if (battery !== undefined) {
    const line = readings.batteryPercent === undefined ? lines.batteryVolts : lines.batteryPercent;
    say('battery-low', isBelow(battery, line, wasBad('battery-low')), batteryEvidence(readings));
  }
  if (temperatureC !== undefined)
    say('too-hot', isAbove(temperatureC, lines.temperatureC, wasBad('too-hot')), { temperatureC });
  if (isUndervolted !== undefined) say('power-weak', isUndervolted, { isUndervolted });
  if (diskWearPercent !== undefined)
    say('disk-worn', isAbove(diskWearPercent, lines.diskWearPercent, wasBad('disk-worn')), {
      wearPercent: diskWearPercent,
    });
  if (memoryFreeBytes !== undefined)
    say('memory-short', isBelow(memoryFreeBytes, lines.memoryFreeBytes, wasBad('memory-short')), {
      freeBytes: memoryFreeBytes,
    });
  if (doorOpen !== undefined) say('door-open', doorOpen, {});
  return [...signals, ...judgeWay(readings, wasBad), ...judgeAmounts(readings, limits, wasBad)];
}

function judgeWay(
  { linkKind, linkSignalDbm: signalDbm }: Partial<Readings>,
  wasBad: (code: DeviceFaultCode) => boolean,
): ReadingSignal[] {
  if (signalDbm === undefined || (linkKind !== 'wifi' && linkKind !== 'mobile')) return [];
  const line = linkKind === 'wifi' ? lines.wifiDbm : lines.mobileDbm;
  const bad = isBelow(signalDbm, line, wasBad('signal-weak'));
  return [{ code: 'signal-weak', bad, evidence: { signalDbm, linkKind } }];
}

function judgeAmounts(
  { dataUsedBytes, batteryClockOffS }: Partial<Readings>,
  { dataBytesMonthMax }: ReadingLimits,
  wasBad: (code: DeviceFaultCode) => boolean,
): ReadingSignal[] {
  const signals: ReadingSignal[] = [];
  if (dataUsedBytes !== undefined && dataBytesMonthMax !== undefined) {
    const bad = isAbove(dataUsedBytes / dataBytesMonthMax, lines.dataShare, wasBad('data-nearly-used'));
    signals.push({
      code: 'data-nearly-used',
      bad,
      evidence: { usedBytes: dataUsedBytes, limitBytes: dataBytesMonthMax },
    });
  }
  if (batteryClockOffS !== undefined) {
    const bad = isAbove(Math.abs(batteryClockOffS), lines.clockOffS, wasBad('clock-battery-weak'));
    signals.push({ code: 'clock-battery-weak', bad, evidence: { offSeconds: batteryClockOffS } });
  }
  return signals;
}

function batteryEvidence({ batteryPercent, batteryVolts }: Partial<Readings>): Evidence {
  return {
    ...(batteryPercent === undefined ? {} : { batteryPercent }),
    ...(batteryVolts === undefined ? {} : { batteryVolts }),
  };
}

function isAbove(value: number, { begins, ends }: Line, was: boolean): boolean {
  return was ? value > ends : value >= begins;
}

function isBelow(value: number, { begins, ends }: Line, was: boolean): boolean {
  return was ? value < ends : value < begins;
}
