/** That bulletins from above wait for this commune's decision, with the way there. Nothing when none does. */
import { IconChevronRight, IconInbox } from '@tabler/icons-react';
import { Link } from 'react-router';
import { useSay } from '../text/use-say.ts';
import styles from './troubles-line.module.css';
import { useWaiting } from './use-waiting.ts';

/** Titles spelled out in the line; the rest is counted. */
const namedMax = 2;

export function InboxLine() {
  const say = useSay();
  const waiting = useWaiting();
  if (waiting.length === 0) return null;
  const rest = waiting.length - namedMax;
  return (
    <Link className={styles.line} data-tone="attention" to="/inbox">
      <IconInbox size={24} aria-hidden />
      <span>
        <strong>{say('inbox.wait-line', { count: waiting.length })}</strong>{' '}
        {waiting
          .slice(0, namedMax)
          .map(({ bulletin }) => bulletin.title)
          .join('; ')}
        {rest > 0 && say('inbox.wait-more', { count: rest })}
      </span>
      <IconChevronRight size={22} aria-hidden />
    </Link>
  );
}
