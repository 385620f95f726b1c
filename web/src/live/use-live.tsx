/**
 * The live feed inside React: one feed for as long as somebody is signed in, and hooks that draw a component again
 * only when what it selected has changed.
 */
import { livePath } from '@loa/protocol/panel';
import { createContext, type ReactNode, useContext, useEffect, useState, useSyncExternalStore } from 'react';
import { socketTo } from '../edges/browser-socket.ts';
import { browserClock } from '../edges/clock.ts';
import { browserRandom } from '../edges/random.ts';
import { LiveFeed, type LiveState } from './feed.ts';
import type { Picture } from './picture.ts';

const FeedContext = createContext<LiveFeed | undefined>(undefined);

/** Owns the socket while it is mounted. */
export function LiveProvider(props: { children: ReactNode }) {
  const [feed] = useState(
    () => new LiveFeed({ openSocket: socketTo(livePath), clock: browserClock, random: browserRandom }),
  );
  useEffect(() => {
    feed.start();
    document.addEventListener('visibilitychange', feed.wake);
    window.addEventListener('online', feed.wake);
    window.addEventListener('pageshow', feed.wake);
    return () => {
      document.removeEventListener('visibilitychange', feed.wake);
      window.removeEventListener('online', feed.wake);
      window.removeEventListener('pageshow', feed.wake);
      feed.stop();
    };
  }, [feed]);
  return <FeedContext value={feed}>{props.children}</FeedContext>;
}

function useFeed(): LiveFeed {
  const feed = useContext(FeedContext);
  if (feed === undefined) throw new Error('A live hook was used outside LiveProvider');
  return feed;
}

/** What `select` picks from the state; it must pick something that keeps its identity while it does not change. */
export function useLive<T>(select: (state: LiveState) => T): T {
  const feed = useFeed();
  return useSyncExternalStore(feed.subscribe, () => select(feed.state()));
}

/** One of the picture's maps: `areas`, `clusters` or `airings`. */
export function usePicture<K extends 'areas' | 'clusters' | 'airings'>(part: K): Picture[K] {
  return useLive((state) => state.picture[part]);
}

/** The server's time in epoch ms, drawn again every `stepMs`. */
export function useNow(stepMs = 1_000): number {
  const feed = useFeed();
  const [, draw] = useState(0);
  useEffect(() => {
    let cancel = browserClock.setTimer(function tick() {
      draw((count) => count + 1);
      cancel = browserClock.setTimer(tick, stepMs);
    }, stepMs);
    return () => cancel();
  }, [stepMs]);
  return browserClock.nowMs() + feed.state().offsetMs;
}
