/**
 * A bulletin before it is accepted: made from what a person asks for, and judged: are the places and clips theirs, can
 * its times be, does it go into the schedule or to the communes that choose? Asked by desk and inbox; writes nothing.
 */
import type { Person } from '@loa/protocol/panel';
import type { StandingCluster } from '@loa/schedules';
import { newId } from '../edges/random.ts';
import { lawBookOf } from '../keep/store/rows/area-plan.ts';
import { type AreaTree, communeOf, needsApproval, readAreaTree } from '../keep/store/rows/area-tree.ts';
import { toSchedule } from '../keep/store/rows/bulletin-row.ts';
import { readClusters } from '../keep/store/rows/cluster-row.ts';
import { readDecided } from '../keep/store/rows/decided.ts';
import { isFromAbove } from '../keep/store/rows/programme.ts';
import type { Reader } from '../keep/store/store.ts';
import { accept, type Result } from '../refusal.ts';
import type { NewBulletin } from './bulletin-book.ts';
import { judgeAreas, ownClips } from './choice.ts';
import type { AcceptBulletin, WorkPorts } from './contracts.ts';
import { judgeWhens, lastMsOf } from './judge-whens.ts';
import { holds } from './scope.ts';

/** From "play now" to its start unless the installation says otherwise: plan, fetch and decode fit into it. */
export const nowLeadMsDefault = 700;

/** The bulletin that a request asks for, before anything of it has been judged. */
export function draftOf(
  ports: Pick<WorkPorts, 'clock' | 'random' | 'nowLeadMs'>,
  options: { person: Person; request: AcceptBulletin },
): NewBulletin {
  const { person, request } = options;
  const nowMs = ports.clock.nowMs();
  const isNow = request.whens.some((when) => when.kind === 'now');
  return {
    id: newId(ports.random, 'b'),
    requestId: request.requestId,
    class: request.class,
    title: request.title,
    clipId: request.clipId,
    areaIds: [...new Set(request.areaIds)],
    whens: request.whens.filter((when) => when.kind !== 'now'),
    nowAtMs: isNow ? nowMs + (ports.nowLeadMs ?? nowLeadMsDefault) : null,
    late: request.late,
    resume: request.resume,
    repeat: request.repeat,
    drill: false,
    expiresMs: null,
    state: 'accepted',
    createdBy: person.id,
    createdMs: nowMs,
    withdrawnMs: null,
    clusterIds: [...new Set(request.clusterIds ?? [])],
    slot: request.slot ?? null,
    versions: request.versions ?? [],
    madeIn: person.areaId,
    originId: null,
    decision: null,
  };
}

/** What a draft becomes when it is accepted, or what is wrong with it. */
export async function judgeDraft(
  db: Reader,
  options: { person: Person; draft: NewBulletin },
): Promise<Result<{ lastMs: number | null; state: 'accepted' | 'submitted' | 'offered' }>> {
  const { person, draft } = options;
  const areas = await readAreaTree(db);
  const addressed = judgeAreas(areas, { person, clusters: await readClusters(db), ...draft });
  if (!addressed.ok) return addressed;
  const clips = await ownClips(db, { areas, person, draft });
  if (!clips.ok) return clips;
  const { time_zone: timeZone } = await db.selectFrom('installation').select('time_zone').executeTakeFirstOrThrow();
  const bulletin = toSchedule({ ...draft, acceptedNumber: 0 }, { ...clips.value, timeZone });
  const book = lawBookOf({ areas, timeZone, decided: await readDecided(db, draft.createdMs) });
  const timely = judgeWhens({ bulletin, areas, book, standing: addressed.value, nowMs: draft.createdMs });
  if (!timely.ok) return timely;
  const isOffered = isOffer(areas, { draft, addressed: addressed.value });
  const isAsked = !holds(person, 'approve') && needsApproval(areas, person.areaId);
  return accept({ lastMs: lastMsOf(bulletin), state: isOffered ? 'offered' : isAsked ? 'submitted' : 'accepted' });
}

/**
 * A normal bulletin from above a commune is offered to it and plays nowhere by itself (Circular 39/2020/TT-BTTTT); where
 * a cluster stands in no commune there is nobody to take it, and it is scheduled like any other.
 */
export function isOffer(
  areas: AreaTree,
  { draft, addressed }: { draft: Pick<NewBulletin, 'class' | 'madeIn'>; addressed: readonly StandingCluster[] },
): boolean {
  if (draft.class !== 'normal' || !isFromAbove(areas, draft.madeIn)) return false;
  return addressed.every(({ areaId }) => communeOf(areas, areaId) !== undefined);
}
