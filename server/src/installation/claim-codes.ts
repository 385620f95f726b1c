/**
 * Claim codes for every cluster that has no board yet, for whoever installs many at once.
 */
import type { Random } from '../edges/random.ts';
import type { Store } from '../keep/store/store.ts';
import { storeClaimCode } from '../work/enrolment/claim-code.ts';

export async function makeClaimCodes(options: {
  store: Store;
  random: Random;
  nowMs: number;
}): Promise<{ clusterId: string; claimCode: string }[]> {
  const { store, random, nowMs } = options;
  return await store.write(async (tx) => {
    const clusters = await tx
      .selectFrom('clusters')
      .select('id')
      .where((eb) =>
        eb.not(
          eb.exists(
            eb
              .selectFrom('devices')
              .select('devices.id')
              .whereRef('devices.cluster_id', '=', 'clusters.id')
              .where('revoked_ms', 'is', null),
          ),
        ),
      )
      .orderBy('id')
      .execute();
    const codes: { clusterId: string; claimCode: string }[] = [];
    for (const { id } of clusters) {
      const { claimCode } = await storeClaimCode(tx, { random, clusterId: id, createdBy: 'installation', nowMs });
      codes.push({ clusterId: id, claimCode });
    }
    return codes;
  });
}
