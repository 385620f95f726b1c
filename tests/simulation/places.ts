/**
 * The simulated province: a few communes, each with a village, loudspeakers spread over them, and the people who work
 * there. Makes the first state of a store; decides nothing.
 */
import { type Person, type Role, rightsOf } from '@loa/protocol/panel';
import type { Store } from '@loa/server/keep/store/store.ts';

export const timeZone = 'Asia/Ho_Chi_Minh';

/** Boards in one commune before the next is founded. */
const boardsPerCommune = 4;

export interface Place {
  clusterId: string;
  areaId: string;
  /** The area and those above it. */
  chain: readonly string[];
}

export interface Places {
  areas: readonly { id: string; parentId: string | null; kind: string }[];
  clusters: readonly Place[];
  communeIds: readonly string[];
  people: { department: Person; technician: Person; officers: readonly Person[] };
}

export function foundProvince(boards: number): Places {
  const province = 'p68';
  const communeIds = Array.from({ length: Math.ceil(boards / boardsPerCommune) }, (_, index) => `xa-${index + 1}`);
  const areas = [
    { id: province, parentId: null, kind: 'province' },
    ...communeIds.flatMap((id) => [
      { id, parentId: province, kind: 'commune' },
      { id: `${id}-thon`, parentId: id, kind: 'village' },
    ]),
  ];
  const clusters = Array.from({ length: boards }, (_, index): Place => {
    const commune = `xa-${Math.floor(index / boardsPerCommune) + 1}`;
    const isInVillage = index % boardsPerCommune === 2;
    const areaId = isInVillage ? `${commune}-thon` : commune;
    return { clusterId: `cum-${index + 1}`, areaId, chain: [...new Set([areaId, commune, province])] };
  });
  const people = {
    department: person('department', province, 'so'),
    technician: person('technician', province, 'ky-thuat'),
    officers: communeIds.map((id) => person('officer', id, `can-bo-${id}`)),
  };
  return { areas, clusters, communeIds, people };
}

function person(role: Role, areaId: string, id: string): Person {
  return { id, login: id, name: id, role, areaId, rights: [...rightsOf[role]] };
}

/** Writes the province into an empty store. */
export async function writePlaces(store: Store, places: Places, nowMs: number): Promise<void> {
  const plain = { name_folded: '', code: null, old_district: null, hours: null };
  const { department, technician, officers } = places.people;
  const people = [department, technician, ...officers].map(({ id, login, name, role, areaId }) => ({
    id,
    login,
    name,
    role,
    area_id: areaId,
    password_hash: '',
    created_ms: nowMs,
    disabled_ms: null,
  }));
  const clusters = places.clusters.map(({ clusterId, areaId }) => ({
    id: clusterId,
    area_id: areaId,
    name: clusterId,
    horns: 2,
    lat: null,
    lon: null,
  }));
  await store.write(async (tx) => {
    await tx
      .insertInto('installation')
      .values({ id: 1, epoch: 1, number: 0, accepted: 0, time_zone: timeZone, created_ms: nowMs })
      .execute();
    for (const { id, parentId, kind } of places.areas) {
      await tx
        .insertInto('areas')
        .values({ ...plain, id, parent_id: parentId, kind, name: id })
        .execute();
    }
    await tx.insertInto('clusters').values(clusters).execute();
    await tx.insertInto('people').values(people).execute();
  });
}
