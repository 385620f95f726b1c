/** One bit of any file rots while the power is off: it is set aside, told, and mended from the server. */
import { expect, test } from 'vitest';
import { daily, once } from './asks.ts';
import { judgeHistory } from './checker.ts';
import { goodLink } from './network.ts';
import { openTown, townStartMs } from './town.ts';

const minuteMs = 60_000;
const hourMs = 60 * minuteMs;

test('every file of a board, one after the other', async () => {
  const town = await openTown({
    seed: 721,
    boards: 1,
    isCalm: true,
    startMs: townStartMs + 3 * hourMs,
    board: { clockKept: true, quality: goodLink, driftPpm: 0, offsetMs: 0 },
  });
  const { world, office, places } = town;
  const [board] = town.boards;
  if (board === undefined) throw new Error('No board');
  for (const time of ['10:00', '11:00', '12:00'])
    await office.accept(places.people.department, daily('2026-11-21', time));
  await office.accept(places.people.department, once(world.trueMs + 10 * minuteMs));
  await world.runFor(20 * minuteMs);
  const itemsPlanned = board.agent?.documents.plan()?.body.items.length;
  const paths = board.disk.paths();
  const kinds = new Set(paths.map((path) => path.replace(/[0-9a-f]{64}$/, '…')));
  for (const kind of [
    'ledger',
    'outbox',
    'settings.json',
    'documents/plan',
    'documents/hours',
    'documents/keys',
    'clips/…',
  ])
    expect(kinds).toContain(kind);
  for (const path of paths) {
    board.powerCut();
    board.rot(world.chance, path);
    await world.runFor(3_000);
    board.powerOn();
    await world.runFor(2 * minuteMs);
    // A clip is read only while somebody wants it.
    const isUntold = path.startsWith('clips/');
    const isTold = board.log.some((line) => line.includes(`damaged: ${path} `));
    expect([path, isTold || isUntold, board.agent?.documents.plan()?.body.items.length]).toEqual([
      path,
      true,
      itemsPlanned,
    ]);
  }
  const refused = town.server.storedReports().filter(({ report }) => report.includes('damaged on disk'));
  expect(refused.length).toBeGreaterThan(0);
  expect(town.server.storedReports().some(({ report }) => report.includes('"storage-damaged"'))).toBe(true);
  await world.runUntil(townStartMs + 10 * hourMs);
  const history = town.history();
  expect(judgeHistory(history)).toEqual([]);
  const afterwards = history.emissions.filter(({ startedMs }) => startedMs > townStartMs + 6.5 * hourMs);
  expect(afterwards).toHaveLength(3);
}, 60_000);
