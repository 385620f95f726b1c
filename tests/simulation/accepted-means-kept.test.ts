/** P1: what the server has said "accepted" to survives its death at any commit, publish or answer, and sounds. */
import { expect, test } from 'vitest';
import { once } from './asks.ts';
import { judgeHistory } from './checker.ts';
import { runSeed } from './run-seed.ts';
import type { Deathbed } from './simulated-server.ts';
import { openTown, townStartMs } from './town.ts';

const minuteMs = 60_000;

const deathbeds: (Deathbed | 'at the answer')[] = [
  'at the answer',
  ...[1, 2, 3, 4].flatMap((count) =>
    (['before', 'after'] as const).flatMap((when) => [
      { at: 'commit' as const, count, when },
      { at: 'publish' as const, count, when },
    ]),
  ),
];

test('a server that dies in the middle of accepting keeps what it answered, and it sounds once at every board', async () => {
  const town = await openTown({ seed: 101, boards: 2, startMs: townStartMs + 3 * 3_600_000 });
  const [officer] = town.places.people.officers;
  if (officer === undefined) throw new Error('No officer');
  let deaths = 0;
  for (const deathbed of deathbeds) {
    const die = () => {
      deaths += 1;
      town.startServerAfter(2_000);
    };
    if (deathbed !== 'at the answer') town.server.dieAt(deathbed, die);
    const asked = town.office.accept(officer, once(town.world.trueMs + 5 * minuteMs), () => {
      if (deathbed !== 'at the answer') return;
      town.server.kill();
      die();
    });
    await town.world.runFor(minuteMs);
    expect(await asked).toBeDefined();
  }
  await town.world.runFor(10 * minuteMs);
  const history = town.history();
  // Not every acceptance comes to a fourth commit or third publish within its minute.
  expect(deaths).toBeGreaterThan(deathbeds.length * 0.6);
  expect(judgeHistory(history)).toEqual([]);
  expect(history.accepted).toHaveLength(deathbeds.length);
  expect(history.emissions).toHaveLength(2 * deathbeds.length);
});

test('asked again after an answer that was lost, the server answers the same bulletin', async () => {
  const town = await openTown({ seed: 102, boards: 1, startMs: townStartMs + 3 * 3_600_000 });
  const [officer] = town.places.people.officers;
  if (officer === undefined) throw new Error('No officer');
  // The second commit is the bulletin's, the first its clip's.
  town.server.dieAt({ at: 'commit', count: 2, when: 'after' }, () => town.startServerAfter(2_000));
  const asked = town.office.accept(officer, once(town.world.trueMs + 5 * minuteMs));
  await town.world.runFor(minuteMs);
  expect(town.server.storedBulletinIds()).toEqual([(await asked)?.bulletinId]);
});

test.each([1, 2])(
  'a town of seed %i keeps every promise',
  async (seed) => {
    const { breaches, history } = await runSeed({ seed, boards: 4, days: 0.5 });
    expect(breaches).toEqual([]);
    expect(history.accepted.length).toBeGreaterThan(2);
  },
  60_000,
);
