/**
 * Makes an installation from a units file: data folder, database, keys, first people. What it hands back is shown once
 * and kept nowhere: the first passwords and the root key for paper.
 */
import { z } from 'zod';
import type { Clock } from '../edges/clock.ts';
import type { Random } from '../edges/random.ts';
import { grouped, randomCrockford } from '../keep/keys/crockford.ts';
import { makeSigningKeys } from '../keep/keys/signing-keys.ts';
import { openStore } from '../keep/store/open-store.ts';
import type { AreasTable, ClustersTable, PeopleTable } from '../keep/store/schema.ts';
import type { Writer } from '../keep/store/store.ts';
import { accept, type Result, refuse } from '../refusal.ts';
import { foldName } from '../work/fold-name.ts';
import { createHasher } from '../work/people/password.ts';
import { newPersonRow } from '../work/people/person.ts';
import { databaseNotEmpty, folderNotEmpty } from './installation-refusals.ts';
import { beginFolder, finishFolder, type InstallationPlace, placesOf } from './places.ts';
import { parseUnits, type Units } from './units.ts';

/** Shown once. */
export interface FirstRun {
  people: { login: string; name: string; role: string; password: string }[];
  /** The root key's seed in groups, to be written on paper. */
  rootKey: string;
}

/** Rows in one statement: well below either database's bound on parameters. */
const rowsPerInsert = 500;

/** 100 bits, four groups of five: can be read out over a telephone. */
const passwordCharacters = 20;

/** Refuses a bad units file, a folder or a database that is not empty; nothing has then been changed. */
export async function initInstallation(
  place: InstallationPlace & { unitsText: string; random: Random; clock: Pick<Clock, 'nowMs'> },
): Promise<Result<FirstRun>> {
  const { disk, random } = place;
  const units = parseUnits(place.unitsText);
  if (!units.ok) return units;
  if (!(await beginFolder(place))) return refuse(folderNotEmpty(place.dataDir));
  const places = placesOf(place);
  const store = await openStore(places);
  try {
    const made = await makePeople(units.value, { random, nowMs: place.clock.nowMs() });
    const { rootSeedText } = await makeSigningKeys({ folder: places.keys, disk, random });
    await disk.makeFolder(places.clips);
    const isEmpty = await store.write(async (tx) => {
      const known = await tx.selectFrom('installation').select('id').executeTakeFirst();
      if (known !== undefined) return false;
      await insertAll(tx, { units: units.value, people: made.rows, nowMs: place.clock.nowMs() });
      return true;
    });
    if (!isEmpty) {
      await disk.remove(places.keys);
      return refuse(databaseNotEmpty);
    }
    await finishFolder(place);
    return accept({ people: made.shown, rootKey: rootSeedText });
  } finally {
    await store.close();
  }
}

async function makePeople(
  units: Units,
  options: { random: Random; nowMs: number },
): Promise<{ rows: PeopleTable[]; shown: FirstRun['people'] }> {
  const { random, nowMs } = options;
  const hasher = createHasher(random);
  const rows: PeopleTable[] = [];
  const shown: FirstRun['people'] = [];
  for (const person of units.people) {
    const password = grouped(randomCrockford(random.bytes(passwordCharacters)).toLowerCase(), 5);
    const passwordHash = z.string().parse(await hasher.hash(password));
    rows.push(newPersonRow({ ...person, password }, { random, passwordHash, nowMs }));
    shown.push({ login: person.login, name: person.name, role: person.role, password });
  }
  return { rows, shown };
}

async function insertAll(tx: Writer, options: { units: Units; people: PeopleTable[]; nowMs: number }): Promise<void> {
  const { units, people, nowMs } = options;
  await tx
    .insertInto('installation')
    .values({ id: 1, epoch: 1, number: 0, accepted: 0, time_zone: units.timeZone, created_ms: nowMs })
    .execute();
  for (const lot of lots(parentsFirst(units.areas).map(areaRow))) await tx.insertInto('areas').values(lot).execute();
  for (const lot of lots(units.clusters.map(clusterRow))) await tx.insertInto('clusters').values(lot).execute();
  for (const lot of lots(people)) await tx.insertInto('people').values(lot).execute();
  const detail = JSON.stringify({ areas: units.areas.length, clusters: units.clusters.length, people: people.length });
  await tx
    .insertInto('audit')
    .values({ at_ms: nowMs, who: 'installation', action: 'init', target: '', detail })
    .execute();
}

function parentsFirst(areas: Units['areas']): Units['areas'] {
  const parents = new Map(areas.map((area) => [area.id, area.parentId ?? null]));
  const depthOf = (id: string): number => {
    const parent = parents.get(id) ?? null;
    return parent === null ? 0 : 1 + depthOf(parent);
  };
  return areas
    .map((area) => ({ area, depth: depthOf(area.id) }))
    .sort((a, b) => a.depth - b.depth)
    .map(({ area }) => area);
}

function areaRow(area: Units['areas'][number]): AreasTable {
  const name = area.name.normalize('NFC');
  return {
    id: area.id,
    parent_id: area.parentId ?? null,
    kind: area.kind,
    name,
    name_folded: foldName(name),
    code: area.code ?? null,
    old_district: area.oldDistrict ?? null,
    hours: area.hours === null || area.hours === undefined ? null : JSON.stringify(area.hours),
    limits: null,
    sessions: null,
    languages: null,
    volume: null,
    valid_from: area.validFrom ?? null,
    valid_until: area.validUntil ?? null,
    predecessor_ids: listOf(area.predecessorIds),
    member_area_ids: listOf(area.memberAreaIds),
    member_cluster_ids: listOf(area.memberClusterIds),
    approval: null,
    amplifier: null,
  };
}

function clusterRow(cluster: Units['clusters'][number]): ClustersTable {
  return {
    id: cluster.id,
    area_id: cluster.areaId,
    name: cluster.name.normalize('NFC'),
    horns: cluster.horns,
    lat: cluster.lat ?? null,
    lon: cluster.lon ?? null,
    former_area_ids: null,
    standing_since_ms: null,
    languages: null,
    volume: null,
  };
}

function listOf(ids: readonly string[] | undefined): string | null {
  return ids === undefined || ids.length === 0 ? null : JSON.stringify(ids);
}

function* lots<T>(rows: readonly T[]): Generator<T[]> {
  for (let at = 0; at < rows.length; at += rowsPerInsert) yield rows.slice(at, at + rowsPerInsert);
}
