/**
 * Turns a claim code into a device, in one transaction: the cluster's former device is revoked, the new one takes its
 * place. Asking again with the same code and the same key, because the answer was lost, gives the same device.
 */
import { type enrolRequestSchema, keyId, publicKeySchema } from '@loa/protocol/device';
import type { z } from 'zod';
import { newId, type Random } from '../../edges/random.ts';
import { parseColumn } from '../../keep/store/rows/column.ts';
import type { Writer } from '../../keep/store/store.ts';
import { accept, type Result, refuse } from '../../refusal.ts';
import { claimCodeHash } from './claim-code.ts';
import { enrolmentRefusal } from './enrolment-refusals.ts';

/** A board tries again within this time, or needs a new code. */
const retryMsMax = 3_600_000;

export interface Enrolled {
  deviceId: string;
  clusterId: string;
  clusterName: string;
  /** Devices that had the cluster before and are now revoked. */
  revoked: string[];
  /** False when an earlier answer is given again. */
  isNew: boolean;
}

export async function enrolDevice(
  tx: Writer,
  options: { request: z.output<typeof enrolRequestSchema>; random: Random; nowMs: number },
): Promise<Result<Enrolled>> {
  const { request, random, nowMs } = options;
  const codeHash = claimCodeHash(request.claimCode);
  const code = await tx
    .selectFrom('claim_codes')
    .innerJoin('clusters', 'clusters.id', 'claim_codes.cluster_id')
    .select(['cluster_id', 'clusters.name as cluster_name', 'created_by', 'expires_ms', 'used_ms', 'device_id'])
    .where('code_hash', '=', codeHash)
    .executeTakeFirst();
  if (code === undefined) return refuse(enrolmentRefusal('claim-code-unknown'));
  const clusterId = code.cluster_id;
  const place = { clusterId, clusterName: code.cluster_name };
  if (code.used_ms !== null) {
    const isRetry = nowMs - code.used_ms <= retryMsMax && (await isSameDevice(tx, code.device_id, request));
    return isRetry && code.device_id !== null
      ? accept({ deviceId: code.device_id, ...place, revoked: [], isNew: false })
      : refuse(enrolmentRefusal('claim-code-used'));
  }
  if (code.expires_ms <= nowMs) return refuse(enrolmentRefusal('claim-code-unknown'));

  const former = await tx
    .updateTable('devices')
    .set({ revoked_ms: nowMs })
    .where('cluster_id', '=', clusterId)
    .where('revoked_ms', 'is', null)
    .returning('id')
    .execute();
  const deviceId = newId(random, 'd');
  await tx
    .insertInto('devices')
    .values({
      id: deviceId,
      cluster_id: clusterId,
      public_key: JSON.stringify(request.publicKey),
      capabilities: JSON.stringify(request.capabilities),
      board: request.board,
      agent_version: request.agentVersion,
      enrolled_ms: nowMs,
      revoked_ms: null,
      last_seen_ms: null,
      holds: null,
    })
    .execute();
  await tx
    .updateTable('claim_codes')
    .set({ used_ms: nowMs, device_id: deviceId })
    .where('code_hash', '=', codeHash)
    .execute();
  const revoked = former.map((device) => device.id);
  await tx
    .insertInto('audit')
    .values({
      at_ms: nowMs,
      who: code.created_by,
      action: 'enrol',
      target: deviceId,
      detail: JSON.stringify({ clusterId, board: request.board, revoked }),
    })
    .execute();
  return accept({ deviceId, ...place, revoked, isNew: true });
}

async function isSameDevice(
  tx: Writer,
  deviceId: string | null,
  request: z.output<typeof enrolRequestSchema>,
): Promise<boolean> {
  if (deviceId === null) return false;
  const device = await tx
    .selectFrom('devices')
    .select('public_key')
    .where('id', '=', deviceId)
    .where('revoked_ms', 'is', null)
    .executeTakeFirst();
  return device !== undefined && keyId(parseColumn(publicKeySchema, device.public_key)) === keyId(request.publicKey);
}
