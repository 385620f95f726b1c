/**
 * Counts what was refused and tells of it once per reason and minute, so that a flood of forged messages can neither
 * hide in silence nor fill the outbox. Handed the clock and the outbox; keeps nothing on disk.
 */
import type { ReportEvent } from '@loa/protocol/device';
import type { Refusals } from '../contracts.ts';
import type { Clock } from '../edges/clock.ts';

/** One report per reason in this time. */
export const refusalGapMs = 60_000;

/** Reasons counted apart; what exceeds them is counted as `other`, since a reason may carry foreign text. */
export const refusalReasonsMax = 32;

/** The counter. The first refusal of a reason is reported at once, the following ones of that minute in one report. */
export function createRefusals(parts: { clock: Clock; report: (event: ReportEvent) => void }): Refusals {
  const counts = new Map<string, { subject: string; count: number }>();

  function close(reason: string): void {
    const counted = counts.get(reason);
    if (counted === undefined || counted.count === 0) {
      counts.delete(reason);
      return;
    }
    counts.set(reason, { ...counted, count: 0 });
    parts.clock.setTimer(() => close(reason), refusalGapMs);
    parts.report({ kind: 'refused', subject: counted.subject, reason, count: counted.count });
  }

  return {
    refused(refusal) {
      const asked = refusal.reason.slice(0, 200);
      const reason = counts.has(asked) || counts.size < refusalReasonsMax ? asked : 'other';
      const subject = refusal.subject.slice(0, 200);
      const counted = counts.get(reason);
      counts.set(reason, { subject, count: (counted?.count ?? 0) + 1 });
      if (counted === undefined) close(reason);
    },
  };
}
