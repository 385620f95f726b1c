/** Whoever decides on hours, limits, days off or exceptions sees before saving exactly what then happens, or a reason. */
import { topics } from '@loa/protocol/device';
import type { LawChange } from '@loa/protocol/panel';
import { expect, test } from 'vitest';
import { settle } from '../../harness/manual-clock.ts';
import { bulletin, good, openWorkTown, people, plannedFor, planOf, refused, type WorkTown } from './work-town.ts';

async function bodyOf(town: WorkTown, deviceId: string): Promise<string> {
  await settle();
  const { hash } = planOf(town, deviceId).body;
  const row = await town.store.read((db) =>
    db.selectFrom('bodies').select('body').where('hash', '=', hash).executeTakeFirst(),
  );
  return row?.body ?? '';
}

/** When everything has been published. */
async function planned(town: WorkTown, deviceId: string): Promise<string[]> {
  await settle();
  return await plannedFor(town, deviceId);
}

const spans = (from: string, until: string) =>
  [{ weekdays: [1, 2, 3, 4, 5, 6, 7] as const, from, until }].map((span) => ({
    ...span,
    weekdays: [...span.weekdays],
  }));
let requests = 0;
const ask = (change: LawChange) => {
  requests += 1;
  return { requestId: `change-${requests}`, change };
};

/** Sounds today and tomorrow at 17:00 in Hàm Thắng. */
async function openTown(): Promise<WorkTown> {
  const town = await openWorkTown();
  const whens = [{ kind: 'daily' as const, from: '2026-11-20', time: '17:00' }];
  good(await town.work.desk.acceptBulletin(people.officer, bulletin({ whens, title: 'Bản tin chiều' })));
  return town;
}

test('narrower hours: the preview names the clusters and the airing, the change then takes it away', async () => {
  const town = await openTown();
  const { law } = town.work;
  const change: LawChange = {
    kind: 'hours',
    areaId: 'thang',
    hours: { spans: spans('05:00', '12:00'), document: 'QĐ 12/UBND' },
  };
  const before = await planned(town, 'd1');
  expect(before.length).toBeGreaterThan(7);
  const foreseen = good(await law.previewChange(people.officer, change));
  expect(foreseen).toMatchObject({
    clusterCount: 2,
    groups: [
      {
        clusterIds: ['c1', 'c2'],
        lines: [
          {
            how: 'removed',
            title: 'Bản tin chiều',
            at: '2026-11-20T10:00:00Z',
            code: 'outside-permitted-hours',
          },
        ],
      },
    ],
  });
  expect(await planned(town, 'd1')).toEqual(before);
  const made = good(await law.makeChange(people.officer, ask(change)));
  expect(made).toEqual(foreseen);
  expect(await planned(town, 'd1')).toEqual([]);
  const hours = town.broker.document(topics.hours('d1'));
  expect(hours).toMatchObject({ kind: 'hours', spans: spans('05:00', '12:00'), document: 'QĐ 12/UBND' });
  const view = good(await law.law(people.officer, 'thang'));
  expect(view.own.hours?.document).toBe('QĐ 12/UBND');
  expect(view.holds.hours.isDefault).toBe(false);
});

test('what an area asks for beyond the one above it is told as cut', async () => {
  const town = await openTown();
  const { law } = town.work;
  const above = { spans: spans('05:00', '20:00'), document: 'QĐ tỉnh' };
  const own = { spans: spans('04:30', '18:00'), document: 'QĐ xã' };
  good(await law.makeChange(people.department, ask({ kind: 'hours', areaId: 'p68', hours: above })));
  good(await law.makeChange(people.officer, ask({ kind: 'hours', areaId: 'thang', hours: own })));
  const view = good(await law.law(people.officer, 'thang'));
  expect(view.holds.hours.spans).toEqual(spans('05:00', '18:00'));
  expect(view.hoursCuts).toEqual([{ areaId: 'thang', reason: 'beyond-above', spans: spans('04:30', '05:00') }]);
  good(await law.makeChange(people.officer, ask({ kind: 'hours', areaId: 'thang', hours: null })));
  expect(good(await law.law(people.officer, 'thang')).holds.hours.spans).toEqual(spans('05:00', '20:00'));
});

test('limits, rest days and holidays silence, and end by a person’s word', async () => {
  const town = await openTown();
  const { law } = town.work;
  const friday = { value: [1, 2, 3, 4] as (1 | 2 | 3 | 4)[], document: 'QĐ 7' };
  good(await law.makeChange(people.officer, ask({ kind: 'limits', areaId: 'thang', limits: { weekdays: friday } })));
  const days = (await planned(town, 'd1')).map((occurrence) =>
    new Date(Number(occurrence.split('@')[1]) * 1000).getUTCDay(),
  );
  expect(new Set(days)).toEqual(new Set([1, 2, 3, 4]));
  good(await law.makeChange(people.officer, ask({ kind: 'limits', areaId: 'thang', limits: null })));
  const whole = await planned(town, 'd1');
  const mourning = { fromDate: '2026-11-21', untilDate: '2026-11-22', reason: 'Quốc tang', document: 'TB 1' };
  good(await law.makeChange(people.officer, ask({ kind: 'rest-days', areaIds: ['thang'], ...mourning })));
  expect((await planned(town, 'd1')).length).toBe(whole.length - 2);
  const [rest] = good(await law.law(people.officer, 'thang')).restDays;
  expect(rest).toMatchObject({ reason: 'Quốc tang', by: 'officer', mayEnd: true });
  good(await law.makeChange(people.officer, ask({ kind: 'rest-days-ended', id: rest?.id ?? '' })));
  expect(await planned(town, 'd1')).toEqual(whole);
  const holiday = { date: '2026-11-21', name: 'Ngày nghỉ', document: 'TB 2' };
  expect(refused(await law.makeChange(people.officer, ask({ kind: 'holiday', ...holiday })))).toBe('no-right');
  good(await law.makeChange(people.department, ask({ kind: 'holiday', ...holiday })));
  const silent = { restsOnHolidays: { value: true, document: 'QĐ 8' } };
  good(await law.makeChange(people.officer, ask({ kind: 'limits', areaId: 'thang', limits: silent })));
  expect((await planned(town, 'd1')).length).toBe(whole.length - 1);
});

test('an exception lets exactly what lies in it sound, and a bulletin under it is accepted', async () => {
  const town = await openTown();
  const { law, desk } = town.work;
  const early = bulletin({ whens: [{ kind: 'once', date: '2026-11-21', time: '04:00' }] });
  expect(refused(await desk.acceptBulletin(people.officer, early))).toBe('outside-permitted-hours');
  const exception: LawChange = {
    kind: 'exception',
    areaIds: ['thang'],
    from: '2026-11-21T03:55:00+07:00',
    until: '2026-11-21T04:30:00+07:00',
    reason: 'Lễ hội đua thuyền',
    document: 'CV 45',
  };
  expect(refused(await law.makeChange(people.officer, ask(exception)))).toBe('no-right');
  good(await law.makeChange(people.department, ask(exception)));
  const kept = good(await desk.acceptBulletin(people.officer, early));
  expect((await planned(town, 'd1')).filter((one) => one.startsWith(kept.id))).toHaveLength(1);
});

test('volume and languages of an area and of one cluster are in its plan', async () => {
  const town = await openTown();
  const { law } = town.work;
  const volume = [{ from: '16:00', until: '20:00', volumePercent: 50 }];
  good(await law.makeChange(people.officer, ask({ kind: 'volume', clusterId: 'c2', volume })));
  const view = good(await law.law(people.officer, 'thang'));
  expect(view.clusterSounds).toEqual([{ clusterId: 'c2', languages: null, volume }]);
  expect(await bodyOf(town, 'd1')).not.toContain('gainDb');
  expect(await bodyOf(town, 'd2')).toContain('"gainDb":-6');
});

test('bad decisions are refused with their flaw and change nothing', async () => {
  const town = await openTown();
  const { law } = town.work;
  const before = await planned(town, 'd1');
  const backwards = { spans: spans('18:00', '05:00'), document: 'QĐ 1' };
  expect(refused(await law.makeChange(people.officer, ask({ kind: 'hours', areaId: 'thang', hours: backwards })))).toBe(
    'law-until-not-after-from',
  );
  const hours = { spans: spans('05:00', '06:00'), document: 'QĐ 1' };
  for (const areaId of ['duc', 'p68', 'nowhere']) {
    expect(refused(await law.makeChange(people.officer, ask({ kind: 'hours', areaId, hours })))).toBe('unknown-area');
    expect(refused(await law.previewChange(people.officer, { kind: 'hours', areaId, hours }))).toBe('unknown-area');
  }
  expect(refused(await law.law(people.officer, 'duc'))).toBe('unknown-area');
  expect(refused(await law.makeChange(people.technician, ask({ kind: 'hours', areaId: 'thang', hours })))).toBe(
    'no-right',
  );
  expect(await planned(town, 'd1')).toEqual(before);
});

test('the same request again changes nothing, and another wish under its id is refused', async () => {
  const town = await openTown();
  const { law } = town.work;
  const request = ask({ kind: 'hours', areaId: 'thang', hours: { spans: spans('05:00', '12:00'), document: 'QĐ 1' } });
  expect(good(await law.makeChange(people.officer, request)).clusterCount).toBe(2);
  const { number } = planOf(town, 'd1');
  expect(good(await law.makeChange(people.officer, request)).clusterCount).toBe(0);
  expect(planOf(town, 'd1').number).toBe(number);
  const other = { ...request, change: { kind: 'hours' as const, areaId: 'thang', hours: null } };
  expect(refused(await law.makeChange(people.officer, other))).toBe('request-reused');
});
