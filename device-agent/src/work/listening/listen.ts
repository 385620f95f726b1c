/**
 * Asks every fitted probe about a stretch of sound that has just ended, makes one word of their answers, and tells the
 * faults. Never waits long. The surest probe that could decide has the word: a microphone before a line's level before a
 * current; a confirmation names the probe that made it.
 */
import type { Evidence, UndecidedReason } from '@loa/protocol/device';
import type { Faults, Listen, Measured, SoundProbe, SoundStretch } from '../../contracts.ts';
import type { Clock } from '../../edges/clock.ts';
import { soundSignals } from './sound-faults.ts';

/** A probe that has not answered by then is left out of the verdict. */
const measureMsMax = 3_000;

const surestFirst: readonly string[] = ['microphone', 'loopback', 'line-level', 'amplifier-current'];

/** Without probes nothing is measured: the answer is undefined. Never rejects. */
export function createListen(ports: {
  probes: readonly SoundProbe[];
  clock: Clock;
  faults: Faults;
  /** What opened `sound-missing`, when it is open since an earlier boot. */
  missingBefore?: Evidence | undefined;
}): Listen {
  const probes = [...ports.probes].sort((a, b) => rankOf(a) - rankOf(b));
  let missingBy = ports.missingBefore;
  return async (stretch) => {
    if (probes.length === 0) return undefined;
    const answers = await Promise.all(probes.map((probe) => asked(probe, stretch, ports.clock)));
    const deciding = answers.find(({ measured }) => measured.verdict !== 'undecided') ?? answers[0];
    if (deciding === undefined) return undefined;
    const { probe, measured } = deciding;
    const isTest = stretch.purpose !== undefined && stretch.purpose !== 'play';
    const isPilot = stretch.purpose === 'silent-test';
    const evidence = { ...measured.evidence, probe, measured: measured.verdict };
    const told: Measured = { verdict: measured.verdict, evidence };
    const { emittedMs } = stretch;
    for (const { code, ...signal } of soundSignals(told, { probe, emittedMs, isTest, isPilot, missingBy })) {
      if (code === 'sound-missing') missingBy = signal.bad ? signal.evidence : undefined;
      ports.faults.signal(code, signal);
    }
    return told;
  };
}

function rankOf({ kind }: SoundProbe): number {
  const rank = surestFirst.indexOf(kind);
  return rank < 0 ? surestFirst.length : rank;
}

async function asked(
  probe: SoundProbe,
  stretch: SoundStretch,
  clock: Clock,
): Promise<{ probe: string; measured: Measured }> {
  const mute = (reason: UndecidedReason, more: Measured['evidence'] = {}): Measured => ({
    verdict: 'undecided',
    evidence: { reason, ...more },
  });
  let cancel = () => {};
  const late = new Promise<Measured>((resolve) => {
    cancel = clock.setTimer(() => resolve(mute('probe-mute')), measureMsMax);
  });
  const failed = (error: unknown) => mute('probe-failed', { note: String(error).slice(0, 200) });
  const measured = await Promise.race([probe.measure(stretch).catch(failed), late]);
  cancel();
  return { probe: probe.kind, measured };
}
