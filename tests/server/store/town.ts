/** The smallest town: one commune with two clusters. */
import type { Store } from '@loa/server/keep/store/store.ts';

export async function addTown(store: Store): Promise<void> {
  await store.write(async (tx) => {
    await tx
      .insertInto('installation')
      .values({ id: 1, epoch: 1, number: 0, accepted: 0, time_zone: 'Asia/Ho_Chi_Minh', created_ms: 1 })
      .execute();
    await tx
      .insertInto('areas')
      .values({
        id: 'commune',
        parent_id: null,
        kind: 'commune',
        name: 'Hàm Thắng',
        name_folded: 'ham thang',
        code: '22933',
        old_district: 'Hàm Thuận Bắc',
        hours: null,
      })
      .execute();
    await tx
      .insertInto('clusters')
      .values([
        { id: 'c1', area_id: 'commune', name: 'Chợ', horns: 2, lat: 11.0931, lon: 108.1247 },
        { id: 'c2', area_id: 'commune', name: 'Trường', horns: 4, lat: null, lon: null },
      ])
      .execute();
  });
}

/** One line of the audit log: the smallest write. */
export function auditLine(target: string) {
  return { at_ms: 1, who: 'test', action: 'write', target, detail: '' };
}
