/**
 * What time it is, and whether that may be believed (DESIGN P9). The server's time comes by round trips and runs on by
 * the monotonic clock, across processes of a boot; the board's own clock counts only before the first round trip of a boot, only where a battery
 * keeps it, and never against the issue time of a signed document. Decides nothing that follows from it.
 */
import type { ClockState, ServerMessage } from '@loa/protocol/device';
import type { ClockDistrust, ClockMemory, Now, Timekeeper } from '../../contracts.ts';
import type { Cancel, Clock } from '../../edges/clock.ts';
import {
  boundWithin,
  type Limits,
  type Line,
  limitsOf,
  lineThrough,
  monotonicAt,
  quickLineThrough,
  type Sample,
  serverAt,
  sinceStep,
  withSample,
} from './estimate.ts';

/**
 * Samples asked for when the link comes up and before a start, and how far apart: as many as average the jitter of a
 * mobile network out, as slowly as a server of thousands of boards that start together can bear.
 */
export const burstCount = 32;
export const burstGapMs = 300;
/** Starts that follow each other so soon share a burst. */
export const burstEveryMs = 30_000;
/** With a bound like this, as on one LAN, a burst ends after so few samples: more would say nothing. */
const wellKnownMs = 5;
const wellKnownCount = 4;
/** Between bursts, once there are enough samples. */
export const sampleEveryMs = 60_000;
/** Between bursts, until there are: the first quarter of an hour of a link with long round trips. */
export const sampleSoonMs = 7_500;
export const samplesEnough = 110;
/** A sample is believed for so long: the days a device must play alone. */
export const sampleLifeMs = 7 * 86_400_000;
/** A board's clock further ahead of the newest signed document is not believed: its battery is empty or it was set. */
export const wallAheadMsMax = 10 * 365 * 86_400_000;
/** A jump of the board's clock up to this is an NTP daemon at work; beyond it nobody knows which side was right. */
export const wallStepMsMax = 60_000;
/** What a battery-kept clock may be wrong by without anybody knowing. */
const wallBoundMs = 60_000;
/** Server time may lie this far before its own documents: it signs a document with the time of its issue. */
const behindDocumentsMsMax = 3_600_000;
/** A sample that took longer says nothing. */
const delayMsMax = 10_000;
/** Contradiction beyond the bounds that is put down to chance. */
const contradictionMs = 250;
/** A server that contradicts what it said before is believed after so many like samples over this time. */
const contradictionsNeeded = 8;
const contradictionLastsMs = 5 * 60_000;
/** What was learnt is kept for the next process this often: a card wears, and a quartz is good for an hour. */
export const keepEveryMs = 3_600_000;
/** Whoever asks where an instant lies that is further away asks again: until then a quick line does. */
const soonMs = 20_000;
const unknownBoundMs = wallAheadMsMax;

type TimeAnswer = Extract<ServerMessage, { kind: 'time-answer' }>;

/** The timekeeper as the link and the composition use it. */
export interface TimekeeperRoom extends Timekeeper {
  /** The link is up; `ask` sends a time request with this stamp. */
  connected(ask: (sentMs: number) => void): void;
  disconnected(): void;
  /** False when the answer belongs to no question or is impossible. */
  answered(answer: TimeAnswer): boolean;
  clockState(): ClockState;
  /** The time by round trips of this boot; undefined before the first one and while it is not trusted. */
  serverNow(): Now | undefined;
  close(): void;
}

/** `onChange` hears of trust gained or lost and of a server time that was adopted anew. */
export function createTimekeeper(parts: {
  clock: Clock;
  /** The board has a battery-backed clock. */
  clockKept: boolean;
  /** Newest verified issue time, epoch ms. */
  floorMs: () => number;
  /** Absent: nothing is known at the start, and nothing kept. */
  memory?: ClockMemory | undefined;
  onChange: () => void;
}): TimekeeperRoom {
  const { clock } = parts;
  let samples: Sample[] = [...(parts.memory?.samples ?? [])];
  let limits: Limits = limitsOf(samples);
  let line: Line | undefined = samples.length === 0 ? undefined : lineThrough(samples);
  /** Monotonic; what came back from the memory need not be kept at once. */
  let kept = { count: samples.length, atMs: clock.monotonicMs() };
  /** Samples have come since the best line was laid; until somebody asks for it, a quick one does. */
  let isStale = false;
  let contradicting: Sample[] = [];
  let wallBaseMs = clock.wallMs() - clock.monotonicMs();
  let isWallStepped = false;
  const asked = new Set<number>();
  let ask: ((sentMs: number) => void) | undefined;
  let cancelNext: Cancel | undefined;
  let cancelBurst: Cancel | undefined;
  let burstMs = Number.NEGATIVE_INFINITY;

  function watchWall(): void {
    const baseMs = clock.wallMs() - clock.monotonicMs();
    if (Math.abs(baseMs - wallBaseMs) > wallStepMsMax) isWallStepped = true;
    wallBaseMs = baseMs;
  }

  function distrust(): ClockDistrust | undefined {
    const floorMs = parts.floorMs();
    const monotonicMs = clock.monotonicMs();
    const last = samples.at(-1);
    if (line !== undefined && last !== undefined) {
      if (monotonicMs - last.atMs > sampleLifeMs) return 'sample-too-old';
      return serverAt(line, monotonicMs) < floorMs - behindDocumentsMsMax ? 'server-behind-documents' : undefined;
    }
    watchWall();
    if (!parts.clockKept) return 'no-time-yet';
    const wallMs = clock.wallMs();
    if (floorMs === 0 || wallMs < floorMs || wallMs > floorMs + wallAheadMsMax) return 'wall-implausible';
    return isWallStepped ? 'wall-stepped' : undefined;
  }

  function now(): Now {
    const monotonicMs = clock.monotonicMs();
    const trusted = distrust() === undefined;
    const guessMs = line === undefined ? clock.wallMs() : serverAt(line, monotonicMs);
    const floorMs = parts.floorMs();
    // What is not trusted may still be known to be too early.
    const ms = trusted && line !== undefined ? guessMs : Math.max(guessMs, floorMs);
    const boundMs = line === undefined ? wallBoundMs : boundWithin(limits, line, monotonicMs);
    return { ms, trusted, boundMs: trusted ? boundMs : unknownBoundMs };
  }

  /** Server minus monotonic, at this instant, by whatever is best known. */
  function presentLine(): Line {
    layLine();
    if (line !== undefined) return line;
    const monotonicMs = clock.monotonicMs();
    return { refMs: monotonicMs, offsetMs: now().ms - monotonicMs, rate: 0 };
  }

  function take(sample: Sample): void {
    if (line === undefined || !contradicts(sample, line)) {
      contradicting = [];
      samples = sinceStep(withSample(samples, sample));
    } else {
      const alike = contradicting.filter(
        (other) => Math.abs(other.offsetMs - sample.offsetMs) < (other.delayMs + sample.delayMs) / 2 + contradictionMs,
      );
      contradicting = [...alike.slice(-32), sample];
      const first = contradicting[0] ?? sample;
      const isLasting = sample.atMs - first.atMs >= contradictionLastsMs;
      if (contradicting.length < contradictionsNeeded || !isLasting) return;
      samples = contradicting.reduce(withSample, [] as Sample[]);
      contradicting = [];
    }
    limits = limitsOf(samples);
    line = quickLineThrough(samples, limits);
    isStale = true;
    // At first whenever there is twice as much to know.
    if (samples.length < 2 * kept.count && sample.atMs - kept.atMs < keepEveryMs) return;
    kept = { count: samples.length, atMs: sample.atMs };
    void parts.memory?.keep(samples);
  }

  /** The best line, when somebody asks where a start lies: on a small board it takes some milliseconds. */
  function layLine(): void {
    if (isStale) line = lineThrough(samples);
    isStale = false;
  }

  function contradicts(sample: Sample, known: Line): boolean {
    const expectedMs = serverAt(known, sample.atMs) - sample.atMs;
    const doubtMs = sample.delayMs / 2 + boundWithin(limits, known, sample.atMs) + contradictionMs;
    return Math.abs(sample.offsetMs - expectedMs) > doubtMs;
  }

  function askOnce(): void {
    if (ask === undefined) return;
    const sentMs = clock.monotonicMs();
    asked.add(sentMs);
    // Answers that never came; the oldest are forgotten.
    for (const oldest of asked) {
      if (asked.size <= 4 * burstCount) break;
      asked.delete(oldest);
    }
    ask(sentMs);
  }

  function askRegularly(): void {
    cancelNext?.();
    cancelNext = clock.setTimer(() => {
      watchWall();
      askOnce();
      askRegularly();
    }, everyMs());
  }

  function everyMs(): number {
    const isEnough = samples.length === 0 || samples.length >= samplesEnough || isWellKnown();
    return isEnough ? sampleEveryMs : sampleSoonMs;
  }

  function isWellKnown(): boolean {
    return line !== undefined && boundWithin(limits, line, clock.monotonicMs()) <= wellKnownMs;
  }

  function burst(count = 1): void {
    if (count === 1) burstMs = clock.monotonicMs();
    askOnce();
    const isOver = count >= burstCount || (count >= wellKnownCount && isWellKnown());
    cancelBurst = isOver ? undefined : clock.setTimer(() => burst(count + 1), burstGapMs);
  }

  function silence(): void {
    cancelNext?.();
    cancelBurst?.();
    cancelBurst = undefined;
    ask = undefined;
    asked.clear();
  }

  return {
    now,
    distrust,
    serverToMonotonic(serverMs) {
      const roughMs = line === undefined ? undefined : monotonicAt(line, serverMs);
      const isFar = roughMs !== undefined && Math.abs(roughMs - clock.monotonicMs()) > soonMs;
      return isFar ? roughMs : monotonicAt(presentLine(), serverMs);
    },
    monotonicToServer: (monotonicMs) => serverAt(presentLine(), monotonicMs),
    burst() {
      if (ask !== undefined && cancelBurst === undefined && clock.monotonicMs() - burstMs >= burstEveryMs) burst();
    },
    connected(send) {
      silence();
      ask = send;
      burst();
      askRegularly();
    },
    disconnected: silence,
    answered({ sentMs, receivedMs, answeredMs }) {
      const arrivedMs = clock.monotonicMs();
      if (!asked.delete(sentMs)) return false;
      const delayMs = arrivedMs - sentMs - (answeredMs - receivedMs);
      if (answeredMs < receivedMs || delayMs < 0 || delayMs > delayMsMax) return false;
      const atMs = (sentMs + arrivedMs) / 2;
      const before = { distrust: distrust(), serverMs: now().ms };
      take({ atMs, offsetMs: (receivedMs + answeredMs) / 2 - atMs, delayMs });
      const hasJumped = Math.abs(now().ms - before.serverMs) > contradictionMs;
      if (distrust() !== before.distrust || hasJumped) parts.onChange();
      return true;
    },
    clockState() {
      const { ms, trusted, boundMs } = now();
      return { trusted, offsetMs: ms - clock.wallMs(), boundMs, atMs: ms };
    },
    serverNow() {
      const present = now();
      return line === undefined || !present.trusted ? undefined : present;
    },
    close: silence,
  };
}
