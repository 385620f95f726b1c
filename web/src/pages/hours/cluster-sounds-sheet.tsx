/** Single clusters whose languages or volume are their own. */
import type { LawView } from '@loa/protocol/panel';
import { Button } from '@mantine/core';
import { useMemo, useState } from 'react';
import { useChangeSheet } from '../../kit/change-sheet.tsx';
import { ClusterPicker } from '../../kit/cluster-picker.tsx';
import { Sheet } from '../../kit/sheet.tsx';
import { usePicture } from '../../live/use-live.tsx';
import { clustersIn } from '../../model/area-tree.ts';
import { volumeLines } from '../../model/law/law-words.ts';
import { languagesChangeOf, volumeChangeOf } from '../../model/law/sound-draft.ts';
import { useSay } from '../../text/use-say.ts';
import { FormActions } from './form-actions.tsx';
import styles from './hours-page.module.css';
import { LanguagesFields } from './languages-fields.tsx';
import { VolumeFields } from './volume-fields.tsx';

type ClusterSound = LawView['clusterSounds'][number];

export function ClusterSoundsSheet(props: { law: LawView }) {
  const say = useSay();
  const areas = usePicture('areas');
  const clusters = usePicture('clusters');
  const { law } = props;
  const below = useMemo(
    () => clustersIn(areas, clusters.values(), new Set([law.areaId])),
    [areas, clusters, law.areaId],
  );
  const [isAdding, setAdding] = useState(false);
  const [chosenId, setChosenId] = useState<string>();
  const shown = law.clusterSounds.filter((sound) => sound.clusterId !== chosenId);
  const chosen = law.clusterSounds.find((sound) => sound.clusterId === chosenId);
  return (
    <Sheet
      title={say('law.clusters')}
      aside={
        law.mayChange &&
        !isAdding && (
          <Button variant="light" onClick={() => setAdding(true)}>
            {say('law.cluster-add')}
          </Button>
        )
      }
    >
      <div className={styles.form}>
        {law.clusterSounds.length === 0 && !isAdding && <p>{say('law.clusters-none')}</p>}
        {isAdding && (
          <>
            <ClusterPicker
              label={say('law.move-cluster')}
              clusters={below}
              chosen={chosenId === undefined ? [] : [chosenId]}
              onChange={([id]) => setChosenId(id)}
              isSingle
            />
            <Button variant="default" className={styles.start} onClick={() => setAdding(false)}>
              {say('action.close')}
            </Button>
          </>
        )}
        {chosenId !== undefined && isAdding && (
          <OneCluster
            key={chosenId}
            law={law}
            sound={chosen ?? { clusterId: chosenId, languages: null, volume: null }}
          />
        )}
        {(isAdding ? shown : law.clusterSounds).map((sound) => (
          <OneCluster key={sound.clusterId} law={law} sound={sound} />
        ))}
      </div>
    </Sheet>
  );
}

function OneCluster(props: { law: LawView; sound: ClusterSound }) {
  const say = useSay();
  const clusters = usePicture('clusters');
  const { law, sound } = props;
  const { clusterId } = sound;
  const [languages, setLanguages] = useState<LawView['holds']['languages']>();
  const [volume, setVolume] = useState<LawView['holds']['volume']>();
  const change = useChangeSheet(() => {
    setLanguages(undefined);
    setVolume(undefined);
  });
  const spoken = sound.languages?.map((language) => say(`law.language.${language}`)).join(', ');
  return (
    <section className={styles.session}>
      <h3>{clusters.get(clusterId)?.name ?? clusterId}</h3>
      <Sound
        title={say('law.cluster-languages')}
        words={spoken ?? say('law.as-area')}
        isOwn={sound.languages !== null}
        mayChange={law.mayChange && languages === undefined}
        onEdit={() => setLanguages([...(sound.languages ?? law.holds.languages)])}
        onBack={() => change.ask({ kind: 'languages', clusterId, languages: null })}
      />
      {languages !== undefined && (
        <>
          <LanguagesFields chosen={languages} onChange={setLanguages} />
          <FormActions
            change={languagesChangeOf({ clusterId }, languages)}
            onLook={change.ask}
            onCancel={() => setLanguages(undefined)}
          />
        </>
      )}
      <Sound
        title={say('law.cluster-volume')}
        words={sound.volume === null ? say('law.as-area') : volumeLines(sound.volume, say).join('; ')}
        isOwn={sound.volume !== null}
        mayChange={law.mayChange && volume === undefined}
        onEdit={() => setVolume([...(sound.volume ?? law.holds.volume)])}
        onBack={() => change.ask({ kind: 'volume', clusterId, volume: null })}
      />
      {volume !== undefined && (
        <>
          <VolumeFields volume={volume} onChange={setVolume} />
          <FormActions
            change={volumeChangeOf({ clusterId }, volume)}
            onLook={change.ask}
            onCancel={() => setVolume(undefined)}
          />
        </>
      )}
      {change.sheet}
    </section>
  );
}

function Sound(props: {
  title: string;
  words: string;
  isOwn: boolean;
  mayChange: boolean;
  onEdit: () => void;
  onBack: () => void;
}) {
  const say = useSay();
  return (
    <div className={styles.partLine}>
      <span className={styles.partName}>
        {props.title}: <strong>{props.words}</strong>
      </span>
      {props.mayChange && (
        <span className={styles.partTools}>
          {props.isOwn && (
            <Button variant="default" onClick={props.onBack}>
              {say('law.back-to-area')}
            </Button>
          )}
          <Button variant="default" aria-label={say('law.part-edit', { name: props.title })} onClick={props.onEdit}>
            {say('law.edit')}
          </Button>
        </span>
      )}
    </div>
  );
}
