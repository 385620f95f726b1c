/** Writes share a commit and nothing else. */
import { StoreBusy } from '@loa/server/keep/store/store-busy.ts';
import { describe, expect, test } from 'vitest';
import { makeStore, storeKinds } from '../../harness/stores.ts';
import { auditLine } from './town.ts';

describe.each(storeKinds)('on %s', (kind) => {
  test('one that throws undoes itself alone; its group mates are kept', async () => {
    const store = await makeStore(kind);
    const writes = Array.from({ length: 200 }, (_, index) =>
      store.write(async (tx) => {
        await tx
          .insertInto('audit')
          .values(auditLine(`w${index}`))
          .execute();
        if (index % 10 === 3) throw new Error(`no ${index}`);
        return index;
      }),
    );
    const settled = await Promise.allSettled(writes);
    settled.forEach((each, index) => {
      if (index % 10 === 3) expect(each).toMatchObject({ status: 'rejected', reason: { message: `no ${index}` } });
      else expect(each).toEqual({ status: 'fulfilled', value: index });
    });
    const rows = await store.read((db) => db.selectFrom('audit').select('target').execute());
    expect(rows.map((row) => row.target).sort()).toEqual(
      Array.from({ length: 200 }, (_, index) => `w${index}`)
        .filter((_, index) => index % 10 !== 3)
        .sort(),
    );
  });

  test('one whose query was refused is undone even when it hides the error', async () => {
    const store = await makeStore(kind);
    const hiding = store.write(async (tx) => {
      await tx.insertInto('documents').values(document('kept-not')).execute();
      await tx
        .insertInto('documents')
        .values(document('kept-not'))
        .execute()
        .catch(() => undefined);
      return 'looks fine';
    });
    const mate = store.write((tx) => tx.insertInto('documents').values(document('mate')).execute());
    await expect(hiding).rejects.toMatchObject({ kind: 'duplicate' });
    await mate;
    const topics = await store.read((db) => db.selectFrom('documents').select('topic').execute());
    expect(topics).toEqual([{ topic: 'mate' }]);
  });

  test('writes see all that earlier ones wrote and run one after another', async () => {
    const store = await makeStore(kind);
    await Promise.all(
      Array.from({ length: 100 }, () =>
        store.write(async (tx) => {
          const { rows } = await tx
            .selectFrom('audit')
            .select((eb) => eb.fn.countAll<number>().as('rows'))
            .executeTakeFirstOrThrow();
          await tx
            .insertInto('audit')
            .values(auditLine(String(rows)))
            .execute();
        }),
      ),
    );
    const rows = await store.read((db) => db.selectFrom('audit').select('target').distinct().execute());
    expect(rows).toHaveLength(100);
  });

  test('when too many wait, the next is refused at once and the waiting ones are kept', async () => {
    const store = await makeStore(kind);
    let busy = 0;
    const writes = Array.from({ length: 10_200 }, () =>
      store
        .write(async () => undefined)
        .catch((error: unknown) => {
          if (error instanceof StoreBusy) busy += 1;
          else throw error;
        }),
    );
    await Promise.all(writes);
    expect(busy).toBeGreaterThan(0);
    expect(busy).toBeLessThanOrEqual(200);
  });
});

function document(topic: string) {
  return { topic, kind: 'plan', epoch: 1, number: 1, envelope: '', published_ms: 1 };
}
