/** Lines that nobody may miss, on every page: the picture is old, the server's clock is wrong, an emergency is in force. */

import { IconClockExclamation, IconPlugConnectedX, IconSpeakerphone, IconUrgent } from '@tabler/icons-react';
import { useMemo } from 'react';
import { Link, useLocation } from 'react-router';
import { useMe } from '../api/me.tsx';
import { useLive, useNow, usePicture } from '../live/use-live.tsx';
import { airingTitle } from '../model/airing-title.ts';
import { instantWords } from '../model/civil-time.ts';
import { inForce } from '../model/timeline.ts';
import { useSay } from '../text/use-say.ts';
import styles from './banners.module.css';

/** Says within `staleAfterMs` that what is shown may be old, and since when. */
export function StaleBanner() {
  const say = useSay();
  const { timeZone } = useMe();
  const phase = useLive((state) => state.phase);
  const heardAtMs = useLive((state) => (state.phase === 'stale' ? state.heardAtMs : undefined));
  const nowMs = useNow(10_000);
  const words =
    heardAtMs === undefined
      ? say('stale.never')
      : say('stale.since', { time: instantWords(heardAtMs, { nowMs, timeZone, say }) });
  return (
    <div role="status" aria-live="assertive" className={styles.stalePlace}>
      {phase === 'stale' && (
        <div className={styles.stale}>
          <IconPlugConnectedX size={24} aria-hidden />
          <span>
            <strong>{words}</strong> {say('stale.words')}
          </span>
        </div>
      )}
    </div>
  );
}

/** Says that new schedules wait because the server's clock is not believed, and who can mend it (DESIGN P9). */
export function ClockBanner() {
  const say = useSay();
  const doubt = useLive((state) => state.clockDoubt);
  return (
    <div role="status">
      {doubt !== undefined && (
        <div className={styles.stale}>
          <IconClockExclamation size={24} aria-hidden />
          <span>
            <strong>{say(`clock.${doubt}`)}</strong> {say('clock.words')}
          </span>
        </div>
      )}
    </div>
  );
}

/** Names each emergency and drill in force, and leads to it. */
export function EmergencyBanner() {
  const say = useSay();
  const { pathname } = useLocation();
  const airings = usePicture('airings');
  const nowMs = useNow(5_000);
  const urgent = useMemo(() => inForce(airings.values(), nowMs), [airings, nowMs]);
  const shown = pathname === '/emergency' ? [] : urgent.filter((airing) => !isOpen(pathname, airing.occurrence));
  return (
    <div role="status">
      {shown.map((airing) => (
        <Link
          key={airing.occurrence}
          to={`/airings/${encodeURIComponent(airing.occurrence)}`}
          className={styles.urgent}
          data-drill={airing.drill}
        >
          {airing.drill ? <IconSpeakerphone size={24} aria-hidden /> : <IconUrgent size={24} aria-hidden />}
          <strong>{say(airing.drill ? 'emergency.drill-sounds' : 'emergency.sounds')}</strong>
          <span className={styles.title}>{airingTitle(airing, say)}</span>
          <span className={styles.look}>{say('action.look')}</span>
        </Link>
      ))}
    </div>
  );
}

function isOpen(pathname: string, occurrence: string): boolean {
  return pathname === `/airings/${encodeURIComponent(occurrence)}` || pathname === `/airings/${occurrence}`;
}
