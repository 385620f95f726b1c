/**
 * A clip as the store holds it, as a device's document names it, and as the panel shows it.
 */
import { type Clip, type Rendition, renditionSchema } from '@loa/protocol/device';
import type { ClipView } from '@loa/protocol/panel';
import type { Selectable } from 'kysely';
import { z } from 'zod';
import type { ClipMakersTable, ClipsTable } from '../schema.ts';
import type { Reader, Writer } from '../store.ts';
import { instantText, parseColumn } from './column.ts';

type ClipRow = Selectable<ClipsTable>;

const renditionsSchema = z.array(renditionSchema);
const originSchema = z.enum(['upload', 'speech']);

export function renditionsOf(row: Pick<ClipRow, 'renditions'>): Rendition[] {
  return parseColumn(renditionsSchema, row.renditions);
}

/** As plans and orders name it. */
export function wireClip(row: Pick<ClipRow, 'id' | 'duration_ms' | 'renditions'>): Clip {
  return { id: row.id, durationMs: row.duration_ms, renditions: renditionsOf(row) };
}

/** Columns of a clip as somebody made it. */
export type MadeClip = Selectable<ClipsTable> &
  Pick<Selectable<ClipMakersTable>, 'title' | 'origin' | 'text' | 'area_id' | 'created_by'>;

/** The clips with each area they were made in, the newest first. At most 500 ids. */
export async function madeClips(db: Reader | Writer, clipIds: readonly string[]): Promise<MadeClip[]> {
  if (clipIds.length === 0) return [];
  return await db
    .selectFrom('clip_makers')
    .innerJoin('clips', 'clips.id', 'clip_makers.clip_id')
    .select(['id', 'duration_ms', 'loudness_lufs', 'true_peak_dbtp', 'renditions', 'clip_makers.created_ms'])
    .select(['title', 'origin', 'text', 'area_id', 'created_by'])
    .where('clip_id', 'in', clipIds)
    .orderBy('clip_makers.created_ms', 'desc')
    .orderBy('area_id')
    .execute();
}

/** As the panel shows it. */
export function clipView(row: MadeClip): ClipView {
  const preferred = renditionsOf(row).find((rendition) => rendition.hash === row.id);
  return {
    id: row.id,
    title: row.title,
    durationMs: row.duration_ms,
    loudnessLufs: row.loudness_lufs,
    truePeakDbtp: row.true_peak_dbtp,
    sizeBytes: preferred?.sizeBytes ?? 0,
    previewUrl: `/api/clips/${row.id}/preview`,
    createdAt: instantText(row.created_ms),
    origin: originSchema.parse(row.origin),
    ...(row.text === null ? {} : { text: row.text }),
  };
}
