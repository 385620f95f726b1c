/** What has come down from above: each bulletin with its sound, and the commune's decision on it. */
import { IconInbox } from '@tabler/icons-react';
import { failureOf, failureWords } from '../../api/failure-words.ts';
import { useMay } from '../../api/me.tsx';
import { useInbox } from '../../api/queries.ts';
import { EmptyState, Waiting } from '../../kit/empty-state.tsx';
import { Notice } from '../../kit/notice.tsx';
import { PageHeader } from '../../kit/page-header.tsx';
import { useLive } from '../../live/use-live.tsx';
import { inboxKey, inboxOrder } from '../../model/inbox.ts';
import { useLanguage, useSay } from '../../text/use-say.ts';
import { InboxCard } from './inbox-card.tsx';
import styles from './inbox-page.module.css';

export function InboxPage() {
  const say = useSay();
  const language = useLanguage();
  const maySee = useMay('see');
  const isDrawn = useLive((state) => state.isDrawn);
  const inbox = useInbox(maySee);
  const items = inboxOrder(inbox.data ?? []);
  return (
    <>
      <PageHeader title={say('nav.inbox')} line={say('inbox.line')} />
      {inbox.error !== null && (
        <Notice tone="attention" live>
          {failureWords(failureOf(inbox.error), say, language)}
        </Notice>
      )}
      {(!isDrawn || inbox.data === undefined) && inbox.error === null && <Waiting words={say('frame.waiting')} />}
      {isDrawn && inbox.data !== undefined && items.length === 0 && (
        <EmptyState icon={<IconInbox size={30} />} title={say('inbox.none')}>
          {say('inbox.none-line')}
        </EmptyState>
      )}
      {isDrawn && (
        <ul className={styles.list}>
          {items.map((item) => (
            <InboxCard key={inboxKey(item)} item={item} />
          ))}
        </ul>
      )}
    </>
  );
}
