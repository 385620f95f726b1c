/** Emergencies and drills in force, each with its clusters as they stand and its stop button under the thumb. */
import type { AiringView } from '@loa/protocol/panel';
import { IconPlayerStopFilled } from '@tabler/icons-react';
import { useMemo, useState } from 'react';
import { Link, useNavigate } from 'react-router';
import { useMay, useMe } from '../../api/me.tsx';
import { airingPath, ClassMark } from '../../kit/airing-parts.tsx';
import { AskDialog } from '../../kit/ask-dialog.tsx';
import { Notice } from '../../kit/notice.tsx';
import { SoundBars } from '../../kit/sound-bars.tsx';
import { SummaryBar } from '../../kit/summary-bar.tsx';
import { useEnd } from '../../kit/use-end.ts';
import { useNow, usePicture } from '../../live/use-live.tsx';
import { stillSounding, summarise } from '../../model/airing-summary.ts';
import { instantWords } from '../../model/civil-time.ts';
import { targetWords } from '../../model/target-words.ts';
import { inForce } from '../../model/timeline.ts';
import { useSay } from '../../text/use-say.ts';
import styles from './emergency-page.module.css';

export function InForceList() {
  const say = useSay();
  const airings = usePicture('airings');
  const nowMs = useNow(2_000);
  const list = useMemo(() => inForce(airings.values(), nowMs), [airings, nowMs]);
  if (list.length === 0) return null;
  return (
    <section aria-label={say('emergency.in-force')} className={styles.force}>
      {list.map((airing) => (
        <InForceCard key={airing.occurrence} airing={airing} nowMs={nowMs} />
      ))}
    </section>
  );
}

function InForceCard(props: { airing: AiringView; nowMs: number }) {
  const { airing, nowMs } = props;
  const say = useSay();
  const { timeZone } = useMe();
  const mayStop = useMay('emergency');
  const clusters = usePicture('clusters');
  const [isAsking, setAsking] = useState(false);
  const navigate = useNavigate();
  // Who is silent and who has not said so is read on the airing's own page, also when all is over.
  const end = useEnd((isDone) => {
    setAsking(false);
    if (isDone) navigate(airingPath(airing.occurrence));
  });
  const parts = useMemo(() => summarise(airing.targets, say), [airing.targets, say]);
  return (
    <article className={styles.card} data-drill={airing.drill}>
      <header>
        <SoundBars large />
        <div>
          <ClassMark airing={airing} onColour />
          <h2>
            <Link to={airingPath(airing.occurrence)}>{airing.title}</Link>
          </h2>
          <p>{say('emergency.since', { time: instantWords(Date.parse(airing.at), { nowMs, timeZone, say }) })}</p>
        </div>
      </header>
      <div className={styles.state}>
        {!airing.active && (
          <Notice tone="attention" live>
            {say('airing.stage-stopping', { count: stillSounding(airing).length })}
          </Notice>
        )}
        {mayStop && airing.active && (
          <button type="button" className={styles.stop} onClick={() => setAsking(true)}>
            <IconPlayerStopFilled size={30} aria-hidden />
            {say('emergency.stop')}
          </button>
        )}
        <SummaryBar parts={parts} large />
        {/* biome-ignore lint/a11y/noNoninteractiveTabindex: a list that scrolls must be reachable by keyboard */}
        <ul className={styles.targets} tabIndex={0} aria-label={say('emergency.clusters')}>
          {airing.targets.map((target) => {
            const words = targetWords(target, say);
            return (
              <li key={target.clusterId} data-tone={words.tone}>
                <span>{clusters.get(target.clusterId)?.name ?? target.clusterId}</span>
                <span>{words.label}</span>
              </li>
            );
          })}
        </ul>
      </div>
      <AskDialog
        isOpen={isAsking}
        title={say('emergency.ask-stop')}
        yes={say('emergency.stop')}
        isBusy={end.isBusy}
        onYes={() => end.run({ bulletinId: airing.bulletinId, isEmergency: true })}
        onNo={() => setAsking(false)}
      >
        <p>
          <strong>{airing.title}</strong>
        </p>
        <p>{say('end.consequence', { count: airing.targets.length })}</p>
      </AskDialog>
    </article>
  );
}
