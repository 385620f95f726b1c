/** Somebody under the pole counts the flashes and knows how the board is: each state has its own count, the worst first. */
import { mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { openLampLine } from '@loa/device-agent/edges/lamp-line.ts';
import { startLamp } from '@loa/device-agent/fronts/lamp/lamp.ts';
import type { PoleState, RunningState } from '@loa/device-agent/pole-state.ts';
import { type LampSign, lampCodes, lampSignOf, lampSigns } from '@loa/device-agent/work/signs/lamp-sign.ts';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { manualClock } from '../../harness/manual-clock.ts';
import { poleStateOf } from './pole-states.ts';

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'loa-lamp-'));
});
afterAll(() => rm(folder, { recursive: true, force: true }));

const fault = { code: 'output-missing', sinceMs: 0 } as const;

test.each<[string, LampSign, Partial<RunningState> | PoleState['enrolment']]>([
  ['well', 'well', {}],
  ['no plan', 'no-plan', { planUntilMs: undefined }],
  ['a plan that has run out', 'no-plan', { planUntilMs: 1 }],
  ['no link', 'no-link', { isLinked: false }],
  ['no time, and no link', 'no-time', { isLinked: false, clock: { nowMs: 0, trusted: false, boundMs: 9 } }],
  [
    'no time, which is a fault too',
    'no-time',
    { clock: { nowMs: 0, trusted: false, boundMs: 9 }, faults: [{ code: 'clock-not-trusted', sinceMs: 0 }] },
  ],
  ['a fault, and no link', 'fault', { isLinked: false, faults: [fault] }],
  ['playing with a fault', 'playing', { sounding: 'routine', faults: [fault] }],
  ['an emergency', 'emergency', { sounding: 'emergency', faults: [fault] }],
  ['not enrolled', 'not-enrolled', { phase: 'waiting' }],
  ['being enrolled', 'not-enrolled', { phase: 'trying' }],
  ['a code that was refused', 'refused', { phase: 'refused', problem: 'refused' }],
])('%s: %s', (_what, sign, given) => {
  expect(
    lampSignOf('phase' in given ? { ...poleStateOf({}), enrolment: given, running: undefined } : poleStateOf(given)),
  ).toBe(sign);
});

test('no two signs look alike', () => {
  const looks = lampSigns.map((sign) => lampCodes[sign].flashes);
  expect(new Set(looks).size).toBe(lampSigns.length);
});

async function seen(signs: { fromMs: number; sign: LampSign }[], forMs: number) {
  const clock = manualClock({ wallMs: 0, monotonicMs: 0 });
  const changes: { isOn: boolean; atMs: number }[] = [];
  const lamp = startLamp({
    clock,
    line: { set: async (isOn) => void changes.push({ isOn, atMs: clock.monotonicMs() }) },
    sign: () => signs.findLast(({ fromMs }) => fromMs <= clock.monotonicMs())?.sign ?? 'well',
    log: () => undefined,
  });
  await clock.advance(forMs);
  await lamp.stop();
  return changes;
}

test.each([...lampSigns].filter((sign) => typeof lampCodes[sign].flashes === 'number'))(
  '%s: so many flashes, then a pause that is no gap',
  async (sign) => {
    const changes = await seen([{ fromMs: 0, sign }], 15_000);
    const onsMs = changes.filter(({ isOn }) => isOn).map(({ atMs }) => atMs);
    const gapsMs = onsMs.slice(1).map((atMs, index) => atMs - (onsMs[index] ?? 0));
    const firstPause = gapsMs.findIndex((gapMs) => gapMs > 2_000);
    expect(firstPause + 1).toBe(lampCodes[sign].flashes);
    for (const gapMs of gapsMs.slice(0, firstPause)) expect(gapMs).toBeLessThan(700);
  },
);

test('an emergency shows within the pause of another sign, and a lamp that stays lit is not written again', async () => {
  const signs: { fromMs: number; sign: LampSign }[] = [
    { fromMs: 0, sign: 'playing' },
    { fromMs: 5_000, sign: 'emergency' },
  ];
  const changes = await seen(signs, 7_000);
  expect(changes.filter(({ atMs }) => atMs < 5_000)).toEqual([{ isOn: true, atMs: 0 }]);
  expect(changes.filter(({ atMs }) => atMs >= 5_000 && atMs < 6_000).length).toBeGreaterThan(8);
  expect(changes.at(-1)?.isOn).toBe(false);
});

test('a lamp that is not there is told once and tried now and then', async () => {
  const clock = manualClock({ wallMs: 0 });
  const told: string[] = [];
  let tries = 0;
  const set = async () => {
    tries += 1;
    throw new Error('no such file');
  };
  const lamp = startLamp({ clock, line: { set }, sign: () => 'well', log: (line) => told.push(line) });
  await clock.advance(10 * 60_000);
  expect(told).toHaveLength(1);
  expect(tries).toBeLessThan(15);
  await lamp.stop();
  expect(clock.timersPending()).toBe(0);
});

test("the kernel's LED is taken from its trigger and lit as bright as it can be", async () => {
  const led = join(folder, 'class/leds/ACT');
  await mkdir(led, { recursive: true });
  for (const [name, text] of [
    ['trigger', 'none [mmc0]'],
    ['max_brightness', '255\n'],
    ['brightness', '0'],
  ] as const)
    await writeFile(join(led, name), text);
  const line = openLampLine({ kind: 'led', name: 'ACT' }, { root: folder });
  await line.set(true);
  expect(await readFile(join(led, 'brightness'), 'utf8')).toBe('255');
  expect(await readFile(join(led, 'trigger'), 'utf8')).toMatch(/^none/);
  await expect(openLampLine({ kind: 'led', name: 'PWR' }, { root: folder }).set(true)).rejects.toThrow('ENOENT');
});
