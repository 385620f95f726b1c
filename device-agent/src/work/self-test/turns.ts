/**
 * Lends the one output to a test while nobody else wants it. The conductor's sounds go through here unchanged; a test
 * that is in their way is silenced first, within what an output cannot call back (100 ms), and an emergency silences it
 * already when it is prepared.
 */
import type { PlayEnd, Player, Playing, Prepared, SoundAsked } from '../../contracts.ts';

export type TestStart = { ok: true; playing: Playing } | { ok: false; reason: string };

export interface Turns {
  /** The player as the conductor has it. */
  player: Player;
  /** The conductor has something on the output, or prepared for it. */
  isTaken(): boolean;
  /** Starts a test at once, when nobody else has the output then. */
  test(asked: SoundAsked): Promise<TestStart>;
  /** Silences a test that sounds or is about to. */
  giveWay(): Promise<void>;
}

interface Test {
  isCancelled: boolean;
  playing: Playing | undefined;
  over: Promise<unknown>;
}

export function createTurns(output: Player): Turns {
  const taken = new Set<object>();
  let test: Test | undefined;

  async function giveWay(): Promise<void> {
    const own = test;
    if (own === undefined) return;
    own.isCancelled = true;
    await own.playing?.stop();
    if (own.playing !== undefined) await own.over;
  }

  function lent(prepared: Prepared): Prepared {
    const own = {};
    taken.add(own);
    return {
      startAt(monotonicMs, options) {
        const isBusy = test?.playing !== undefined;
        const free = giveWay();
        const start = () => prepared.startAt(monotonicMs, options);
        const playing = isBusy ? startedAfter(free, { start, discard: prepared.discard }) : start();
        void playing.ended.then(() => taken.delete(own));
        return playing;
      },
      discard() {
        taken.delete(own);
        prepared.discard();
      },
    };
  }

  return {
    player: {
      ...output,
      async prepare(asked) {
        if (asked.level === 'emergency') void giveWay();
        const result = await output.prepare(asked);
        return result.ok ? { ok: true, prepared: lent(result.prepared) } : result;
      },
    },
    isTaken: () => taken.size > 0,
    giveWay,
    async test(asked) {
      if (test !== undefined || taken.size > 0) return { ok: false, reason: 'sounding' };
      const own: Test = { isCancelled: false, playing: undefined, over: Promise.resolve() };
      test = own;
      const result = await output.prepare(asked);
      if (!result.ok || own.isCancelled || taken.size > 0) {
        if (result.ok) result.prepared.discard();
        test = undefined;
        return { ok: false, reason: result.ok ? 'sounding' : result.reason };
      }
      const playing = result.prepared.startAt(0);
      own.playing = playing;
      own.over = playing.ended.then(() => {
        test = undefined;
      });
      return { ok: true, playing };
    },
  };
}

/** A sound that starts when the output is free; stopped before, it does not start at all. */
function startedAfter(free: Promise<void>, sound: { start: () => Playing; discard: () => void }): Playing {
  let isStopped = false;
  const playing = free.then(() => {
    if (!isStopped) return sound.start();
    sound.discard();
    return undefined;
  });
  const never: PlayEnd = { how: 'stopped', emittedMs: 0 };
  return {
    started: playing.then((one) => one?.started ?? new Promise<{ monotonicMs: number }>(() => undefined)),
    ended: playing.then((one) => one?.ended ?? never),
    async stop() {
      isStopped = true;
      return (await playing)?.stop() ?? { emittedMs: 0 };
    },
  };
}
