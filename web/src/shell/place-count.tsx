/** How much waits for this person at a place of the menu: to decide on, to approve. Nothing when none does. */
import { useBulletins } from '../api/queries.ts';
import { useWaiting } from '../kit/use-waiting.ts';
import { toDecide } from '../model/approval.ts';
import { useSay } from '../text/use-say.ts';
import styles from './place-count.module.css';
import type { Place } from './places.ts';

export function PlaceCount(props: { to: Place['to'] }) {
  if (props.to === '/inbox') return <InboxCount />;
  return props.to === '/approvals' ? <ApprovalCount /> : null;
}

function InboxCount() {
  const say = useSay();
  const count = useWaiting().length;
  return <Count count={count} words={say('nav.waiting', { count })} />;
}

function ApprovalCount() {
  const say = useSay();
  const count = toDecide(useBulletins().data ?? []).length;
  return <Count count={count} words={say('nav.to-approve', { count })} />;
}

function Count(props: { count: number; words: string }) {
  if (props.count === 0) return null;
  return (
    <span className={styles.count}>
      <span aria-hidden>{props.count}</span>
      <span className="visually-hidden">({props.words})</span>
    </span>
  );
}
