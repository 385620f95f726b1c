/** Which faults of the sound path a verdict speaks for or against. Pure; patience and reports are the fault room's. */
import type { DeviceFaultCode, Evidence } from '@loa/protocol/device';
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

/** So much longer closed than open: a relay may bounce, and the feedback may be read in the moment of a switching. */
const closedFactor = 9;

/**
 * The signals of one measurement. A play shorter than five seconds opens nothing; a test's tone is made to be judged.
 * Where silence was known from a contact that stayed open (`missingBy`), one that is felt closed is the mend of it; what
 * else may be silent behind it, the probe says.
 */
export function soundSignals(
  { verdict, evidence }: Measured,
  of: {
    probe: string;
    emittedMs: number;
    isTest: boolean;
    isPilot: boolean;
    /** Evidence of the newest measurement that spoke for `sound-missing`. */
    missingBy?: Evidence | undefined;
  },
): { code: DeviceFaultCode; bad: boolean; evidence: Measured['evidence'] }[] {
  // A pilot that arrives says that the path is whole, nothing of speech.
  const table = ears.includes(of.probe) && !of.isPilot ? byEar : byGauge;
  const isLongEnough = of.isTest || of.emittedMs >= judgedMsMin.play;
  const isMended = verdict === 'undecided' && isOpenContact(of.missingBy) && isClosedContact(evidence);
  const signals: Signals = isMended ? { 'sound-missing': false } : (table[verdict] ?? {});
  return Object.entries(signals).flatMap(([code, bad]) => {
    const known = codes.find((one) => one === code);
    return known === undefined || (bad && !isLongEnough) ? [] : [{ code: known, bad, evidence }];
  });
}

/** Never seen closed over a play. */
function isOpenContact(evidence: Evidence | undefined): boolean {
  return evidence?.contactClosedMs === 0 && Number(evidence.contactOpenMs) > 0;
}

function isClosedContact({ contactClosedMs: closedMs, contactOpenMs: openMs }: Evidence): boolean {
  return typeof closedMs === 'number' && typeof openMs === 'number' && closedMs > closedFactor * openMs;
}

const codes = ['sound-missing', 'sound-too-low', 'sound-distorted', 'sound-wrong'] as const;
