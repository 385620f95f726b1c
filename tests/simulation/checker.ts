/**
 * Holds what happened in a simulated town against the promises P1–P5. Told everything that was accepted, everything
 * that sounded in true time, and what the store says at the end; answers with each breach in a sentence. Pure.
 */

/** A stretch of true time. */
export interface Span {
  fromMs: number;
  untilMs: number;
}

/** A stretch that may still last. */
export interface HeldSpan {
  sinceMs: number;
  untilMs: number | undefined;
}

/** What a person was told is accepted. */
export interface Accepted {
  bulletinId: string;
  clipId: string;
  class: 'normal' | 'priority' | 'emergency';
  acceptedMs: number;
  /** Instants, true time; one for an emergency: its push. */
  startsMs: readonly number[];
  deviceIds: readonly string[];
  lateMsMax: number;
  repeatCount: number;
  gapMs: number;
  clipDurationMs: number;
  /** True when the policy allows a play to begin again after an interruption; every emergency may after a newer one. */
  mayRestart: boolean;
  /** Withdrawn or stopped by a person. */
  withdrawnMs?: number | undefined;
  /** Since when a device holds documents without it, and until a restore brought it back. */
  goneOn: Record<string, HeldSpan>;
  /** Accepted after the backup that was later restored: nobody owes it any more. */
  lostMs?: number | undefined;
}

/** One stretch of sound that left a device, true time. */
export interface Emission {
  deviceId: string;
  clipId: string;
  /** Where in the clip it began; more than 0 when it was resumed or joined. */
  fromClipMs: number;
  startedMs: number;
  emittedMs: number;
  /** How far the board's clock may honestly have been from true time. */
  clockErrorMsMax: number;
}

/** What the store says of one occurrence on one device. */
export interface StoredAiring {
  occurrence: string;
  bulletinId: string;
  deviceId: string;
  plannedMs: number;
  untilMs: number;
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
  storedBulletinIds: readonly string[];
  /** By device: spans in which it had power and a time it may trust, so that it owes what it holds (P4). */
  ableSpans: Record<string, readonly Span[]>;
  /** By device: spans in which it had power and link, and the server was up. */
  reachableSpans: Record<string, readonly Span[]>;
  /** By device: when its power went. */
  powerCutsMs: Record<string, readonly number[]>;
  /** By device and occurrence: while a plan in force there listed it and its clip was there. */
  held: Record<string, Record<string, HeldSpan>>;
  /** Devices that were reachable for the last minutes, so that nothing may be unknown (P2). */
  reachable: readonly string[];
  /** Spans a restore took away: from the backup to the restore. What was reported then is gone. */
  restoredSpans: readonly Span[];
  /** Doors that opened for somebody who had no key (P5). */
  intrusions: readonly string[];
  endMs: number;
}

export interface Breach {
  promise: 'P1' | 'P2' | 'P3' | 'P4' | 'P5';
  what: string;
}

/** Reports have so long to arrive after the end (DESIGN P2), and the server so long to look. */
const knownWithinMs = 90_000;
/** Within reach for so long, a device holds plan and clip. */
const reachedWithinMs = 300_000;
/** A plan held so long before a start obliges. */
const heldBeforeMs = 60_000;
/** Decoders' rounding, and what a card has taken when it is told to stop. */
const cardMs = 150;
/** What a length told by a drifting clock may be wrong by. */
const clockMs = 10;
/** The end of a play is on disk so soon after it. */
const writtenMs = 1_000;
/** An emergency holds the output for so long while its clip is on its way. */
const clipPatienceMs = 70_000;
/** An order that has just been taken back may still have been begun. */
const obeyMs = 12_000;
/** Emissions this long before an instant belong to it: a board alone for a week may be so early. */
const attributionMs = 60_000;

/** Everything that broke a promise; empty when none was. */
export function judgeHistory(history: History): Breach[] {
  return [
    ...judgeKept(history),
    ...judgeOutcomes(history),
    ...judgeOnce(history),
    ...judgeOwed(history),
    ...judgeOrdered(history),
    ...judgeObeyed(history),
  ];
}

/** P1: what was accepted is in the store. */
function judgeKept({ accepted, storedBulletinIds }: History): Breach[] {
  const stored = new Set(storedBulletinIds);
  return accepted
    .filter(({ bulletinId, lostMs }) => lostMs === undefined && !stored.has(bulletinId))
    .map(({ bulletinId }) => ({ promise: 'P1', what: `${bulletinId} was accepted and is not in the store` }));
}

/** P2: one outcome for every occurrence on every device that could tell it. */
function judgeOutcomes(history: History): Breach[] {
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

/** P3: no play starts a second time but by its stated policy. */
function judgeOnce({ accepted, emissions, powerCutsMs }: History): Breach[] {
  const breaches: Breach[] = [];
  const warnings = new Set(accepted.filter((each) => each.class === 'emergency').map(({ clipId }) => clipId));
  const alarms = Map.groupBy(
    emissions.filter(({ clipId }) => warnings.has(clipId)),
    (emission) => emission.deviceId,
  );
  for (const { each, startMs, deviceId, mine } of perOccurrence(accepted, emissions)) {
    const trouble = { alarms: alarms.get(deviceId) ?? [], cutsMs: powerCutsMs[deviceId] ?? [] };
    const counted = each.mayRestart ? mine.filter((one) => !beginsAgain(each, one, trouble)) : mine;
    const most = mostTimesHeard(counted);
    if (most > each.repeatCount) {
      const where = `${each.bulletinId} at ${startMs} on ${deviceId}`;
      breaches.push({ promise: 'P3', what: `${where}: a part sounded ${most} times, ${each.repeatCount} allowed` });
    }
  }
  const byDevice = Map.groupBy(emissions, (emission) => emission.deviceId);
  for (const [deviceId, own] of byDevice) {
    const sorted = [...own].sort((a, b) => a.startedMs - b.startedMs);
    for (let index = 1; index < sorted.length; index += 1) {
      const [before, after] = [sorted[index - 1], sorted[index]];
      if (
        before !== undefined &&
        after !== undefined &&
        before.startedMs + before.emittedMs > after.startedMs + clockMs
      )
        breaches.push({ promise: 'P3', what: `two sounds at once on ${deviceId} at ${after.startedMs}` });
    }
  }
  return breaches;
}

/**
 * Whether a play that may restart was rightly begun again: a (newer) emergency cut it short, or the power went, in the
 * play or before its end could be written down. An emergency begins again only after another one, never after a restart.
 */
function beginsAgain(
  each: Accepted,
  { clipId, startedMs, emittedMs }: Emission,
  trouble: { alarms: readonly Emission[]; cutsMs: readonly number[] },
): boolean {
  const overMs = startedMs + emittedMs;
  const isCutShort = emittedMs < each.clipDurationMs - cardMs;
  const byAlarm = trouble.alarms.some(
    (alarm) => alarm.clipId !== clipId && alarm.startedMs >= overMs - 5 && alarm.startedMs < overMs + clipPatienceMs,
  );
  const byPower = trouble.cutsMs.some((cutMs) => cutMs >= overMs - 5 && cutMs < overMs + writtenMs);
  return (isCutShort && byAlarm) || (each.class !== 'emergency' && byPower);
}

/** How often the part of the clip that was heard most was heard; what a card could not call back is not counted. */
function mostTimesHeard(mine: readonly Emission[]): number {
  const edges = mine.flatMap(({ fromClipMs, emittedMs }) => [
    { atMs: fromClipMs, step: 1 },
    { atMs: Math.max(fromClipMs, fromClipMs + emittedMs - cardMs), step: -1 },
  ]);
  let [now, most] = [0, 0];
  for (const { step } of edges.sort((a, b) => a.atMs - b.atMs || b.step - a.step)) {
    now += step;
    most = Math.max(most, now);
  }
  return most;
}

/** P4: a device with power, a trusted time, the plan and the clip plays what it was planned to, network or not. */
function judgeOwed(history: History): Breach[] {
  const { accepted, emissions, ableSpans, endMs } = history;
  const byDevice = Map.groupBy(emissions, (emission) => emission.deviceId);
  const emergencies = accepted.filter((each) => each.class === 'emergency');
  const breaches: Breach[] = [];
  for (const { each, startMs, deviceId, mine } of perOccurrence(accepted, emissions)) {
    const overMs = startMs + airTimeMs(each);
    if (each.class === 'emergency' || mine.length > 0 || overMs > endMs) continue;
    const held = history.held[deviceId]?.[occurrenceOf(each, startMs)];
    if (held === undefined || held.sinceMs > startMs - heldBeforeMs || (held.untilMs ?? endMs) <= overMs) continue;
    const isAble = (ableSpans[deviceId] ?? []).some(
      (span) => span.fromMs <= startMs - heldBeforeMs && span.untilMs >= overMs,
    );
    const isBusy = (byDevice.get(deviceId) ?? []).some(
      (other) => other.startedMs < startMs + 5_000 && other.startedMs + other.emittedMs > startMs - 60_000,
    );
    const isPreempted = emergencies.some((emergency) =>
      mayHoldOff(emergency, { startMs, overMs, sounded: byDevice.get(deviceId) ?? [], deviceId }),
    );
    if (isAble && !isBusy && !isPreempted)
      breaches.push({ promise: 'P4', what: `${each.bulletinId} at ${startMs} did not sound on ${deviceId}` });
  }
  return breaches;
}

/** Whether an emergency that has not had its plays there yet may have kept everything else silent. */
function mayHoldOff(
  emergency: Accepted,
  at: { startMs: number; overMs: number; sounded: readonly Emission[]; deviceId: string },
): boolean {
  const [pushedMs = 0] = emergency.startsMs;
  const goneMs = Math.min(emergency.lostMs ?? Number.MAX_VALUE, emergency.withdrawnMs ?? Number.MAX_VALUE) + obeyMs;
  const untilMs = Math.min(pushedMs + emergency.lateMsMax, goneMs);
  if (!emergency.deviceIds.includes(at.deviceId) || pushedMs >= at.overMs || untilMs <= at.startMs) return false;
  const plays = at.sounded.filter((one) => one.clipId === emergency.clipId && one.startedMs < at.startMs);
  return plays.length < emergency.repeatCount;
}

/** P5: nothing sounds that was not ordered for that device at that time, and nobody comes in without a key. */
function judgeOrdered({ accepted, emissions, intrusions }: History): Breach[] {
  const claimed = new Set<Emission>();
  const breaches: Breach[] = intrusions.map((what) => ({ promise: 'P5', what }));
  for (const { each, startMs, deviceId, mine } of perOccurrence(accepted, emissions)) {
    for (const emission of mine) claimed.add(emission);
    const [first] = mine;
    const where = `${each.bulletinId} at ${startMs} on ${deviceId}`;
    if (first !== undefined && first.startedMs < startMs - first.clockErrorMsMax)
      breaches.push({ promise: 'P5', what: `${where} began ${Math.round(startMs - first.startedMs)} ms early` });
    const gone = each.goneOn[deviceId];
    const afterwards = mine.find(
      ({ startedMs }) =>
        gone !== undefined && startedMs > gone.sinceMs + obeyMs && startedMs < (gone.untilMs ?? Number.MAX_VALUE),
    );
    if (afterwards !== undefined)
      breaches.push({
        promise: 'P5',
        what: `${where} began at ${afterwards.startedMs}, after it was taken back there`,
      });
  }
  for (const emission of emissions) {
    if (claimed.has(emission)) continue;
    const { clipId, deviceId, startedMs } = emission;
    breaches.push({
      promise: 'P5',
      what: `clip ${clipId.slice(0, 8)} sounded on ${deviceId} at ${startedMs} and nobody ordered it`,
    });
  }
  return breaches;
}

/** P5: whoever is within reach holds what was accepted in time, also from a server that was restored. */
function judgeObeyed(history: History): Breach[] {
  const breaches: Breach[] = [];
  for (const each of history.accepted) {
    if (each.class === 'emergency' || each.lostMs !== undefined) continue;
    for (const startMs of each.startsMs) {
      const sinceMs = startMs - reachedWithinMs;
      if (each.acceptedMs > sinceMs || startMs > history.endMs || (each.withdrawnMs ?? startMs) < startMs) continue;
      for (const deviceId of each.deviceIds) {
        const isReachable = (history.reachableSpans[deviceId] ?? []).some(
          (span) => span.fromMs <= sinceMs && span.untilMs >= startMs,
        );
        const held = history.held[deviceId]?.[occurrenceOf(each, startMs)];
        const isHeld = held !== undefined && held.sinceMs <= startMs && (held.untilMs ?? startMs) >= startMs;
        if (isReachable && !isHeld)
          breaches.push({ promise: 'P5', what: `${each.bulletinId} at ${startMs} did not reach ${deviceId} in time` });
      }
    }
  }
  return breaches;
}

function airTimeMs(each: Accepted): number {
  return each.clipDurationMs * each.repeatCount + each.gapMs * (each.repeatCount - 1);
}

function occurrenceOf(each: Accepted, startMs: number): string {
  return `${each.bulletinId}@${Math.floor(startMs / 1000)}`;
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
          ({ startedMs }) => startedMs >= startMs - attributionMs && startedMs < nextMs - attributionMs,
        );
        yield { each, startMs, deviceId, mine: mine.sort((a, b) => a.startedMs - b.startedMs) };
      }
    }
  }
}
