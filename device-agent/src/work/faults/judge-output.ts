/**
 * What the output's own word speaks for and against. What is being opened, or replaced after it was stuck, is not known
 * to be missing: it says nothing of that, and what was judged before stays. Pure.
 */
import type { DeviceFaultCode, Evidence } from '@loa/protocol/device';
import type { OutputState } from '../../contracts.ts';

/** `wasStuck`: found stuck since it was asked before. */
export function judgeOutput({
  present,
  isOpening,
  evidence,
  stuck,
  wasStuck,
}: OutputState & { wasStuck: boolean }): { code: DeviceFaultCode; bad: boolean; evidence: Evidence }[] {
  return [
    { code: 'output-stuck', bad: wasStuck, evidence: stuck?.evidence ?? {} },
    ...(isOpening === true ? [] : [{ code: 'output-missing' as const, bad: !present, evidence }]),
  ];
}
