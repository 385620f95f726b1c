/**
 * One contract for every probe that can tell whether sound left: a microphone, an amplifier's current, a line's level.
 * Each on its twin in simulated time; beside it the real edges they read by.
 */
import { chmod, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Faults } from '@loa/device-agent/contracts.ts';
import { openEars } from '@loa/device-agent/ears.ts';
import { machineClock } from '@loa/device-agent/edges/clock.ts';
import { numberFile } from '@loa/device-agent/edges/number-file.ts';
import { type RunProgram, runProgram } from '@loa/device-agent/edges/process.ts';
import { microphoneProbe } from '@loa/device-agent/fronts/probes/microphone.ts';
import { nothingLearnt, openHearing } from '@loa/device-agent/keep/hearing.ts';
import { readSettings } from '@loa/device-agent/settings.ts';
import { createListen } from '@loa/device-agent/work/listening/listen.ts';
import { playsLearnt, withGain } from '@loa/device-agent/work/listening/reference.ts';
import { createSentLevels } from '@loa/device-agent/work/listening/sent-levels.ts';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { manualClock } from '../../harness/manual-clock.ts';
import { microphoneTwin } from '../../harness/microphone-twin.ts';
import { simulatedDisk } from '../../harness/simulated-disk.ts';
import { silence } from '../../harness/sound.ts';
import { probeBench, words } from './probe-bench.ts';

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'loa-probes-'));
});
afterAll(() => rm(folder, { recursive: true, force: true }));

describe.each(['microphone', 'amplifier-current', 'line-level'] as const)('%s', (kind) => {
  test('sound that left is sound', async () => {
    const bench = probeBench(kind);
    expect(await bench.measured(await bench.play(words(6)))).toMatchObject({ verdict: 'sound' });
  });

  test('sound that did not leave is none', async () => {
    const bench = probeBench(kind);
    bench.kill();
    expect(await bench.measured(await bench.play(words(6)))).toMatchObject({ verdict: 'none' });
  });

  test('of a silent clip nothing is said', async () => {
    const bench = probeBench(kind);
    expect(await bench.measured(await bench.play(silence({ seconds: 6 })))).toMatchObject({ verdict: 'undecided' });
  });

  test('one that was there and breaks cannot tell', async () => {
    const bench = probeBench(kind);
    const stretch = await bench.play(words(6), { afterHalf: bench.breakProbe });
    expect(await bench.measured(stretch)).toMatchObject({ verdict: 'undecided' });
  });

  test('a dead horn for three seconds is too short to be sure', async () => {
    const bench = probeBench(kind);
    bench.kill();
    expect(await bench.measured(await bench.play(words(3)))).toMatchObject({ verdict: 'undecided' });
  });
});

test('current that rises for something else is no confirmation', async () => {
  const bench = probeBench('amplifier-current');
  bench.kill();
  bench.amplifier.setDead(false);
  bench.amplifier.drivenBy((atMs) => (Math.floor(atMs / 1_700) % 2 === 0 ? 0.02 : 0.002));
  expect(await bench.measured(await bench.play(words(8)))).toMatchObject({ verdict: 'undecided' });
});

describe('the microphone', () => {
  test('is closed but for what sounds and a breath behind it', async () => {
    const bench = probeBench('microphone');
    await bench.clock.advance(60_000);
    expect(bench.microphone.started()).toBe(0);
    const answer = bench.measured(
      await bench.play(words(6), { afterHalf: () => expect(bench.ear?.isOpen()).toBe(true) }),
    );
    await answer;
    expect(bench.microphone.recording()).toBe(0);
    expect(bench.ear?.isOpen()).toBe(false);
    await bench.clock.advance(3_600_000);
    expect(bench.microphone.started()).toBe(1);
    expect(bench.clock.timersPending()).toBe(0);
  });

  test('one that dies is started again while it is needed, and no longer', async () => {
    const bench = probeBench('microphone');
    await bench.play(words(6), { afterHalf: bench.microphone.die });
    expect(bench.microphone.started()).toBe(2);
    await bench.clock.advance(10_000);
    bench.microphone.die();
    await bench.clock.advance(10_000);
    expect(bench.microphone.recording()).toBe(0);
  });

  test('no sample of it is kept, written or sent: only levels and verdicts', async () => {
    const clock = manualClock({ wallMs: 1_800_000_000_000 });
    const twin = microphoneTwin({ clock });
    const pieces: Buffer[] = [];
    const run: RunProgram = (options) =>
      twin.run({
        ...options,
        onOutput(piece) {
          pieces.push(Buffer.from(piece));
          options.onOutput?.(piece);
        },
      });
    const disk = simulatedDisk({ fraction: () => 0.5 });
    const memory = await openHearing({ disk, clock, onDamaged: () => expect.unreachable('sound') });
    const sent = createSentLevels({ rateHz: 48_000 });
    const probe = microphoneProbe({ recorder: { command: 'arecord', args: [] }, run, clock, sent, memory });
    const told: string[] = [];
    const faults: Faults = { signal: (code, signal) => told.push(JSON.stringify({ code, ...signal })) };
    const listen = createListen({ probes: [probe], clock, faults });
    const samples = Int16Array.from(words(6).samples, (value) => Math.round(value * 32_767));
    twin.emits(samples, clock.monotonicMs());
    for (let done = 0; done < samples.length; done += 4_800) {
      const block = samples.subarray(done, done + 4_800);
      sent.sent(block, { monotonicMs: clock.monotonicMs(), isContiguous: done > 0 });
      await clock.advance(100);
    }
    sent.rested();
    const untilMs = clock.monotonicMs();
    const answer = listen({
      fromMonotonicMs: untilMs - 6_000,
      untilMonotonicMs: untilMs,
      emittedMs: 6_000,
      sentDbfs: -18,
    });
    await clock.advance(3_000);
    told.push(JSON.stringify(await answer));
    await memory.close();
    expect(pieces.length).toBeGreaterThan(50);
    const left = Buffer.concat([
      ...(await Promise.all(disk.paths().map(async (path) => Buffer.from((await disk.read(path)) ?? [])))),
      Buffer.from(told.join('\n')),
    ]);
    expect(left.length).toBeGreaterThan(100);
    // Ten samples in a row would be a thousandth of a second.
    for (const piece of pieces)
      for (let from = 0; from + 20 <= piece.length; from += 960)
        expect(left.includes(piece.subarray(from, from + 20))).toBe(false);
    expect(left.length).toBeLessThan(4_000);
    // Neither it nor what it uses can reach a disk or a network.
    const source = await readFile(
      join(import.meta.dirname, '../../../device-agent/src/fronts/probes/microphone.ts'),
      'utf8',
    );
    expect(source).not.toMatch(/from '(node:|.*(disk|network|outbox|link))/);
  });
});

describe('several probes', () => {
  const verdicts = (said: Record<string, 'sound' | 'none' | 'undecided'>) => {
    const signals: string[] = [];
    const probes = Object.entries(said).map(([kind, verdict]) => ({
      kind,
      measure: async () => ({ verdict, evidence: {} }),
    }));
    const faults: Faults = { signal: (code, { bad }) => signals.push(`${code} ${bad}`) };
    const clock = manualClock({ wallMs: 0 });
    const stretch = { fromMonotonicMs: 0, untilMonotonicMs: 6_000, emittedMs: 6_000, sentDbfs: -18 };
    return createListen({ probes, clock, faults })(stretch).then((measured) => ({ measured, signals }));
  };

  test('the surest that can tell has the word, and is named', async () => {
    const both = await verdicts({ 'amplifier-current': 'sound', microphone: 'none' });
    expect(both.measured).toMatchObject({ verdict: 'none', evidence: { probe: 'microphone', measured: 'none' } });
    expect(both.signals).toEqual(['sound-missing true']);
    const covered = await verdicts({ 'amplifier-current': 'sound', microphone: 'undecided' });
    expect(covered.measured).toMatchObject({ verdict: 'sound', evidence: { probe: 'amplifier-current' } });
    // A current knows nothing of content and loudness: it speaks only against silence.
    expect(covered.signals).toEqual(['sound-missing false']);
  });

  test('without any nothing is measured, and nothing is claimed', async () => {
    expect(await verdicts({})).toEqual({ measured: undefined, signals: [] });
  });

  test('one that never answers is left out', async () => {
    const clock = manualClock({ wallMs: 0 });
    const probe = { kind: 'microphone', measure: () => new Promise<never>(() => undefined) };
    const faults: Faults = { signal: () => expect.unreachable() };
    const stretch = { fromMonotonicMs: 0, untilMonotonicMs: 6_000, emittedMs: 6_000, sentDbfs: -18 };
    const answer = createListen({ probes: [probe], clock, faults })(stretch);
    await clock.advance(3_000);
    expect(await answer).toMatchObject({ verdict: 'undecided' });
  });
});

test('the horn’s usual loudness is the median of five good plays and never sinks', () => {
  let known = nothingLearnt().microphone;
  for (const gainDb of [-12, -13, -30, -12.5, -12]) known = withGain(known, gainDb);
  expect(known.referenceDb).toBe(-12.5);
  for (let play = 0; play < 10 * playsLearnt; play += 1) known = withGain(known, -20);
  expect(known).toMatchObject({ referenceDb: -12.5 });
  for (let play = 0; play < playsLearnt; play += 1) known = withGain(known, -6);
  expect(known.referenceDb).toBe(-6);
});

describe('what is not there is not fitted', () => {
  const found = (environment: Record<string, string>) => {
    const read = readSettings({ LOA_AGENT_PROBES: 'microphone,amplifier-current', ...environment });
    if (!read.ok) throw new Error(read.reason);
    const memory = { read: nothingLearnt, update: () => undefined };
    const run: RunProgram = () => expect.unreachable('nothing is opened to look');
    return openEars({
      settings: read.settings.ears,
      clock: machineClock,
      run,
      memory,
      environment: { PATH: '/usr/bin' },
    }).kinds;
  };

  test('a path that leads nowhere, a pipe, a recorder that is not installed', () => {
    expect(
      found({ LOA_AMPLIFIER_CURRENT: 'iio:/nowhere/in_voltage0_raw*0.8', LOA_MICROPHONE: 'command:no-such-program' }),
    ).toEqual([]);
    expect(found({ LOA_AMPLIFIER_CURRENT: 'file:/dev/null', LOA_MICROPHONE: 'command:no-such-program' })).toEqual([]);
  });

  test('what is there is declared', async () => {
    const path = join(folder, 'current');
    await writeFile(path, '512\n');
    expect(found({ LOA_AMPLIFIER_CURRENT: `iio:${path}*0.8`, LOA_MICROPHONE: 'command:/bin/cat x' })).toEqual([
      'microphone',
      'amplifier-current',
    ]);
  });

  test.each([
    [{ LOA_AGENT_PROBES: 'amplifier-current' }, 'LOA_AMPLIFIER_CURRENT is missing'],
    [{ LOA_AGENT_PROBES: 'line-level' }, 'LOA_LINE_LEVEL is missing'],
    [{ LOA_AMPLIFIER_CURRENT: 'adc0' }, 'LOA_AMPLIFIER_CURRENT must be iio:PATH*SCALE'],
    [{ LOA_NIGHT_TEST: '25:00' }, 'LOA_NIGHT_TEST must be a time of day'],
    [{ LOA_AGENT_PROBES: 'microphone', LOA_AGENT_PLAYER: 'silent' }, 'LOA_AGENT_PROBES measure nothing'],
  ])('%j is refused in one line', (environment, reason) => {
    const read = readSettings(environment);
    expect(read.ok ? '' : read.reason).toContain(reason);
  });
});

describe('the real edges keep the twins’ contract', () => {
  test('a figure in a file is read anew each time; none there is no figure', async () => {
    const path = join(folder, 'figure');
    const file = numberFile({ path, scale: 0.5 });
    expect([file.isThere(), await file.read()]).toEqual([false, undefined]);
    await writeFile(path, '160\n');
    expect([file.isThere(), await file.read()]).toEqual([true, 80]);
    await writeFile(path, `${'1.0 A 1.5\n'.repeat(1_000)}2.0 A 2.5\n`);
    expect(await file.read()).toBe(1.25);
    for (const text of ['', 'ERR', '\n\n']) {
      await writeFile(path, text);
      expect(await file.read()).toBeUndefined();
    }
  });

  test('a recorder gives pieces until it is killed, and says why it ended', async () => {
    const script = join(folder, 'recorder.mjs');
    await writeFile(
      script,
      `#!${process.execPath}\nsetInterval(() => process.stdout.write(Buffer.alloc(960, 7)), 10);\nprocess.stderr.write('overrun');\n`,
    );
    await chmod(script, 0o755);
    let bytes = 0;
    const end = await new Promise<{ exitCode: number | null; said: string }>((resolve) => {
      const program = runProgram({
        command: script,
        args: [],
        onOutput(piece) {
          bytes += piece.length;
          if (bytes > 5_000) program.kill();
        },
        onEnd: resolve,
      });
    });
    expect(bytes).toBeGreaterThan(5_000);
    expect(end.exitCode).toBeNull();
  });
});
