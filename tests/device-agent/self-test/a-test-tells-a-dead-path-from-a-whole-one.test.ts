/** The signals of a test, heard by every probe on its twin, and through the real player and a real board's folder. */
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Faults } from '@loa/device-agent/contracts.ts';
import { openMachineDisk } from '@loa/device-agent/edges/machine-disk.ts';
import { openMachine } from '@loa/device-agent/machine.ts';
import { readSettings } from '@loa/device-agent/settings.ts';
import { testHere } from '@loa/device-agent/test-here.ts';
import { createListen } from '@loa/device-agent/work/listening/listen.ts';
import { audibleTest, silentTest } from '@loa/device-agent/work/self-test/test-sounds.ts';
import { fittingOf } from '@loa/protocol/device';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { probeBench, words } from '../probes/probe-bench.ts';

const soundOf = (wav: Uint8Array) => ({
  samples: Float32Array.from(new Int16Array(Uint8Array.from(wav.subarray(44)).buffer), (value) => value / 32_767),
  sampleRateHz: 48_000,
});

describe.each(['microphone', 'amplifier-current', 'line-level'] as const)('%s', (kind) => {
  const pilot = soundOf(silentTest(fittingOf([kind])));
  const purpose = 'silent-test' as const;

  test('hears the pilot of a whole path, and misses it on a dead one once it has heard it', async () => {
    const whole = probeBench(kind);
    expect(await whole.measured(await whole.play(pilot, { purpose }))).toMatchObject({ verdict: 'sound' });
    await whole.clock.advance(60_000);
    whole.kill();
    expect(await whole.measured(await whole.play(pilot, { purpose }))).toMatchObject({ verdict: 'none' });
  });

  test('calls a path dead by no pilot that it never heard: a horn may not give it at all', async () => {
    const deaf = probeBench(kind);
    deaf.kill();
    expect(await deaf.measured(await deaf.play(pilot, { purpose }))).toMatchObject({ verdict: 'undecided' });
  });

  test('hears the chime, and misses it', async () => {
    const chime = soundOf(audibleTest());
    const whole = probeBench(kind);
    const audible = { purpose: 'audible-test' } as const;
    expect(await whole.measured(await whole.play(chime, audible))).toMatchObject({ verdict: 'sound' });
    const dead = probeBench(kind);
    dead.kill();
    expect(await dead.measured(await dead.play(chime, audible))).toMatchObject({ verdict: 'none' });
  });
});

test('words at the pilot’s time are not taken for it', async () => {
  const bench = probeBench('microphone');
  const pilot = soundOf(silentTest('microphone'));
  bench.kill();
  const spoken = words(4, 9);
  bench.microphone.emits(
    Int16Array.from(spoken.samples, (value) => Math.round(value * 3_000)),
    bench.clock.monotonicMs(),
  );
  const measured = await bench.measured(await bench.play(pilot, { purpose: 'silent-test' }));
  expect(measured.verdict).toBe('undecided');
});

test('what a test finds opens the same faults as a play, and a good play clears them', async () => {
  const signals: string[] = [];
  const faults: Faults = { signal: (code, { bad }) => signals.push(`${code} ${bad}`) };
  const bench = probeBench('amplifier-current');
  const listen = createListen({ probes: [bench.probe], clock: bench.clock, faults });
  const heard = async (purpose: 'audible-test' | 'play') => {
    const answer = listen(await bench.play(purpose === 'play' ? words(6) : soundOf(audibleTest()), { purpose }));
    await bench.clock.advance(3_000);
    return (await answer)?.verdict;
  };
  bench.amplifier.setDead(true);
  expect(await heard('audible-test')).toBe('none');
  bench.amplifier.setDead(false);
  expect(await heard('play')).toBe('sound');
  expect(signals).toEqual(['sound-missing true', 'sound-missing false']);
});

describe('on a real board’s folder', () => {
  let folder: string;
  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'loa-selftest-'));
  });
  afterAll(() => rm(folder, { recursive: true, force: true }));

  test('whoever stands beside it hears the chime, and is told what was measured', async () => {
    const read = readSettings({
      LOA_AGENT_DIR: folder,
      LOA_AGENT_PLAYER: 'file',
      LOA_AGENT_PROBES: 'loopback',
      LOA_SERVER_URL: 'http://127.0.0.1:9',
    });
    if (!read.ok) throw new Error(read.reason);
    const machine = await openMachine({ ...read.settings, serverUrl: 'http://127.0.0.1:9' }, process.env);
    expect(machine.board.capabilities.services).toEqual(['silent-test', 'audible-test']);
    const { clock } = machine.edges;
    const disk = await openMachineDisk(folder);
    const board = { player: machine.player, probes: machine.probes, kinds: ['loopback'], disk, clock };
    expect(await testHere(board, 'audible')).toMatchObject({
      verdict: 'sound',
      evidence: { probe: 'loopback', emittedMs: 4_000 },
    });
    await machine.player.close();
    await machine.close();
    await disk.close();
  });
});
