/** P6: an emergency whose clip is here sounds within 500 ms of reaching the device, whatever sounds; policies follow. */
import { topics } from '@loa/protocol/device';
import { expect, test } from 'vitest';
import { daily, emergency, once } from './asks.ts';
import { badLink } from './network.ts';
import { openTown, townStartMs } from './town.ts';

const minuteMs = 60_000;
const startMs = townStartMs + 3 * 3_600_000;

test('on every board, over a bad link, in the middle of another clip', async () => {
  const town = await openTown({ seed: 601, boards: 4, startMs, board: { quality: { ...badLink, reorderChance: 0 } } });
  const { world, office, boards, server, places } = town;
  const { department } = places.people;
  const policies = ['resume', 'restart', 'drop'] as const;
  const arrivals: { clusterId: string; atMs: number }[] = [];
  for (const { network, place } of boards)
    network.onArrival = (topic, payload) => {
      if (topic !== topics.areaOrders('xa-1') || !payload.includes('.')) return;
      const body: unknown = JSON.parse(Buffer.from(payload.split('.')[1] ?? '', 'base64url').toString('utf8'));
      if (JSON.stringify(body).includes('"emergency"'))
        arrivals.push({ clusterId: place.clusterId, atMs: world.trueMs });
    };
  // A warning that stands in tomorrow's plan is on every device before it is needed.
  const prepared = await office.accept(department, daily('2026-11-22', '06:00', { clipDurationMs: 10_000 }));
  await world.runFor(10 * minuteMs);
  for (const resume of policies) {
    const routine = await office.accept(
      department,
      once(world.trueMs + 2 * minuteMs, { clipDurationMs: 60_000, resume }),
    );
    await world.runUntil((routine?.startsMs[0] ?? 0) + 25_000);
    arrivals.length = 0;
    const pushedMs = world.trueMs;
    const request = emergency({ repeat: { count: 1, gapMs: 0 } });
    const { clipDurationMs, ...ask } = request;
    expect(clipDurationMs).toBe(10_000);
    const pushed = await server.now?.work.emergencies.push(department, {
      ...ask,
      requestId: `prepared-${resume}`,
      title: 'Xả lũ',
      clipId: prepared?.clipId ?? '',
    });
    expect(pushed?.ok).toBe(true);
    await world.runFor(3 * minuteMs);
    for (const board of boards) {
      const arrivedMs = arrivals.find(({ clusterId }) => clusterId === board.place.clusterId)?.atMs ?? 0;
      expect(arrivedMs).toBeGreaterThan(pushedMs - 1);
      const alarm = board.emissions.find((one) => one.clipId === prepared?.clipId && one.startedMs > pushedMs);
      expect((alarm?.startedMs ?? Number.POSITIVE_INFINITY) - arrivedMs).toBeLessThan(500);
      expect(alarm?.emittedMs).toBe(10_000);
      const heard = board.emissions.filter(({ clipId }) => clipId === routine?.clipId);
      const cutMs = heard[0]?.emittedMs ?? 0;
      expect(cutMs).toBeLessThan(60_000);
      const afterwards = heard.slice(1).map(({ fromClipMs, emittedMs }) => [Math.round(fromClipMs), emittedMs]);
      expect(afterwards).toEqual(
        { resume: [[expect.closeTo(cutMs, -1), expect.closeTo(60_000 - cutMs, -1)]], restart: [[0, 60_000]], drop: [] }[
          resume
        ],
      );
    }
  }
});
