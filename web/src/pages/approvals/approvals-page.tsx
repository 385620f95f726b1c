/** "Chờ duyệt": what officers have submitted, each with one decision to make, and what was decided lately. */
import { IconChecklist } from '@tabler/icons-react';
import { useRef } from 'react';
import { failureOf, failureWords } from '../../api/failure-words.ts';
import { useMay, useMe } from '../../api/me.tsx';
import { useBulletins } from '../../api/queries.ts';
import { EmptyState, Waiting } from '../../kit/empty-state.tsx';
import { Notice } from '../../kit/notice.tsx';
import { PageHeader } from '../../kit/page-header.tsx';
import { useLive, useNow } from '../../live/use-live.tsx';
import { decidedOf, submittedOf } from '../../model/approval.ts';
import { useLanguage, useSay } from '../../text/use-say.ts';
import { ApprovalCard } from './approval-card.tsx';
import styles from './approvals-page.module.css';
import { DecidedList } from './decided-list.tsx';

export function ApprovalsPage() {
  const say = useSay();
  const mayApprove = useMay('approve');
  return (
    <>
      <PageHeader title={say('nav.approvals')} line={say('approval.line')} />
      {mayApprove ? <Approvals /> : <Notice tone="attention">{say('approval.no-right')}</Notice>}
    </>
  );
}

function Approvals() {
  const say = useSay();
  const language = useLanguage();
  const { timeZone } = useMe();
  const nowMs = useNow(30_000);
  const isDrawn = useLive((state) => state.isDrawn);
  const bulletins = useBulletins();
  const heading = useRef<HTMLHeadingElement>(null);
  if (bulletins.error !== null) {
    return (
      <Notice tone="attention" live>
        {failureWords(failureOf(bulletins.error), say, language)}
      </Notice>
    );
  }
  if (!isDrawn || bulletins.data === undefined) return <Waiting words={say('frame.waiting')} />;
  const waiting = submittedOf(bulletins.data, { nowMs, timeZone });
  const decided = decidedOf(bulletins.data);
  return (
    <div className={styles.page}>
      <section className={styles.part}>
        <h2 ref={heading} tabIndex={-1}>
          {say('approval.waiting', { count: waiting.length })}
        </h2>
        {waiting.length === 0 && (
          <EmptyState icon={<IconChecklist size={30} />} title={say('approval.none')}>
            {say('approval.none-line')}
          </EmptyState>
        )}
        <ul className={styles.list}>
          {waiting.map((bulletin) => (
            // The card goes away with the decision: who reads by ear goes on from the heading.
            <ApprovalCard key={bulletin.id} bulletin={bulletin} onDecided={() => heading.current?.focus()} />
          ))}
        </ul>
      </section>
      {decided.length > 0 && <DecidedList bulletins={decided} nowMs={nowMs} />}
    </div>
  );
}
