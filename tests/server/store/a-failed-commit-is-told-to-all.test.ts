/** When a COMMIT fails, nobody in the group is told that it was kept; the next group goes on. */
import type { Session, SessionPool } from '@loa/server/keep/store/session.ts';
import { createWriteQueue } from '@loa/server/keep/store/write-queue.ts';
import { expect, test } from 'vitest';

/** A database that writes down what it is told and fails where it is told to. */
function scriptedPool(fails: (sql: string, count: number) => boolean) {
  const told: string[] = [];
  const released: boolean[] = [];
  const session: Session = {
    run: async () => ({ rows: [], changes: 0 }),
    command: async (sql) => {
      told.push(sql);
      if (fails(sql, told.filter((each) => each === sql).length)) throw new Error(`disk failed at ${sql}`);
    },
  };
  const pool: SessionPool = {
    acquire: async () => session,
    release: (_session, isBroken) => released.push(isBroken),
    close: async () => undefined,
  };
  return { queue: createWriteQueue({ writers: pool, beginGroup: 'BEGIN' }), told, released };
}

test('a failed COMMIT rejects every write of its group and none of the next', async () => {
  const { queue, released } = scriptedPool((sql, count) => sql === 'COMMIT' && count === 1);
  const writes = Array.from({ length: 70 }, (_, index) => queue.add(async () => index));
  const settled = await Promise.allSettled(writes);
  expect(settled.slice(0, 64).every((each) => each.status === 'rejected')).toBe(true);
  expect(settled.slice(64)).toEqual([64, 65, 66, 67, 68, 69].map((value) => ({ status: 'fulfilled', value })));
  expect(released).toEqual([true, false]);
});

test('a database that undid the whole transaction commits nothing of the group', async () => {
  const { queue, told } = scriptedPool((sql) => sql === 'ROLLBACK TO change');
  const full = new Error('disk full');
  const mate = queue.add(async () => 'mate');
  const broken = queue.add(async () => {
    throw full;
  });
  const after = queue.add(async () => 'after');
  const settled = await Promise.allSettled([mate, broken, after]);
  expect(settled.map((each) => each.status)).toEqual(['rejected', 'rejected', 'fulfilled']);
  expect(settled[1]).toMatchObject({ reason: { cause: full } });
  expect(told.filter((sql) => sql === 'COMMIT')).toHaveLength(1);
});

test('a connection that died while idle is replaced before anything has run', async () => {
  const { queue, released } = scriptedPool((sql, count) => sql === 'BEGIN' && count === 1);
  expect(await queue.add(async () => 'kept')).toBe('kept');
  expect(released).toEqual([true, false]);
});

test('no write is told before the COMMIT of its group', async () => {
  const order: string[] = [];
  const { queue, told } = scriptedPool(() => false);
  await Promise.all(
    ['a', 'b', 'c'].map((name) =>
      queue
        .add(async () => name)
        .then(() => order.push(`${name} after ${told.filter((sql) => sql === 'COMMIT').length}`)),
    ),
  );
  expect(order).toEqual(['a after 1', 'b after 1', 'c after 1']);
  expect(told).toEqual(['BEGIN', ...Array(3).fill(['SAVEPOINT change', 'RELEASE change']).flat(), 'COMMIT']);
});

test('a group is closed after 20 ms, so that the first of it does not wait for a stream of others', async () => {
  const told: string[] = [];
  let nowMs = 0;
  const session: Session = {
    run: async () => ({ rows: [], changes: 0 }),
    command: async (sql) => {
      told.push(sql);
    },
  };
  const pool = { acquire: async () => session, release: () => undefined, close: async () => undefined };
  const queue = createWriteQueue({ writers: pool, beginGroup: 'BEGIN', monotonicMs: () => nowMs });
  await Promise.all(
    Array.from({ length: 10 }, () =>
      queue.add(async () => {
        nowMs += 7;
      }),
    ),
  );
  expect(told.filter((sql) => sql === 'COMMIT')).toHaveLength(4);
});
