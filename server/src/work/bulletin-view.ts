/**
 * A bulletin as the panel shows it to one person: with its clip, its author's name, its next start and how many clusters
 * it addresses. Reads, never writes; whether the person may see it is the caller's question.
 */
import type { BulletinView, Person, WhenForm } from '@loa/protocol/panel';
import { nextInstantOf, type When } from '@loa/schedules';
import { type AreaTree, readAreaTree } from '../keep/store/rows/area-tree.ts';
import type { StoredBulletin } from '../keep/store/rows/bulletin-row.ts';
import { clipView, madeClips } from '../keep/store/rows/clip-row.ts';
import { readClusters } from '../keep/store/rows/cluster-row.ts';
import { instantText } from '../keep/store/rows/column.ts';
import { isFromAbove, readClips } from '../keep/store/rows/programme.ts';
import type { Reader, Writer } from '../keep/store/store.ts';
import { clustersBelow, shownClip } from './choice.ts';
import { holds, isOwn, visibleAreas } from './scope.ts';

/** The views of at most 500 bulletins, in their order. `clusterCount` counts what the person may see. */
export async function readBulletinViews(
  db: Reader | Writer,
  options: { person: Person; bulletins: readonly StoredBulletin[]; nowMs: number },
): Promise<BulletinView[]> {
  const { person, bulletins, nowMs } = options;
  const areas = await readAreaTree(db);
  const { time_zone: timeZone } = await db.selectFrom('installation').select('time_zone').executeTakeFirstOrThrow();
  const clusters = (await readClusters(db)).filter((cluster) => isOwn(areas, person, cluster.areaId));
  const made = await madeClips(db, [...new Set(bulletins.map((bulletin) => bulletin.clipId))]);
  const spoken = await readClips(
    db,
    bulletins.flatMap(({ versions }) => versions.map(({ clipId }) => clipId)),
  );
  const people = await db.selectFrom('people').select(['id', 'name']).execute();
  const names = new Map(people.map(({ id, name }) => [id, name]));
  return bulletins.map((bulletin) => {
    const clip = shownClip(areas, {
      person,
      made: made.filter(({ id }) => id === bulletin.clipId),
      title: bulletin.title,
    });
    if (clip === undefined) throw new Error(`Nobody has made the clip of bulletin ${bulletin.id}`);
    const nextMs = nextStartMs(bulletin, { timeZone, nowMs });
    return {
      ...fixedPart(areas, person, bulletin),
      clip: clipView(clip),
      createdBy: names.get(bulletin.createdBy) ?? '',
      ...(bulletin.decision === null ? {} : { decision: decisionView(bulletin.decision, names) }),
      ...(nextMs === undefined ? {} : { nextAt: instantText(nextMs) }),
      ...(bulletin.versions.length === 0
        ? {}
        : {
            versions: bulletin.versions.map((one) => ({ ...one, durationMs: spoken.get(one.clipId)?.durationMs ?? 0 })),
          }),
      clusterCount: clustersBelow(areas, { clusters, areaIds: bulletin.areaIds, clusterIds: bulletin.clusterIds })
        .length,
    };
  });
}

/** The next start at or after `nowMs`, undefined when there is none any more. */
export function nextStartMs(
  bulletin: StoredBulletin,
  options: { timeZone: string; nowMs: number },
): number | undefined {
  if (bulletin.state !== 'accepted') return undefined;
  const { timeZone, nowMs } = options;
  const fromMs = Math.max(nowMs, bulletin.decision?.atMs ?? bulletin.createdMs);
  const starts = bulletin.whens.map((when) => nextInstantOf(when, timeZone, fromMs)).filter((at) => at !== undefined);
  if (bulletin.nowAtMs !== null && bulletin.nowAtMs >= nowMs) starts.push(bulletin.nowAtMs);
  return starts.length === 0 ? undefined : Math.min(...starts);
}

function fixedPart(areas: AreaTree, person: Person, bulletin: StoredBulletin) {
  const isNow = bulletin.nowAtMs !== null && bulletin.class !== 'emergency';
  return {
    id: bulletin.id,
    title: bulletin.title,
    class: bulletin.class,
    state: bulletin.state === 'part' ? ('accepted' as const) : bulletin.state,
    drill: bulletin.drill,
    areaIds: visibleAreas(areas, person, bulletin.areaIds),
    ...(bulletin.clusterIds.length === 0 ? {} : { clusterIds: bulletin.clusterIds }),
    ...(bulletin.slot === null ? {} : { slot: bulletin.slot }),
    ...(isFromAbove(areas, bulletin.madeIn) ? { isFromAbove: true } : {}),
    ...(bulletin.originId === null ? {} : { originId: bulletin.originId }),
    ...(mayDecide(person, bulletin) ? { mayDecide: true } : {}),
    whens: [...(isNow ? [{ kind: 'now' as const }] : []), ...bulletin.whens.map(whenForm)],
    ...(bulletin.nowAtMs === null ? {} : { nowAt: instantText(bulletin.nowAtMs) }),
    repeat: bulletin.repeat,
    late: bulletin.late,
    resume: bulletin.resume,
    createdAt: instantText(bulletin.createdMs),
    ...(bulletin.withdrawnMs === null ? {} : { withdrawnAt: instantText(bulletin.withdrawnMs) }),
  };
}

/** A leader decides on what somebody else has submitted. */
export function mayDecide(person: Person, { state, createdBy }: StoredBulletin): boolean {
  return state === 'submitted' && holds(person, 'approve') && createdBy !== person.id;
}

function decisionView(
  { by, atMs, reason }: NonNullable<StoredBulletin['decision']>,
  names: ReadonlyMap<string, string>,
) {
  return { by: names.get(by) ?? '', at: instantText(atMs), ...(reason === null ? {} : { reason }) };
}

/** A when as the wire has it. */
export function whenForm(when: When): WhenForm {
  if (when.kind === 'weekly') return { ...when, weekdays: [...when.weekdays] };
  if (when.kind === 'monthly') return { ...when, days: [...when.days] };
  if (when.kind !== 'lunar') return when;
  const { rule } = when;
  return { ...when, rule: rule.kind === 'monthly' ? { ...rule, days: [...rule.days] } : rule };
}
