/**
 * Circular 39/2020/TT-BTTTT: a normal bulletin from above never plays by itself, the commune chooses whether and when; on
 * a clash of priority bulletins a person decides the order.
 */
import { expect, test } from 'vitest';
import { settle } from '../../harness/manual-clock.ts';
import { bulletin, good, openWorkTown, people, plannedFor, refused, type WorkTown } from './work-town.ts';

/** When everything has been published. */
async function planned(town: WorkTown, deviceId: string): Promise<string[]> {
  await settle();
  return await plannedFor(town, deviceId);
}

const daily = [{ kind: 'daily' as const, from: '2026-11-20', time: '17:00' }];
const request = (changes: object = {}) => {
  const { title: _title, class: _class, clipId: _clipId, ...rest } = bulletin({ whens: daily });
  return { ...rest, ...changes };
};

test('nothing of it sounds until the commune adds it to its schedule, and then only there', async () => {
  const town = await openWorkTown();
  const { desk, inbox } = town.work;
  const offered = good(await desk.acceptBulletin(people.department, bulletin({ areaIds: ['p68'], whens: daily })));
  expect(offered).toMatchObject({ state: 'offered', isFromAbove: true });
  expect(await planned(town, 'd1')).toEqual([]);
  expect((await desk.listBulletins(people.officer)).map(({ id }) => id)).toEqual([]);
  expect((await inbox.list(people.officer)).map(({ areaId, answer }) => [areaId, answer])).toEqual([
    ['thang', undefined],
  ]);
  expect((await inbox.list(people.department)).map(({ areaId }) => areaId).sort()).toEqual(['duc', 'thang']);
  const answer = { kind: 'scheduled' as const, areaId: 'thang', request: request() };
  const item = good(await inbox.answer(people.officer, { bulletinId: offered.id, answer }));
  expect(item.answer).toMatchObject({ kind: 'scheduled', by: 'officer' });
  const made = item.answer?.bulletinId ?? '';
  expect((await planned(town, 'd1')).every((occurrence) => occurrence.startsWith(made))).toBe(true);
  expect((await planned(town, 'd1')).length).toBeGreaterThan(7);
  expect(await planned(town, 'd3')).toEqual([]);
  // The same answer again is the first one; another one comes too late.
  good(await inbox.answer(people.officer, { bulletinId: offered.id, answer }));
  const late = { kind: 'declined' as const, areaId: 'thang', reason: 'Trùng' };
  expect(refused(await inbox.answer(people.officer, { bulletinId: offered.id, answer: late }))).toBe(
    'answered-already',
  );
});

test('a commune declines for itself, with its reason; nobody answers for another', async () => {
  const town = await openWorkTown();
  const { desk, inbox } = town.work;
  const offered = good(await desk.acceptBulletin(people.department, bulletin({ areaIds: ['p68'] })));
  const no = { kind: 'declined' as const, areaId: 'duc', reason: 'Đã phát tuần trước' };
  expect(refused(await inbox.answer(people.officer, { bulletinId: offered.id, answer: no }))).toBe('unknown-bulletin');
  expect(refused(await inbox.answer(people.department, { bulletinId: offered.id, answer: no }))).toBe('no-right');
  const item = good(await inbox.answer(people.neighbour, { bulletinId: offered.id, answer: no }));
  expect(item.answer).toMatchObject({ kind: 'declined', reason: 'Đã phát tuần trước' });
  const elsewhere = { kind: 'scheduled' as const, areaId: 'thang', request: request({ areaIds: ['p68'] }) };
  expect(refused(await inbox.answer(people.officer, { bulletinId: offered.id, answer: elsewhere }))).toBe(
    'unknown-area',
  );
});

test('a recalled bulletin is gone from the inbox’s choice and from the schedules made from it', async () => {
  const town = await openWorkTown();
  const { desk, inbox } = town.work;
  const offered = good(await desk.acceptBulletin(people.department, bulletin({ areaIds: ['p68'], whens: daily })));
  const answer = { kind: 'scheduled' as const, areaId: 'thang', request: request() };
  good(await inbox.answer(people.officer, { bulletinId: offered.id, answer }));
  good(await desk.withdrawBulletin(people.department, offered.id));
  expect(await planned(town, 'd1')).toEqual([]);
  expect((await inbox.list(people.neighbour))[0]?.bulletin.state).toBe('withdrawn');
  const late = { kind: 'scheduled' as const, areaId: 'duc', request: request({ areaIds: ['duc'] }) };
  expect(refused(await inbox.answer(people.neighbour, { bulletinId: offered.id, answer: late }))).toBe('recalled');
});

test('priority from above goes straight into the programme; a clash is shown, and the decision moves the other', async () => {
  const town = await openWorkTown();
  const { desk, law } = town.work;
  const own = good(await desk.acceptBulletin(people.officer, bulletin({ class: 'priority', title: 'Của xã' })));
  const down = good(
    await desk.acceptBulletin(people.department, bulletin({ areaIds: ['p68'], class: 'priority', title: 'Của tỉnh' })),
  );
  expect(await planned(town, 'd1')).toHaveLength(2);
  const [clash, ...others] = await law.clashes(people.officer);
  expect(others).toEqual([]);
  const ownOccurrence = clash?.defaultFirst ?? '';
  expect(ownOccurrence.startsWith(own.id)).toBe(true);
  expect(clash).toMatchObject({
    areaId: 'thang',
    clusterCount: 2,
    sides: [{ title: 'Của xã' }, { title: 'Của tỉnh', isFromAbove: true }],
  });
  const downOccurrence = clash?.sides.find(({ occurrence }) => occurrence.startsWith(down.id))?.occurrence ?? '';
  const turn = { kind: 'turn' as const, areaId: 'thang', first: downOccurrence, second: ownOccurrence };
  good(await law.makeChange(people.officer, { requestId: 'turn-0001', change: turn }));
  expect(await planned(town, 'd1')).toEqual([downOccurrence, ownOccurrence]);
  expect((await law.clashes(people.officer))[0]?.decided).toMatchObject({ first: downOccurrence, by: 'officer' });
  expect(await planned(town, 'd3')).toEqual([downOccurrence]);
  expect(refused(await law.makeChange(people.neighbour, { requestId: 'turn-0002', change: turn }))).toBe(
    'unknown-area',
  );
});

test('decisions that go round in a circle are refused, and a notice says what it moves beside itself', async () => {
  const town = await openWorkTown();
  const { desk, law } = town.work;
  const made = [];
  for (const title of ['A', 'B', 'C']) {
    const sent = good(await desk.acceptBulletin(people.officer, bulletin({ class: 'priority', title })));
    made.push(`${sent.id}@${Date.parse('2026-11-20T17:00:00+07:00') / 1000}`);
  }
  const [a = '', b = '', c = ''] = made;
  const turn = (first: string, second: string, requestId: string) =>
    law.makeChange(people.officer, { requestId, change: { kind: 'turn', areaId: 'thang', first, second } });
  good(await turn(a, b, 'turn-00001'));
  good(await turn(b, c, 'turn-00002'));
  expect(refused(await turn(c, a, 'turn-00003'))).toBe('turn-circle');
  const { requestId: _id, title: _title, ...draft } = bulletin({ class: 'priority', repeat: { count: 4, gapMs: 0 } });
  const foretold = good(
    await desk.preview(people.officer, { ...draft, whens: [{ kind: 'once', date: '2026-11-20', time: '16:59' }] }),
  );
  expect(foretold.changed?.groups[0]?.lines.map(({ how, title }) => `${how} ${title}`)).toContain('moved A');
});
