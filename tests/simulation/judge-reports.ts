/**
 * P2: one outcome for every occurrence on every device, and reports that arrive once, in order, with the device's own
 * times and its trust in them. Pure.
 */
import { airTimeMs } from './attribution.ts';
import type { Breach, Emission, History, StoredReport } from './history.ts';

/** Reports have so long to arrive after the end (DESIGN P2), and the server so long to look. */
const knownWithinMs = 90_000;
/** A clock that is set right within a boot may step so far back: a battery's error, and a week's drift. */
const setRightMs = 60_000;
/** From the first sample to the stamp of its report. */
const stampedWithinMs = 2_000;

/** P2: one outcome for every occurrence on every device that could tell it. */
export function judgeOutcomes(history: History): Breach[] {
  const { accepted, airings, reports, endMs } = history;
  const breaches: Breach[] = [];
  const ends = new Map<string, number>();
  for (const { deviceId, kind, occurrence } of reports) {
    if (kind === 'ended') ends.set(`${deviceId} ${occurrence}`, (ends.get(`${deviceId} ${occurrence}`) ?? 0) + 1);
  }
  for (const [key, count] of ends) {
    if (count > 1) breaches.push({ promise: 'P2', what: `${key} ended ${count} times` });
  }
  const reachable = new Set(history.reachable);
  const byKey = new Map(
    airings.map((airing) => [`${airing.bulletinId} ${airing.deviceId} ${Math.floor(airing.plannedMs / 1000)}`, airing]),
  );
  for (const each of accepted) {
    if (each.lostMs !== undefined) continue;
    for (const startMs of each.startsMs) {
      const overMs = startMs + each.lateMsMax + airTimeMs(each) + knownWithinMs;
      // Rows are made a quarter of an hour ahead: what was withdrawn before has none.
      const isWithdrawnBefore = each.withdrawnMs !== undefined && each.withdrawnMs < startMs + 15 * 60_000;
      if (overMs > endMs || isWithdrawnBefore || startMs < each.acceptedMs) continue;
      for (const deviceId of each.deviceIds) {
        const key = `${each.bulletinId} ${deviceId} ${Math.floor(startMs / 1000)}`;
        if (reachable.has(deviceId) && !byKey.has(key) && !isTakenAway(history, overMs))
          breaches.push({ promise: 'P2', what: `${each.bulletinId} at ${startMs} on ${deviceId} is not known at all` });
      }
    }
  }
  const lateMsMax = new Map(accepted.map((each) => [each.bulletinId, each.lateMsMax]));
  for (const { occurrence, bulletinId, deviceId, untilMs, outcome, phase } of airings) {
    const overMs = untilMs + (lateMsMax.get(bulletinId) ?? 0) + knownWithinMs;
    if (outcome !== null || overMs > endMs || !reachable.has(deviceId) || isTakenAway(history, untilMs)) continue;
    breaches.push({ promise: 'P2', what: `${occurrence} on ${deviceId} is still ${phase}` });
  }
  return breaches;
}

/** Whether reports of that time may have been lost with the server that was restored. */
function isTakenAway({ restoredSpans }: History, atMs: number): boolean {
  return restoredSpans.some(({ untilMs }) => atMs < untilMs + knownWithinMs);
}

/** P2: numbers without a gap that nobody owned up to, times that go forward, and starts when they sounded. */
export function judgeReports(history: History): Breach[] {
  const breaches: Breach[] = [];
  const rotten = new Set((history.rots ?? []).filter(({ path }) => path === 'outbox').map(({ deviceId }) => deviceId));
  const sounded = Map.groupBy(history.emissions, ({ deviceId }) => deviceId);
  const clips = new Map(history.accepted.map(({ bulletinId, clipId }) => [bulletinId, clipId]));
  for (const [key, own] of Map.groupBy(history.reports, ({ deviceId, stream }) => `${deviceId} ${stream}`)) {
    const reports = [...own].sort((a, b) => a.seq - b.seq);
    const dropped = reports.reduce((sum, { count = 0 }) => sum + count, 0);
    const missing = (reports.at(-1)?.seq ?? 0) - reports.length - dropped;
    const deviceId = reports[0]?.deviceId ?? '';
    // A restore takes stored reports with it, and rot takes what had not been sent.
    if (missing > 0 && history.restoredSpans.length === 0 && !rotten.has(deviceId))
      breaches.push({ promise: 'P2', what: `${missing} reports of ${key} never came and nobody says why` });
    breaches.push(...judgeStamps(reports, { key, clips, sounded: sounded.get(deviceId) ?? [] }));
  }
  return breaches;
}

function judgeStamps(
  reports: readonly StoredReport[],
  { key, clips, sounded }: { key: string; clips: ReadonlyMap<string, string>; sounded: readonly Emission[] },
): Breach[] {
  const breaches: Breach[] = [];
  let latestMs = 0;
  for (const { seq, atMs, clockTrusted, occurrence = '', startedMs } of reports) {
    if (atMs === undefined || clockTrusted !== true) continue;
    if (atMs < latestMs - setRightMs)
      breaches.push({ promise: 'P2', what: `report ${seq} of ${key} is dated before the one it followed` });
    latestMs = Math.max(latestMs, atMs);
    if (startedMs === undefined) continue;
    const clipId = clips.get(occurrence.split('@')[0] ?? '');
    const offMs = (one: Emission) =>
      Math.max(Math.abs(one.startedMs - startedMs), Math.abs(one.startedMs - atMs) - stampedWithinMs);
    const isTrue = sounded.some((one) => one.clipId === clipId && offMs(one) <= one.clockErrorMsMax + 2);
    if (clipId !== undefined && !isTrue)
      breaches.push({ promise: 'P2', what: `report ${seq} of ${key} says that ${occurrence} began at ${startedMs}` });
  }
  return breaches;
}
