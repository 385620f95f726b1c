/**
 * What stands around every page: the menu (at the side, or at the foot of a phone), who is signed in, whether the
 * picture is fresh, and what emergency is in force.
 */
import { useQueryClient } from '@tanstack/react-query';
import { useEffect } from 'react';
import { NavLink, Outlet } from 'react-router';
import { useMe } from '../api/me.tsx';
import { keys } from '../api/queries.ts';
import { useLive } from '../live/use-live.tsx';
import { useSay } from '../text/use-say.ts';
import { ClockBanner, EmergencyBanner, StaleBanner } from './banners.tsx';
import { Brand } from './brand.tsx';
import styles from './frame.module.css';
import { MoreMenu, PersonMenu } from './menus.tsx';
import { PlaceCount } from './place-count.tsx';
import { PlaceIcon } from './place-icon.tsx';
import { menuOf } from './places.ts';

/** Places beside each other at the foot of a phone of 360 px. */
const footPlacesMax = 5;

export function Frame() {
  const say = useSay();
  const me = useMe();
  useSignedOut();
  const isStale = useLive((state) => state.phase === 'stale');
  const menu = menuOf(me.person);
  const foot = menu.length > footPlacesMax ? menu.slice(0, footPlacesMax - 1) : menu;
  const more = menu.slice(foot.length);
  return (
    <div className={styles.frame}>
      <a className={styles.skip} href="#content">
        {say('frame.skip')}
      </a>
      <header className={styles.top}>
        <Brand />
        <PersonMenu />
      </header>
      <nav className={styles.side} aria-label={say('frame.menu')}>
        <Brand />
        <ul>
          {menu.map((place) => (
            <li key={place.to}>
              <NavLink to={place.to} data-place={place.to}>
                <PlaceIcon to={place.to} />
                {say(place.words)}
                <PlaceCount to={place.to} />
              </NavLink>
            </li>
          ))}
        </ul>
        <PersonMenu wide />
      </nav>
      <div className={styles.page}>
        <StaleBanner />
        <ClockBanner />
        <EmergencyBanner />
        <main id="content" className={styles.main} tabIndex={-1} data-stale={isStale}>
          <Outlet />
        </main>
      </div>
      <nav className={styles.foot} aria-label={say('frame.menu')}>
        {foot.map((place) => (
          <NavLink key={place.to} to={place.to} data-place={place.to}>
            <PlaceIcon to={place.to} />
            <span>{say(place.short)}</span>
            <PlaceCount to={place.to} />
          </NavLink>
        ))}
        {more.length > 0 && <MoreMenu places={more} />}
      </nav>
    </div>
  );
}

/** Back to the sign-in when the server says so, or when it may have forgotten this person while out of reach. */
function useSignedOut(): void {
  const phase = useLive((state) => state.phase);
  const requests = useQueryClient();
  useEffect(() => {
    if (phase === 'signed-out') requests.setQueryData(keys.me, null);
    if (phase === 'stale') void requests.invalidateQueries({ queryKey: keys.me });
    if (phase === 'live') {
      void requests.invalidateQueries({
        predicate: (query) => query.queryKey[0] !== 'me' && query.queryKey[0] !== 'text-check',
      });
    }
  }, [phase, requests]);
}
