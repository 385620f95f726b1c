/** Areas of one level that become one: their clusters, schedules and logs go over to it. */
import { Button } from '@mantine/core';
import { useState } from 'react';
import { AreaPicker } from '../../kit/area-picker.tsx';
import { useChangeSheet } from '../../kit/change-sheet.tsx';
import { Sheet } from '../../kit/sheet.tsx';
import { usePicture } from '../../live/use-live.tsx';
import { type MergerDraft, mergerChangeOf } from '../../model/law/unit-drafts.ts';
import { useSay } from '../../text/use-say.ts';
import { FormActions } from './form-actions.tsx';
import styles from './hours-page.module.css';
import { DocumentField, TextField } from './text-field.tsx';

export function MergerSheet() {
  const say = useSay();
  const areas = usePicture('areas');
  const [draft, setDraft] = useState<MergerDraft>();
  const change = useChangeSheet(() => setDraft(undefined));
  return (
    <Sheet
      title={say('law.merger')}
      aside={
        draft === undefined && (
          <Button
            variant="light"
            onClick={() => setDraft({ areaIds: [], name: '', code: '', document: '' })}
            aria-label={`${say('law.open-form')}: ${say('law.merger')}`}
          >
            {say('law.open-form')}
          </Button>
        )
      }
    >
      <div className={styles.form}>
        <p className={styles.quiet}>{say('law.merger-line')}</p>
        {draft !== undefined && (
          <>
            <p className={styles.label}>{say('law.merger-areas')}</p>
            <AreaPicker chosen={draft.areaIds} onChange={(areaIds) => setDraft({ ...draft, areaIds })} withoutGroups />
            <div className={styles.fields}>
              <TextField
                label={say('law.merger-name')}
                value={draft.name}
                onChange={(name) => setDraft({ ...draft, name })}
              />
              <TextField
                label={say('law.merger-code')}
                value={draft.code}
                onChange={(code) => setDraft({ ...draft, code: code.slice(0, 20) })}
              />
              <DocumentField value={draft.document} onChange={(document) => setDraft({ ...draft, document })} />
            </div>
            <FormActions
              change={mergerChangeOf(draft, areas)}
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
