/** Rest days: when nothing routine sounds, where, why and by which document. */
import type { LawView } from '@loa/protocol/panel';
import { Button } from '@mantine/core';
import { IconPlus } from '@tabler/icons-react';
import { useState } from 'react';
import { useMe } from '../../api/me.tsx';
import { AreaPicker } from '../../kit/area-picker.tsx';
import { useChangeSheet } from '../../kit/change-sheet.tsx';
import { DateField } from '../../kit/date-field.tsx';
import { Sheet } from '../../kit/sheet.tsx';
import { useNow, usePicture } from '../../live/use-live.tsx';
import { areasWords } from '../../model/areas-words.ts';
import { civilDateOf, civilDateWords } from '../../model/civil-time.ts';
import { type RestDaysDraft, restDaysChangeOf } from '../../model/law/silence-drafts.ts';
import { useSay } from '../../text/use-say.ts';
import { FormActions } from './form-actions.tsx';
import styles from './hours-page.module.css';
import { ListedLine } from './listed-line.tsx';
import { DocumentField, TextField } from './text-field.tsx';

export function RestDaysSheet(props: { law: LawView }) {
  const say = useSay();
  const { timeZone } = useMe();
  const areas = usePicture('areas');
  const { law } = props;
  const today = civilDateOf(useNow(60_000), timeZone);
  const [draft, setDraft] = useState<RestDaysDraft>();
  const change = useChangeSheet(() => setDraft(undefined));
  const dateOf = (date: string) => civilDateWords(Temporal.PlainDate.from(date), { today, say });
  const start = () => {
    const date = today.add({ days: 1 }).toString();
    setDraft({ areaIds: [law.areaId], fromDate: date, untilDate: date, reason: '', document: '' });
  };
  return (
    <Sheet
      title={say('law.rest-days')}
      aside={
        law.mayChange &&
        draft === undefined && (
          <Button variant="light" leftSection={<IconPlus size={20} aria-hidden />} onClick={start}>
            {say('law.rest-days-add')}
          </Button>
        )
      }
    >
      <div className={styles.form}>
        <p className={styles.quiet}>{say('law.rest-days-line')}</p>
        {law.restDays.length === 0 && <p>{say('law.rest-days-none')}</p>}
        <ul className={styles.list}>
          {law.restDays.map((rest) => {
            const { fromDate, untilDate, reason, document, by, id } = rest;
            const words =
              fromDate === untilDate
                ? say('law.rest-day-of', { from: dateOf(fromDate), reason })
                : say('law.rest-days-of', { from: dateOf(fromDate), until: dateOf(untilDate), reason });
            return (
              <ListedLine
                key={id}
                words={words}
                grounds={say('law.grounds', { places: areasWords(rest.areaIds, { areas, say }), document, by })}
                end={
                  rest.mayEnd
                    ? {
                        words: say('law.end-early'),
                        label: say('law.end-early-of', { name: reason }),
                        onEnd: () => change.ask({ kind: 'rest-days-ended', id }),
                      }
                    : undefined
                }
              />
            );
          })}
        </ul>
        {draft !== undefined && (
          <>
            <p className={styles.label}>{say('law.where')}</p>
            <AreaPicker chosen={draft.areaIds} onChange={(areaIds) => setDraft({ ...draft, areaIds })} />
            <div className={styles.fields}>
              <DateField
                label={say('law.first-day')}
                value={draft.fromDate}
                min={today.toString()}
                onChange={(fromDate) =>
                  setDraft({ ...draft, fromDate, untilDate: draft.untilDate < fromDate ? fromDate : draft.untilDate })
                }
              />
              <DateField
                label={say('law.last-day')}
                value={draft.untilDate}
                min={draft.fromDate}
                onChange={(untilDate) => setDraft({ ...draft, untilDate })}
              />
              <TextField
                label={say('law.reason')}
                example={say('law.rest-reason-example')}
                value={draft.reason}
                onChange={(reason) => setDraft({ ...draft, reason })}
              />
              <DocumentField value={draft.document} onChange={(document) => setDraft({ ...draft, document })} />
            </div>
            <FormActions change={restDaysChangeOf(draft)} onLook={change.ask} onCancel={() => setDraft(undefined)} />
          </>
        )}
      </div>
      {change.sheet}
    </Sheet>
  );
}
