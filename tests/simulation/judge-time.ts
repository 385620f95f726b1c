/**
 * P8 and P9: when something routine may sound at all, judged by a reckoning of its own: whole minutes of a day at a
 * fixed distance from UTC, and what really told a board the time. Pure.
 */
import type { Breach, History } from './history.ts';
import { cardMs } from './tolerances.ts';

/** Vietnam knows no summer time. */
const zoneMs = 7 * 3_600_000;
const dayMs = 86_400_000;
/** The cautious hours, 05:00–21:00: what holds where nobody has decided otherwise. */
const permitted = { fromMs: 5 * 3_600_000, untilMs: 21 * 3_600_000 };
/** A server has so long to see that its clock has jumped. */
const foundOutMs = 1_000;

/** P8: nothing routine outside the hours. */
export function judgeHours({ accepted, emissions }: History): Breach[] {
  const alarms = new Set(accepted.filter((each) => each.class === 'emergency').map(({ clipId }) => clipId));
  return emissions
    .filter(({ clipId }) => !alarms.has(clipId))
    .filter(({ startedMs, emittedMs, clockErrorMsMax }) => {
      const slackMs = clockErrorMsMax + cardMs;
      const intoDayMs = (startedMs + zoneMs) % dayMs;
      return intoDayMs < permitted.fromMs - slackMs || intoDayMs + emittedMs > permitted.untilMs + slackMs;
    })
    .map(({ clipId, deviceId, startedMs }) => ({
      promise: 'P8',
      what: `clip ${clipId.slice(0, 8)} sounded on ${deviceId} at ${startedMs}, outside the hours`,
    }));
}

/** P9: nothing routine by a clock that nobody has set, and no new plan by a server whose clock has jumped. */
export function judgeTime(history: History): Breach[] {
  const alarms = new Set(history.accepted.filter((each) => each.class === 'emergency').map(({ clipId }) => clipId));
  const blind = history.emissions
    .filter(({ clipId, knewTime }) => knewTime === false && !alarms.has(clipId))
    .map(({ clipId, deviceId, startedMs }): Breach => {
      const what = `clip ${clipId.slice(0, 8)} sounded on ${deviceId} at ${startedMs} by a clock that nobody had set`;
      return { promise: 'P9', what };
    });
  const spans = history.serverClockWrong ?? [];
  const signed = (history.plansSignedMs ?? [])
    .filter((atMs) => spans.some(({ fromMs, untilMs }) => atMs > fromMs + foundOutMs && atMs < untilMs))
    .map((atMs): Breach => ({ promise: 'P9', what: `a new plan was signed at ${atMs} by a clock that had jumped` }));
  return [...blind, ...signed];
}
