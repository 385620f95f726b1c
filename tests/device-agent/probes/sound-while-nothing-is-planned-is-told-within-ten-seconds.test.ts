/**
 * A foreign sound at the amplifier is a fault within ten seconds, whatever its source, and gone after a minute of quiet;
 * a day of ordinary plan, with an amplifier that is switched and warms up, raises none. Simulated time.
 */

import { watchUnplanned } from '@loa/device-agent/fronts/probes/unplanned.ts';
import { nothingLearnt } from '@loa/device-agent/keep/hearing.ts';
import { createFaults } from '@loa/device-agent/work/faults/faults.ts';
import { hearQuiet, lineOf, unknownQuiet } from '@loa/device-agent/work/listening/quiet-line.ts';
import type { ReportEvent } from '@loa/protocol/device';
import { expect, test } from 'vitest';
import { amplifierTwin } from '../../harness/amplifier-twin.ts';
import { seededRandom } from '../../harness/sound-signals.ts';

const second = 1_000;
const minute = 60 * second;

/** A clock whose timers run as fast as promises settle. */
function quickClock() {
  let nowMs = 5_000;
  let timers: { atMs: number; run: () => void }[] = [];
  return {
    wallMs: () => nowMs,
    monotonicMs: () => nowMs,
    setTimer(run: () => void, delayMs: number) {
      const timer = { atMs: nowMs + Math.max(0, delayMs), run };
      timers.push(timer);
      return () => {
        timers = timers.filter((one) => one !== timer);
      };
    },
    async advance(ms: number) {
      const untilMs = nowMs + ms;
      for (;;) {
        for (let turn = 0; turn < 12; turn += 1) await Promise.resolve();
        const next = timers.reduce<(typeof timers)[number] | undefined>(
          (first, one) => (first === undefined || one.atMs < first.atMs ? one : first),
          undefined,
        );
        if (next === undefined || next.atMs > untilMs) break;
        timers = timers.filter((one) => one !== next);
        nowMs = Math.max(nowMs, next.atMs);
        next.run();
      }
      nowMs = untilMs;
    },
  };
}

/** Speech as an amplifier sees it: syllables and pauses, levels of a horn at work. */
function talk(seed: number, fromMs: number, untilMs: number): (atMs: number) => number {
  const random = seededRandom(seed);
  const words: { fromMs: number; untilMs: number; square: number }[] = [];
  for (let atMs = fromMs; atMs < untilMs; ) {
    const length = 300 + 2_200 * random();
    words.push({ fromMs: atMs, untilMs: atMs + length, square: 0.008 + 0.03 * random() });
    atMs += length + 150 + 900 * random();
  }
  return (atMs) => words.find((word) => atMs >= word.fromMs && atMs < word.untilMs)?.square ?? 0;
}

async function pole(options: { seed?: number; knowsSwitch?: boolean; holdMs?: number } = {}) {
  const clock = quickClock();
  const amplifier = amplifierTwin({ clock, seed: options.seed ?? 1 });
  const learnt = nothingLearnt();
  const reports: ReportEvent[] = [];
  let isSounding = false;
  const faults = createFaults({
    clock,
    time: { now: () => ({ ms: 1_800_000_000_000 + clock.monotonicMs(), trusted: true, boundMs: 1 }) },
    random: { bytes: (count) => new Uint8Array(count).fill(reports.length + 1), fraction: () => 0.5 },
    outbox: { add: async (event) => void reports.push(event) },
    file: { read: async () => [], write: async () => undefined },
  });
  await faults.start();
  const watch = watchUnplanned({
    clock,
    gauge: amplifier,
    memory: { read: () => learnt, update: (change) => change(learnt) },
    isSounding: () => isSounding,
    ...(options.knowsSwitch === true ? { isAmplifierOn: amplifier.isOn } : {}),
    holdMs: options.holdMs,
    onAnswer: (answer) => faults.signal('sound-unplanned', answer),
  });
  return {
    clock,
    amplifier,
    learnt,
    reports,
    watch,
    setSounding: (is: boolean) => {
      isSounding = is;
    },
  };
}

test('a foreign voice is reported within ten seconds, over twenty voices, and cleared after a minute of quiet', async () => {
  const tookS: number[] = [];
  for (let seed = 1; seed <= 20; seed += 1) {
    const { clock, amplifier, reports } = await pole({ seed });
    await clock.advance(2 * minute + seed * 137);
    const fromMs = clock.monotonicMs();
    amplifier.drivenBy(talk(seed, fromMs, fromMs + minute));
    for (let passedMs = 0; reports.length === 0 && passedMs < minute; passedMs += 100) await clock.advance(100);
    expect(reports[0]).toMatchObject({ kind: 'fault-opened', code: 'sound-unplanned' });
    tookS.push((clock.monotonicMs() - fromMs) / second);
    await clock.advance(minute - (clock.monotonicMs() - fromMs));
    amplifier.drivenBy(() => 0);
    await clock.advance(55 * second);
    expect(reports).toHaveLength(1);
    await clock.advance(12 * second);
    expect(reports[1]).toMatchObject({ kind: 'fault-cleared', code: 'sound-unplanned' });
  }
  tookS.sort((a, b) => a - b);
  console.log(`sound while nothing is planned: told after ${tookS[10]} s (median), ${tookS.at(-1)} s (longest of 20)`);
  expect(tookS.at(-1)).toBeLessThanOrEqual(10);
});

test('the evidence says what was measured, and against what', async () => {
  const { clock, amplifier, reports } = await pole();
  await clock.advance(minute);
  amplifier.drivenBy(() => 0.02);
  await clock.advance(10 * second);
  const evidence = reports[0]?.kind === 'fault-opened' ? reports[0].evidence : {};
  expect(evidence).toMatchObject({ probe: 'amplifier-current' });
  expect(Number(evidence.value)).toBeGreaterThan(Number(evidence.line));
  expect(Number(evidence.line)).toBeGreaterThan(Number(evidence.quiet));
});

test('a click, a hum that creeps with the warm day, and a gauge that fails are none', async () => {
  const { clock, amplifier, reports } = await pole();
  await clock.advance(minute);
  const clickMs = clock.monotonicMs() + 500;
  amplifier.drivenBy((atMs) => (atMs > clickMs && atMs < clickMs + 300 ? 0.2 : 0));
  await clock.advance(minute);
  const fromMs = clock.monotonicMs();
  // Ten per cent more current over an hour of sun.
  amplifier.drivenBy((atMs) => (0.001 * (atMs - fromMs)) / (60 * minute));
  await clock.advance(60 * minute);
  amplifier.setBroken(true);
  await clock.advance(10 * minute);
  expect(reports).toEqual([]);
});

test('an amplifier that is driven though it is switched off is told too', async () => {
  const { clock, amplifier, reports } = await pole({ knowsSwitch: true });
  amplifier.setOn(false);
  await clock.advance(5 * minute);
  // Its relay sticks: the quiet current of a running amplifier.
  const stuck = amplifierTwin({ clock });
  amplifier.read = stuck.read;
  await clock.advance(10 * second);
  expect(reports.map((one) => one.kind)).toEqual(['fault-opened']);
});

test('what is known of quiet survives a restart: a foreign voice at boot is not taken for it', async () => {
  const before = unknownQuiet(80);
  const voice = hearQuiet(before, 300, 10);
  expect(lineOf(voice, 10)).toBe(lineOf(before, 10));
  // Quiet falls in seconds and rises in minutes.
  let line = before;
  for (let look = 0; look < 30; look += 1) line = hearQuiet(line, 60, 10);
  expect(line.quiet).toBeLessThan(62);
  for (let look = 0; look < 60; look += 1) line = hearQuiet(line, 70, 10);
  expect(line.quiet).toBeLessThan(64);
});

test.each([
  ['its amplifier always on', { switched: false, knowsSwitch: false }],
  ['its amplifier switched by the board', { switched: true, knowsSwitch: true }],
  ['an amplifier that holds itself on', { switched: true, knowsSwitch: false }],
])('a day of ordinary plan raises none: %s', async (_name, { switched, knowsSwitch }) => {
  const { clock, amplifier, reports, setSounding, watch } = await pole({ knowsSwitch });
  const dayMs = clock.monotonicMs();
  if (switched) amplifier.setOn(false);
  // 05:00, 11:00, 17:00: three bulletins of minutes each, as communes do.
  for (const hour of [5, 11, 17]) {
    const atMs = dayMs + hour * 60 * minute;
    await clock.advance(atMs - 3 * second - clock.monotonicMs());
    amplifier.setOn(true);
    if (knowsSwitch) setSounding(true);
    await clock.advance(3 * second);
    for (let item = 0; item < 3; item += 1) {
      const fromMs = clock.monotonicMs();
      setSounding(true);
      amplifier.drivenBy(talk(hour + item, fromMs, fromMs + 4 * minute));
      await clock.advance(4 * minute);
      setSounding(false);
      amplifier.drivenBy(() => 0);
      await clock.advance(10 * second);
    }
    await clock.advance(15 * second);
    if (switched) amplifier.setOn(false);
  }
  await clock.advance(dayMs + 24 * 60 * minute - clock.monotonicMs());
  expect(reports).toEqual([]);
  watch.stop();
});

test('no suspicion outlives the beginning of our own sound', async () => {
  const { clock, amplifier, reports, setSounding } = await pole();
  await clock.advance(minute);
  // Something before our bulletin, as a warm-up thump, and then the bulletin itself.
  amplifier.drivenBy(() => 0.02);
  await clock.advance(2 * second);
  setSounding(true);
  await clock.advance(5 * minute);
  amplifier.drivenBy(() => 0);
  setSounding(false);
  await clock.advance(5 * minute);
  expect(reports).toEqual([]);
});
