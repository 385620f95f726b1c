/** What would wait for ever on one database and work by luck on another fails at once on all of them. */

import type { Reader, Writer } from '@loa/server/keep/store/store.ts';
import { describe, expect, test } from 'vitest';
import { makeStore, storeKinds } from '../../harness/stores.ts';
import { auditLine } from './town.ts';

describe.each(storeKinds)('on %s', (kind) => {
  test('a read or write inside another', async () => {
    const store = await makeStore(kind);
    const look = () => store.read((db) => db.selectFrom('audit').selectAll().execute());
    const line = () => store.write((tx) => tx.insertInto('audit').values(auditLine('x')).execute());
    await expect(store.write(line)).rejects.toThrow('A write inside a write');
    await expect(store.write(look)).rejects.toThrow('A read inside a write');
    await expect(store.read(line)).rejects.toThrow('A write inside a read');
    await expect(store.read(look)).rejects.toThrow('A read inside a read');
    await expect(store.write(() => store.backupTo('/nowhere'))).rejects.toThrow('inside a write');
    expect(await look()).toEqual([]);
  });

  test('a handle used after its read or write has ended', async () => {
    const store = await makeStore(kind);
    let oldReader: Reader | undefined;
    let oldWriter: Writer | undefined;
    await store.read(async (db) => {
      oldReader = db;
    });
    await store.write(async (tx) => {
      oldWriter = tx;
    });
    await expect(oldReader?.selectFrom('audit').selectAll().execute()).rejects.toThrow('had ended');
    await expect(oldWriter?.insertInto('audit').values(auditLine('x')).execute()).rejects.toThrow();
    await store.write(async () => {
      await expect(oldReader?.selectFrom('audit').selectAll().execute()).rejects.toThrow('had ended');
    });
  });

  test('a stream, and a transaction of its own', async () => {
    const store = await makeStore(kind);
    const streamed = store.read(async (db) => {
      for await (const row of db.selectFrom('audit').selectAll().stream()) return row;
      return undefined;
    });
    await expect(streamed).rejects.toThrow('does not stream');
  });

  test('a closed store', async () => {
    const store = await makeStore(kind);
    const last = store.write((tx) => tx.insertInto('audit').values(auditLine('last')).execute());
    await Promise.all([store.close(), last]);
    await expect(store.read((db) => db.selectFrom('audit').selectAll().execute())).rejects.toThrow('closed');
  });

  test('work that was started inside a write and outlives it may use the store again', async () => {
    const store = await makeStore(kind);
    let later: Promise<unknown> | undefined;
    let proceed: () => void = () => undefined;
    const ended = new Promise<void>((resolve) => {
      proceed = resolve;
    });
    await store.write(async () => {
      later = ended.then(() => store.write((tx) => tx.insertInto('audit').values(auditLine('later')).execute()));
    });
    proceed();
    await later;
    expect(await store.read((db) => db.selectFrom('audit').select('target').execute())).toEqual([{ target: 'later' }]);
  });
});
