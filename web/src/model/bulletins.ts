/** The list of bulletins: which of them sound at all, and in which order they concern somebody. Pure. */
import type { BulletinView } from '@loa/protocol/panel';
import { type NextStart, orderMs } from './next-start.ts';

/** A bulletin with its next start. */
export interface Listed {
  bulletin: BulletinView;
  next: NextStart | undefined;
}

/** In no plan: it sounds nowhere unless somebody decides so. */
export function isSilent({ state }: Pick<BulletinView, 'state'>): boolean {
  return state === 'offered' || state === 'submitted' || state === 'returned';
}

/** What was returned first, since its author has to act; then what waits for a leader; then by next start. */
export function byUrgency(a: Listed, b: Listed): number {
  const [first, second] = [startOf(a), startOf(b)];
  return (
    rankOf(a.bulletin) - rankOf(b.bulletin) ||
    (first === second ? Date.parse(b.bulletin.createdAt) - Date.parse(a.bulletin.createdAt) : first - second)
  );
}

function rankOf({ state }: BulletinView): number {
  return state === 'returned' ? 0 : state === 'submitted' ? 1 : 2;
}

/** What sounds nowhere yet has no start of its own. */
function startOf({ bulletin, next }: Listed): number {
  return orderMs(isSilent(bulletin) ? undefined : next);
}
