/** Permissions outside the hours: who gave which, until when; and the form for those who govern. */
import type { LawView } from '@loa/protocol/panel';
import { Button } from '@mantine/core';
import { IconPlus } from '@tabler/icons-react';
import { useState } from 'react';
import { useMe } from '../../api/me.tsx';
import { AreaPicker } from '../../kit/area-picker.tsx';
import { useChangeSheet } from '../../kit/change-sheet.tsx';
import { DateField } from '../../kit/date-field.tsx';
import { Sheet } from '../../kit/sheet.tsx';
import { TimeField } from '../../kit/time-field.tsx';
import { useNow, usePicture } from '../../live/use-live.tsx';
import { areasWords } from '../../model/areas-words.ts';
import { civilDateOf, instantWords } from '../../model/civil-time.ts';
import { type ExceptionDraft, exceptionChangeOf } from '../../model/law/silence-drafts.ts';
import { useSay } from '../../text/use-say.ts';
import { FormActions } from './form-actions.tsx';
import styles from './hours-page.module.css';
import { ListedLine } from './listed-line.tsx';
import { DocumentField, TextField } from './text-field.tsx';

export function ExceptionsSheet(props: { law: LawView }) {
  const say = useSay();
  const { timeZone } = useMe();
  const areas = usePicture('areas');
  const { law } = props;
  const nowMs = useNow(30_000);
  const today = civilDateOf(nowMs, timeZone);
  const [draft, setDraft] = useState<ExceptionDraft>();
  const change = useChangeSheet(() => setDraft(undefined));
  const timeOf = (at: string) => instantWords(Date.parse(at), { nowMs, timeZone, say });
  const start = () =>
    setDraft({
      areaIds: [law.areaId],
      fromDate: today.toString(),
      fromTime: '21:00',
      untilDate: today.toString(),
      untilTime: '22:00',
      reason: '',
      document: '',
    });
  return (
    <Sheet
      title={say('law.exceptions')}
      aside={
        law.mayGovern &&
        draft === undefined && (
          <Button variant="light" leftSection={<IconPlus size={20} aria-hidden />} onClick={start}>
            {say('law.exception-add')}
          </Button>
        )
      }
    >
      <div className={styles.form}>
        <p className={styles.quiet}>{say('law.exceptions-line')}</p>
        {law.exceptions.length === 0 && <p>{say('law.exceptions-none')}</p>}
        <ul className={styles.list}>
          {law.exceptions.map(({ id, from, until, reason, document, by, areaIds, mayEnd }) => (
            <ListedLine
              key={id}
              words={say('law.exception-of', { from: timeOf(from), until: timeOf(until), reason })}
              grounds={say('law.grounds', { places: areasWords(areaIds, { areas, say }), document, by })}
              end={
                mayEnd
                  ? {
                      words: say('law.end-early'),
                      label: say('law.end-early-of', { name: reason }),
                      onEnd: () => change.ask({ kind: 'exception-ended', id }),
                    }
                  : undefined
              }
            />
          ))}
        </ul>
        {draft !== undefined && (
          <>
            <p className={styles.label}>{say('law.where')}</p>
            <AreaPicker chosen={draft.areaIds} onChange={(areaIds) => setDraft({ ...draft, areaIds })} />
            <ExceptionFields draft={draft} today={today} onChange={setDraft} />
            <FormActions
              change={exceptionChangeOf(draft, { nowMs, timeZone })}
              onLook={change.ask}
              onCancel={() => setDraft(undefined)}
            />
          </>
        )}
      </div>
      {change.sheet}
    </Sheet>
  );
}

function ExceptionFields(props: {
  draft: ExceptionDraft;
  today: Temporal.PlainDate;
  onChange: (draft: ExceptionDraft) => void;
}) {
  const say = useSay();
  const { draft, onChange } = props;
  return (
    <div className={styles.fields}>
      <DateField
        label={say('law.from-date')}
        value={draft.fromDate}
        min={props.today.toString()}
        onChange={(fromDate) =>
          onChange({ ...draft, fromDate, untilDate: draft.untilDate < fromDate ? fromDate : draft.untilDate })
        }
      />
      <TimeField
        label={say('law.from')}
        value={draft.fromTime}
        onChange={(fromTime) => onChange({ ...draft, fromTime })}
      />
      <DateField
        label={say('law.until-date')}
        value={draft.untilDate}
        min={draft.fromDate}
        onChange={(untilDate) => onChange({ ...draft, untilDate })}
      />
      <TimeField
        label={say('law.until')}
        value={draft.untilTime}
        isEnd
        onChange={(untilTime) => onChange({ ...draft, untilTime })}
      />
      <TextField
        label={say('law.reason')}
        example={say('law.exception-reason-example')}
        value={draft.reason}
        onChange={(reason) => onChange({ ...draft, reason })}
      />
      <DocumentField value={draft.document} onChange={(document) => onChange({ ...draft, document })} />
    </div>
  );
}
