/**
 * Tests the sound path of a board on which no agent runs, for whoever stands beside it: sends the signal, asks the
 * probes, gives the word. Reports nothing and opens no fault.
 */
import { fittingOf } from '@loa/protocol/device';
import type { Player, SoundProbe } from './contracts.ts';
import type { Clock } from './edges/clock.ts';
import type { Disk } from './edges/disk.ts';
import { createListen } from './work/listening/listen.ts';
import type { TestForm } from './work/self-test/judge-test.ts';
import { measureTest, type TestResult } from './work/self-test/make-test.ts';
import { audibleTest, silentTest } from './work/self-test/test-sounds.ts';

/** The file of a test's signal, made when it is missing. */
export function testSoundPath(disk: Disk, probes: readonly string[]): (form: TestForm) => Promise<string> {
  return async (form) => {
    const fitting = fittingOf(probes);
    const path = form === 'audible' ? 'tests-sound/chime.wav' : `tests-sound/pilot-${fitting}.wav`;
    const bytes = form === 'audible' ? audibleTest() : silentTest(fitting);
    if ((await disk.sizeBytes(path).catch(() => undefined)) !== bytes.length) await disk.replace(path, bytes);
    return disk.absolute(path);
  };
}

/** Makes one test now, whatever the hours: the person who asks stands under the horn. Never rejects for what it finds. */
export async function testHere(
  board: { player: Player; probes: readonly SoundProbe[]; kinds: readonly string[]; disk: Disk; clock: Clock },
  form: TestForm,
): Promise<TestResult> {
  const { player, clock } = board;
  const path = await testSoundPath(board.disk, board.kinds)(form);
  const prepared = await player.prepare({ path, fromMs: 0, level: 'routine' });
  if (!prepared.ok) return { verdict: 'undecided', evidence: { ...prepared.evidence, reason: prepared.reason } };
  const listen = createListen({ probes: board.probes, clock, faults: { signal: () => undefined } });
  const playing = prepared.prepared.startAt(0);
  return measureTest(form, { playing, listen, clock, cutBy: () => undefined });
}
