/** An empty database becomes this program's; one that is newer, or somebody else's, is refused untouched. */
import { DatabaseSync } from 'node:sqlite';
import { StoreUnusable } from '@loa/server/keep/store/migrate.ts';
import { migrations } from '@loa/server/keep/store/migrations/index.ts';
import { openStore } from '@loa/server/keep/store/open-store.ts';
import { sql } from 'kysely';
import { describe, expect, test } from 'vitest';
import { makeLocation, openForTest, storeKinds } from '../../harness/stores.ts';
import { addTown } from './town.ts';

describe.each(storeKinds)('on %s', (kind) => {
  test('opening twice keeps what is there', async () => {
    const location = await makeLocation(kind);
    const first = await openForTest(location);
    await addTown(first);
    await first.close();
    const second = await openForTest(location);
    expect(await second.read((db) => db.selectFrom('clusters').select('id').execute())).toHaveLength(2);
    const { rows } = await second.read((db) => sql`select name from migrations`.execute(db));
    expect(rows).toEqual(migrations.map(({ name }) => ({ name })));
  });

  test('a newer database is refused with what to do, and stays as it is', async () => {
    const location = await makeLocation(kind);
    const store = await openForTest(location);
    await store.write((tx) => sql`insert into migrations (name) values ('9999-later')`.execute(tx));
    await store.close();
    const refused = await openStore(location).catch((error: unknown) => error);
    expect(refused).toBeInstanceOf(StoreUnusable);
    expect(String(refused)).toMatch(/newer version of Loa.*9999-later.*phiên bản/s);
  });
});

test('several processes may open an empty PostgreSQL at once', async () => {
  const location = await makeLocation('postgres');
  const stores = await Promise.all(Array.from({ length: 4 }, () => openForTest(location)));
  for (const store of stores) {
    const { rows } = await store.read((db) => sql`select name from migrations`.execute(db));
    expect(rows).toHaveLength(migrations.length);
  }
});

test("a file that is not Loa's is refused", async () => {
  const location = await makeLocation('sqlite-threads');
  const other = new DatabaseSync(location.path);
  other.exec('create table cats (name text)');
  other.close();
  await expect(openStore(location)).rejects.toThrow("is not Loa's");
});
