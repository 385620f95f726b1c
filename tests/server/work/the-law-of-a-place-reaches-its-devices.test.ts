/** What an installation decides is in the plans of the devices it names: exceptions carried, rests silent, hours narrowed. */
import { type PlanBody, planBodySchema } from '@loa/protocol/device';
import type { HoursRule } from '@loa/schedules';
import type { AreaNode } from '@loa/server/keep/store/rows/area-tree.ts';
import type { Programme } from '@loa/server/keep/store/rows/programme.ts';
import { createDueDocuments } from '@loa/server/work/planner/due-documents.ts';
import { expect, test } from 'vitest';
import { at, everyDay, once, timeZone } from '../../harness/schedule-samples.ts';

const nowMs = at('2026-11-23T08:00');
const hoursOf = (from: string, until: string, document: string): HoursRule => ({
  timeZone,
  spans: [{ weekdays: everyDay, from, until }],
  document,
});
const node = (id: string, parentId: string | null, hours: HoursRule | null): AreaNode => ({
  ...{ id, parentId, hours, name: id, code: null, oldDistrict: null },
  kind: parentId === null ? 'province' : 'commune',
});
const clip = {
  id: 'a'.repeat(64),
  durationMs: 60_000,
  renditions: [{ format: 'ogg-opus' as const, hash: 'a'.repeat(64), sizeBytes: 1_000 }],
};

function programme(decided: Programme['decided']): Programme {
  const areas = [
    node('p', null, hoursOf('05:00', '21:00', 'QĐ 1')),
    node('c1', 'p', hoursOf('04:00', '20:00', 'QĐ 2')),
  ];
  const bulletins = [once('early', '2026-11-24T04:30'), once('noon', '2026-11-24T12:00', { acceptedNumber: 2 })];
  return {
    epoch: 1,
    timeZone,
    areas: new Map(areas.map((area) => [area.id, area])),
    devices: ['1', '2'].map((n) => ({ deviceId: `d${n}`, clusterId: `k${n}`, areaId: 'c1', enrolledMs: 0 })),
    bulletins: bulletins.map((bulletin) => ({ ...bulletin, createdMs: 0 })),
    clips: new Map([[clip.id, clip]]),
    decided,
  };
}

function documentsOf(decided: Programme['decided']) {
  const from = programme(decided);
  const dueOf = createDueDocuments({ programme: from, published: new Map(), nowMs });
  return from.devices.map((device) => {
    const { plan, hours } = dueOf(device);
    const body: PlanBody = planBodySchema.parse(JSON.parse(plan?.body.text ?? ''));
    return {
      hours: hours?.document,
      items: body.items.map(({ occurrence, exception }) => ({ occurrence, exception })),
    };
  });
}

test('a commune gets no hour that the province forbids', () => {
  const [first] = documentsOf(undefined);
  expect(first?.hours).toMatchObject({
    spans: [{ weekdays: [...everyDay], from: '05:00', until: '20:00' }],
    document: 'QĐ 2; QĐ 1',
  });
  expect(first?.items).toMatchObject([{ occurrence: expect.stringContaining('noon@') }]);
});

test('the item that an exception permits carries it, with nothing of the person', () => {
  const span = { fromMs: at('2026-11-24T04:00'), untilMs: at('2026-11-24T05:00') };
  const [first] = documentsOf({
    exceptions: [
      { id: 'e1', personName: 'Chủ tịch xã', document: 'CV 9', reason: 'hội làng', areaIds: ['p'], ...span },
    ],
  });
  expect(first?.items).toEqual([
    { occurrence: expect.stringContaining('early@'), exception: { document: 'CV 9', ...span } },
    { occurrence: expect.stringContaining('noon@'), exception: undefined },
  ]);
});

test('a rest silences the cluster it names and no other of the same area', () => {
  const span = { fromMs: at('2026-11-24T11:00'), untilMs: at('2026-11-24T13:00') };
  const [resting, other] = documentsOf({
    rests: [{ id: 's1', areaIds: [], clusterIds: ['k1'], reason: 'tang lễ', by: 'canbo', ...span }],
  });
  expect([resting?.items.length, other?.items.length]).toEqual([0, 1]);
});
