/** The public holidays of the installation, kept by those who govern it. */
import type { LawView } from '@loa/protocol/panel';
import { Button } from '@mantine/core';
import { IconPlus } from '@tabler/icons-react';
import { useState } from 'react';
import { useMe } from '../../api/me.tsx';
import { useChangeSheet } from '../../kit/change-sheet.tsx';
import { DateField } from '../../kit/date-field.tsx';
import { Sheet } from '../../kit/sheet.tsx';
import { useNow } from '../../live/use-live.tsx';
import { civilDateOf, dateWords } from '../../model/civil-time.ts';
import { type HolidayDraft, holidayChangeOf } from '../../model/law/silence-drafts.ts';
import { useSay } from '../../text/use-say.ts';
import { FormActions } from './form-actions.tsx';
import styles from './hours-page.module.css';
import { ListedLine } from './listed-line.tsx';
import { DocumentField, TextField } from './text-field.tsx';

export function HolidaysSheet(props: { law: LawView }) {
  const say = useSay();
  const { timeZone } = useMe();
  const { holidays, mayGovern } = props.law;
  const today = civilDateOf(useNow(60_000), timeZone);
  const [draft, setDraft] = useState<HolidayDraft>();
  const change = useChangeSheet(() => setDraft(undefined));
  const ahead = holidays.filter((holiday) => holiday.date >= today.toString());
  return (
    <Sheet
      title={say('law.holidays')}
      aside={
        mayGovern &&
        draft === undefined && (
          <Button
            variant="light"
            leftSection={<IconPlus size={20} aria-hidden />}
            onClick={() => setDraft({ date: today.toString(), name: '', document: '' })}
          >
            {say('law.holiday-add')}
          </Button>
        )
      }
    >
      <div className={styles.form}>
        <p className={styles.quiet}>{say('law.holidays-line')}</p>
        {ahead.length === 0 && <p>{say('law.holidays-none')}</p>}
        <ul className={styles.list}>
          {ahead.map(({ date, name, document }) => (
            <ListedLine
              key={date}
              words={say('law.holiday-of', { date: dateWords(Temporal.PlainDate.from(date), { today, say }), name })}
              grounds={say('law.document-of', { document })}
              end={
                mayGovern
                  ? {
                      words: say('law.holiday-gone'),
                      label: say('law.remove', { name }),
                      onEnd: () => change.ask({ kind: 'holiday-gone', date }),
                    }
                  : undefined
              }
            />
          ))}
        </ul>
        {draft !== undefined && (
          <>
            <div className={styles.fields}>
              <DateField
                label={say('why.date')}
                value={draft.date}
                min={today.toString()}
                onChange={(date) => setDraft({ ...draft, date })}
              />
              <TextField
                label={say('law.holiday-name')}
                value={draft.name}
                onChange={(name) => setDraft({ ...draft, name })}
              />
              <DocumentField value={draft.document} onChange={(document) => setDraft({ ...draft, document })} />
            </div>
            <FormActions change={holidayChangeOf(draft)} onLook={change.ask} onCancel={() => setDraft(undefined)} />
          </>
        )}
      </div>
      {change.sheet}
    </Sheet>
  );
}
