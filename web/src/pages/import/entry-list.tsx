/** The rows of a spreadsheet as they were understood: what is said, where, when; a look over them finds what is wrong. */
import type { TimetableEntry } from '@loa/protocol/panel';
import { Button } from '@mantine/core';
import { useState } from 'react';
import { useMe } from '../../api/me.tsx';
import { ClassMark } from '../../kit/airing-parts.tsx';
import { useNow, usePicture } from '../../live/use-live.tsx';
import { areasWords } from '../../model/areas-words.ts';
import { civilDateOf } from '../../model/civil-time.ts';
import { whenWords } from '../../model/when-words.ts';
import { useSay } from '../../text/use-say.ts';
import styles from './import-page.module.css';

/** Drawn at once; the rest on demand. */
const pageSize = 30;

export function EntryList(props: { entries: readonly TimetableEntry[] }) {
  const say = useSay();
  const [count, setCount] = useState(pageSize);
  const { entries } = props;
  return (
    <>
      <h3>{say('import.understood', { count: entries.length })}</h3>
      <ul className={styles.entries}>
        {entries.slice(0, count).map((entry) => (
          <Entry key={entry.row} entry={entry} />
        ))}
      </ul>
      {entries.length > count && (
        <Button variant="default" onClick={() => setCount(count + pageSize)}>
          {say('action.more')}
        </Button>
      )}
    </>
  );
}

function Entry(props: { entry: TimetableEntry }) {
  const say = useSay();
  const { timeZone } = useMe();
  const areas = usePicture('areas');
  const today = civilDateOf(useNow(60_000), timeZone);
  const { entry } = props;
  const whens = entry.whens.map((when) => whenWords(when, { today, say, slot: entry.slot })).join('; ');
  const repeats = entry.repeatCount > 1 ? say('when.repeats', { count: entry.repeatCount }) : '';
  const places = entry.areaIds.length === 0 ? say('import.default-place') : areasWords(entry.areaIds, { areas, say });
  return (
    <li>
      <span className={styles.number}>{say('import.row', { row: entry.row })}</span>
      <div>
        <span className={styles.title}>
          <strong>{entry.title}</strong>
          <ClassMark airing={{ class: entry.class, drill: false }} />
        </span>
        <p className={styles.when}>
          {whens}
          {repeats} · {places}
        </p>
        {entry.text !== undefined && <p className={styles.text}>{say('import.speaks', { text: entry.text })}</p>}
        {entry.clipTitle !== undefined && (
          <p className={styles.text}>{say('import.clip', { title: entry.clipTitle })}</p>
        )}
      </div>
    </li>
  );
}
