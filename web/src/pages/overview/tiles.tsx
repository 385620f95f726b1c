/** The numbers a commander asks for first. */
import { useMemo } from 'react';
import { Link } from 'react-router';
import { useNow, usePicture } from '../../live/use-live.tsx';
import { isTroubled } from '../../model/cluster-words.ts';
import { useSay } from '../../text/use-say.ts';
import styles from './overview-page.module.css';

export function Tiles() {
  const say = useSay();
  const clusters = usePicture('clusters');
  useNow(60_000);
  const counts = useMemo(() => {
    const all = [...clusters.values()];
    return {
      all: all.length,
      reachable: all.filter((cluster) => cluster.reach === 'reachable').length,
      sounding: all.filter((cluster) => cluster.playing !== undefined).length,
      troubled: all.filter(isTroubled).length,
    };
  }, [clusters]);
  return (
    <ul className={styles.tiles}>
      <li>
        <strong>
          {counts.reachable}
          <small>/{counts.all}</small>
        </strong>
        <span>{say('overview.reachable')}</span>
      </li>
      <li data-tone={counts.sounding > 0 ? 'sounding' : undefined}>
        <strong>{counts.sounding}</strong>
        <span>{say('overview.sounding')}</span>
      </li>
      <li data-tone={counts.troubled > 0 ? 'attention' : undefined}>
        <Link to="/clusters?only=faulty">
          <strong>{counts.troubled}</strong>
          <span>{say('overview.troubled')}</span>
        </Link>
      </li>
    </ul>
  );
}
