/** Where clusters stand, as the store holds it. Only reads and shapes. */
import { type Language, languages, type SoundDecision, type StandingCluster, type VolumeSpan } from '@loa/schedules';
import { z } from 'zod';
import type { Reader, Writer } from '../store.ts';
import { parseColumn } from './column.ts';

const idsSchema = z.array(z.string());
const languagesSchema: z.ZodType<Language[]> = z.array(z.enum(languages));
const volumeSchema: z.ZodType<VolumeSpan[]> = z.array(
  z.object({ from: z.string(), until: z.string(), volumePercent: z.number() }),
);

/** All clusters, in order of id. */
export async function readClusters(db: Reader | Writer): Promise<StandingCluster[]> {
  const rows = await db.selectFrom('clusters').select(['id', 'area_id', 'former_area_ids']).orderBy('id').execute();
  return rows.map((row) => ({
    id: row.id,
    areaId: row.area_id,
    formerAreaIds: formerAreas(row.former_area_ids),
  }));
}

/** The column that holds them. */
export function formerAreas(text: string | null): string[] {
  return text === null ? [] : parseColumn(idsSchema, text);
}

/** The clusters that have a sound of their own. */
export async function readClusterSounds(db: Reader | Writer): Promise<Map<string, SoundDecision>> {
  const rows = await db
    .selectFrom('clusters')
    .select(['id', 'languages', 'volume'])
    .where((where) => where.or([where('languages', 'is not', null), where('volume', 'is not', null)]))
    .orderBy('id')
    .execute();
  return new Map(
    rows.map((row) => [
      row.id,
      {
        ...(row.languages === null ? {} : { languages: parseColumn(languagesSchema, row.languages) }),
        ...(row.volume === null ? {} : { volume: parseColumn(volumeSchema, row.volume) }),
      },
    ]),
  );
}
