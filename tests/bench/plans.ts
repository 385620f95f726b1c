/**
 * How long a week's plans of a province take from scratch, and a change in one commune, beside the floor of writing the
 * same bodies out as JSON once. Signing is measured apart.
 */
import { type Clip, keyFromSeed, seal } from '@loa/protocol/device';
import type { AreaNode } from '@loa/server/keep/store/rows/area-tree.ts';
import type { Programme } from '@loa/server/keep/store/rows/programme.ts';
import { createDueDocuments } from '@loa/server/work/planner/due-documents.ts';

const communes = 124;
const villagesPerCommune = 10;
const devicesPerVillage = 8;
/** Items a day on one device: the province's, its commune's, its village's. */
const itemsPerDay = { province: 4, commune: 12, village: 4 };
const timeZone = 'Asia/Ho_Chi_Minh';
const nowMs = Temporal.ZonedDateTime.from(`2026-11-23T08:00[${timeZone}]`).epochMilliseconds;

/** Milliseconds: all plans from scratch, those of one commune, and the floor for all. */
export function measurePlans(): {
  devices: number;
  items: number;
  allMs: number;
  communeMs: number;
  signMs: number;
  floorMs: number;
} {
  const programme = province();
  const all = time(() => planAll(programme));
  const oneCommune = programme.devices.filter((device) => device.areaId.startsWith('c7-'));
  const communeMs = time(() => planAll({ ...programme, devices: oneCommune })).ms;
  const bodies = [...new Set(all.result.map((due) => due.plan?.body.text ?? ''))];
  const parsed: unknown[] = bodies.map((text) => JSON.parse(text));
  const floorMs = time(() => parsed.map((body) => JSON.stringify(body))).ms;
  const items = all.result.reduce((sum, due) => sum + (due.plan?.body.text.split('"occurrence"').length ?? 1) - 1, 0);
  const key = keyFromSeed(new Uint8Array(32).fill(7));
  const signMs = time(() =>
    all.result.map(({ plan }) => seal({ payload: plan?.document, key, type: 'loa-document' })),
  ).ms;
  return { devices: programme.devices.length, items, allMs: all.ms, communeMs, signMs, floorMs };
}

function planAll(programme: Programme) {
  const dueOf = createDueDocuments({ programme, published: new Map(), nowMs });
  return programme.devices.map(dueOf);
}

function time<T>(run: () => T): { ms: number; result: T } {
  const from = performance.now();
  const result = run();
  return { ms: performance.now() - from, result };
}

function province(): Programme {
  const areas: AreaNode[] = [node('p', null, 'province')];
  const devices: Programme['devices'] = [];
  const bulletins: Programme['bulletins'] = [];
  const clip: Clip = {
    id: 'a'.repeat(64),
    durationMs: 120_000,
    renditions: [{ format: 'ogg-opus', hash: 'a'.repeat(64), sizeBytes: 480_000 }],
  };
  const air = (areaId: string, count: number, firstMinute: number) => {
    for (let index = 0; index < count; index += 1) bulletins.push(bulletin(areaId, firstMinute + index * 3));
  };
  const bulletin = (areaId: string, minute: number): Programme['bulletins'][number] => ({
    id: `b${bulletins.length}`,
    class: 'normal',
    areaIds: [areaId],
    clipId: clip.id,
    clipDurationMs: clip.durationMs,
    whens: [{ kind: 'daily', from: '2026-01-01', time: clockOf(minute) }],
    late: { kind: 'start', lateMsMax: 300_000 },
    resume: 'drop',
    repeat: { count: 1, gapMs: 0 },
    timeZone,
    acceptedNumber: bulletins.length,
    createdMs: 0,
  });
  air('p', itemsPerDay.province, 5 * 60);
  for (let c = 0; c < communes; c += 1) {
    areas.push(node(`c${c}`, 'p', 'commune'));
    air(`c${c}`, itemsPerDay.commune, 11 * 60);
    for (let v = 0; v < villagesPerCommune; v += 1) {
      const areaId = `c${c}-${v}`;
      areas.push(node(areaId, `c${c}`, 'village'));
      air(areaId, itemsPerDay.village, 17 * 60);
      for (let d = 0; d < devicesPerVillage; d += 1) {
        devices.push({ deviceId: `d${devices.length}`, clusterId: `k${devices.length}`, areaId, enrolledMs: 0 });
      }
    }
  }
  return {
    epoch: 1,
    timeZone,
    areas: new Map(areas.map((area) => [area.id, area])),
    devices,
    bulletins,
    clips: new Map([[clip.id, clip]]),
  };
}

function node(id: string, parentId: string | null, kind: AreaNode['kind']): AreaNode {
  return { id, parentId, kind, name: id, code: null, oldDistrict: null, hours: null };
}

function clockOf(minute: number): string {
  return `${String(Math.floor(minute / 60)).padStart(2, '0')}:${String(minute % 60).padStart(2, '0')}`;
}
