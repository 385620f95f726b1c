/** What is fitted is found and read; what is not fitted is not there; what broke is unknown, never the last known. */
import { counted } from '@loa/device-agent/fronts/sensors/data-used.ts';
import { findSensors, type SensorSettings, type SensorTime } from '@loa/device-agent/fronts/sensors/find-sensors.ts';
import { parseTextSource } from '@loa/device-agent/fronts/sensors/text-source.ts';
import { watchSensors } from '@loa/device-agent/fronts/sensors/watch-sensors.ts';
import type { Readings } from '@loa/protocol/device';
import { describe, expect, test } from 'vitest';
import { boardFilesTwin } from '../../harness/board-files-twin.ts';
import { manualClock } from '../../harness/manual-clock.ts';
import { simulatedDisk } from '../../harness/simulated-disk.ts';

const nothing: SensorSettings = { mains: undefined, battery: undefined, signal: undefined, door: undefined };
const nowMs = Date.parse('2026-11-30T23:59:00+07:00');

const zero = {
  '/sys/class/thermal/thermal_zone0/temp': '51540\n',
  '/sys/class/thermal/thermal_zone1/temp': '-274000\n',
  '/sys/devices/platform/soc/soc:firmware/get_throttled': '50005\n',
  '/sys/block/mmcblk0/device/life_time': '0x02 0x03\n',
  '/sys/block/sda/size': '1\n',
  '/proc/meminfo': 'MemTotal:         512000 kB\nMemAvailable:      201000 kB\n',
  '/proc/sys/kernel/random/boot_id': 'a\n',
  '/proc/net/route':
    'Iface\tDestination\tGateway\tFlags\tRefCnt\tUse\tMetric\nwlan0\t00000000\t01\t3\t0\t0\t600\nwwan0\t00000000\t01\t3\t0\t0\t100\n',
  '/sys/class/net/wwan0/uevent': 'DEVTYPE=wwan\nINTERFACE=wwan0\n',
  '/sys/class/net/wwan0/statistics/rx_bytes': '1000\n',
  '/sys/class/net/wwan0/statistics/tx_bytes': '500\n',
  '/sys/class/net/wlan0/wireless/status': '0\n',
  '/proc/net/wireless': 'Inter-| sta-|   Quality\n face | tus | link level noise\nwlan0: 0000   54.  -56.  -256\n',
  '/sys/class/rtc/rtc0/since_epoch': `${nowMs / 1000 + 4}\n`,
  '/sys/class/power_supply/ups/type': 'UPS\n',
  '/sys/class/power_supply/ups/capacity': '64\n',
  '/sys/class/power_supply/ups/voltage_now': '12600000\n',
  '/sys/class/power_supply/mains/type': 'Mains\n',
  '/sys/class/power_supply/mains/online': '1\n',
};

async function board(texts: Record<string, string>, settings: Partial<SensorSettings> = {}) {
  const files = boardFilesTwin(texts);
  const disk = simulatedDisk({ fraction: () => 0.5 });
  const state = { ms: nowMs, trusted: true };
  const sensing = await findSensors({
    onDamaged: () => expect.unreachable('sound'),
    files,
    disk,
    settings: { ...nothing, ...settings },
    residentBytes: () => 80_000_000,
    hasSwitch: false,
  });
  const time: SensorTime = {
    now: () => ({ ...state, boundMs: 20 }),
    driftPpm: () => 12.34,
    amplifierOn: () => undefined,
    monthOf: (ms) => new Date(ms + 7 * 3_600_000).toISOString().slice(0, 7),
  };
  sensing.useTime(time);
  const read = async (): Promise<Readings> => {
    const answers = await Promise.all(sensing.sensors.map((sensor) => sensor.read()));
    return Object.assign({}, ...answers);
  };
  return { files, disk, state, sensing, read, kinds: sensing.sensors.map(({ kind }) => kind).sort() };
}

test('a small board on 4G with a battery', async () => {
  const { kinds, read } = await board(zero, { signal: parseTextSource('file:/run/rssi*-1') });
  expect(kinds).toEqual([
    'battery',
    'clock-health',
    'data-used',
    'disk-wear',
    'link',
    'mains',
    'memory',
    'temperature',
    'throttling',
  ]);
  expect(await read()).toEqual({
    mainsPresent: true,
    batteryPercent: 64,
    batteryVolts: 12.6,
    temperatureC: 51.54,
    isUndervolted: true,
    isThrottled: true,
    diskWearPercent: 30,
    memoryFreeBytes: 205_824_000,
    residentBytes: 80_000_000,
    linkKind: 'mobile',
    dataUsedBytes: 0,
    clockDriftPpm: 12.3,
    batteryClockOffS: 4,
  });
});

test('a bare machine has its clock and nothing else, and that is no fault', async () => {
  const { kinds, read } = await board({});
  expect(kinds).toEqual(['clock-health']);
  expect(await read()).toEqual({ clockDriftPpm: 12.3 });
});

test('the way with the least metric counts, and a modem says its level through a file or a program', async () => {
  const { files, read } = await board(zero, { signal: parseTextSource('command:/bin/rssi') });
  expect(await read()).not.toHaveProperty('linkSignalDbm');
  files.program('/bin/rssi', '-91 dBm');
  expect(await read()).toMatchObject({ linkKind: 'mobile', linkSignalDbm: -91 });
  files.program('/bin/rssi', '99');
  expect(await read()).not.toHaveProperty('linkSignalDbm');
  files.put({ '/proc/net/route': 'Iface\nwlan0\t00000000\t01\t3\t0\t0\t600\n' });
  expect(await read()).toMatchObject({ linkKind: 'wifi', linkSignalDbm: -56 });
  files.put({ '/proc/net/route': 'Iface\n' });
  expect(await read()).not.toHaveProperty('linkKind');
});

test('a door is a contact that the settings name, either way round', async () => {
  const open = await board({ '/run/door': '1' }, { door: parseTextSource('file:/run/door') });
  expect(await open.read()).toMatchObject({ doorOpen: true });
  const closed = await board({ '/run/door': '1' }, { door: parseTextSource('file:/run/door*-1') });
  expect(await closed.read()).toMatchObject({ doorOpen: false });
});

test.each(['', 'file:', 'file:relative', 'command:/bin/x; rm', 'file:/a*b', 'http://x'])('%j is no source', (text) => {
  expect(parseTextSource(text)).toBeUndefined();
});

describe('data used in a month', () => {
  test('goes on across restarts of counters and agent, and begins anew with the civil month', async () => {
    const { files, disk, state, read } = await board(zero);
    await read();
    files.put({ '/sys/class/net/wwan0/statistics/rx_bytes': '6000' });
    expect(await read()).toMatchObject({ dataUsedBytes: 5_000 });
    files.put({ '/sys/class/net/wwan0/statistics/rx_bytes': '100', '/sys/class/net/wwan0/statistics/tx_bytes': '0' });
    expect(await read()).toMatchObject({ dataUsedBytes: 5_100 });
    state.ms += 15 * 60_000;
    files.put({ '/sys/class/net/wwan0/statistics/rx_bytes': '300' });
    expect(await read()).toMatchObject({ dataUsedBytes: 200 });
    expect(disk.paths()).toContain('data-used.json');
  });

  test('is not counted into a month by a clock that is not trusted', async () => {
    const { state, read } = await board(zero);
    state.trusted = false;
    expect(await read()).not.toHaveProperty('dataUsedBytes');
  });

  test.each([
    ['the same boot', { boot: 'a', name: 'wwan0', counterBytes: 700 }, 1_200],
    ['another boot: all of the new counter has moved since', { boot: 'b', name: 'wwan0', counterBytes: 300 }, 1_300],
    ['another interface: what it counts is not ours', { boot: 'a', name: 'eth0', counterBytes: 9_000 }, 1_000],
  ])('%s', (_name, seen, usedBytes) => {
    const before = { month: '2026-11', usedBytes: 1_000, counterBytes: 500, name: 'wwan0', boot: 'a' };
    expect(counted(before, { month: '2026-11', ...seen }).usedBytes).toBe(usedBytes);
  });
});

test('a sensor that stops answering takes its figures with it, and holds nobody up', async () => {
  const clock = manualClock({ wallMs: nowMs });
  let temperatureC: number | undefined = 40;
  let isHanging = false;
  const never = new Promise<undefined>(() => undefined);
  const watch = watchSensors({
    clock,
    sensors: [
      {
        kind: 'temperature',
        everyMs: 10_000,
        read: async () => (isHanging ? never : temperatureC === undefined ? undefined : { temperatureC }),
      },
      { kind: 'door', everyMs: 1_000, read: async () => ({ doorOpen: false }) },
    ],
    onAnswer: () => undefined,
  });
  await clock.advance(1);
  expect(watch.readings()).toEqual({ temperatureC: 40, doorOpen: false });
  temperatureC = undefined;
  await clock.advance(10_000);
  expect(watch.readings()).toEqual({ doorOpen: false });
  temperatureC = 41;
  await clock.advance(10_000);
  isHanging = true;
  await clock.advance(17_000);
  expect(watch.readings()).toEqual({ doorOpen: false });
  watch.stop();
});
