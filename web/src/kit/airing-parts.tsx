/** Airings as they stand in lists: the one that sounds now, those to come on a line of time, those that have been. */

import type { AiringView } from '@loa/protocol/panel';
import { IconChevronRight } from '@tabler/icons-react';
import { useMemo } from 'react';
import { Link } from 'react-router';
import { useMe } from '../api/me.tsx';
import { lastStartOf, summarise } from '../model/airing-summary.ts';
import { airingTitle } from '../model/airing-title.ts';
import { clockWords } from '../model/civil-time.ts';
import { useSay } from '../text/use-say.ts';
import styles from './airing-parts.module.css';
import { SoundBars } from './sound-bars.tsx';
import { DrillMark } from './status-chip.tsx';
import { SummaryBar } from './summary-bar.tsx';

/** The address of an airing's page. */
export function airingPath(occurrence: string): string {
  return `/airings/${encodeURIComponent(occurrence)}`;
}

/** Class and drill, where there is something to say; `onColour` takes the colour of the words around it. */
export function ClassMark(props: { airing: Pick<AiringView, 'class' | 'drill'>; onColour?: boolean }) {
  const say = useSay();
  if (props.airing.drill) return <DrillMark>{say('drill.mark')}</DrillMark>;
  if (props.airing.class === 'normal') return null;
  return (
    <span className={styles.class} data-class={props.airing.class} data-on-colour={props.onColour}>
      {say(`class.${props.airing.class}`)}
    </span>
  );
}

/** What sounds now. */
export function SoundingCard(props: { airing: AiringView }) {
  const say = useSay();
  const { timeZone } = useMe();
  const { airing } = props;
  const sounding = airing.targets.filter((target) => target.phase === 'playing').length;
  return (
    <Link
      className={styles.sounding}
      to={airingPath(airing.occurrence)}
      data-class={airing.class}
      data-drill={airing.drill}
    >
      <SoundBars large />
      <span className={styles.soundingWords}>
        <ClassMark airing={airing} onColour />
        <strong>{airingTitle(airing, say)}</strong>
        <span>
          {say('airing.sounding-line', {
            sounding,
            count: airing.targets.length,
            time: clockWords(Date.parse(airing.at), timeZone),
          })}
        </span>
      </span>
      <IconChevronRight size={26} aria-hidden />
    </Link>
  );
}

/** One airing to come: its time stands at the left, on a line. */
export function ComingRow(props: { airing: AiringView }) {
  const say = useSay();
  const { timeZone } = useMe();
  const { airing } = props;
  const last = lastStartOf(airing);
  return (
    <li className={styles.coming}>
      <Link to={airingPath(airing.occurrence)}>
        <time dateTime={airing.at}>{clockWords(Date.parse(airing.at), timeZone)}</time>
        <i aria-hidden />
        <span className={styles.words}>
          <strong>{airingTitle(airing, say)}</strong>
          <span className={styles.line}>
            <ClassMark airing={airing} />
            {say('clusters.count', { count: airing.targets.length })}
            {last !== undefined && say('airing.last-start', { time: clockWords(last, timeZone) })}
          </span>
        </span>
      </Link>
    </li>
  );
}

/** One airing that has been, and how it went. */
export function OverRow(props: { airing: AiringView }) {
  const say = useSay();
  const { timeZone } = useMe();
  const { airing } = props;
  const parts = useMemo(() => summarise(airing.targets, say), [airing.targets, say]);
  return (
    <li className={styles.over}>
      <Link to={airingPath(airing.occurrence)}>
        <time dateTime={airing.at}>{clockWords(Date.parse(airing.at), timeZone)}</time>
        <span className={styles.words}>
          <span className={styles.head}>
            <strong>{airingTitle(airing, say)}</strong>
            <ClassMark airing={airing} />
          </span>
          <SummaryBar parts={parts} />
        </span>
        <IconChevronRight size={22} aria-hidden />
      </Link>
    </li>
  );
}
