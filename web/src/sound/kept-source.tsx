/** Sounds made before, newest first: found by their title, heard, and used again. */
import type { ClipView } from '@loa/protocol/panel';
import { TextInput } from '@mantine/core';
import { IconMusicOff, IconSearch } from '@tabler/icons-react';
import { useState } from 'react';
import { useMe } from '../api/me.tsx';
import { useClips } from '../api/queries.ts';
import { EmptyState, Waiting } from '../kit/empty-state.tsx';
import { useNow } from '../live/use-live.tsx';
import { instantWords, spanWords } from '../model/civil-time.ts';
import { isFound } from '../model/folding.ts';
import { useSay } from '../text/use-say.ts';
import styles from './sound.module.css';

/** More would be a list to scroll for ever; the search finds the rest. */
const shownMax = 30;

export function KeptSource(props: { chosenId: string | undefined; onChoose: (clip: ClipView) => void }) {
  const say = useSay();
  const { timeZone } = useMe();
  const nowMs = useNow(60_000);
  const [wanted, setWanted] = useState('');
  const clips = useClips(true);
  if (clips.data === undefined) return <Waiting words={say('frame.waiting')} lines={3} />;
  if (clips.data.length === 0) return <EmptyState icon={<IconMusicOff size={30} />} title={say('sound.none-kept')} />;
  const found = clips.data.filter((clip) => isFound(clip.title, wanted)).slice(0, shownMax);
  return (
    <div className={styles.text}>
      <TextInput
        type="search"
        value={wanted}
        onChange={(event) => setWanted(event.currentTarget.value)}
        aria-label={say('sound.search')}
        placeholder={say('sound.search')}
        leftSection={<IconSearch size={20} aria-hidden />}
      />
      <ul className={styles.kept}>
        {found.map((clip) => (
          <li key={clip.id}>
            <label data-chosen={clip.id === props.chosenId}>
              <input
                type="radio"
                name="kept-clip"
                checked={clip.id === props.chosenId}
                onChange={() => props.onChoose(clip)}
              />
              <span>
                <strong>{clip.title}</strong>
                <span>
                  {spanWords(clip.durationMs, say)} ·{' '}
                  {instantWords(Date.parse(clip.createdAt), { nowMs, timeZone, say })}
                </span>
              </span>
            </label>
          </li>
        ))}
      </ul>
    </div>
  );
}
