/**
 * The law of places, as people read and change it: what holds at an area, what a change would make sound, the change
 * itself. A change that has been answered with ok is on disk; plans, orders and the live picture follow and cannot undo
 * it.
 */
import type { ChangedView, LawChange, Person } from '@loa/protocol/panel';
import { changedClusters, changeWindowMs, createAddresses, planPastMs } from '@loa/schedules';
import { newId } from '../../edges/random.ts';
import { type Programme, readProgramme } from '../../keep/store/rows/programme.ts';
import type { Reader, Writer } from '../../keep/store/store.ts';
import { accept, type Refusal, type Result, refuse } from '../../refusal.ts';
import { changedView } from '../changed-view.ts';
import type { LawRoom, WorkPorts } from '../contracts.ts';
import { planSetOf } from '../plan-sets.ts';
import { workRefusal } from '../refusals.ts';
import { holds } from '../scope.ts';

import { readClashes } from './clashes.ts';
import { readExplanation } from './explanation.ts';
import { readLawView } from './law-view.ts';
import { type ChangeAsk, type Changed, makeChange } from './make-change.ts';

export interface LawPorts extends Pick<WorkPorts, 'store' | 'clock' | 'random' | 'log'> {
  /** Planner's; all devices when nothing is named. */
  replan(areaIds?: readonly string[]): Promise<void>;
  /** The watch's: what is expected to sound has changed. */
  plansChanged(): Promise<void>;
  /** The picture's and the emergencies': the law, the tree, or where clusters stand in it has changed. */
  placesChanged(): Promise<void>;
}

/** Thrown inside a transaction that shall leave nothing behind. */
class TakenBack extends Error {
  readonly found: { refusal: Refusal } | { made: Changed; after: Programme };
  constructor(found: TakenBack['found']) {
    super('taken back');
    this.found = found;
  }
}

export function createLawRoom(ports: LawPorts): LawRoom {
  const { store, clock } = ports;

  async function askOf(person: Person, change: LawChange): Promise<ChangeAsk> {
    const { time_zone: timeZone } = await store.read((db) =>
      db.selectFrom('installation').select('time_zone').executeTakeFirstOrThrow(),
    );
    return { person, change, nowMs: clock.nowMs(), timeZone, newId: (kind) => newId(ports.random, kind) };
  }

  const read = (nowMs: number) => store.read((db) => readProgramme(db, { fromMs: nowMs - planPastMs }));

  /** Publishes what changed. A failure leaves the decision as it is: sweeps mend plans and orders. */
  async function spread({ touched }: Changed): Promise<void> {
    const complain = (error: unknown) =>
      ports.log('error', 'a change of the law could not be spread', { touched, error: String(error) });
    await ports.placesChanged().catch(complain);
    await Promise.all([ports.replan(touched).catch(complain), ports.plansChanged().catch(complain)]);
  }

  async function compare(
    made: Changed,
    span: { before: Programme; after: Programme; nowMs: number },
  ): Promise<ChangedView> {
    const { before, after, nowMs } = span;
    const clusterIds = touchedClusters(made, [before, after]);
    const window = { fromMs: nowMs, untilMs: nowMs + changeWindowMs };
    const planned = { fromMs: nowMs - planPastMs, untilMs: window.untilMs };
    const planSet = planSetOf(after, { clusterIds, window: planned });
    const changes = changedClusters({
      before: planSetOf(before, { clusterIds, window: planned }),
      after: planSet,
      window,
    });
    const titles = new Map([before, after].flatMap(({ areas }) => partTitles(areas)));
    return await store.read((db) => changedView(db, { changes, untilMs: window.untilMs, titles, after: planSet }));
  }

  /** Makes the change and takes it back: what it would change, or why it cannot be. */
  async function tryChange(ask: ChangeAsk): Promise<TakenBack['found']> {
    try {
      return await store.write(async (tx) => {
        const made = await makeChange(tx, ask);
        if (!made.ok) throw new TakenBack({ refusal: made.refusal });
        const after = await readProgramme(tx, { fromMs: ask.nowMs - planPastMs });
        throw new TakenBack({ made: made.value, after });
      });
    } catch (error) {
      if (error instanceof TakenBack) return error.found;
      throw error;
    }
  }

  /** Undefined when the same request has been made before. */
  async function keepChange(ask: ChangeAsk, requestId: string): Promise<Result<Changed | undefined>> {
    try {
      const made = await store.write(async (tx) => {
        if ((await findChange(tx, ask.person, requestId)) !== undefined) return undefined;
        const done = await makeChange(tx, ask);
        if (!done.ok) throw new TakenBack({ refusal: done.refusal });
        await tx
          .insertInto('changes')
          .values({
            created_by: ask.person.id,
            request_id: requestId,
            change: JSON.stringify(ask.change),
            created_ms: ask.nowMs,
          })
          .execute();
        return done.value;
      });
      return accept(made);
    } catch (error) {
      if (error instanceof TakenBack && 'refusal' in error.found) return refuse(error.found.refusal);
      throw error;
    }
  }

  return {
    law: (person, areaId) => readLawView(ports, { person, areaId }),
    previewChange: async (person, change) => {
      if (!holds(person, 'schedule')) return refuse(workRefusal('no-right'));
      const ask = await askOf(person, change);
      const before = await read(ask.nowMs);
      const tried = await tryChange(ask);
      if ('refusal' in tried) return refuse(tried.refusal);
      return accept(await compare(tried.made, { before, after: tried.after, nowMs: ask.nowMs }));
    },
    makeChange: async (person, { requestId, change }) => {
      if (!holds(person, 'schedule')) return refuse(workRefusal('no-right'));
      const former = await store.read((db) => findChange(db, person, requestId));
      if (former !== undefined && former !== JSON.stringify(change)) return refuse(workRefusal('request-reused'));
      const ask = await askOf(person, change);
      const before = await read(ask.nowMs);
      const made = await keepChange(ask, requestId);
      if (!made.ok) return made;
      const done = made.value ?? { touched: [] };
      if (made.value !== undefined) await spread(made.value);
      return accept(await compare(done, { before, after: await read(ask.nowMs), nowMs: ask.nowMs }));
    },
    clashes: (person) => readClashes(ports, person),
    explain: (person, asked) => readExplanation(ports, { person, ...asked }),
  };
}

/** What the request led to when it came before, as text. */
async function findChange(db: Reader | Writer, person: Person, requestId: string): Promise<string | undefined> {
  const row = await db
    .selectFrom('changes')
    .select('change')
    .where('created_by', '=', person.id)
    .where('request_id', '=', requestId)
    .executeTakeFirst();
  return row?.change;
}

/** Titles of sessions' parts, also of those that are only tried. */
function partTitles(areas: Programme['areas']): [string, string][] {
  return [...areas.values()].flatMap(({ sessions }) =>
    (sessions ?? []).flatMap(({ parts }) =>
      (parts ?? []).flatMap((part): [string, string][] => (part.kind === 'bulletins' ? [] : [[part.id, part.title]])),
    ),
  );
}

/** Clusters that what was touched addresses, before or after. */
function touchedClusters({ touched }: Changed, programmes: readonly Programme[]): Set<string> {
  const wanted = touched === undefined ? undefined : new Set(touched);
  const found = new Set<string>();
  for (const { areas, devices } of programmes) {
    const addressesOf = createAddresses(areas);
    for (const { clusterId: id, ...at } of devices) {
      if (wanted === undefined || addressesOf({ id, ...at }).some((address) => wanted.has(address))) found.add(id);
    }
  }
  return found;
}
