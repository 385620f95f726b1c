/** P1 at the desk: what was answered with ok is on disk, whatever happens afterwards; what was refused left nothing. */
import { occurrenceId } from '@loa/schedules';
import { expect, test } from 'vitest';
import { bulletin, connect, good, openWorkTown, people, plannedFor, refused } from './work-town.ts';

const fiveOClockMs = Date.parse('2026-11-20T17:00:00+07:00');

test('an accepted bulletin is in the store and in the plan of every device addressed, and of no other', async () => {
  const town = await openWorkTown();
  const view = good(await town.work.desk.acceptBulletin(people.officer, bulletin()));
  await town.clock.advance(0);
  expect(view).toMatchObject({ state: 'accepted', clusterCount: 2, createdBy: 'officer' });
  expect(view.nextAt).toBe('2026-11-20T10:00:00Z');
  const occurrence = occurrenceId(view.id, fiveOClockMs);
  expect(await plannedFor(town, 'd1')).toEqual([occurrence]);
  expect(await plannedFor(town, 'd2')).toEqual([occurrence]);
  expect(await plannedFor(town, 'd3')).toEqual([]);
});

test('a failure to publish does not undo the acceptance, and the plan follows', async () => {
  const town = await openWorkTown();
  town.broker.failure = new Error('broker is away');
  const view = good(await town.work.desk.acceptBulletin(people.officer, bulletin({ whens: [{ kind: 'now' }] })));
  town.broker.failure = undefined;
  expect((await town.work.desk.listBulletins(people.officer)).map(({ id }) => id)).toEqual([view.id]);
  const device = connect(town, 'd1');
  await device.hello();
  await town.clock.advance(5_000);
  await device.heartbeat();
  expect(await plannedFor(town, 'd1')).toHaveLength(1);
});

test('what was accepted before a crash is planned after it', async () => {
  const town = await openWorkTown();
  town.broker.failure = new Error('killed before anything went out');
  const view = good(await town.work.desk.acceptBulletin(people.officer, bulletin()));
  await town.clock.advance(0);
  await town.restart();
  expect(await plannedFor(town, 'd1')).toEqual([occurrenceId(view.id, fiveOClockMs)]);
});

test('a rule of RFC 5545 is planned', async () => {
  const town = await openWorkTown();
  const text = 'DTSTART:20261120T170000\nRRULE:FREQ=DAILY;INTERVAL=3\nEXDATE:20261123T170000';
  const view = good(await town.work.desk.acceptBulletin(people.officer, bulletin({ whens: [{ kind: 'rule', text }] })));
  await town.clock.advance(0);
  const days = ['2026-11-20', '2026-11-26'];
  expect(await plannedFor(town, 'd1')).toEqual(
    days.map((day) => occurrenceId(view.id, Date.parse(`${day}T17:00:00+07:00`))),
  );
});

test('the same request again answers the same bulletin', async () => {
  const town = await openWorkTown();
  const request = bulletin();
  const both = await Promise.all([
    town.work.desk.acceptBulletin(people.officer, request),
    town.work.desk.acceptBulletin(people.officer, request),
  ]);
  const again = await town.work.desk.acceptBulletin(people.officer, structuredClone(request));
  expect(new Set([...both, again].map((result) => good(result).id)).size).toBe(1);
  const other = await town.work.desk.acceptBulletin(people.officer, { ...request, title: 'Khác' });
  expect(refused(other)).toBe('request-reused');
  const rows = await town.store.read((db) => db.selectFrom('bulletins').select('id').execute());
  expect(rows).toHaveLength(1);
});

const rule = (rrule: string, start = 'DTSTART:20261120T170000') => ({
  whens: [{ kind: 'rule' as const, text: `${start}\nRRULE:${rrule}` }],
});
const once = (date: string, time: string) => ({ whens: [{ kind: 'once' as const, date, time }] });

test.each([
  ['a time that has passed', once('2026-11-20', '09:59'), 'past-time'],
  ['a rule that never fires', rule('FREQ=YEARLY;BYMONTH=2;BYMONTHDAY=30'), 'rule-never-fires'],
  ['a rule that fires every second', rule('FREQ=SECONDLY'), 'rule-fires-too-often'],
  ['a rule that ends before it begins', rule('FREQ=DAILY;UNTIL=20261101T000000'), 'rule-until-before-start'],
  ['a rule of an unknown zone', rule('FREQ=DAILY', 'DTSTART;TZID=Asia/Nowhere:20261120T170000'), 'rule-zone-unknown'],
  ['a year mistyped', once('9999-12-31', '09:59'), 'too-far-ahead'],
  [
    'a last day before the first',
    { whens: [{ kind: 'daily' as const, from: '2026-12-02', until: '2026-12-01', time: '17:00' }] },
    'until-before-from',
  ],
  [
    'a weekday that never comes',
    {
      whens: [
        { kind: 'weekly' as const, from: '2026-12-01', until: '2026-12-02', weekdays: [7 as const], time: '17:00' },
      ],
    },
    'never-fires',
  ],
  ['the middle of the night', once('2026-11-21', '03:15'), 'outside-permitted-hours'],
  ['an end outside the permitted hours', once('2026-11-20', '20:59:50'), 'outside-permitted-hours'],
  ['an unknown area', { areaIds: ['nowhere'] }, 'unknown-area'],
  ['an area without loudspeakers', { areaIds: ['empty'] }, 'area-without-clusters'],
  ['an unknown clip', { clipId: 'b'.repeat(64) }, 'unknown-clip'],
])('refuses %s and keeps nothing of it', async (_, changes, code) => {
  const town = await openWorkTown();
  const answer = await town.work.desk.acceptBulletin(people.officer, bulletin(changes));
  expect(refused(answer)).toBe(code);
  expect(await town.work.desk.listBulletins(people.officer)).toEqual([]);
});

test('a refusal for the hours names the area and its hours', async () => {
  const town = await openWorkTown();
  const answer = await town.work.desk.acceptBulletin(people.officer, bulletin(once('2026-11-21', '03:15')));
  expect(!answer.ok && answer.refusal.vi).toContain('Hàm Thắng (05:00–21:00)');
});
