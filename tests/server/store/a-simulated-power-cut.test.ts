/** In a simulation the store runs in microtasks alone, and a power cut leaves what was committed. */
import { DatabaseSync } from 'node:sqlite';
import { openInlineStore } from '@loa/server/keep/store/open-store.ts';
import { expect, test } from 'vitest';
import { auditLine } from './town.ts';

test('reads and writes settle in microtasks alone', async () => {
  const store = await openInlineStore({ path: ':memory:' });
  let isTurned = false;
  setImmediate(() => {
    isTurned = true;
  });
  for (let count = 0; count < 50; count += 1) {
    await store.write((tx) =>
      tx
        .insertInto('audit')
        .values(auditLine(String(count)))
        .execute(),
    );
    await store.read((db) => db.selectFrom('audit').selectAll().execute());
  }
  expect(isTurned).toBe(false);
  await store.close();
});

test('a power cut leaves what was promised, and nothing of the dead store settles', async () => {
  const database = new DatabaseSync(':memory:');
  const store = await openInlineStore({ database });
  await store.write((tx) => tx.insertInto('audit').values(auditLine('promised')).execute());
  let isSettled = false;
  const settle = () => {
    isSettled = true;
  };
  store
    .write(async (tx) => {
      await tx.insertInto('audit').values(auditLine('half')).execute();
      store.crash();
    })
    .then(settle, settle);
  await new Promise((resolve) => setImmediate(resolve));
  store.write((tx) => tx.insertInto('audit').values(auditLine('ghost')).execute()).then(settle, settle);
  await new Promise((resolve) => setImmediate(resolve));
  expect(isSettled).toBe(false);
  const next = await openInlineStore({ database });
  expect(await next.read((db) => db.selectFrom('audit').select('target').execute())).toEqual([{ target: 'promised' }]);
});
