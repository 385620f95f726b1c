/** How loud an area's horns are at which time of day. */
import type { LawView } from '@loa/protocol/panel';
import { useState } from 'react';
import { useChangeSheet } from '../../kit/change-sheet.tsx';
import { Sheet } from '../../kit/sheet.tsx';
import { volumeLines } from '../../model/law/law-words.ts';
import { type VolumeDraft, volumeChangeOf } from '../../model/law/sound-draft.ts';
import { useSay } from '../../text/use-say.ts';
import { DecisionHead } from './decision-head.tsx';
import { FormActions } from './form-actions.tsx';
import styles from './hours-page.module.css';
import { VolumeFields } from './volume-fields.tsx';

export function VolumeSheet(props: { law: LawView }) {
  const say = useSay();
  const { areaId, own, holds, mayChange } = props.law;
  const [draft, setDraft] = useState<VolumeDraft>();
  const change = useChangeSheet(() => setDraft(undefined));
  const takeBack = own.volume === null ? undefined : () => change.ask({ kind: 'volume', areaId, volume: null });
  return (
    <Sheet
      title={say('law.volume')}
      aside={
        draft === undefined && (
          <DecisionHead mayChange={mayChange} onEdit={() => setDraft([...holds.volume])} onTakeBack={takeBack} />
        )
      }
    >
      <div className={styles.form}>
        {draft === undefined ? (
          <ul>
            {volumeLines(holds.volume, say).map((line) => (
              <li key={line} className={styles.held}>
                {line}
              </li>
            ))}
          </ul>
        ) : (
          <>
            <VolumeFields volume={draft} onChange={setDraft} />
            <FormActions
              change={volumeChangeOf({ areaId }, draft)}
              onLook={change.ask}
              onCancel={() => setDraft(undefined)}
            />
          </>
        )}
        <p className={styles.quiet}>{say('law.volume-line-all')}</p>
      </div>
      {change.sheet}
    </Sheet>
  );
}
