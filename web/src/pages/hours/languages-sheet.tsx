/** In which languages, and in which order, an area's notices are played. */
import type { LawView } from '@loa/protocol/panel';
import type { Language } from '@loa/schedules';
import { useState } from 'react';
import { useChangeSheet } from '../../kit/change-sheet.tsx';
import { Sheet } from '../../kit/sheet.tsx';
import { languagesChangeOf } from '../../model/law/sound-draft.ts';
import { useSay } from '../../text/use-say.ts';
import { DecisionHead } from './decision-head.tsx';
import { FormActions } from './form-actions.tsx';
import styles from './hours-page.module.css';
import { LanguagesFields } from './languages-fields.tsx';

export function LanguagesSheet(props: { law: LawView }) {
  const say = useSay();
  const { areaId, own, holds, mayChange } = props.law;
  const [draft, setDraft] = useState<Language[]>();
  const change = useChangeSheet(() => setDraft(undefined));
  const takeBack =
    own.languages === null ? undefined : () => change.ask({ kind: 'languages', areaId, languages: null });
  return (
    <Sheet
      title={say('law.languages')}
      aside={
        draft === undefined && (
          <DecisionHead mayChange={mayChange} onEdit={() => setDraft([...holds.languages])} onTakeBack={takeBack} />
        )
      }
    >
      <div className={styles.form}>
        {draft === undefined ? (
          <ol className={styles.parts}>
            {holds.languages.map((language) => (
              <li key={language}>{say(`law.language.${language}`)}</li>
            ))}
          </ol>
        ) : (
          <>
            <LanguagesFields chosen={draft} onChange={setDraft} />
            <FormActions
              change={languagesChangeOf({ areaId }, draft)}
              onLook={change.ask}
              onCancel={() => setDraft(undefined)}
            />
          </>
        )}
        <p className={styles.quiet}>{say('law.languages-line')}</p>
      </div>
      {change.sheet}
    </Sheet>
  );
}
