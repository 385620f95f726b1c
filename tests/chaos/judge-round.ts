/**
 * Holds a round against the promises: what left the boards sample by sample, what the server's store says became of it,
 * and the checker of the simulation over both. Pure but for `readStore`.
 */
import { DatabaseSync } from 'node:sqlite';
import { reportSchema } from '@loa/protocol/device';
import { z } from 'zod';
import type { Accepted, Emission, History, StoredAiring, StoredReport } from '../simulation/history.ts';
import { judgeOutcomes, judgeReports } from '../simulation/judge-reports.ts';
import { judgeOnce, judgeOrdered } from '../simulation/judge-sounds.ts';
import { judgeTime } from '../simulation/judge-time.ts';
import type { Asked } from './asks.ts';
import { type Laid, rateHz, type Stretch } from './captured.ts';
import type { BoardName } from './stage.ts';

export interface Store {
  airings: (StoredAiring & { board: string; playsDone: number; reason: string | null; startedMs: number | null })[];
  reports: (StoredReport & { board: string })[];
  faults: { board: string; code: string; evidence: string }[];
}

/** One board's part of a round. */
export interface Witness {
  board: BoardName;
  laid: Laid;
  powerCutsMs: readonly number[];
  /** The board's clock minus true time, from each instant on. */
  clockMoves: readonly { fromMs: number; offsetMs: number }[];
  /** Spans of true time in which nothing had told it the time. */
  blindSpans: readonly { fromMs: number; untilMs: number }[];
}

/** What the sink was given ahead stands in the record of a board that was killed: 100 ms, and a block. */
const aheadMs = 150;

const airingRow = z.object({
  ...{ occurrence: z.string(), bulletinId: z.string(), deviceId: z.string(), board: z.string() },
  ...{ plannedMs: z.number(), untilMs: z.number(), outcome: z.string().nullable(), phase: z.string() },
  ...{ playsDone: z.number(), reason: z.string().nullable(), startedMs: z.number().nullable() },
});
const reportRow = z.object({ deviceId: z.string(), board: z.string(), stream: z.string(), report: z.string() });
const faultRow = z.object({ board: z.string(), code: z.string(), evidence: z.string() });

/** What the server's store says now. */
export function readStore(path: string): Store {
  const db = new DatabaseSync(path, { readOnly: true });
  try {
    const airings = db.prepare(
      `select occurrence, bulletin_id as bulletinId, device_id as deviceId, cluster_id as board, planned_ms as plannedMs,
       until_ms as untilMs, outcome, phase, plays_done as playsDone, reason, started_ms as startedMs from airings`,
    );
    const reports = db.prepare(
      `select device_id as deviceId, cluster_id as board, stream, report from reports
       join devices on devices.id = device_id order by device_id, stream, received_ms, seq`,
    );
    const faults = db.prepare('select cluster_id as board, code, evidence from faults');
    return {
      airings: airings.all().map((row) => airingRow.parse(row)),
      reports: reports.all().map((row) => storedReport(reportRow.parse(row))),
      faults: faults.all().map((row) => faultRow.parse(row)),
    };
  } finally {
    db.close();
  }
}

function storedReport(row: z.infer<typeof reportRow>): Store['reports'][number] {
  const { seq, at, clockTrusted, event } = reportSchema.parse(JSON.parse(row.report));
  return {
    ...{ deviceId: row.deviceId, board: row.board, stream: row.stream, seq, kind: event.kind },
    ...{ atMs: Date.parse(at), clockTrusted },
    occurrence: 'occurrence' in event ? event.occurrence : undefined,
    startedMs: event.kind === 'started' ? event.startedMs : undefined,
    count: event.kind === 'dropped' ? event.count : undefined,
  };
}

/** Everything that broke a promise, a sentence each; empty when nothing did. */
export function judgeRound(round: {
  asked: readonly Asked[];
  witnesses: readonly Witness[];
  store: Store;
  endMs: number;
}): string[] {
  const { asked, witnesses, store, endMs } = round;
  const emissions = witnesses.flatMap((witness) => emissionsOf(witness, { asked, store }));
  const history: History = {
    accepted: asked.map((each) => acceptedOf(each, store)),
    emissions,
    airings: store.airings.map((row) => ({ ...row, deviceId: row.board })),
    reports: store.reports.map((row) => ({ ...row, deviceId: row.board })),
    storedBulletinIds: asked.map(({ bulletinId }) => bulletinId),
    ...{ ableSpans: {}, reachableSpans: {}, held: {}, restoredSpans: [], intrusions: [] },
    powerCutsMs: Object.fromEntries(
      witnesses.map((one) => [one.board, one.powerCutsMs.map((cutMs) => cutMs + aheadMs)]),
    ),
    reachable: witnesses.map(({ board }) => board),
    // Whoever waited has waited long enough: everything is judged.
    endMs: endMs + 3_600_000,
  };
  return [
    ...witnesses.flatMap(judgeStrange),
    ...[judgeOnce, judgeOrdered, judgeOutcomes, judgeReports, judgeTime].flatMap((judge) =>
      judge(history).map(({ promise, what }) => `${promise}: ${what}`),
    ),
    ...judgeOrder(store),
    ...asked.flatMap((each) => judgeAsked(each, { emissions, store })),
    ...judgeResumed(asked, witnesses),
  ];
}

function judgeStrange({ board, laid }: Witness): string[] {
  if (laid.strangeSamples === 0) return [];
  return [`${board}: ${laid.strangeSamples} samples that nobody sent, the first at sample ${laid.firstStrange}`];
}

/** Stored in the order of their numbers: an older report never comes in after a newer one of its stream. */
function judgeOrder({ reports }: Store): string[] {
  return [...Map.groupBy(reports, ({ deviceId, stream }) => `${deviceId} ${stream}`)].flatMap(([key, own]) =>
    own.some(({ seq }, index) => seq < (own[index - 1]?.seq ?? 0)) ? [`P2: reports of ${key} came out of order`] : [],
  );
}

/** Outcome against capture, and what was owed or forbidden. */
function judgeAsked(each: Asked, { emissions, store }: { emissions: readonly Emission[]; store: Store }): string[] {
  const wrong: string[] = [];
  const own = emissions.filter(({ deviceId, clipId }) => deviceId === each.board && clipId === each.clip.id);
  for (const [index, atMs] of each.startsMs.entries()) {
    const nextMs = each.startsMs[index + 1] ?? Number.POSITIVE_INFINITY;
    const heard = own
      .filter(({ startedMs }) => index === 0 || startedMs > atMs - 1_000)
      .filter(({ startedMs }) => startedMs < nextMs - 1_000);
    const where = `${each.bulletinId} on ${each.board} at ${new Date(atMs).toISOString()}`;
    const wholePlays = heard.reduce((sum, one) => sum + one.emittedMs, 0) / lengthMs(each);
    const airing = store.airings.find(
      (row) => row.bulletinId === each.bulletinId && (each.isEmergency || Math.abs(row.plannedMs - atMs) < 1_000),
    );
    const outcome = airing?.outcome ?? undefined;
    if (airing === undefined) wrong.push(`P2: the store knows nothing of ${where}`);
    else if (outcome === undefined) wrong.push(`P2: ${where} has no outcome`);
    if ((outcome === 'confirmed' || outcome === 'played') && wholePlays < each.repeat.count - 1e-3)
      wrong.push(`${where} is told as ${outcome}, and ${wholePlays.toFixed(3)} plays of ${each.repeat.count} sounded`);
    if ((outcome === 'missed' || outcome === 'withdrawn' || outcome === 'refused') && heard.length > 0)
      wrong.push(`${where} is told as ${outcome}, and ${wholePlays.toFixed(3)} plays sounded`);
    if (outcome === 'silent') wrong.push(`${where} is told as silent`);
    if (each.owedMs.includes(atMs) && wholePlays < each.repeat.count - 1e-3)
      wrong.push(
        `P4: ${where} was owed, and ${wholePlays.toFixed(3)} plays sounded (${outcome} ${airing?.reason ?? ''})`,
      );
    const banned = each.forbidden.find((one) => one.atMs === atMs);
    if (banned !== undefined && heard.length > 0) wrong.push(`P9: ${where} sounded, ${banned.why}`);
  }
  return wrong;
}

/** What may go on goes on from the very sample where it stopped. */
function judgeResumed(asked: readonly Asked[], witnesses: readonly Witness[]): string[] {
  return asked
    .filter(({ resume }) => resume === 'resume')
    .flatMap((each) => {
      const laid = witnesses.find(({ board }) => board === each.board)?.laid.stretches ?? [];
      const own = laid.filter(({ clipId }) => clipId === each.clip.id);
      return own.flatMap((one, index) => {
        if (one.fromSample === 0) return [];
        const before = own[index - 1];
        const stopped = before === undefined ? 0 : before.fromSample + before.samples;
        if (Math.abs(stopped - one.fromSample) <= 1) return [];
        return [
          `${each.bulletinId} on ${each.board} went on at sample ${one.fromSample}, and had stopped at ${stopped}`,
        ];
      });
    });
}

function emissionsOf(
  { board, laid, powerCutsMs, clockMoves, blindSpans }: Witness,
  { asked, store }: { asked: readonly Asked[]; store: Store },
): Emission[] {
  const toldMs = store.reports.flatMap((one) => (one.board === board ? (one.startedMs ?? []) : []));
  let endMs = 0;
  return laid.stretches.map((stretch, index) => {
    const lengthMs = (stretch.samples * 1000) / rateHz;
    const mine = asked.find(({ clip }) => clip.id === stretch.clipId);
    const plannedMs = mine?.startsMs[0] ?? 0;
    const startedMs =
      stretch.startedMs === undefined
        ? cutStart(lengthMs, {
            afterMs: Math.max(endMs, plannedMs),
            beforeMs: laid.stretches.slice(index + 1).find((next) => next.startedMs !== undefined)?.startedMs,
            powerCutsMs,
            toldMs,
          })
        : trueMs(stretch.startedMs, { moves: clockMoves, notBeforeMs: mine?.acceptedMs ?? 0 });
    endMs = startedMs + lengthMs;
    const knewTime = !blindSpans.some(({ fromMs, untilMs }) => startedMs > fromMs && startedMs < untilMs);
    return {
      ...{ deviceId: board, clipId: stretch.clipId, fromClipMs: (stretch.fromSample * 1000) / rateHz, startedMs },
      ...{ emittedMs: lengthMs, clockErrorMsMax: slackMs(stretch), knewTime },
    };
  });
}

/** Busy machines: what a report says may be off by what the record itself is. */
function slackMs({ startedMs }: Stretch): number {
  return startedMs === undefined ? 700 : 50;
}

/**
 * What began and was cut off before its first line was written ended with one of the kills between what came before and
 * after it: with the one that a report of its start fits, otherwise with the first. It did not begin before the other ended.
 */
function cutStart(
  lengthMs: number,
  found: { afterMs: number; beforeMs: number | undefined; powerCutsMs: readonly number[]; toldMs: readonly number[] },
): number {
  const { afterMs, beforeMs = Number.POSITIVE_INFINITY } = found;
  const startsMs = found.powerCutsMs
    .filter((cutMs) => cutMs > afterMs && cutMs < beforeMs)
    .map((cutMs) => Math.max(afterMs, cutMs - lengthMs));
  const fits = (startMs: number) => found.toldMs.some((toldMs) => Math.abs(toldMs - startMs) < 700);
  return startsMs.find(fits) ?? startsMs[0] ?? afterMs;
}

/** By the setting of the clock that was in force then; what nobody had asked for yet did not sound yet. */
function trueMs(
  boardMs: number,
  { moves, notBeforeMs }: { moves: Witness['clockMoves']; notBeforeMs: number },
): number {
  for (const [index, { fromMs, offsetMs }] of moves.entries()) {
    const ms = boardMs - offsetMs;
    const untilMs = moves[index + 1]?.fromMs ?? Number.POSITIVE_INFINITY;
    if (ms > Math.max(fromMs - 300, notBeforeMs) && ms < untilMs + 300) return ms;
  }
  return boardMs - (moves.at(-1)?.offsetMs ?? 0);
}

function lengthMs({ clip }: Asked): number {
  return (clip.samples.length * 1000) / rateHz;
}

function acceptedOf(each: Asked, { airings }: Store): Accepted {
  // The server says at which instant an emergency began to be in force.
  const pushedMs = airings.find(({ bulletinId }) => bulletinId === each.bulletinId)?.plannedMs ?? each.acceptedMs;
  return {
    ...{ bulletinId: each.bulletinId, clipId: each.clip.id, class: each.isEmergency ? 'emergency' : 'priority' },
    ...{
      acceptedMs: each.acceptedMs,
      startsMs: each.isEmergency ? [pushedMs] : each.startsMs,
      deviceIds: [each.board],
    },
    ...{ lateMsMax: each.lateMsMax, repeatCount: each.repeat.count, gapMs: each.repeat.gapMs },
    ...{ clipDurationMs: lengthMs(each), mayRestart: each.resume === 'restart', resume: each.resume, goneOn: {} },
  };
}
