/** One card for each cluster of an airing; those that need somebody come first, then those that sound. */
import type { AiringView, ClusterView, TargetView } from '@loa/protocol/panel';
import { useMemo } from 'react';
import { Link } from 'react-router';
import { addressOf } from '../../api/call.ts';
import { useMe } from '../../api/me.tsx';
import { ClipPlayer } from '../../kit/clip-player.tsx';
import { StatusChip } from '../../kit/status-chip.tsx';
import { usePicture } from '../../live/use-live.tsx';
import { progressOf } from '../../model/airing-summary.ts';
import { placeWords } from '../../model/area-tree.ts';
import { clockWords } from '../../model/civil-time.ts';
import { targetWords } from '../../model/target-words.ts';
import type { Tone } from '../../model/tone.ts';
import type { Say } from '../../text/say.ts';
import { useSay } from '../../text/use-say.ts';
import styles from './target-cards.module.css';

export function TargetCards(props: { airing: AiringView; nowMs: number }) {
  const clusters = usePicture('clusters');
  const targets = useMemo(() => {
    const nameOf = (target: TargetView) => clusters.get(target.clusterId)?.name ?? target.clusterId;
    return [...props.airing.targets].sort((a, b) => nameOf(a).localeCompare(nameOf(b), 'vi', { numeric: true }));
  }, [props.airing.targets, clusters]);
  return (
    <ul className={styles.cards}>
      {targets.map((target) => (
        <TargetCard key={target.clusterId} target={target} airing={props.airing} nowMs={props.nowMs} />
      ))}
    </ul>
  );
}

function TargetCard(props: { target: TargetView; airing: AiringView; nowMs: number }) {
  const say = useSay();
  const { demo } = useMe();
  const areas = usePicture('areas');
  const cluster = usePicture('clusters').get(props.target.clusterId);
  const words = targetWords(props.target, say);
  const progress = progressOf(props.target, props.airing, props.nowMs);
  const hasSounded = props.target.startedAt !== undefined;
  const name = cluster?.name ?? props.target.clusterId;
  const { timeZone } = useMe();
  const planned =
    props.target.at === undefined
      ? undefined
      : say('target.planned', { time: clockWords(Date.parse(props.target.at), timeZone) });
  const more = [planned, words.reason, measuredWords(props.target, cluster, say), words.lateness]
    .filter((part) => part !== undefined)
    .join(' · ');
  const isWaitingOffline = cluster?.reach === 'out-of-reach' && props.target.outcome === undefined;
  return (
    <li className={styles.card} data-tone={words.tone}>
      <div className={styles.head}>
        <div className={styles.name}>
          <Link to={`/clusters/${encodeURIComponent(props.target.clusterId)}`}>{name}</Link>
          {cluster !== undefined && <span>{placeWords(areas, cluster.areaId)}</span>}
        </div>
        <StatusChip tone={toneOf(props.airing, words.tone)}>{words.label}</StatusChip>
      </div>
      {more !== '' && <p className={styles.more}>{more}</p>}
      {isWaitingOffline && <p className={styles.more}>{say('target.offline')}</p>}
      {progress !== undefined && (
        <progress className={styles.progress} max={1} value={progress} aria-label={`${name}: ${words.label}`} />
      )}
      {demo && hasSounded && props.target.outcome !== undefined && (
        <div className={styles.listen}>
          <span>{say('demo.listen-short')}</span>
          <ClipPlayer
            compact
            url={`${addressOf('demoSound', { id: props.target.clusterId })}?t=${props.target.endedAt ?? ''}`}
            title={say('demo.listen-at', { name })}
            failedWords={say('demo.silent')}
          />
        </div>
      )}
    </li>
  );
}

/** By what the outcome is known; undefined where it says so itself. */
function measuredWords(target: TargetView, cluster: ClusterView | undefined, say: Say): string | undefined {
  if (target.shadow === true || cluster?.fitting === undefined) return undefined;
  if (target.outcome === 'played' && cluster.fitting === 'none') return say('outcome.not-fitted');
  if (target.outcome !== 'confirmed' || cluster.fitting === 'none') return undefined;
  return say(`evidence.by-${cluster.fitting}`);
}

/** What sounds in an emergency is an alarm; in a drill it must not look like one. */
function toneOf(airing: AiringView, tone: Tone): Tone {
  if (airing.class !== 'emergency' || tone !== 'sounding') return tone;
  return airing.drill ? 'drill' : 'alarm';
}
