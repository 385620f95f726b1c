/**
 * A station taken over: called until it sounds, called again when it breaks off, and given up after a stated patience;
 * then the clip sounds, once, from where it is told. It is one sound to the pacer, whatever happens behind it.
 */
import type { Relayed, RelaySource } from '../../contracts.ts';
import type { Cancel } from '../../edges/clock.ts';
import type { Decode, Decoding } from './decoder.ts';
import { type Away, type LiveFeed, type LiveFigures, type LiveParts, liveFigures, startLive } from './live.ts';
import { msOf } from './pcm.ts';

export interface RelayFigures extends LiveFigures {
  /** A station that broke off is called again for so long. */
  awayMsMax: number;
  /** Having sounded for so long without a break it has its whole patience again. */
  steadyMs: number;
  /** Between calls, doubled each time up to the second. */
  retryMs: number;
  retryMsMax: number;
}

export const relayFigures: RelayFigures = {
  ...liveFigures,
  awayMsMax: 20_000,
  steadyMs: 10_000,
  retryMs: 500,
  retryMsMax: 4_000,
};

export type StartRelay = (source: RelaySource & { clip: { path: string; fromMs: number } | undefined }) => Decoding;

/** Relays by the ffmpeg at `ffmpegPath`; `decode` gives the clip that steps in. */
export function ffmpegRelay(
  parts: Omit<LiveParts, 'figures'> & { decode: Decode; figures?: Partial<RelayFigures> },
): StartRelay {
  const figures = { ...relayFigures, ...parts.figures };
  return (source) => startRelay({ ...parts, figures }, source);
}

function startRelay(
  parts: Omit<LiveParts, 'figures'> & { decode: Decode; figures: RelayFigures },
  source: Parameters<StartRelay>[0],
): Decoding {
  const { clock, figures } = parts;
  const told: Relayed = { soundedMs: 0, clipMs: 0, reconnects: 0 };
  /** The connection, and before it what is left of one that broke off. */
  let feeds: LiveFeed[] = [];
  let clip: Decoding | undefined;
  let isGivenUp = false;
  let isStopped = false;
  /** The patience is used up while it sounds: the next break is the last. */
  let isLastCall = false;
  let hasSounded = false;
  let failures = 0;
  let last: Away = { why: 'no-answer', said: 'No sound in time', isFinal: false };
  let cancelPatience: Cancel | undefined;
  let cancelRetry: Cancel = () => undefined;
  let cancelSteady: Cancel = () => undefined;
  let tellReady: (isReady: boolean) => void = () => undefined;
  const ready = new Promise<boolean>((resolve) => {
    tellReady = resolve;
  });

  function waitAtMost(ms: number): void {
    cancelPatience ??= clock.setTimer(() => {
      if (feeds.some((feed) => feed.state() === 'running')) isLastCall = true;
      else giveUp();
    }, ms);
  }

  function forgive(): void {
    cancelPatience?.();
    cancelPatience = undefined;
    isLastCall = false;
    failures = 0;
  }

  function call(): void {
    const feed = startLive({ ...parts, figures }, { url: source.url, onSound, onAway });
    feeds.push(feed);
  }

  function onSound(): void {
    if (!hasSounded) forgive();
    else cancelSteady = clock.setTimer(forgive, figures.steadyMs);
    hasSounded = true;
    tellReady(true);
  }

  function onAway(away: Away): undefined {
    cancelSteady();
    if (isGivenUp || isStopped) return undefined;
    last = away;
    if (isLastCall || (away.isFinal && hasSounded)) return giveUp();
    waitAtMost(figures.awayMsMax);
    cancelRetry = clock.setTimer(
      () => {
        if (hasSounded) told.reconnects += 1;
        call();
      },
      Math.min(figures.retryMsMax, figures.retryMs * 2 ** failures),
    );
    failures += 1;
  }

  /** For good: the station is not called again, even if it should come back. */
  function giveUp(): undefined {
    isGivenUp = true;
    for (const cancel of [cancelRetry, cancelSteady]) cancel();
    cancelPatience?.();
    for (const feed of feeds) if (feed.state() !== 'running') feed.stop();
    Object.assign(told, { fellBack: last.why, said: last.said });
    if (source.clip === undefined) {
      tellReady(hasSounded);
      return undefined;
    }
    clip = parts.decode(source.clip);
    void clip.ready.then(tellReady);
  }

  function takeLive(count: number): Int16Array {
    while (feeds[0]?.state() === 'over') feeds.shift();
    const taken = feeds[0]?.take(count) ?? new Int16Array(0);
    told.soundedMs += msOf(taken.length);
    return taken;
  }

  waitAtMost(source.patienceMs);
  call();
  return {
    ready,
    take(count) {
      const live = takeLive(count);
      if (live.length > 0 || clip === undefined) return live;
      const taken = clip.take(count);
      told.clipMs += msOf(taken.length);
      return taken;
    },
    state() {
      if (feeds.some((feed) => feed.state() === 'running')) return 'running';
      if (!isGivenUp) return 'waiting';
      return clip === undefined ? 'away' : clip.state();
    },
    said: () => (clip === undefined ? `${last.why}: ${last.said}` : clip.said()),
    relayed: () => ({ ...told }),
    stop() {
      isStopped = true;
      for (const cancel of [cancelRetry, cancelSteady]) cancel();
      cancelPatience?.();
      for (const feed of feeds) feed.stop();
      feeds = [];
      clip?.stop();
      tellReady(false);
    },
  };
}
