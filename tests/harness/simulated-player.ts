/**
 * A player without sound, for simulated time: same contract as the real ones (one test holds both), and a list of what
 * would have left the loudspeaker. Its output can be pulled, its decoding can be made to fail.
 */
import type { PlayEnd, Player, Playing, Prepared, Relayed, SoundAsked } from '@loa/device-agent/contracts.ts';
import type { Cancel, Clock } from '@loa/device-agent/edges/clock.ts';

/** One stretch of sound; monotonic time of the player's clock. */
export interface SimulatedEmission {
  /** The clip's file, or the address of the station. */
  path: string;
  fromMs: number;
  level: 'routine' | 'emergency';
  gainDb?: number | undefined;
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

/** A station: breaks off for good after `breaksOffAfterMs` of each call when given. Undefined: it is away. */
export type SimulatedStation = { breaksOffAfterMs?: number | undefined } | undefined;

/** How long a real player calls a station again before the clip steps in. */
const awayMsMax = 20_000;

/** What a card has taken cannot be called back. */
const tailMs = 100;

/** One thing after another in a sound. */
interface Part {
  path: string;
  fromMs: number;
  lengthMs: number;
  /** `falls-back`: the next part follows after the real player's patience. */
  next: 'completed' | 'decoder-failed' | 'relay-away' | 'falls-back';
}

export function simulatedPlayer(options: {
  clock: Clock;
  clipAt: (path: string) => SimulatedClip;
  /** Default: every station is away. */
  stationAt?: (url: string) => SimulatedStation;
  /** Time to decode ahead; default 150 ms. */
  prepareMs?: number;
}): SimulatedPlayer {
  const { clock, clipAt, prepareMs = 150 } = options;
  const emissions: SimulatedEmission[] = [];
  let isPresent = true;
  let busyUntilMs = Number.NEGATIVE_INFINITY;
  let current: { end: (how: PlayEnd['how'], tail: number) => undefined } | undefined;

  function stationOf({ relay }: SoundAsked): SimulatedStation {
    return relay === undefined ? undefined : options.stationAt?.(relay.url);
  }

  function partsOf(asked: SoundAsked): Part[] {
    const { path, fromMs } = asked;
    const clip = path === undefined ? undefined : clipAt(path);
    const lengthMs = Math.max(0, Math.min(clip?.failsAtMs ?? Infinity, clip?.durationMs ?? 0) - fromMs);
    const next = clip?.failsAtMs === undefined ? 'completed' : 'decoder-failed';
    const clips: Part[] = path === undefined ? [] : [{ path, fromMs, lengthMs, next }];
    const station = stationOf(asked);
    if (asked.relay === undefined || station === undefined) return clips;
    const afterwards = path === undefined ? 'relay-away' : 'falls-back';
    return [
      { path: asked.relay.url, fromMs: 0, lengthMs: station.breaksOffAfterMs ?? Infinity, next: afterwards },
      ...clips,
    ];
  }

  function play(
    asked: SoundAsked,
    atMs: number,
    { untilMs, lengthMsMax }: { untilMs: number; lengthMsMax: number },
  ): Playing {
    if (current !== undefined) throw new Error('Two sounds at once');
    const parts = partsOf(asked);
    const own: SimulatedEmission[] = [];
    const firstMs = Math.max(atMs, clock.monotonicMs(), busyUntilMs);
    let fellBack = asked.relay !== undefined && stationOf(asked) === undefined;
    let emission: SimulatedEmission | undefined;
    let goalMs = 0;
    let lastMs = Number.POSITIVE_INFINITY;
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

    function soundedMs(): number {
      return emission === undefined ? 0 : Math.min(goalMs, clock.monotonicMs() - emission.startedMonotonicMs);
    }

    function seal(how: PlayEnd['how']): void {
      if (emission !== undefined) Object.assign(emission, { emittedMs: soundedMs(), how });
      emission = undefined;
    }

    function relayed(): { relayed?: Relayed } {
      if (asked.relay === undefined) return {};
      const { url } = asked.relay;
      const sum = (isStation: boolean) =>
        own.filter((one) => (one.path === url) === isStation).reduce((total, one) => total + one.emittedMs, 0);
      const told = { soundedMs: sum(true), clipMs: sum(false), reconnects: 0 };
      return { relayed: { ...told, ...(fellBack ? { fellBack: 'no-answer', said: 'simulated' } : {}) } };
    }

    function end(how: PlayEnd['how'], tail: number): undefined {
      if (isEnding) return undefined;
      isEnding = true;
      cancel();
      const leftMs = emission === undefined ? 0 : Math.min(tail, goalMs - soundedMs());
      clock.setTimer(() => {
        current = undefined;
        seal(how);
        const emittedMs = own.reduce((total, one) => total + one.emittedMs, 0);
        busyUntilMs = clock.monotonicMs();
        tellEnded({ how, emittedMs, sentDbfs: emittedMs > 0 ? -18 : undefined, ...relayed() });
      }, leftMs);
    }

    function sound(index: number): undefined {
      const part = parts[index];
      if (!isPresent) return end('output-failed', 0);
      const nowMs = clock.monotonicMs();
      if (nowMs >= lastMs) return end('too-long', 0);
      if (nowMs >= untilMs || part === undefined) return end(own.length === 0 ? 'relay-away' : 'completed', 0);
      const { path, fromMs } = part;
      const { level, gainDb } = asked;
      if (own.length === 0) lastMs = nowMs + lengthMsMax;
      goalMs = Math.min(part.lengthMs, untilMs - nowMs, lastMs - nowMs);
      emission = { path, fromMs, level, gainDb, startedMonotonicMs: nowMs, emittedMs: 0, how: undefined };
      own.push(emission);
      if (goalMs > 0) emissions.push(emission);
      tellStarted({ monotonicMs: nowMs });
      cancel = clock.setTimer(() => {
        if (clock.monotonicMs() >= untilMs) return end('completed', 0);
        if (goalMs < part.lengthMs) return end('too-long', 0);
        if (part.next !== 'falls-back') return end(part.next, 0);
        seal('completed');
        fellBack = true;
        cancel = clock.setTimer(
          () => sound(index + 1),
          Math.min(awayMsMax, Math.min(untilMs, lastMs) - clock.monotonicMs()),
        );
      }, goalMs);
    }

    current = { end };
    cancel = clock.setTimer(() => sound(0), firstMs - clock.monotonicMs());
    return {
      started,
      ended,
      async stop() {
        end('stopped', tailMs);
        return { emittedMs: (await ended).emittedMs };
      },
    };
  }

  function prepared(asked: SoundAsked): Prepared {
    let isUsed = false;
    return {
      startAt(monotonicMs, options = {}) {
        if (isUsed) throw new Error('A prepared sound starts once');
        isUsed = true;
        const { untilMonotonicMs: untilMs = Infinity, lengthMsMax = Infinity } = options;
        return play(asked, monotonicMs, { untilMs, lengthMsMax });
      },
      discard: () => {
        isUsed = true;
      },
    };
  }

  return {
    name: 'simulated',
    emissions,
    prepare: (asked) =>
      new Promise((resolve) => {
        const isStation = stationOf(asked) !== undefined;
        const waitMs = asked.relay === undefined || isStation ? 0 : asked.relay.patienceMs;
        clock.setTimer(() => {
          const clip = asked.path === undefined ? undefined : clipAt(asked.path);
          if (isStation) return resolve({ ok: true, prepared: prepared(asked) });
          if (asked.path === undefined)
            return resolve({ ok: false, reason: 'relay-away', evidence: { relay: 'No such station' } });
          if (clip === undefined || clip.failsAtMs === 0)
            return resolve({ ok: false, reason: 'decoder-failed', evidence: { decoder: 'No such clip' } });
          resolve({ ok: true, prepared: prepared(asked) });
        }, waitMs + prepareMs);
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
