/** How much waits at a place of the menu: for the bulletins from above, those to decide on. Nothing when none does. */
import { useWaiting } from '../kit/use-waiting.ts';
import { useSay } from '../text/use-say.ts';
import styles from './place-count.module.css';
import type { Place } from './places.ts';

export function PlaceCount(props: { to: Place['to'] }) {
  return props.to === '/inbox' ? <InboxCount /> : null;
}

function InboxCount() {
  const say = useSay();
  const count = useWaiting().length;
  if (count === 0) return null;
  return (
    <span className={styles.count}>
      <span aria-hidden>{count}</span>
      <span className="visually-hidden">({say('nav.waiting', { count })})</span>
    </span>
  );
}
