/** The standing day: its sessions as they follow each other, and the form in which it is put together. */
import type { LawView, SessionForm } from '@loa/protocol/panel';
import { Button } from '@mantine/core';
import { IconCalendarOff, IconPlus } from '@tabler/icons-react';
import { useState } from 'react';
import { useChangeSheet } from '../../kit/change-sheet.tsx';
import { EmptyState } from '../../kit/empty-state.tsx';
import { Sheet } from '../../kit/sheet.tsx';
import { partWords, weekdaysWords } from '../../model/law/law-words.ts';
import {
  newSession,
  nextKey,
  type SessionDraft,
  sessionDraftsOf,
  sessionsChangeOf,
  sessionsMax,
} from '../../model/law/standing-day.ts';
import { withChanged, without } from '../../model/ordering.ts';
import { useSay } from '../../text/use-say.ts';
import { DecisionHead } from './decision-head.tsx';
import { FormActions } from './form-actions.tsx';
import styles from './hours-page.module.css';
import { SessionCard } from './session-card.tsx';

const slots = ['morning', 'noon', 'evening'] as const;

export function StandingDaySheet(props: { law: LawView }) {
  const say = useSay();
  const { law } = props;
  const [drafts, setDrafts] = useState<SessionDraft[]>();
  /** One session is open at a time. */
  const [openKey, setOpenKey] = useState<number>();
  const close = () => setDrafts(undefined);
  const change = useChangeSheet(close);
  const takeBack =
    law.own.sessions === null ? undefined : () => change.ask({ kind: 'sessions', areaId: law.areaId, sessions: null });
  const add = (slot: (typeof slots)[number]) => {
    const key = nextKey(drafts ?? []);
    setDrafts([...(drafts ?? []), newSession(slot, { name: say(`law.session.${slot}`), key })]);
    setOpenKey(key);
  };
  return (
    <Sheet
      title={say('law.part-sessions')}
      aside={
        drafts === undefined && (
          <DecisionHead
            mayChange={law.mayChange}
            onEdit={() => {
              setOpenKey(undefined);
              setDrafts(sessionDraftsOf(law.own.sessions ?? law.holds.sessions));
            }}
            onTakeBack={takeBack}
          />
        )
      }
    >
      <div className={styles.form}>
        <p className={styles.quiet}>
          {say('law.sessions-line')}{' '}
          {law.holds.sessions.length > 0 && say(law.own.sessions === null ? 'law.inherited' : 'law.own')}
        </p>
        {drafts === undefined && <SessionList sessions={law.holds.sessions} />}
        {drafts?.map((draft, index) => (
          <SessionCard
            key={draft.key}
            draft={draft}
            isOpen={draft.key === openKey}
            newKey={nextKey(drafts)}
            onFlip={() => setOpenKey(draft.key === openKey ? undefined : draft.key)}
            onChange={(part) => setDrafts(withChanged(drafts, index, part))}
            onRemove={() => setDrafts(without(drafts, index))}
          />
        ))}
        {drafts !== undefined && (
          <>
            {drafts.length < sessionsMax && (
              <div className={styles.buttons}>
                {slots.map((slot) => (
                  <Button
                    key={slot}
                    variant="default"
                    leftSection={<IconPlus size={20} aria-hidden />}
                    onClick={() => add(slot)}
                  >
                    {say(`law.session-add.${slot}`)}
                  </Button>
                ))}
              </div>
            )}
            <FormActions change={sessionsChangeOf(law.areaId, drafts)} onLook={change.ask} onCancel={close} />
          </>
        )}
      </div>
      {change.sheet}
    </Sheet>
  );
}

function SessionList(props: { sessions: readonly SessionForm[] }) {
  const say = useSay();
  if (props.sessions.length === 0) {
    return (
      <EmptyState icon={<IconCalendarOff size={30} />} title={say('law.no-sessions')}>
        {say('law.no-sessions-line')}
      </EmptyState>
    );
  }
  return props.sessions.map((session) => {
    const { name, from, until, weekdays, parts = [] } = session;
    return (
      <section key={`${name} ${from}`} className={styles.session}>
        <h3>{name}</h3>
        <p className={styles.quiet}>
          {say('law.session-when', { from, until, weekdays: weekdaysWords(weekdays, say) })}
        </p>
        {parts.length === 0 ? (
          <p>{say('law.session-no-parts')}</p>
        ) : (
          <ol className={styles.parts}>
            {parts.map((part, index) => (
              // biome-ignore lint/suspicious/noArrayIndexKey: shown only, never moved
              <li key={index}>{partWords(part, say)}</li>
            ))}
          </ol>
        )}
      </section>
    );
  });
}
