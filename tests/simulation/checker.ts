/**
 * Holds what happened in a simulated town against the promises P1–P5. Told everything that was accepted, everything
 * that sounded in true time, and what the store says at the end; answers with each breach in a sentence. Pure.
 */

/** What a person was told is accepted. */
export interface Accepted {
  bulletinId: string;
  clipId: string;
  class: 'normal' | 'priority' | 'emergency';
  /** Instants, true time; one for an emergency: its push. */
  startsMs: readonly number[];
  deviceIds: readonly string[];
  lateMsMax: number;
  repeatCount: number;
  clipDurationMs: number;
  /** True when the policy allows a play to begin again after an interruption. */
  mayRestart: boolean;
  withdrawnMs?: number | undefined;
}

/** One stretch of sound that left a device, true time. */
export interface Emission {
  deviceId: string;
  clipId: string;
  /** Where in the clip it began; more than 0 when it was resumed. */
  fromClipMs: number;
  startedMs: number;
  emittedMs: number;
}

/** What the store says of one occurrence on one device. */
export interface StoredAiring {
  occurrence: string;
  bulletinId: string;
  deviceId: string;
  plannedMs: number;
  outcome: string | null;
  phase: string;
}

/** What the store holds of reports. */
export interface StoredReport {
  deviceId: string;
  stream: string;
  seq: number;
  kind: string;
  occurrence?: string | undefined;
}

export interface History {
  accepted: readonly Accepted[];
  emissions: readonly Emission[];
  airings: readonly StoredAiring[];
  reports: readonly StoredReport[];
  /** Bulletins in the store at the end. */
  storedBulletinIds: ReadonlySet<string>;
  /** Spans of true time in which a device had power and a trusted clock, so that it owes its plan (P4). */
  ableSpans: ReadonlyMap<string, readonly { fromMs: number; untilMs: number }[]>;
  /** Devices that were reachable for the last two minutes, so that nothing may be unknown (P2). */
  reachable: ReadonlySet<string>;
  endMs: number;
}

export interface Breach {
  promise: 'P1' | 'P2' | 'P3' | 'P4' | 'P5';
  what: string;
}

/** How far a start may lie from its instant in true time on a link of 300 ± 150 ms: the clock's bound and a breath. */
export const startErrorMsMax = 100;

/** Everything that broke a promise; empty when none was. */
export function judgeHistory(history: History): Breach[] {
  return [
    ...judgeKept(history),
    ...judgeOutcomes(history),
    ...judgeOnce(history),
    ...judgeOwed(history),
    ...judgeOrdered(history),
  ];
}

/** P1: what was accepted is in the store. */
function judgeKept({ accepted, storedBulletinIds }: History): Breach[] {
  return accepted
    .filter(({ bulletinId }) => !storedBulletinIds.has(bulletinId))
    .map(({ bulletinId }) => ({ promise: 'P1', what: `${bulletinId} was accepted and is not in the store` }));
}

/** P2: one outcome for every occurrence on every device that could tell it. */
function judgeOutcomes({ accepted, airings, reports, reachable, endMs }: History): Breach[] {
  const breaches: Breach[] = [];
  const ended = new Map<string, number>();
  for (const { deviceId, kind, occurrence } of reports) {
    if (kind === 'ended') ended.set(`${deviceId} ${occurrence}`, (ended.get(`${deviceId} ${occurrence}`) ?? 0) + 1);
  }
  for (const [key, count] of ended) {
    if (count > 1) breaches.push({ promise: 'P2', what: `${key} ended ${count} times` });
  }
  const byKey = new Map(
    airings.map((airing) => [`${airing.bulletinId} ${airing.deviceId} ${Math.floor(airing.plannedMs / 1000)}`, airing]),
  );
  for (const each of accepted) {
    for (const startMs of each.startsMs) {
      const overMs = startMs + each.lateMsMax + airTimeMs(each) + 90_000;
      const isWithdrawnBefore = each.withdrawnMs !== undefined && each.withdrawnMs < startMs + 15 * 60_000;
      if (overMs > endMs || isWithdrawnBefore) continue;
      for (const deviceId of each.deviceIds) {
        if (!reachable.has(deviceId)) continue;
        const airing = byKey.get(`${each.bulletinId} ${deviceId} ${Math.floor(startMs / 1000)}`);
        if (airing === undefined)
          breaches.push({ promise: 'P2', what: `${each.bulletinId} at ${startMs} on ${deviceId} is not known at all` });
        else if (airing.outcome === null)
          breaches.push({ promise: 'P2', what: `${airing.occurrence} on ${deviceId} is still ${airing.phase}` });
      }
    }
  }
  return breaches;
}

/** P3: no play starts a second time but by its stated policy. */
function judgeOnce({ accepted, emissions }: History): Breach[] {
  const breaches: Breach[] = [];
  for (const { each, startMs, deviceId, mine } of perOccurrence(accepted, emissions)) {
    const beginnings = mine.filter((emission) => emission.fromClipMs === 0);
    const allowed = each.repeatCount;
    if (beginnings.length > allowed && !each.mayRestart) {
      breaches.push({
        promise: 'P3',
        what: `${each.bulletinId} at ${startMs} began ${beginnings.length} times on ${deviceId}, ${allowed} allowed`,
      });
    }
    const completes = mine.filter((emission) => emission.emittedMs >= each.clipDurationMs - 20).length;
    if (completes > allowed)
      breaches.push({
        promise: 'P3',
        what: `${each.bulletinId} at ${startMs} sounded ${completes} times on ${deviceId}`,
      });
  }
  const byDevice = Map.groupBy(emissions, (emission) => emission.deviceId);
  for (const [deviceId, own] of byDevice) {
    const sorted = [...own].sort((a, b) => a.startedMs - b.startedMs);
    for (let index = 1; index < sorted.length; index += 1) {
      const [before, after] = [sorted[index - 1], sorted[index]];
      if (before !== undefined && after !== undefined && before.startedMs + before.emittedMs > after.startedMs + 1) {
        breaches.push({ promise: 'P3', what: `two sounds at once on ${deviceId} at ${after.startedMs}` });
      }
    }
  }
  return breaches;
}

/** P4: a device with power and a trusted time plays what it was planned to, network or not. */
function judgeOwed({ accepted, emissions, ableSpans, endMs }: History): Breach[] {
  const breaches: Breach[] = [];
  for (const { each, startMs, deviceId, mine } of perOccurrence(accepted, emissions)) {
    if (each.class === 'emergency' || startMs + airTimeMs(each) > endMs) continue;
    if (each.withdrawnMs !== undefined && each.withdrawnMs < startMs + airTimeMs(each)) continue;
    const isAble = (ableSpans.get(deviceId) ?? []).some(
      (span) => span.fromMs <= startMs - 60_000 && span.untilMs >= startMs + airTimeMs(each),
    );
    if (isAble && mine.length === 0)
      breaches.push({ promise: 'P4', what: `${each.bulletinId} at ${startMs} did not sound on ${deviceId}` });
  }
  return breaches;
}

/** P5: nothing sounds that was not ordered for that device at that time. */
function judgeOrdered({ accepted, emissions }: History): Breach[] {
  const claimed = new Set<Emission>();
  const breaches: Breach[] = [];
  for (const { each, startMs, deviceId, mine } of perOccurrence(accepted, emissions)) {
    for (const emission of mine) claimed.add(emission);
    const first = mine[0];
    if (first !== undefined && each.class !== 'emergency' && first.startedMs < startMs - startErrorMsMax) {
      breaches.push({
        promise: 'P5',
        what: `${each.bulletinId} began ${startMs - first.startedMs} ms early on ${deviceId}`,
      });
    }
  }
  for (const emission of emissions) {
    if (!claimed.has(emission)) {
      breaches.push({
        promise: 'P5',
        what: `clip ${emission.clipId.slice(0, 8)} sounded on ${emission.deviceId} at ${emission.startedMs} and nobody ordered it`,
      });
    }
  }
  return breaches;
}

function airTimeMs(each: Accepted): number {
  return each.clipDurationMs * each.repeatCount + 60_000 * (each.repeatCount - 1);
}

/** Emissions belong to the occurrence of their clip that was nearest before them; each bulletin has a clip of its own. */
function* perOccurrence(
  accepted: readonly Accepted[],
  emissions: readonly Emission[],
): Generator<{ each: Accepted; startMs: number; deviceId: string; mine: Emission[] }> {
  const byPlace = Map.groupBy(emissions, (emission) => `${emission.deviceId} ${emission.clipId}`);
  for (const each of accepted) {
    const starts = [...each.startsMs].sort((a, b) => a - b);
    for (const deviceId of each.deviceIds) {
      const own = byPlace.get(`${deviceId} ${each.clipId}`) ?? [];
      for (const [index, startMs] of starts.entries()) {
        const nextMs = starts[index + 1] ?? Number.POSITIVE_INFINITY;
        const mine = own.filter(
          (emission) => emission.startedMs >= startMs - 5_000 && emission.startedMs < nextMs - 5_000,
        );
        yield { each, startMs, deviceId, mine: mine.sort((a, b) => a.startedMs - b.startedMs) };
      }
    }
  }
}
