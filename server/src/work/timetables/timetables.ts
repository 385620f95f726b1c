/**
 * Timetables that come in from a spreadsheet: read row by row, their sounds made or found, previewed, and scheduled all
 * together or not at all. A row that cannot be taken is told with its number and its reason; the same request again
 * answers what was scheduled the first time.
 */
import type { ChangedView, ClipView, Person, TimetableEntry, TimetableMistake } from '@loa/protocol/panel';
import { changedClusters, changeWindowMs, createAddresses, planPastMs } from '@loa/schedules';
import { readAreaTree } from '../../keep/store/rows/area-tree.ts';
import { type StoredBulletin, toSchedule } from '../../keep/store/rows/bulletin-row.ts';
import { isFromAbove, type Programme, readClips, readProgramme } from '../../keep/store/rows/programme.ts';
import type { Reader } from '../../keep/store/store.ts';
import { accept, type Refusal, type Result, refuse } from '../../refusal.ts';
import { enterBulletin, findRequest, type NewBulletin } from '../bulletin-book.ts';
import { changedView } from '../changed-view.ts';
import type { Timetables, WorkPorts } from '../contracts.ts';
import { draftOf, judgeDraft } from '../draft-bulletin.ts';
import { foldName } from '../fold-name.ts';
import { planSetOf } from '../plan-sets.ts';
import { workRefusal } from '../refusals.ts';
import { holds, isOwn } from '../scope.ts';
import { timetableReader } from './read-aside.ts';

export interface TimetablePorts extends Pick<WorkPorts, 'store' | 'clock' | 'random' | 'nowLeadMs'> {
  /** The desk's. */
  makeSpeech(
    person: Person,
    input: { text: string; title?: string | undefined; signal?: AbortSignal | undefined },
  ): Promise<Result<ClipView>>;
  listClips(person: Person): Promise<ClipView[]>;
  /** The desk's: spreads a bulletin that is on disk. */
  bulletinAccepted(bulletin: StoredBulletin): Promise<void>;
}

/** One row with its sound, judged. */
interface Ready {
  draft: NewBulletin;
  lastMs: number | null;
  state: 'accepted' | 'submitted' | 'offered';
}

export function createTimetables(ports: TimetablePorts): Timetables {
  const { store, clock } = ports;
  const readAside = timetableReader();

  async function read(person: Person, bytes: Uint8Array) {
    if (!holds(person, 'schedule')) return refuse(workRefusal('no-right'));
    const { areas, timeZone } = await store.read(async (db) => ({
      areas: await readAreaTree(db),
      timeZone: (await db.selectFrom('installation').select('time_zone').executeTakeFirstOrThrow()).time_zone,
    }));
    const own = [...areas.values()].filter(({ id }) => isOwn(areas, person, id));
    const today = Temporal.Instant.fromEpochMilliseconds(clock.nowMs()).toZonedDateTimeISO(timeZone).toPlainDate();
    return await readAside({
      bytes,
      areas: own.map(({ id, name, kind, code }) => ({ id, name, kind, ...(code === null ? {} : { code }) })),
      defaultAreaId: person.areaId,
      timeZone,
      today: today.toString(),
    });
  }

  /** The clip of a row: spoken from its text, or found by its title. */
  async function clipOf(
    entry: TimetableEntry,
    options: { person: Person; shelf: readonly ClipView[]; signal: AbortSignal | undefined },
  ): Promise<Result<string>> {
    const { person, shelf, signal } = options;
    if (entry.text !== undefined) {
      const spoken = await ports.makeSpeech(person, { text: entry.text, title: entry.title, signal });
      return spoken.ok ? accept(spoken.value.id) : spoken;
    }
    const named = foldName(entry.clipTitle ?? '');
    // Offices write the file's name, clips are called by it without its ending.
    const wanted = new Set([named, named.replace(/\.[a-z0-9]{2,5}$/, '')]);
    const found = shelf.find((clip) => wanted.has(foldName(clip.title)));
    return found === undefined ? refuse(workRefusal('unknown-clip')) : accept(found.id);
  }

  async function readyRow(
    entry: TimetableEntry,
    options: { person: Person; requestId: string; shelf: readonly ClipView[]; signal: AbortSignal | undefined },
  ): Promise<Result<Ready>> {
    const { person, requestId } = options;
    const clip = await clipOf(entry, options);
    if (!clip.ok) return clip;
    const { title, class: of, areaIds, whens, slot, repeatCount } = entry;
    const draft = draftOf(ports, {
      person,
      request: {
        requestId: rowRequest(requestId, entry.row),
        title,
        class: of,
        clipId: clip.value,
        areaIds,
        whens,
        slot,
        repeat: { count: repeatCount, gapMs: 2_000 },
        late: { kind: 'start', lateMsMax: 300_000 },
        resume: 'drop',
      },
    });
    const judged = await store.read((db) => judgeDraft(db, { person, draft }));
    return judged.ok ? accept({ draft, ...judged.value }) : judged;
  }

  async function preview(ready: readonly Ready[]): Promise<ChangedView> {
    const nowMs = clock.nowMs();
    const window = { fromMs: nowMs, untilMs: nowMs + changeWindowMs };
    return await store.read(async (db) => {
      const before = await readProgramme(db, { fromMs: nowMs - planPastMs });
      const after = { ...before, bulletins: [...before.bulletins, ...(await schedulesOf(db, before, ready))] };
      const clusterIds = addressedBy(before, ready);
      const planned = { fromMs: nowMs - planPastMs, untilMs: window.untilMs };
      const changes = changedClusters({
        before: planSetOf(before, { clusterIds, window: planned }),
        after: planSetOf(after, { clusterIds, window: planned }),
        window,
      });
      const titles = new Map(ready.map(({ draft }) => [draft.id, draft.title]));
      return await changedView(db, { changes, untilMs: window.untilMs, titles });
    });
  }

  return {
    read,
    import: async (person, { requestId, entries, dryRun }, signal) => {
      if (!holds(person, 'schedule')) return refuse(workRefusal('no-right'));
      const former = await store.read((db) => findRows(db, { person, requestId, entries }));
      if (former.length > 0 && !dryRun)
        return accept({ changed: await preview([]), bulletinIds: former, mistakes: [] });
      const shelf = await ports.listClips(person);
      const ready: Ready[] = [];
      const mistakes: TimetableMistake[] = [];
      for (const entry of entries) {
        const row = await readyRow(entry, { person, requestId, shelf, signal });
        if (row.ok) ready.push(row.value);
        else mistakes.push(mistakeOf(entry.row, row.refusal));
      }
      const changed = await preview(ready);
      if (dryRun || mistakes.length > 0) return accept({ changed, bulletinIds: [], mistakes });
      const kept = await store.write(async (tx) => {
        const twins = await findRows(tx, { person, requestId, entries });
        if (twins.length > 0) return { ids: twins, bulletins: [] };
        const bulletins: StoredBulletin[] = [];
        for (const { draft, state, lastMs } of ready)
          bulletins.push(await enterBulletin(tx, { bulletin: { ...draft, state }, lastMs }));
        return { ids: bulletins.map(({ id }) => id), bulletins };
      });
      await Promise.all(kept.bulletins.map(ports.bulletinAccepted));
      return accept({ changed, bulletinIds: kept.ids, mistakes: [] });
    },
  };
}

function rowRequest(requestId: string, row: number): string {
  return `${requestId}.${row}`;
}

/** The bulletins that this request has led to before. */
async function findRows(
  db: Reader,
  options: { person: Person; requestId: string; entries: readonly TimetableEntry[] },
): Promise<string[]> {
  const { person, requestId, entries } = options;
  const found: string[] = [];
  for (const { row } of entries) {
    const former = await findRequest(db, { person, requestId: rowRequest(requestId, row) });
    if (former !== undefined) found.push(former.id);
  }
  return found;
}

async function schedulesOf(
  db: Reader,
  { areas, timeZone, bulletins }: Programme,
  ready: readonly Ready[],
): Promise<Programme['bulletins']> {
  const clips = await readClips(
    db,
    ready.map(({ draft }) => draft.clipId),
  );
  const last = Math.max(0, ...bulletins.map(({ acceptedNumber }) => acceptedNumber));
  return ready
    .filter(({ state }) => state === 'accepted')
    .map(({ draft }, index) => ({
      ...toSchedule(
        { ...draft, acceptedNumber: last + 1 + index },
        {
          clipDurationMs: clips.get(draft.clipId)?.durationMs ?? 0,
          timeZone,
          isFromAbove: isFromAbove(areas, draft.madeIn),
        },
      ),
      createdMs: draft.createdMs,
    }));
}

function addressedBy({ areas, devices }: Programme, ready: readonly Ready[]): Set<string> {
  const wanted = new Set(ready.flatMap(({ draft }) => draft.areaIds));
  const addressesOf = createAddresses(areas);
  const own = devices.filter(({ clusterId: id, ...at }) => addressesOf({ id, ...at }).some((one) => wanted.has(one)));
  return new Set(own.map(({ clusterId }) => clusterId));
}

function mistakeOf(row: number, { vi, en }: Refusal): TimetableMistake {
  return { row, vi, en };
}
