/** How each commune stands: its clusters, how many can be reached, how many are faulty, how many sound. */
import { Button } from '@mantine/core';
import { useMemo, useState } from 'react';
import { Link } from 'react-router';
import { Sheet } from '../../kit/sheet.tsx';
import { StatusChip } from '../../kit/status-chip.tsx';
import { usePicture } from '../../live/use-live.tsx';
import { communeOf } from '../../model/area-tree.ts';
import { isTroubled } from '../../model/cluster-words.ts';
import { useSay } from '../../text/use-say.ts';
import styles from './overview-page.module.css';

interface Standing {
  name: string;
  clusters: number;
  reachable: number;
  troubled: number;
  sounding: number;
}

/** Communes shown at first, the troubled ones before the others; a province has more than a hundred. */
const shownAtFirst = 9;

export function CommuneTable() {
  const say = useSay();
  const [isWhole, setWhole] = useState(false);
  const areas = usePicture('areas');
  const clusters = usePicture('clusters');
  const rows = useMemo(() => {
    const byCommune = new Map<string, Standing>();
    for (const cluster of clusters.values()) {
      const commune = communeOf(areas, cluster.areaId);
      if (commune === undefined) continue;
      const row = byCommune.get(commune.id) ?? {
        name: commune.name,
        clusters: 0,
        reachable: 0,
        troubled: 0,
        sounding: 0,
      };
      row.clusters += 1;
      if (cluster.reach === 'reachable') row.reachable += 1;
      if (isTroubled(cluster)) row.troubled += 1;
      if (cluster.playing !== undefined) row.sounding += 1;
      byCommune.set(commune.id, row);
    }
    return [...byCommune.values()].sort((a, b) => b.troubled - a.troubled || a.name.localeCompare(b.name, 'vi'));
  }, [areas, clusters]);
  return (
    <Sheet title={say('overview.communes')} flush>
      <ul className={styles.communes}>
        {rows.slice(0, isWhole ? rows.length : shownAtFirst).map((row) => (
          <li key={row.name}>
            <Link className={styles.commune} to={`/clusters?find=${encodeURIComponent(row.name)}`}>
              <strong>{row.name}</strong>
              <span>{say('overview.commune-line', { count: row.clusters, reachable: row.reachable })}</span>
            </Link>
            <span className={styles.chips}>
              {row.sounding > 0 && (
                <StatusChip tone="sounding">{say('overview.commune-sounding', { count: row.sounding })}</StatusChip>
              )}
              {row.troubled > 0 ? (
                <StatusChip tone="attention">{say('overview.commune-troubled', { count: row.troubled })}</StatusChip>
              ) : (
                <StatusChip tone="good">{say('overview.commune-well')}</StatusChip>
              )}
            </span>
          </li>
        ))}
      </ul>
      {rows.length > shownAtFirst && !isWhole && (
        <Button variant="default" m="sm" onClick={() => setWhole(true)}>
          {say('action.more')}
        </Button>
      )}
    </Sheet>
  );
}
