/**
 * Holds what happened in a simulated town against the promises P1–P9 and P12. Told everything that was accepted,
 * everything that sounded in true time, and what the store says at the end; answers with each breach in a sentence. Pure.
 */
import type { Breach, History } from './history.ts';
import { judgeDrills, judgePreemption, judgeStops } from './judge-alarms.ts';
import { judgeOutcomes, judgeReports } from './judge-reports.ts';
import { judgeKept, judgeObeyed, judgeOnce, judgeOrdered, judgeOwed } from './judge-sounds.ts';
import { judgeHours, judgeTime } from './judge-time.ts';

export type { Accepted, Breach, Emission, HeldSpan, History, Span, StoredAiring, StoredReport } from './history.ts';

/** Everything that broke a promise; empty when none was. */
export function judgeHistory(history: History): Breach[] {
  return [
    ...judgeKept(history),
    ...judgeOutcomes(history),
    ...judgeReports(history),
    ...judgeOnce(history),
    ...judgeOwed(history),
    ...judgeOrdered(history),
    ...judgeObeyed(history),
    ...judgePreemption(history),
    ...judgeStops(history),
    ...judgeHours(history),
    ...judgeTime(history),
    ...judgeDrills(history),
  ];
}
