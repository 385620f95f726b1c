/**
 * P6, P7, P12: emergencies are heard at once, at their level, before everything else; what is stopped is silent; and a
 * drill is never taken for the real thing. Pure.
 */
import { perOccurrence } from './attribution.ts';
import type { Accepted, Arrival, Breach, Emission, History } from './history.ts';
import { cardMs } from './tolerances.ts';

/** From a document in force to the first sample (DESIGN P6). */
const audibleWithinMs = 500;
/** While its connection lasts, a device has an emergency's clip within this. */
const clipWithinMs = 120_000;
/** From a stop to silence (DESIGN P7). */
const silentWithinMs = 3_000;

/** P6, and P9's last clause: an emergency is not withheld from a board that does not know the time. */
export function judgePreemption(history: History): Breach[] {
  const { accepted, emissions } = history;
  const alarms = new Map(accepted.filter((each) => each.class === 'emergency').map((each) => [each.bulletinId, each]));
  const clipIds = new Set([...alarms.values()].map(({ clipId }) => clipId));
  const byDevice = Map.groupBy(emissions, ({ deviceId }) => deviceId);
  const arrivals = Map.groupBy(history.arrivals ?? [], ({ deviceId }) => deviceId);
  const breaches: Breach[] = [];
  for (const [deviceId, own] of arrivals) {
    for (const arrival of own) {
      const each = alarms.get(arrival.bulletinId);
      if (each === undefined || !isOwed(arrival, { each, own, history })) continue;
      const dueMs = readyMs(arrival) + audibleWithinMs;
      const heard = (byDevice.get(deviceId) ?? []).some(
        (one) => one.clipId === each.clipId && one.startedMs >= arrival.arrivedMs - 1 && one.startedMs <= dueMs,
      );
      const what = `${each.bulletinId} reached ${deviceId} at ${arrival.arrivedMs} and did not sound by ${dueMs}`;
      if (!heard) breaches.push({ promise: arrival.knewTime ? 'P6' : 'P9', what });
    }
  }
  for (const { clipId, deviceId, startedMs, level } of emissions) {
    const wanted = clipIds.has(clipId) ? 'emergency' : 'routine';
    const what = `clip ${clipId.slice(0, 8)} sounded on ${deviceId} at ${startedMs} at the ${level} level`;
    if (level !== undefined && level !== wanted) breaches.push({ promise: 'P6', what });
  }
  return [...breaches, ...judgeInterrupted(history, { clipIds, byDevice })];
}

function readyMs({ arrivedMs, clipMs }: Arrival): number {
  return Math.max(arrivedMs, Math.min(clipMs ?? Number.POSITIVE_INFINITY, arrivedMs + clipWithinMs));
}

/** Whether nothing in the world excuses a device from sounding it at once. */
function isOwed(
  arrival: Arrival,
  { each, own, history }: { each: Accepted; own: readonly Arrival[]; history: History },
): boolean {
  const { deviceId, arrivedMs, issuedMs } = arrival;
  const dueMs = readyMs(arrival) + audibleWithinMs;
  const wasCut = (history.powerCutsMs[deviceId] ?? []).some((cutMs) => cutMs >= arrivedMs && cutMs <= dueMs);
  const isSilentDrill = each.isDrill === true && (history.drillsSilentOn ?? []).includes(deviceId);
  const hasNewer = own.some(
    (other) => other !== arrival && other.issuedMs >= issuedMs && other.arrivedMs <= dueMs && other.untilMs > arrivedMs,
  );
  const wasLost =
    (arrival.clipMs ?? Number.POSITIVE_INFINITY) > dueMs &&
    (history.connectionsLostMs?.[deviceId] ?? []).some((lostMs) => lostMs >= arrivedMs - 1 && lostMs <= dueMs);
  return !wasLost && arrival.untilMs > dueMs && dueMs < history.endMs && !wasCut && !isSilentDrill && !hasNewer;
}

/** What an emergency interrupted follows its stated policy. */
function judgeInterrupted(
  { accepted, emissions, powerCutsMs }: History,
  { clipIds, byDevice }: { clipIds: ReadonlySet<string>; byDevice: ReadonlyMap<string, readonly Emission[]> },
): Breach[] {
  const breaches: Breach[] = [];
  for (const { each, startMs, deviceId, mine } of perOccurrence(accepted, emissions)) {
    if (each.class === 'emergency' || each.resume === undefined) continue;
    for (const [index, cut] of mine.entries()) {
      const overMs = cut.startedMs + cut.emittedMs;
      const isCutShort = cut.fromClipMs + cut.emittedMs < each.clipDurationMs - cardMs;
      const byAlarm = (byDevice.get(deviceId) ?? []).some(
        (one) => clipIds.has(one.clipId) && one.startedMs >= overMs - 5 && one.startedMs < overMs + cardMs,
      );
      const next = mine[index + 1];
      // A restart ends the play that it found begun: what sounds afterwards is the next one, from its beginning.
      const wasOff =
        next !== undefined && (powerCutsMs[deviceId] ?? []).some((cutMs) => cutMs >= overMs && cutMs <= next.startedMs);
      if (!isCutShort || !byAlarm || wasOff || next === undefined) continue;
      const wantedMs = { resume: cut.fromClipMs + cut.emittedMs, restart: 0, drop: Number.NaN }[each.resume];
      if (Math.abs(next.fromClipMs - wantedMs) <= cardMs) continue;
      const went = `began again at ${Math.round(next.fromClipMs)} ms of its clip, its policy is ${each.resume}`;
      breaches.push({ promise: 'P6', what: `${each.bulletinId} at ${startMs} on ${deviceId} ${went}` });
    }
  }
  return breaches;
}

/** P7: silent in time where the link is good; and whoever counts as silent is. */
export function judgeStops(history: History): Breach[] {
  const breaches: Breach[] = [];
  const byPlace = Map.groupBy(history.emissions, ({ deviceId, clipId }) => `${deviceId} ${clipId}`);
  for (const each of history.accepted) {
    const { withdrawnMs, bulletinId } = each;
    if (withdrawnMs === undefined) continue;
    const soundsAfter = (deviceId: string, atMs: number) =>
      (byPlace.get(`${deviceId} ${each.clipId}`) ?? []).find((one) => one.startedMs + one.emittedMs > atMs + cardMs);
    for (const deviceId of each.heardStop ?? []) {
      const untilMs = withdrawnMs + silentWithinMs;
      const wasLost = (history.connectionsLostMs?.[deviceId] ?? []).some(
        (lostMs) => lostMs >= withdrawnMs - 1 && lostMs <= untilMs,
      );
      if (!wasLost && soundsAfter(deviceId, untilMs) !== undefined)
        breaches.push({ promise: 'P7', what: `${bulletinId} was stopped at ${withdrawnMs} and sounds on ${deviceId}` });
    }
    for (const [deviceId, saidMs] of Object.entries(each.saidSilent ?? {})) {
      if (soundsAfter(deviceId, saidMs) === undefined) continue;
      const what = `${deviceId} counts as silent since ${saidMs} and sounds ${bulletinId}`;
      breaches.push({ promise: 'P7', what });
    }
  }
  return breaches;
}

/** P12: the flag is what the person said, in every signed order, on every device, in every report. */
export function judgeDrills(history: History): Breach[] {
  const { accepted, emissions, reports } = history;
  const breaches: Breach[] = [];
  const alarms = accepted.filter((each) => each.class === 'emergency');
  for (const { bulletinId, clipId, isDrill = false } of alarms) {
    if ((history.signedDrills?.[bulletinId] ?? []).some((flag) => flag !== isDrill))
      breaches.push({
        promise: 'P12',
        what: `${bulletinId} is ${isDrill ? 'a drill' : 'real'} and the order says else`,
      });
    if (!isDrill) continue;
    for (const { deviceId, startedMs } of emissions.filter((one) => one.clipId === clipId)) {
      if ((history.drillsSilentOn ?? []).includes(deviceId))
        breaches.push({ promise: 'P12', what: `the drill ${bulletinId} sounded on ${deviceId} at ${startedMs}` });
    }
  }
  const flags = new Map(alarms.map(({ bulletinId, isDrill = false }) => [bulletinId, isDrill]));
  for (const report of reports) {
    const flag = flags.get(report.occurrence?.split('@')[0] ?? '');
    // A drill that a restart left without its order is told without the flag; the other way round never.
    const isWrong = report.kind === 'ended' && flag === false && report.isDrill === true;
    if (isWrong)
      breaches.push({ promise: 'P12', what: `${report.occurrence} is told as a drill by ${report.deviceId}` });
  }
  return breaches;
}
