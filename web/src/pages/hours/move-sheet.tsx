/** A cluster that now stands in another place: it keeps its device and its past, and sounds as its new place does. */
import { Button } from '@mantine/core';
import { useState } from 'react';
import { AreaPicker } from '../../kit/area-picker.tsx';
import { useChangeSheet } from '../../kit/change-sheet.tsx';
import { ClusterPicker } from '../../kit/cluster-picker.tsx';
import { Sheet } from '../../kit/sheet.tsx';
import { usePicture } from '../../live/use-live.tsx';
import { moveChangeOf } from '../../model/law/unit-drafts.ts';
import { useSay } from '../../text/use-say.ts';
import { FormActions } from './form-actions.tsx';
import styles from './hours-page.module.css';

export function MoveSheet() {
  const say = useSay();
  const clusters = usePicture('clusters');
  const [isOpen, setOpen] = useState(false);
  const [clusterId, setClusterId] = useState<string>();
  const [areaId, setAreaId] = useState<string>();
  const close = () => {
    setOpen(false);
    setClusterId(undefined);
    setAreaId(undefined);
  };
  const change = useChangeSheet(close);
  const cluster = clusterId === undefined ? undefined : clusters.get(clusterId);
  return (
    <Sheet
      title={say('law.move')}
      aside={
        !isOpen && (
          <Button
            variant="light"
            onClick={() => setOpen(true)}
            aria-label={`${say('law.open-form')}: ${say('law.move')}`}
          >
            {say('law.open-form')}
          </Button>
        )
      }
    >
      <div className={styles.form}>
        <p className={styles.quiet}>{say('law.move-line')}</p>
        {isOpen && (
          <>
            <p className={styles.label}>{say('law.move-cluster')}</p>
            <ClusterPicker
              label={say('law.move-cluster')}
              clusters={[...clusters.values()]}
              chosen={clusterId === undefined ? [] : [clusterId]}
              onChange={([id]) => setClusterId(id)}
              isSingle
            />
            <p className={styles.label}>{say('law.move-to')}</p>
            <AreaPicker
              isSingle
              chosen={areaId === undefined ? [] : [areaId]}
              onChange={([id]) => setAreaId(id)}
              withoutGroups
            />
            <FormActions change={moveChangeOf({ cluster, areaId })} onLook={change.ask} onCancel={close} />
          </>
        )}
      </div>
      {change.sheet}
    </Sheet>
  );
}
