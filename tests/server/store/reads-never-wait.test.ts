/** Reads do not wait for writes, nor writes for reads; each read sees one state throughout. */
import { StoreBusy } from '@loa/server/keep/store/store-busy.ts';
import { sql } from 'kysely';
import { describe, expect, test } from 'vitest';
import { makeStore } from '../../harness/stores.ts';
import { auditLine } from './town.ts';

/** Counts to many: some hundred ms of work inside the database. */
const longQuery = sql<{ n: number }>`
  with recursive counter (n) as (select 1 union all select n + 1 from counter where n < 600000)
  select count(*) as n from counter`;

test('when too many reads wait, the next is refused at once', async () => {
  const store = await makeStore('sqlite-threads');
  const gate = Promise.withResolvers<void>();
  const reads = Array.from({ length: 2_005 }, () => store.read(() => gate.promise));
  const settled = Promise.allSettled(reads);
  await expect(reads.at(-1)).rejects.toBeInstanceOf(StoreBusy);
  gate.resolve();
  expect((await settled).filter((each) => each.status === 'rejected')).toHaveLength(3);
});

describe.each(['sqlite-threads', 'postgres'] as const)('on %s', (kind) => {
  test('a read is answered while a write is under way, and does not see it', async () => {
    const store = await makeStore(kind);
    const gate = Promise.withResolvers<void>();
    const begun = Promise.withResolvers<void>();
    const write = store.write(async (tx) => {
      await tx.insertInto('audit').values(auditLine('half')).execute();
      begun.resolve();
      await gate.promise;
    });
    await begun.promise;
    expect(await countLines(store)).toBe(0);
    gate.resolve();
    await write;
    expect(await countLines(store)).toBe(1);
  });

  test('a write is kept while a read is under way, and the read goes on seeing its own state', async () => {
    const store = await makeStore(kind);
    const gate = Promise.withResolvers<void>();
    const begun = Promise.withResolvers<void>();
    const read = store.read(async (db) => {
      const before = await db.selectFrom('audit').selectAll().execute();
      begun.resolve();
      await gate.promise;
      return [before.length, (await db.selectFrom('audit').selectAll().execute()).length];
    });
    await begun.promise;
    await store.write((tx) => tx.insertInto('audit').values(auditLine('new')).execute());
    gate.resolve();
    expect(await read).toEqual([0, 0]);
  });

  test('a long report query holds neither the loop nor a write', async () => {
    const store = await makeStore(kind);
    let isReportDone = false;
    const report = store
      .read((db) => longQuery.execute(db))
      .then(() => {
        isReportDone = true;
      });
    await store.write((tx) => tx.insertInto('audit').values(auditLine('alert')).execute());
    expect(await countLines(store)).toBe(1);
    expect(isReportDone).toBe(false);
    await report;
  });
});

async function countLines(store: Awaited<ReturnType<typeof makeStore>>): Promise<number> {
  return (await store.read((db) => db.selectFrom('audit').selectAll().execute())).length;
}
