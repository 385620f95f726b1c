/**
 * A leader's word on what a commune airs, as the panel tells it: whose notices wait for one, what waits and what was
 * decided, what a leader is asked once more, and what the rule means where it is switched on or off. Pure; the server
 * judges again.
 */
import type { AreaView, BulletinView, LawChange, Person, PreviewRequest } from '@loa/protocol/panel';
import { nextInstantOf } from '@loa/schedules';
import type { Say } from '../text/say.ts';
import { nightTimesIn } from './draft.ts';

/** Decisions listed below what waits. */
export const decidedMax = 10;

/** True when what this person sends sounds only once a leader has approved it. What is only offered is never asked about. */
export function needsLeader(
  person: Pick<Person, 'areaId' | 'rights'>,
  input: { areas: ReadonlyMap<string, AreaView>; isOffered?: boolean },
): boolean {
  if (input.isOffered === true || person.rights.includes('approve')) return false;
  return input.areas.get(person.areaId)?.needsApproval === true;
}

/** What waits for this person's word. */
export function toDecide(bulletins: readonly BulletinView[]): BulletinView[] {
  return bulletins.filter(({ state, mayDecide }) => state === 'submitted' && mayDecide === true);
}

/** All that waits, what would sound soonest first; what has no start left comes last, as it can only be returned. */
export function submittedOf(
  bulletins: readonly BulletinView[],
  now: { nowMs: number; timeZone: string },
): BulletinView[] {
  const startMsOf = ({ whens }: BulletinView) =>
    Math.min(
      ...whens.map((when) =>
        when.kind === 'now' ? now.nowMs : (nextInstantOf(when, now.timeZone, now.nowMs) ?? Number.POSITIVE_INFINITY),
      ),
    );
  const waiting = bulletins.filter(({ state }) => state === 'submitted');
  const keyed = waiting.map((bulletin) => ({ bulletin, startMs: startMsOf(bulletin) }));
  keyed.sort((a, b) =>
    a.startMs === b.startMs
      ? Date.parse(a.bulletin.createdAt) - Date.parse(b.bulletin.createdAt)
      : a.startMs - b.startMs,
  );
  return keyed.map(({ bulletin }) => bulletin);
}

/** What leaders decided lately, newest first. */
export function decidedOf(bulletins: readonly BulletinView[]): BulletinView[] {
  const atMs = ({ decision }: BulletinView) => Date.parse(decision?.at ?? '');
  return bulletins
    .filter(({ state, decision }) => state !== 'submitted' && decision !== undefined)
    .sort((a, b) => atMs(b) - atMs(a))
    .slice(0, decidedMax);
}

/** A decision with a reason sent it back; one without let it be aired. */
export function isReturned({ decision }: Pick<BulletinView, 'decision'>): boolean {
  return decision?.reason !== undefined;
}

/** Who decided what, when, and why. Empty while nobody has. */
export function decisionWords(
  { decision }: Pick<BulletinView, 'decision'>,
  input: { say: Say; time: (at: string) => string },
): string {
  if (decision === undefined) return '';
  const { by: name, at, reason } = decision;
  const time = input.time(at);
  return reason === undefined
    ? input.say('approval.approved-by', { name, time })
    : input.say('approval.returned-by', { name, time, reason });
}

/** What a leader is asked once more before approving: that it sounds at once, or by night. */
export function approvalQuestion({ whens }: Pick<BulletinView, 'whens'>, say: Say): string | undefined {
  if (whens.some(({ kind }) => kind === 'now')) return say('compose.ask-now');
  const times = nightTimesIn(whens);
  return times.length === 0 ? undefined : say('compose.ask-night', { times: times.join(', ') });
}

/** What a preview of a bulletin is asked with: its own fields. */
export function previewRequestFrom(bulletin: BulletinView): PreviewRequest | undefined {
  // An emergency has a page and a law of its own.
  if (bulletin.class === 'emergency') return undefined;
  return {
    class: bulletin.class,
    clipId: bulletin.clip.id,
    areaIds: bulletin.areaIds,
    ...(bulletin.clusterIds === undefined ? {} : { clusterIds: bulletin.clusterIds }),
    whens: bulletin.whens,
    ...(bulletin.slot === undefined ? {} : { slot: bulletin.slot }),
    ...(bulletin.versions === undefined
      ? {}
      : { versions: bulletin.versions.map(({ language, clipId }) => ({ language, clipId })) }),
    repeat: bulletin.repeat,
    late: bulletin.late,
    resume: bulletin.resume,
  };
}

/** A change that alters no sound, only who must agree: what it means, and what is said once it is saved. */
export function meaningOf(change: LawChange, say: Say): { words: string; saved: string } | undefined {
  if (change.kind !== 'approval') return undefined;
  return change.isNeeded
    ? { words: say('approval.meaning-on'), saved: say('approval.saved-on') }
    : { words: say('approval.meaning-off'), saved: say('approval.saved-off') };
}
