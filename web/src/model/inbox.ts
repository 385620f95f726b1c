/**
 * Bulletins from above as a commune decides on them: how each stands, in which order they are shown, the draft that a
 * commune begins with, and the answer it becomes. Pure.
 */
import type { BulletinView, InboxAnswer, InboxItem } from '@loa/protocol/panel';
import { civilDateOf, clockWords } from './civil-time.ts';
import { type Draft, newDraft, requestOf } from './draft.ts';
import { nextSlot } from './slots.ts';

/** `waiting` asks for a decision; `recalled` was taken back by whoever sent it, decided or not. */
export type InboxStanding = 'waiting' | 'scheduled' | 'declined' | 'recalled';

export function standingOf(item: InboxItem): InboxStanding {
  if (item.bulletin.state === 'withdrawn') return 'recalled';
  return item.answer?.kind ?? 'waiting';
}

/** What a commune made of it, while a leader has yet to approve it or has sent it back: it is not in the schedule. */
export function madeBulletin(item: InboxItem, bulletins: readonly BulletinView[]): BulletinView | undefined {
  if (standingOf(item) !== 'scheduled') return undefined;
  const made = bulletins.find(({ id }) => id === item.answer?.bulletinId);
  return made?.state === 'submitted' || made?.state === 'returned' ? made : undefined;
}

/** Those that wait for a decision. */
export function waitingOf(items: readonly InboxItem[]): InboxItem[] {
  return items.filter((item) => standingOf(item) === 'waiting');
}

/** Waiting ones first, oldest first, so that nobody waits longest unseen; then the rest, newest first. */
export function inboxOrder(items: readonly InboxItem[]): InboxItem[] {
  const sentMs = ({ bulletin }: InboxItem) => Date.parse(bulletin.createdAt);
  const rest = items.filter((item) => standingOf(item) !== 'waiting');
  return [...waitingOf(items).sort((a, b) => sentMs(a) - sentMs(b)), ...rest.sort((a, b) => sentMs(b) - sentMs(a))];
}

/** An item is one bulletin at one commune. */
export function inboxKey(item: InboxItem): string {
  return `${item.bulletin.id} ${item.areaId}`;
}

/** What a commune begins with: everywhere in it, as was suggested from above, else in the next session. */
export function draftFor(item: InboxItem, now: { nowMs: number; timeZone: string }): Draft {
  const { bulletin, areaId } = item;
  const today = civilDateOf(now.nowMs, now.timeZone);
  const { slot, isTomorrow } = nextSlot(clockWords(now.nowMs, now.timeZone));
  return {
    ...newDraft(now),
    title: bulletin.title,
    hasOwnTitle: true,
    source: 'kept',
    clipId: bulletin.clip.id,
    areaIds: [areaId],
    slot,
    date: today.add({ days: isTomorrow ? 1 : 0 }).toString(),
    repeatCount: bulletin.repeat.count,
    ...suggestionOf(bulletin, today.toString()),
  };
}

/** The suggested time, as far as the form's plain patterns hold it and it has not passed. */
function suggestionOf(bulletin: BulletinView, today: string): Partial<Draft> {
  const when = bulletin.whens[0];
  if (when === undefined || when.kind === 'now' || when.kind === 'rule' || when.kind === 'lunar') return {};
  const end = when.kind === 'once' ? when.date : when.until;
  if (end !== undefined && end < today) return {};
  const begin = when.kind === 'once' ? when.date : when.from;
  return {
    whenKind: when.kind,
    date: begin < today ? today : begin,
    time: when.time.slice(0, 5),
    slot: bulletin.slot,
    ...(when.kind === 'weekly' ? { weekdays: when.weekdays } : {}),
    ...(when.kind === 'monthly' ? { monthDays: when.days } : {}),
    ...(when.kind === 'once' || when.until === undefined ? {} : { until: when.until }),
  };
}

/** "Thêm vào lịch" of a whole draft: title, class and sound stay those from above. */
export function takingOf(draft: Draft, input: { areaId: string; requestId: string }): InboxAnswer {
  const {
    title: _title,
    class: _class,
    clipId: _clip,
    versions: _versions,
    ...request
  } = requestOf(draft, input.requestId);
  return { kind: 'scheduled', areaId: input.areaId, request };
}
