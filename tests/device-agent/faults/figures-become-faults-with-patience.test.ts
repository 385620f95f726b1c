/** The board's figures as faults: two lines for each, a figure that is not known says nothing, and each is told in time. */
import { startSensing } from '@loa/device-agent/compose-sensing.ts';
import type { Sensor } from '@loa/device-agent/contracts.ts';
import { createFaults } from '@loa/device-agent/work/faults/faults.ts';
import { judgeReadings, lines } from '@loa/device-agent/work/faults/judge-readings.ts';
import { patience } from '@loa/device-agent/work/faults/patience.ts';
import type { DeviceFaultCode, Readings, ReportEvent } from '@loa/protocol/device';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { manualClock } from '../../harness/manual-clock.ts';

const limits = { dataBytesMonthMax: 1_000_000_000 };

/** Figure, code, and its way: well, just bad, between the lines, well again. */
const table: readonly [keyof Readings, DeviceFaultCode, [unknown, unknown, unknown, unknown], Partial<Readings>?][] = [
  ['mainsPresent', 'mains-lost', [true, false, false, true]],
  ['batteryPercent', 'battery-low', [60, 19, 25, 30]],
  ['batteryVolts', 'battery-low', [12.6, 11.7, 12, 12.2]],
  ['temperatureC', 'too-hot', [60, 80, 75, 70]],
  ['isUndervolted', 'power-weak', [false, true, true, false]],
  ['diskWearPercent', 'disk-worn', [50, 80, 78, 70]],
  ['memoryFreeBytes', 'memory-short', [200e6, 39e6, 50e6, 60e6]],
  ['linkSignalDbm', 'signal-weak', [-80, -106, -100, -99], { linkKind: 'mobile' }],
  ['linkSignalDbm', 'signal-weak', [-60, -83, -80, -76], { linkKind: 'wifi' }],
  ['dataUsedBytes', 'data-nearly-used', [1e6, 800e6, 795e6, 2e6]],
  ['batteryClockOffS', 'clock-battery-weak', [3, -86_400, 3_000, 10]],
  ['doorOpen', 'door-open', [false, true, true, false]],
];

test.each(table)('%s → %s: %j', (name, code, [well, bad, between, again], beside = {}) => {
  let was = false;
  const judged = (value: unknown) => {
    const signal = judgeReadings({ ...beside, [name]: value }, limits, () => was).find((one) => one.code === code);
    was = signal?.bad ?? was;
    return was;
  };
  expect([judged(well), judged(bad), judged(between), judged(again)]).toEqual([false, true, true, false]);
  // Between the lines from the good side it is still good.
  if (between !== bad) expect(judged(between)).toBe(false);
});

test('what is not known says nothing', () => {
  expect(judgeReadings({}, limits, () => true)).toEqual([]);
  expect(judgeReadings({ linkSignalDbm: -130 }, limits, () => false)).toEqual([]);
  expect(
    judgeReadings({ linkKind: 'mobile', dataUsedBytes: 9e9 }, { dataBytesMonthMax: undefined }, () => true),
  ).toEqual([]);
});

test('between its two lines a condition stays what it was', () => {
  const { begins, ends } = lines.temperatureC;
  const between = fc.double({ min: ends + 0.01, max: begins - 0.01, noNaN: true });
  fc.assert(
    fc.property(fc.array(between, { minLength: 1 }), fc.boolean(), (degrees, was) => {
      for (const temperatureC of degrees)
        expect(judgeReadings({ temperatureC }, limits, () => was).map(({ bad }) => bad)).toEqual([was]);
    }),
  );
});

/** A board of one sensor under the real faults room, by hand-moved time. */
async function stand(name: keyof Readings, everyMs: number, beside: Partial<Readings>) {
  const clock = manualClock({ wallMs: 1_800_000_000_000 });
  const reports: { event: ReportEvent; atMs: number }[] = [];
  let value: unknown;
  const sensor: Sensor = { kind: 'door', everyMs, read: async () => ({ ...beside, [name]: value }) };
  const time = {
    now: () => ({ ms: 1_800_000_000_000 + clock.monotonicMs(), trusted: true, boundMs: 1 }),
    serverToMonotonic: (ms: number) => ms,
    monotonicToServer: (ms: number) => ms,
    distrust: () => undefined,
    burst: () => undefined,
  };
  const faults = createFaults({
    clock,
    time,
    random: { bytes: (count) => new Uint8Array(count).fill(reports.length + 1), fraction: () => 0.5 },
    outbox: {
      add: async (event) => {
        reports.push({ event, atMs: clock.monotonicMs() });
      },
    },
    file: { read: async () => [], write: async () => undefined },
  });
  await faults.start();
  return {
    clock,
    reports,
    set(to: unknown) {
      value = to;
    },
    start: () =>
      startSensing({
        clock,
        sensing: { sensors: [sensor], useTime: () => undefined, limits },
        time,
        faults,
        timeZone: () => undefined,
        amplifierOn: () => undefined,
        onSeen: () => undefined,
      }),
  };
}

/** How often the real sensors look (their files beside the board). */
const paces: Partial<Record<keyof Readings, number>> = {
  mainsPresent: 2_000,
  batteryPercent: 10_000,
  batteryVolts: 10_000,
  temperatureC: 10_000,
  isUndervolted: 2_000,
  memoryFreeBytes: 15_000,
  doorOpen: 1_000,
};

test.each(table.filter(([name]) => paces[name] !== undefined))(
  '%s → %s is reported within 10 s of the end of its patience, and a flicker is not',
  async (name, code, [well, bad], beside = {}) => {
    const everyMs = paces[name] ?? 0;
    const board = await stand(name, everyMs, beside);
    board.set(well);
    const watch = board.start();
    await board.clock.advance(everyMs * 2 + 1);
    const { openAfterMs } = patience[code];
    if (openAfterMs > everyMs * 2) {
      board.set(bad);
      await board.clock.advance(openAfterMs / 2);
      board.set(well);
      await board.clock.advance(openAfterMs * 3);
      expect(board.reports).toEqual([]);
    }
    board.set(bad);
    const brokenMs = board.clock.monotonicMs();
    await board.clock.advance(openAfterMs + Math.max(10_000, everyMs));
    expect(board.reports.map(({ event }) => event)).toMatchObject([{ kind: 'fault-opened', code }]);
    const toldMs = (board.reports[0]?.atMs ?? 0) - brokenMs - openAfterMs;
    expect(toldMs).toBeLessThanOrEqual(Math.max(10_000, everyMs));
    watch.stop();
  },
);
