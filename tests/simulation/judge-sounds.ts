/**
 * P1, P3, P4, P5: what was accepted is kept and reaches whom it is for; what sounded was ordered, in time, and once; and
 * what was owed did sound. Pure.
 */
import { airTimeMs, occurrenceOf, perOccurrence } from './attribution.ts';
import type { Accepted, Arrival, Breach, Emission, History } from './history.ts';
import { cardMs, clockMs } from './tolerances.ts';

/** Within reach for so long, a device holds plan and clip. */
const reachedWithinMs = 300_000;
/** A plan held so long before a start obliges. */
const heldBeforeMs = 60_000;
/** A play that lacks less than this, and what a drifting clock may be wrong by, has been heard. */
const wholeMs = 90;
/** The end of a play is on disk so soon after it. */
const writtenMs = 1_000;
/** An emergency holds the output for so long while its clip is on its way. */
const clipPatienceMs = 70_000;
/** An order that has just been taken back may still have been begun. */
const obeyMs = 12_000;

/** P1: what was accepted is in the store. */
export function judgeKept({ accepted, storedBulletinIds }: History): Breach[] {
  const stored = new Set(storedBulletinIds);
  return accepted
    .filter(({ bulletinId, lostMs }) => lostMs === undefined && !stored.has(bulletinId))
    .map(({ bulletinId }) => ({ promise: 'P1', what: `${bulletinId} was accepted and is not in the store` }));
}

/** P3: no play starts a second time but by its stated policy. */
export function judgeOnce({ accepted, emissions, powerCutsMs, rots = [], arrivals = [] }: History): Breach[] {
  const breaches: Breach[] = [];
  const warnings = new Set(accepted.filter((each) => each.class === 'emergency').map(({ clipId }) => clipId));
  const alarms = Map.groupBy(
    emissions.filter(({ clipId }) => warnings.has(clipId)),
    (emission) => emission.deviceId,
  );
  for (const { each, startMs, deviceId, mine } of perOccurrence(accepted, emissions)) {
    // Of what rotted in the ledger nothing tells what had sounded: the fault says so.
    const lastMs = startMs + each.lateMsMax + 2 * airTimeMs(each);
    if (
      rots.some((rot) => rot.deviceId === deviceId && rot.path === 'ledger' && rot.atMs > startMs && rot.atMs < lastMs)
    )
      continue;
    const trouble = {
      alarms: alarms.get(deviceId) ?? [],
      cutsMs: powerCutsMs[deviceId] ?? [],
      inForce: arrivals.filter((one) => one.deviceId === deviceId),
    };
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
  trouble: { alarms: readonly Emission[]; cutsMs: readonly number[]; inForce: readonly Arrival[] },
): boolean {
  const overMs = startedMs + emittedMs;
  const isCutShort = emittedMs < each.clipDurationMs - wholeMs;
  const byAlarm = trouble.alarms.some(
    (alarm) => alarm.clipId !== clipId && alarm.startedMs >= overMs - 5 && alarm.startedMs < overMs + clipPatienceMs,
  );
  // One that was taken back before it could sound has interrupted all the same.
  const byArrival = trouble.inForce.some(
    ({ arrivedMs, untilMs }) =>
      arrivedMs <= overMs + 5 && untilMs > overMs - cardMs && untilMs < overMs + clipPatienceMs,
  );
  const byPower = trouble.cutsMs.some((cutMs) => cutMs >= overMs - 5 && cutMs < overMs + writtenMs);
  return (isCutShort && (byAlarm || byArrival)) || (each.class !== 'emergency' && byPower);
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
export function judgeOwed(history: History): Breach[] {
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
export function judgeOrdered({ accepted, emissions, intrusions }: History): Breach[] {
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
export function judgeObeyed(history: History): Breach[] {
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
        // A server whose clock has jumped signs no new plan (P9).
        const isHeldBack = (history.serverClockWrong ?? []).some(
          (span) => span.fromMs < each.acceptedMs + reachedWithinMs && span.untilMs > sinceMs,
        );
        if (isReachable && !isHeld && !isHeldBack)
          breaches.push({ promise: 'P5', what: `${each.bulletinId} at ${startMs} did not reach ${deviceId} in time` });
      }
    }
  }
  return breaches;
}
