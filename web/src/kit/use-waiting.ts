/** Which bulletins from above wait for a decision: for the line of today, and for the count in the menu. */
import type { InboxItem } from '@loa/protocol/panel';
import { useMe } from '../api/me.tsx';
import { useInbox } from '../api/queries.ts';
import { waitingOf } from '../model/inbox.ts';

/** Always none for those who do not decide for a commune. */
export function useWaiting(): InboxItem[] {
  const { person } = useMe();
  const inbox = useInbox(person.role === 'officer');
  return person.role === 'officer' ? waitingOf(inbox.data ?? []) : [];
}
