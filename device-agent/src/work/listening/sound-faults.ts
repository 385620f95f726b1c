/** Which faults of the sound path a verdict speaks for or against. Pure; patience and reports are the fault room's. */
import type { DeviceFaultCode } from '@loa/protocol/device';
import type { Measured } from '../../contracts.ts';
import { judgedMsMin } from './judge-hearing.ts';

/** True: the condition is there; false: it is not; absent: the verdict says nothing of it. */
type Signals = Partial<Record<DeviceFaultCode, boolean>>;

/** `sound` of a gauge that knows nothing of content and loudness speaks only against silence. */
const byGauge: Partial<Record<Measured['verdict'], Signals>> = {
  sound: { 'sound-missing': false },
  none: { 'sound-missing': true },
};

const byEar: Partial<Record<Measured['verdict'], Signals>> = {
  sound: { 'sound-missing': false, 'sound-too-low': false, 'sound-distorted': false, 'sound-wrong': false },
  none: { 'sound-missing': true },
  'too-low': { 'sound-missing': false, 'sound-wrong': false, 'sound-too-low': true },
  distorted: { 'sound-missing': false, 'sound-wrong': false, 'sound-distorted': true },
  wrong: { 'sound-missing': false, 'sound-wrong': true },
};

/** Probes that hear what was sent, not only that something is driven. */
export const ears: readonly string[] = ['microphone', 'loopback'];

/**
 * The signals of one measurement. A play shorter than five seconds opens nothing; a test's tone is made to be judged.
 */
export function soundSignals(
  { verdict, evidence }: Measured,
  of: { probe: string; emittedMs: number; isTest: boolean; isPilot: boolean },
): { code: DeviceFaultCode; bad: boolean; evidence: Measured['evidence'] }[] {
  // A pilot that arrives says that the path is whole, nothing of speech.
  const table = ears.includes(of.probe) && !of.isPilot ? byEar : byGauge;
  const isLongEnough = of.isTest || of.emittedMs >= judgedMsMin.play;
  return Object.entries(table[verdict] ?? {}).flatMap(([code, bad]) => {
    const known = codes.find((one) => one === code);
    return known === undefined || (bad && !isLongEnough) ? [] : [{ code: known, bad, evidence }];
  });
}

const codes = ['sound-missing', 'sound-too-low', 'sound-distorted', 'sound-wrong'] as const;
