/** That a bulletin waits for a leader, or came back from one; nothing for what a leader has no say in any more. */
import type { BulletinView } from '@loa/protocol/panel';
import { useSay } from '../text/use-say.ts';
import { StatusChip } from './status-chip.tsx';

export function ApprovalChip(props: { state: BulletinView['state'] }) {
  const say = useSay();
  if (props.state === 'submitted') return <StatusChip tone="coming">{say('approval.chip-submitted')}</StatusChip>;
  if (props.state === 'returned') return <StatusChip tone="attention">{say('approval.chip-returned')}</StatusChip>;
  return null;
}
