/**
 * One-time claim codes: ten characters with which a technician binds a board to a cluster. Only their hashes are kept.
 */
import { createHash } from 'node:crypto';
import type { Random } from '../../edges/random.ts';
import { grouped, randomCrockford } from '../../keep/keys/crockford.ts';
import type { Writer } from '../../keep/store/store.ts';

/** 50 bits: with 5,000 codes open and 600 guesses a minute, one in 60 years of guessing. */
const codeCharacters = 10;

/** A technician gets the code in the morning and is at the pole by the evening. */
export const claimCodeLifeMs = 24 * 3_600_000;

/** Used and expired codes are kept this long, so that a late retry is told why. */
const keptMs = 30 * 24 * 3_600_000;

/** SHA-256 of the code without its hyphen, hex. */
export function claimCodeHash(code: string): string {
  return createHash('sha256').update(code.replaceAll('-', '')).digest('hex');
}

/** Makes a code for a cluster; one made earlier for it and not used is void. */
export async function storeClaimCode(
  tx: Writer,
  options: { random: Random; clusterId: string; createdBy: string; nowMs: number },
): Promise<{ claimCode: string; expiresMs: number }> {
  const { random, clusterId, createdBy, nowMs } = options;
  const code = randomCrockford(random.bytes(codeCharacters));
  const expiresMs = nowMs + claimCodeLifeMs;
  await tx
    .deleteFrom('claim_codes')
    .where('expires_ms', '<', nowMs - keptMs)
    .execute();
  await tx
    .updateTable('claim_codes')
    .set({ expires_ms: nowMs })
    .where('cluster_id', '=', clusterId)
    .where('used_ms', 'is', null)
    .where('expires_ms', '>', nowMs)
    .execute();
  await tx
    .insertInto('claim_codes')
    .values({
      code_hash: claimCodeHash(code),
      cluster_id: clusterId,
      created_by: createdBy,
      created_ms: nowMs,
      expires_ms: expiresMs,
      used_ms: null,
      device_id: null,
    })
    .execute();
  return { claimCode: grouped(code, 5), expiresMs };
}
