/**
 * A bulletin as the store holds it: columns parsed, and its form for the law of schedules. Never decides anything.
 */
import { whenSchema } from '@loa/protocol/panel';
import { airTimeMs, type Bulletin, type Language, type SessionSlot, sessionSlots, type When } from '@loa/schedules';
import type { Selectable } from 'kysely';
import { z } from 'zod';
import type { BulletinsTable } from '../schema.ts';
import { parseColumn } from './column.ts';

/** A bulletin with its columns parsed. `whens` holds civil-time rules only; "now" is `nowAtMs`. */
export interface StoredBulletin {
  id: string;
  requestId: string;
  class: Bulletin['class'];
  title: string;
  clipId: string;
  areaIds: string[];
  whens: When[];
  /** For an emergency, the instant it was pushed. */
  nowAtMs: number | null;
  late: Bulletin['late'];
  resume: Bulletin['resume'];
  repeat: Bulletin['repeat'];
  drill: boolean;
  expiresMs: number | null;
  /** `part`: a tune or relay of a session, which the law lays out; in no list of bulletins. */
  state: 'accepted' | 'submitted' | 'returned' | 'offered' | 'withdrawn' | 'part';
  /** Single clusters addressed beside the areas. */
  clusterIds: string[];
  slot: SessionSlot | null;
  versions: { language: Exclude<Language, 'vi'>; clipId: string }[];
  /** The author's area when it was made; null for what is older than this. */
  madeIn: string | null;
  originId: string | null;
  /** A leader's word, when one was asked. What was approved counts from then on. */
  decision: { by: string; atMs: number; reason: string | null } | null;
  acceptedNumber: number;
  createdBy: string;
  createdMs: number;
  withdrawnMs: number | null;
}

const areaIdsSchema = z.array(z.string());
const whensSchema = z.array(whenSchema);
const classSchema = z.enum(['normal', 'priority', 'emergency']);
const lateSchema = z.object({ kind: z.enum(['skip', 'start', 'join']), lateMsMax: z.number() });
const resumeSchema = z.enum(['resume', 'restart', 'drop']);
const repeatSchema = z.object({ count: z.number(), gapMs: z.number() });
const stateSchema = z.enum(['accepted', 'submitted', 'returned', 'offered', 'withdrawn', 'part']);
const slotSchema = z.enum(sessionSlots).nullable();
const versionsSchema = z.array(z.object({ language: z.enum(['cjm', 'kpm', 'rog']), clipId: z.string() }));

export function parseBulletin(row: Selectable<BulletinsTable>): StoredBulletin {
  return {
    id: row.id,
    requestId: row.request_id,
    class: classSchema.parse(row.class),
    title: row.title,
    clipId: row.clip_id,
    areaIds: parseColumn(areaIdsSchema, row.area_ids),
    whens: parseColumn(whensSchema, row.whens).filter((when) => when.kind !== 'now'),
    nowAtMs: row.now_at_ms,
    late: parseColumn(lateSchema, row.late),
    resume: resumeSchema.parse(row.resume),
    repeat: parseColumn(repeatSchema, row.repeat),
    drill: row.drill === 1,
    expiresMs: row.expires_ms,
    state: stateSchema.parse(row.state),
    acceptedNumber: row.accepted_number,
    createdBy: row.created_by,
    createdMs: row.created_ms,
    withdrawnMs: row.withdrawn_ms,
    clusterIds: row.cluster_ids === null ? [] : parseColumn(areaIdsSchema, row.cluster_ids),
    slot: slotSchema.parse(row.slot),
    versions: row.versions === null ? [] : parseColumn(versionsSchema, row.versions),
    madeIn: row.made_in,
    originId: row.origin_id,
    decision:
      row.decided_by === null || row.decided_ms === null
        ? null
        : { by: row.decided_by, atMs: row.decided_ms, reason: row.decision_reason },
  };
}

/** The row of a bulletin that has just been accepted. `lastMs` as in the schema. */
export function bulletinRow(bulletin: StoredBulletin, lastMs: number | null): Selectable<BulletinsTable> {
  return {
    id: bulletin.id,
    request_id: bulletin.requestId,
    class: bulletin.class,
    title: bulletin.title,
    clip_id: bulletin.clipId,
    area_ids: JSON.stringify(bulletin.areaIds),
    whens: JSON.stringify(bulletin.whens),
    now_at_ms: bulletin.nowAtMs,
    late: JSON.stringify(bulletin.late),
    resume: bulletin.resume,
    repeat: JSON.stringify(bulletin.repeat),
    drill: bulletin.drill ? 1 : 0,
    expires_ms: bulletin.expiresMs,
    state: bulletin.state,
    accepted_number: bulletin.acceptedNumber,
    created_by: bulletin.createdBy,
    created_ms: bulletin.createdMs,
    withdrawn_ms: bulletin.withdrawnMs,
    withdrawn_by: null,
    last_ms: lastMs,
    cluster_ids: bulletin.clusterIds.length === 0 ? null : JSON.stringify(bulletin.clusterIds),
    slot: bulletin.slot,
    versions: bulletin.versions.length === 0 ? null : JSON.stringify(bulletin.versions),
    made_in: bulletin.madeIn,
    origin_id: bulletin.originId,
    decided_by: bulletin.decision?.by ?? null,
    decided_ms: bulletin.decision?.atMs ?? null,
    decision_reason: bulletin.decision?.reason ?? null,
  };
}

/** The bulletin as the law of schedules sees it; a version whose length is not known is left out. */
export function toSchedule(
  bulletin: StoredBulletin,
  options: {
    clipDurationMs: number;
    timeZone: string;
    isFromAbove?: boolean | undefined;
    durationOf?: ((clipId: string) => number | undefined) | undefined;
  },
): Bulletin {
  const versions = bulletin.versions.flatMap(({ language, clipId }) => {
    const clipDurationMs = options.durationOf?.(clipId);
    return clipDurationMs === undefined ? [] : [{ language, clipId, clipDurationMs }];
  });
  return {
    ...(bulletin.clusterIds.length === 0 ? {} : { clusterIds: bulletin.clusterIds }),
    ...(bulletin.slot === null ? {} : { slot: bulletin.slot }),
    ...(versions.length === 0 ? {} : { versions }),
    ...(options.isFromAbove === true ? { isFromAbove: true } : {}),
    id: bulletin.id,
    class: bulletin.class,
    areaIds: bulletin.areaIds,
    clipId: bulletin.clipId,
    clipDurationMs: options.clipDurationMs,
    whens: bulletin.whens,
    nowAtMs: bulletin.nowAtMs ?? undefined,
    late: bulletin.late,
    resume: bulletin.resume,
    repeat: bulletin.repeat,
    timeZone: options.timeZone,
    acceptedNumber: bulletin.acceptedNumber,
  };
}

/** Planned end of an occurrence that starts at `atMs`. */
export function plannedEndMs(options: {
  atMs: number;
  clipDurationMs: number;
  repeat: StoredBulletin['repeat'];
}): number {
  return options.atMs + airTimeMs({ clipDurationMs: options.clipDurationMs, repeat: options.repeat });
}
