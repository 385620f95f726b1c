/**
 * An output that is being opened, or replaced after it was stuck, is not called missing; one whose program ends at once
 * is, with its reason. Whoever asks once waits until it is known.
 */
import type { ProgramOptions } from '@loa/device-agent/edges/process.ts';
import { alsaSink } from '@loa/device-agent/fronts/player/alsa.ts';
import { settledOutput, watchOutput } from '@loa/device-agent/fronts/probes/output.ts';
import { judgeOutput } from '@loa/device-agent/work/faults/judge-output.ts';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { type FaultBench, openFaultBench } from '../../harness/fault-bench.ts';
import { type ManualClock, manualClock } from '../../harness/manual-clock.ts';

let clock: ManualClock;
let bench: FaultBench;
let watch: { stop(): void };
let sink: ReturnType<typeof alsaSink>;
/** What the card does to an aplay: takes its sound, refuses to be opened, or hangs; and whether a killed one dies. */
let card: 'takes' | 'refuses' | 'hangs';
let isMortal: boolean;
const alive = new Set<ProgramOptions>();

function run(options: ProgramOptions) {
  alive.add(options);
  let unread = 0;
  const end = (exitCode: number | null, said: string) => {
    if (alive.delete(options)) options.onEnd({ exitCode, said });
  };
  if (card === 'refuses') clock.setTimer(() => end(1, 'audio open error: No such file or directory'), 100);
  return {
    pid: 1,
    write(piece: Uint8Array) {
      unread = card === 'hangs' ? unread + piece.length : 0;
      return unread;
    },
    endInput: () => undefined,
    pause: () => undefined,
    resume: () => undefined,
    kill: () => {
      if (isMortal) clock.setTimer(() => end(null, ''), 20);
    },
  };
}

function start(): void {
  sink = alsaSink({ device: 'default', run, clock });
  const player = { output: async () => sink.output() };
  watch = watchOutput({
    clock,
    player,
    onAnswer(answer) {
      for (const { code, ...signal } of judgeOutput(answer)) bench.faults.signal(code, signal);
    },
  });
}

/** Sound for so long, or until the sink gives up. */
async function sound(lengthMs: number): Promise<void> {
  const block = new Int16Array(960);
  for (let ms = 0; ms < lengthMs; ms += 20) {
    try {
      sink.write(block, { monotonicMs: clock.monotonicMs() + 100, isContiguous: ms > 0 });
    } catch {
      return;
    }
    await clock.advance(20);
  }
}

beforeEach(async () => {
  clock = manualClock({ wallMs: 1_800_000_000_000 });
  bench = await openFaultBench(clock);
  card = 'takes';
  isMortal = true;
  alive.clear();
});
afterEach(async () => {
  watch.stop();
  sink.close();
  await bench.stop();
});

test('a start on a working card opens no fault', async () => {
  start();
  await clock.advance(30_000);
  expect(bench.reports).toEqual([]);
  expect(sink.output()).toMatchObject({ present: true, isOpening: false });
});

test('a card that is not there is told within 6 s of the start, with its reason', async () => {
  card = 'refuses';
  start();
  await clock.advance(6_000);
  expect(bench.evidenceOf('output-missing')).toMatchObject({ reason: expect.stringContaining('audio open error') });
  await clock.advance(60_000);
  expect(bench.course('output-missing')).toEqual(['opened']);
  card = 'takes';
  await clock.advance(12_000);
  expect(bench.course('output-missing')).toEqual(['opened', 'cleared']);
});

test('one that is stuck and replaced is one fault', async () => {
  start();
  await clock.advance(10_000);
  card = 'hangs';
  await sound(5_000);
  card = 'takes';
  await clock.advance(60_000);
  expect(bench.course('output-stuck')).toEqual(['opened']);
  expect(bench.course('output-missing')).toEqual([]);
  expect(sink.output()).toMatchObject({ present: true });
});

test('one that does not even die is missing besides', async () => {
  start();
  await clock.advance(10_000);
  card = 'hangs';
  isMortal = false;
  await sound(5_000);
  await clock.advance(20_000);
  expect(bench.course('output-stuck')).toEqual(['opened']);
  expect(bench.evidenceOf('output-missing')).toMatchObject({ reason: 'The sound card takes no sound' });
});

test.each(['takes', 'refuses'] as const)('who asks once is answered when it is known: a card that %s', async (does) => {
  card = does;
  start();
  const answers: unknown[] = [];
  void settledOutput({ clock, player: { output: async () => sink.output() } }).then((answer) => answers.push(answer));
  await clock.advance(2_000);
  expect(answers).toMatchObject([
    does === 'takes'
      ? { present: true }
      : { present: false, evidence: { reason: expect.stringContaining('open error') } },
  ]);
});
