/**
 * Puts the tests of the sound path together: those that a running agent makes by itself or is ordered to, and one on a
 * board where no agent runs, for whoever stands beside it. Decides nothing of theirs.
 */
import { type Capabilities, fittingOf } from '@loa/protocol/device';
import type { Player, SoundProbe } from './contracts.ts';
import type { Clock } from './edges/clock.ts';
import type { Damage } from './edges/damaged-file.ts';
import type { Disk } from './edges/disk.ts';
import { openTestMemory } from './keep/test-memory.ts';
import { createListen } from './work/listening/listen.ts';
import type { TestForm } from './work/self-test/judge-test.ts';
import { measureTest, type TestResult } from './work/self-test/make-test.ts';
import { createSelfTest, type SelfTest, type SelfTestPorts } from './work/self-test/self-test.ts';
import { audibleTest, silentTest } from './work/self-test/test-sounds.ts';

/** The file of a test's signal, made when it is missing or no longer what it was. */
function testSoundPath(disk: Disk, probes: readonly string[]): (form: TestForm) => Promise<string> {
  return async (form) => {
    const fitting = fittingOf(probes);
    const path = form === 'audible' ? 'tests-sound/chime.wav' : `tests-sound/pilot-${fitting}.wav`;
    const bytes = form === 'audible' ? audibleTest() : silentTest(fitting);
    const kept = await disk.read(path).catch(() => undefined);
    if (kept === undefined || Buffer.compare(kept, bytes) !== 0) await disk.replace(path, bytes);
    return disk.absolute(path);
  };
}

/** The tests of a running agent, by what its board declares. Not started. */
export async function openSelfTest(
  ports: Omit<SelfTestPorts, 'memory' | 'soundPath' | 'can'> & {
    disk: Disk;
    capabilities: Capabilities;
    onDamaged: (damage: Damage) => void;
  },
): Promise<SelfTest> {
  const { disk, onDamaged, capabilities, ...rest } = ports;
  const services = capabilities.services ?? [];
  return createSelfTest({
    ...rest,
    memory: await openTestMemory({ disk, onDamaged }),
    soundPath: testSoundPath(disk, capabilities.probes),
    can: { silent: services.includes('silent-test'), audible: services.includes('audible-test') },
  });
}

/**
 * Makes one test now, whatever the hours: the person who asks stands under the horn. Reports nothing and opens no fault.
 * Never rejects for what it finds.
 */
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
