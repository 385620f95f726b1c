/** The place whose law is shown, and the way to another one. */
import { Button, Modal } from '@mantine/core';
import { IconMapPin } from '@tabler/icons-react';
import { useState } from 'react';
import { AreaPicker } from '../../kit/area-picker.tsx';
import { usePicture } from '../../live/use-live.tsx';
import { placeWords } from '../../model/area-tree.ts';
import { useSay } from '../../text/use-say.ts';
import styles from './hours-page.module.css';

export function AreaChoice(props: { areaId: string; onChange: (areaId: string) => void }) {
  const say = useSay();
  const areas = usePicture('areas');
  const [isOpen, setOpen] = useState(false);
  return (
    <div className={styles.place}>
      <p>
        <IconMapPin size={24} aria-hidden />
        <span className="visually-hidden">{say('law.place')}: </span>
        <strong>{placeWords(areas, props.areaId)}</strong>
      </p>
      {areas.size > 1 && (
        <Button variant="default" onClick={() => setOpen(true)}>
          {say('law.choose-place')}
        </Button>
      )}
      <Modal
        opened={isOpen}
        onClose={() => setOpen(false)}
        title={say('law.place')}
        size="lg"
        radius="var(--radius)"
        closeButtonProps={{ 'aria-label': say('action.close') }}
      >
        <AreaPicker
          isSingle
          chosen={[props.areaId]}
          onChange={([areaId]) => {
            setOpen(false);
            if (areaId !== undefined) props.onChange(areaId);
          }}
        />
      </Modal>
    </div>
  );
}
