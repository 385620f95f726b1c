/**
 * What is in force in an area, as its orders document says it: every emergency addressed to it that has been neither
 * stopped nor outlived, the newest first. Always made from the bulletins, never from memory.
 */
import { type Clip, type EmergencyOrder, topics } from '@loa/protocol/device';
import { airTimeMs, lengthSlackMs, occurrenceId } from '@loa/schedules';
import { parseBulletin, type StoredBulletin } from '../../keep/store/rows/bulletin-row.ts';
import { instantText } from '../../keep/store/rows/column.ts';
import { readClips } from '../../keep/store/rows/programme.ts';
import type { Reader, Writer } from '../../keep/store/store.ts';
import type { Draft } from '../draft.ts';

/** An emergency with the clip it sounds. */
export interface EmergencyInForce {
  bulletin: StoredBulletin;
  clip: Clip;
}

/** All emergencies in force at an instant, the newest first. */
export async function readInForce(db: Reader | Writer, nowMs: number): Promise<EmergencyInForce[]> {
  const rows = await db
    .selectFrom('bulletins')
    .selectAll()
    .where('class', '=', 'emergency')
    .where('state', '=', 'accepted')
    .where('expires_ms', '>', nowMs)
    .orderBy('accepted_number', 'desc')
    .execute();
  const bulletins = rows.map(parseBulletin);
  const clips = await readClips(
    db,
    bulletins.map(({ clipId }) => clipId),
  );
  return bulletins.map((bulletin) => {
    const clip = clips.get(bulletin.clipId);
    if (clip === undefined) throw new Error(`Emergency ${bulletin.id} names a clip that is not kept`);
    return { bulletin, clip };
  });
}

/** The orders document of an area. */
export function areaOrders(areaId: string, inForce: readonly EmergencyInForce[]): Draft {
  const orders = inForce.filter(({ bulletin }) => bulletin.areaIds.includes(areaId)).map(orderOf);
  return { topic: topics.areaOrders(areaId), document: { kind: 'orders', aud: areaId, scope: 'area', orders } };
}

function orderOf({ bulletin, clip }: EmergencyInForce): EmergencyOrder {
  const { nowAtMs, expiresMs, repeat } = bulletin;
  if (nowAtMs === null || expiresMs === null) throw new Error(`Emergency ${bulletin.id} has no instants`);
  return {
    kind: 'emergency',
    id: bulletin.id,
    occurrence: occurrenceId(bulletin.id, nowAtMs),
    issuedAt: instantText(nowAtMs),
    expiresAt: instantText(expiresMs),
    clip,
    repeat,
    lengthMsMax: airTimeMs({ clipDurationMs: clip.durationMs, repeat }) + lengthSlackMs,
    drill: bulletin.drill,
  };
}
