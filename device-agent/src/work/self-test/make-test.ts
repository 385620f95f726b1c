/** Makes one test of the sound path: sends its signal, asks the probes, gives a word with its evidence. Decides nothing. */
import type { Evidence, TestVerdict } from '@loa/protocol/device';
import type { Listen, Playing } from '../../contracts.ts';
import type { Clock } from '../../edges/clock.ts';
import type { TestForm } from './judge-test.ts';

export interface TestResult {
  verdict: TestVerdict;
  evidence: Evidence;
}

/** Over when the probes have answered. `cutBy` says why it was silenced before its end. Never rejects. */
export async function measureTest(
  form: TestForm,
  {
    playing,
    listen,
    clock,
    cutBy,
  }: { playing: Playing; listen: Listen; clock: Clock; cutBy: () => string | undefined },
): Promise<TestResult> {
  let startedMonotonicMs: number | undefined;
  void playing.started.then(({ monotonicMs }) => {
    startedMonotonicMs = monotonicMs;
  });
  const end = await playing.ended;
  const emitted: Evidence = { emittedMs: Math.round(end.emittedMs) };
  if (end.how !== 'completed' || startedMonotonicMs === undefined)
    return { verdict: 'undecided', evidence: { ...emitted, reason: cutBy() ?? end.how } };
  const measured = await listen({
    fromMonotonicMs: startedMonotonicMs,
    untilMonotonicMs: clock.monotonicMs(),
    emittedMs: end.emittedMs,
    sentDbfs: end.sentDbfs,
    purpose: form === 'silent' ? 'silent-test' : 'audible-test',
  });
  if (measured === undefined) return { verdict: 'not-measured', evidence: emitted };
  return { verdict: measured.verdict, evidence: { ...emitted, ...measured.evidence } };
}
