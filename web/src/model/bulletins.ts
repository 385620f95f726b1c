/** The list of bulletins: which ones still concern somebody, which of them sound at all, and in which order. Pure. */
import type { BulletinView } from '@loa/protocol/panel';

/** In no plan: it sounds nowhere unless somebody decides so. */
export function isSilent({ state }: Pick<BulletinView, 'state'>): boolean {
  return state === 'offered' || state === 'submitted' || state === 'returned';
}

/** Will still sound, or waits for somebody's decision or correction. */
export function isAhead(bulletin: Pick<BulletinView, 'state' | 'nextAt'>): boolean {
  return isSilent(bulletin) || (bulletin.state === 'accepted' && bulletin.nextAt !== undefined);
}

/** What was returned first, since its author has to act; then what waits for a leader; then by next start. */
export function byUrgency(a: BulletinView, b: BulletinView): number {
  return (
    rankOf(a) - rankOf(b) ||
    (nextMsOf(a) === nextMsOf(b) ? Date.parse(b.createdAt) - Date.parse(a.createdAt) : nextMsOf(a) - nextMsOf(b))
  );
}

function rankOf({ state }: BulletinView): number {
  return state === 'returned' ? 0 : state === 'submitted' ? 1 : 2;
}

function nextMsOf(bulletin: BulletinView): number {
  return isSilent(bulletin) || bulletin.nextAt === undefined ? Number.POSITIVE_INFINITY : Date.parse(bulletin.nextAt);
}
