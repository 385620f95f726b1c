/**
 * A player without sound, for simulated time: same contract as the real ones (one test holds both), and a list of what
 * would have left the loudspeaker. Its output can be pulled, its decoding can be made to fail.
 */
import type { PlayEnd, Player, Playing } from '@loa/device-agent/contracts.ts';
import type { Cancel, Clock } from '@loa/device-agent/edges/clock.ts';

/** One stretch of sound; monotonic time of the player's clock. */
export interface SimulatedEmission {
  path: string;
  fromMs: number;
  level: 'routine' | 'emergency';
  startedMonotonicMs: number;
  /** Grows while it sounds. */
  emittedMs: number;
  how: PlayEnd['how'] | undefined;
}

export interface SimulatedPlayer extends Player {
  readonly emissions: readonly SimulatedEmission[];
  /** Takes the output away (what sounds fails at once) or puts it back. */
  setPresent(isPresent: boolean): void;
  /** Power is cut: what sounded ends here, nothing is told to anybody. */
  cutPower(): void;
}

/** What the decoder makes of a path: its length, or nothing. Decoding fails after `failsAtMs` of sound when given. */
export type SimulatedClip = { durationMs: number; failsAtMs?: number | undefined } | undefined;

/** What a card has taken cannot be called back. */
const tailMs = 100;

export function simulatedPlayer(options: {
  clock: Clock;
  clipAt: (path: string) => SimulatedClip;
  /** Time to decode ahead; default 150 ms. */
  prepareMs?: number;
}): SimulatedPlayer {
  const { clock, clipAt } = options;
  const emissions: SimulatedEmission[] = [];
  let isPresent = true;
  let busyUntilMs = Number.NEGATIVE_INFINITY;
  let current: { end: (how: PlayEnd['how'], tail: number) => void } | undefined;

  function play(asked: { path: string; fromMs: number; level: 'routine' | 'emergency' }, atMs: number): Playing {
    if (current !== undefined) throw new Error('Two sounds at once');
    const clip = clipAt(asked.path);
    const goalMs = Math.max(0, Math.min(clip?.failsAtMs ?? Infinity, clip?.durationMs ?? 0) - asked.fromMs);
    const firstMs = Math.max(atMs, clock.monotonicMs(), busyUntilMs);
    let emission: SimulatedEmission | undefined;
    let isEnding = false;
    let cancel: Cancel = () => undefined;
    let tellStarted: (first: { monotonicMs: number }) => void = () => undefined;
    let tellEnded: (end: PlayEnd) => void = () => undefined;
    const started = new Promise<{ monotonicMs: number }>((resolve) => {
      tellStarted = resolve;
    });
    const ended = new Promise<PlayEnd>((resolve) => {
      tellEnded = resolve;
    });

    function emittedMs(): number {
      return emission === undefined ? 0 : Math.min(goalMs, clock.monotonicMs() - emission.startedMonotonicMs);
    }

    function end(how: PlayEnd['how'], tail: number): void {
      if (isEnding) return;
      isEnding = true;
      cancel();
      const leftMs = emission === undefined ? 0 : Math.min(tail, goalMs - emittedMs());
      clock.setTimer(() => {
        current = undefined;
        const heardMs = emittedMs();
        if (emission !== undefined) Object.assign(emission, { emittedMs: heardMs, how });
        busyUntilMs = clock.monotonicMs();
        tellEnded({ how, emittedMs: heardMs, sentDbfs: heardMs > 0 ? -18 : undefined });
      }, leftMs);
    }

    current = { end };
    cancel = clock.setTimer(() => {
      if (!isPresent) return end('output-failed', 0);
      emission = { ...asked, startedMonotonicMs: clock.monotonicMs(), emittedMs: 0, how: undefined };
      if (goalMs > 0) emissions.push(emission);
      tellStarted({ monotonicMs: emission.startedMonotonicMs });
      const how = clip?.failsAtMs === undefined ? 'completed' : 'decoder-failed';
      cancel = clock.setTimer(() => end(how, 0), goalMs);
    }, firstMs - clock.monotonicMs());
    return {
      started,
      ended,
      async stop() {
        end('stopped', tailMs);
        return { emittedMs: (await ended).emittedMs };
      },
    };
  }

  return {
    name: 'simulated',
    emissions,
    prepare: (asked) =>
      new Promise((resolve) => {
        clock.setTimer(() => {
          const clip = clipAt(asked.path);
          if (clip === undefined || clip.failsAtMs === 0)
            return resolve({ ok: false, reason: 'decoder-failed', evidence: { decoder: 'No such clip' } });
          let isUsed = false;
          resolve({
            ok: true,
            prepared: {
              startAt(monotonicMs) {
                if (isUsed) throw new Error('A prepared sound starts once');
                isUsed = true;
                return play(asked, monotonicMs);
              },
              discard: () => {
                isUsed = true;
              },
            },
          });
        }, options.prepareMs ?? 150);
      }),
    output: async () => ({ present: isPresent, evidence: { player: 'simulated' } }),
    async close() {
      current?.end('stopped', 0);
    },
    setPresent(present) {
      isPresent = present;
      if (!present) current?.end('output-failed', 0);
    },
    cutPower() {
      const sounding = emissions.at(-1);
      if (current === undefined || sounding === undefined || sounding.how !== undefined) return;
      sounding.emittedMs = clock.monotonicMs() - sounding.startedMonotonicMs;
      sounding.how = 'stopped';
    },
  };
}
