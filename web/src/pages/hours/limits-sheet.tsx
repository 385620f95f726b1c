/** Limits: sessions a day, minutes a session, weekdays, holidays; each with its document, what holds and what is cut. */
import type { LawView } from '@loa/protocol/panel';
import { type ReactNode, useState } from 'react';
import { useChangeSheet } from '../../kit/change-sheet.tsx';
import { CheckLine } from '../../kit/check-line.tsx';
import { Choice } from '../../kit/choice.tsx';
import { Notice } from '../../kit/notice.tsx';
import { Sheet } from '../../kit/sheet.tsx';
import { limitWords } from '../../model/law/law-words.ts';
import {
  type LimitName,
  type LimitsDraft,
  limitNames,
  limitsChangeOf,
  limitsDraftOf,
} from '../../model/law/limits-draft.ts';
import { useSay } from '../../text/use-say.ts';
import { DecisionHead } from './decision-head.tsx';
import { FormActions } from './form-actions.tsx';
import styles from './hours-page.module.css';
import { DocumentField, TextField } from './text-field.tsx';
import { WeekdayChoices } from './weekday-choices.tsx';

export function LimitsSheet(props: { law: LawView }) {
  const say = useSay();
  const { law } = props;
  const [draft, setDraft] = useState<LimitsDraft>();
  const change = useChangeSheet(() => setDraft(undefined));
  const takeBack =
    law.own.limits === null ? undefined : () => change.ask({ kind: 'limits', areaId: law.areaId, limits: null });
  return (
    <Sheet
      title={say('law.part-limits')}
      aside={
        draft === undefined && (
          <DecisionHead mayChange={law.mayChange} onEdit={() => setDraft(limitsDraftOf(law))} onTakeBack={takeBack} />
        )
      }
    >
      {draft === undefined ? (
        <dl className={styles.facts}>
          {limitNames.map((name) => (
            <LimitFact key={name} name={name} law={law} />
          ))}
        </dl>
      ) : (
        <div className={styles.form}>
          <LimitsFields draft={draft} onChange={setDraft} />
          <FormActions
            change={limitsChangeOf(law.areaId, draft)}
            onLook={change.ask}
            onCancel={() => setDraft(undefined)}
          />
        </div>
      )}
      {change.sheet}
    </Sheet>
  );
}

function LimitFact(props: { name: LimitName; law: LawView }) {
  const say = useSay();
  const { name, law } = props;
  const document = law.holds.limits[name]?.document;
  const isOwn = law.own.limits?.[name] !== undefined;
  const isCut = law.limitCuts.some((cut) => cut.areaId === law.areaId && cut.limit === name);
  return (
    <div>
      <dt>{say(`law.limit.${name}`)}</dt>
      <dd>
        <strong>{limitWords(name, law.holds.limits, say)}</strong>
        {document !== undefined && (
          <span className={styles.quiet}>
            {say('law.document-of', { document })} {say(isOwn && !isCut ? 'law.own' : 'law.inherited')}
          </span>
        )}
        {isCut && <Notice tone="attention">{say('law.limit-cut')}</Notice>}
      </dd>
    </div>
  );
}

function LimitsFields(props: { draft: LimitsDraft; onChange: (draft: LimitsDraft) => void }) {
  const say = useSay();
  const { draft, onChange } = props;
  const fields: Record<LimitName, ReactNode> = {
    sessionsPerDayMax: (
      <TextField
        label={say('law.sessions-number')}
        value={draft.sessionsPerDayMax.value}
        isNumber
        onChange={(value) => onChange({ ...draft, sessionsPerDayMax: { ...draft.sessionsPerDayMax, value } })}
      />
    ),
    sessionMinutesMax: (
      <TextField
        label={say('law.minutes-number')}
        value={draft.sessionMinutesMax.value}
        isNumber
        onChange={(value) => onChange({ ...draft, sessionMinutesMax: { ...draft.sessionMinutesMax, value } })}
      />
    ),
    weekdays: (
      <WeekdayChoices
        label={say('law.limit.weekdays')}
        values={draft.weekdays.value}
        onChange={(value) => onChange({ ...draft, weekdays: { ...draft.weekdays, value } })}
      />
    ),
    restsOnHolidays: (
      <Choice
        label={say('law.limit.restsOnHolidays')}
        value={draft.restsOnHolidays.value ? 'silent' : 'aired'}
        onChange={(value) =>
          onChange({ ...draft, restsOnHolidays: { ...draft.restsOnHolidays, value: value === 'silent' } })
        }
        options={[
          { value: 'silent', words: say('law.holidays-silent') },
          { value: 'aired', words: say('law.holidays-aired') },
        ]}
      />
    ),
  };
  return limitNames.map((name) => (
    <fieldset key={name} className={styles.box}>
      <legend>{say(`law.limit.${name}`)}</legend>
      <CheckLine
        words={say('law.limit-own')}
        isChecked={draft[name].isOwn}
        onChange={(isOwn) => onChange({ ...draft, [name]: { ...draft[name], isOwn } })}
      />
      {draft[name].isOwn && (
        <div className={styles.fields}>
          {fields[name]}
          <DocumentField
            value={draft[name].document}
            onChange={(document) => onChange({ ...draft, [name]: { ...draft[name], document } })}
          />
        </div>
      )}
    </fieldset>
  ));
}
