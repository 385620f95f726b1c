/** What was put in comes back equal, whichever database keeps it. */
import { QueryFailed } from '@loa/server/keep/store/query-failed.ts';
import { sql } from 'kysely';
import { describe, expect, test } from 'vitest';
import { makeStore, storeKinds } from '../../harness/stores.ts';
import { addTown } from './town.ts';

describe.each(storeKinds)('on %s', (kind) => {
  test('numbers, JSON text, truth values, nulls and Vietnamese come back equal', async () => {
    const store = await makeStore(kind);
    await addTown(store);
    const device = {
      id: 'd1',
      cluster_id: 'c1',
      public_key: JSON.stringify({ x: 'Đường số 9 "trái"' }),
      capabilities: JSON.stringify({ formats: ['mp3'], stream: false }),
      board: 'Loa – tiếng Việt có dấu: Hàm Thuận Bắc',
      agent_version: '1',
      enrolled_ms: 1_790_000_000_123,
      revoked_ms: null,
      last_seen_ms: Number.MAX_SAFE_INTEGER,
      holds: null,
      readings: null,
      readings_ms: null,
      last_test: null,
    };
    await store.write((tx) => tx.insertInto('devices').values(device).execute());
    expect(await store.read((db) => db.selectFrom('devices').selectAll().execute())).toEqual([device]);
    const clusters = await store.read((db) =>
      db.selectFrom('clusters').select(['id', 'horns', 'lat', 'lon']).orderBy('id').execute(),
    );
    expect(clusters).toEqual([
      { id: 'c1', horns: 2, lat: 11.0931, lon: 108.1247 },
      { id: 'c2', horns: 4, lat: null, lon: null },
    ]);
  });

  test('counts, sums and comparisons are numbers', async () => {
    const store = await makeStore(kind);
    await addTown(store);
    const figures = await store.read((db) =>
      db
        .selectFrom('clusters')
        .select((eb) => [
          eb.fn.countAll<number>().as('rows'),
          eb.fn.sum<number>('horns').as('horns'),
          eb.fn.avg<number>('horns').as('mean'),
          eb.fn.max('horns').as('most'),
          eb.exists(eb.selectFrom('areas').select('id')).as('hasAreas'),
        ])
        .executeTakeFirstOrThrow(),
    );
    expect(figures).toEqual({ rows: 2, horns: 6, mean: 3, most: 4, hasAreas: 1 });
  });

  test('texts sort by their bytes and LIKE tells cases apart', async () => {
    const store = await makeStore(kind);
    for (const name of ['a', 'B', 'đ', 'd', 'Z']) {
      await store.write((tx) =>
        tx
          .insertInto('areas')
          .values({
            id: `x-${name}`,
            parent_id: null,
            kind: 'group',
            name,
            name_folded: name,
            code: null,
            old_district: null,
            hours: null,
          })
          .execute(),
      );
    }
    const names = await store.read((db) => db.selectFrom('areas').select('name').orderBy('name').execute());
    expect(names.map((row) => row.name)).toEqual(['B', 'Z', 'a', 'd', 'đ']);
    const like = await store.read((db) => db.selectFrom('areas').select('name').where('name', 'like', 'b%').execute());
    expect(like).toEqual([]);
  });

  test('changed rows are counted and returned rows returned', async () => {
    const store = await makeStore(kind);
    await addTown(store);
    const result = await store.write((tx) => tx.updateTable('clusters').set({ horns: 3 }).executeTakeFirstOrThrow());
    expect(result.numUpdatedRows).toBe(2n);
    const taken = await store.write((tx) =>
      tx
        .updateTable('installation')
        .set((eb) => ({ number: eb('number', '+', 1) }))
        .returning(['epoch', 'number'])
        .executeTakeFirstOrThrow(),
    );
    expect(taken).toEqual({ epoch: 1, number: 1 });
    const ignored = await store.write((tx) =>
      tx
        .insertInto('documents')
        .values({ topic: 't', kind: 'plan', epoch: 1, number: 1, envelope: 'a', published_ms: 1 })
        .onConflict((conflict) => conflict.column('topic').doNothing())
        .executeTakeFirstOrThrow(),
    );
    expect(ignored.numInsertedOrUpdatedRows).toBe(1n);
  });

  test('what is refused is refused for the same reason', async () => {
    const store = await makeStore(kind);
    await addTown(store);
    const kindOf = async (change: Parameters<typeof store.write>[0]) => {
      const error = await store.write(change).catch((thrown: unknown) => thrown);
      return error instanceof QueryFailed ? error.kind : error;
    };
    const cluster = { id: 'c1', area_id: 'commune', name: 'n', horns: 1, lat: null, lon: null };
    expect(await kindOf((tx) => tx.insertInto('clusters').values(cluster).execute())).toBe('duplicate');
    expect(
      await kindOf((tx) =>
        tx
          .insertInto('clusters')
          .values({ ...cluster, id: 'c9', area_id: 'nowhere' })
          .execute(),
      ),
    ).toBe('reference');
    expect(await kindOf((tx) => tx.deleteFrom('areas').where('id', '=', 'commune').execute())).toBe('reference');
    expect(await kindOf((tx) => sql`update clusters set name = null`.execute(tx))).toBe('missing-value');
    expect(await kindOf((tx) => sql`update clusters set horns = ${'many'}`.execute(tx))).toBe('wrong-value');
    expect(await kindOf((tx) => sql`update clusters set horns = ${true}`.execute(tx))).toBe('wrong-value');
  });
});
