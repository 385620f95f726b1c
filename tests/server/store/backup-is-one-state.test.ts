/** A backup taken while writes go on is one state of the database, whole, and opens as a store. */
import { join } from 'node:path';
import { copyTables, countRows } from '@loa/server/keep/store/copy-tables.ts';
import { describe, expect, test } from 'vitest';
import { makeFolder, makeStore, openForTest, storeKinds } from '../../harness/stores.ts';
import { addTown, auditLine } from './town.ts';

describe.each(storeKinds)('on %s', (kind) => {
  test('a backup while writing holds every earlier write and no half of a later one', async () => {
    const path = join(await makeFolder(), 'copy.db');
    const store = await makeStore(kind);
    await addTown(store);
    const pair = (name: string) =>
      store.write(async (tx) => {
        await tx.insertInto('audit').values(auditLine(name)).execute();
        await tx
          .insertInto('bodies')
          .values({ hash: name, body: 'b'.repeat(300), created_ms: 1 })
          .execute();
      });
    await Promise.all(Array.from({ length: 700 }, (_, index) => pair(`before-${index}`)));
    let isDone = false;
    const writing = (async () => {
      for (let index = 0; !isDone; index += 1) await pair(`during-${index}`);
    })();
    await store.backupTo(path);
    isDone = true;
    await writing;

    const copy = await openForTest({ path });
    const counts = await copy.read(countRows);
    expect(counts).toMatchObject({ installation: 1, areas: 1, clusters: 2 });
    expect(counts.audit).toBeGreaterThanOrEqual(700);
    expect(counts.audit).toBe(counts.bodies);
    const sorted = (source: typeof store) =>
      source.read((db) => db.selectFrom('clusters').selectAll().orderBy('id').execute());
    expect(await sorted(copy)).toEqual(await sorted(store));
  });

  test('every row is copied into another store, children of later parents too', async () => {
    const store = await makeStore('sqlite-inline');
    await addTown(store);
    await store.write(async (tx) => {
      const area = { kind: 'group', name_folded: 'x', code: null, old_district: null, hours: null };
      await tx
        .insertInto('areas')
        .values({ ...area, id: 'z', parent_id: null, name: 'z' })
        .execute();
      await tx
        .insertInto('areas')
        .values({ ...area, id: 'a', parent_id: 'z', name: 'a' })
        .execute();
      for (let device = 0; device < 3; device += 1)
        for (let seq = 1; seq <= 401; seq += 1)
          await tx
            .insertInto('reports')
            .values({ device_id: `d${device}`, stream: 's', seq, at_ms: seq, received_ms: seq, report: '{}' })
            .execute();
    });
    const target = await makeStore(kind);
    await copyTables({ from: store, to: target });
    expect(await target.read(countRows)).toEqual(await store.read(countRows));
    const all = (source: typeof store) =>
      source.read((db) => db.selectFrom('reports').selectAll().orderBy('device_id').orderBy('seq').execute());
    expect(await all(target)).toEqual(await all(store));
  });
});
