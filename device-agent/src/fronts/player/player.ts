/**
 * The player all outputs share: decodes ahead, starts at an exact instant, feeds the sink block by block against the
 * monotonic clock without adding up errors, at most 100 ms ahead, fades out at a stop, and is silent at the length it was
 * given, whatever is behind it. One sound at a time.
 */
import type { Evidence } from '@loa/protocol/device';
import type { PlayEnd, Player, Playing, Prepared, SoundAsked } from '../../contracts.ts';
import type { Cancel, Clock } from '../../edges/clock.ts';
import type { Decode, Decoding } from './decoder.ts';
import { levelled } from './levelled.ts';
import { blockMs, fadedOut, fadeMs, gainFactor, LevelMeter, msOf, samplesOf } from './pcm.ts';
import type { StartRelay } from './relay.ts';
import type { Sink } from './sink.ts';
import { keepSteady } from './steady.ts';

/** Written ahead at most: what cannot be called back at a stop (DESIGN §4). */
export const aheadMsMax = 100;

/** Nothing sounds longer, whoever forgets to say how long it may: the most that any order allows. */
const lengthMsMaxDefault = 24 * 3_600_000;

/** An emergency is no softer than this gain, dB, whatever else a board is told, unless it is told a floor of its own. */
export const emergencyFloorDbDefault = -6;

/** A decoder that cannot keep up is waited for this long in a row before the play is given up. */
const starvedMsMax = 6_000;

/** Gain of each level, dB; 0 plays a clip as it was prepared. */
export interface Levels {
  routineDb: number;
  /** Never below the routine level: night volume does not touch a warning. */
  emergencyDb: number;
  /** Nor below this; default `emergencyFloorDbDefault`. */
  emergencyFloorDb?: number | undefined;
}

/** A player over one sink. Without `relay` a relay is its clip. */
export function createPlayer(parts: {
  sink: Sink;
  decode: Decode;
  relay?: StartRelay | undefined;
  clock: Clock;
  levels: Levels;
}): Player {
  const { sink, levels } = parts;
  const pacer = createPacer(parts);
  return {
    name: sink.name,
    async prepare(asked) {
      const decoding = decodingOf(asked, parts);
      if (decoding === undefined) return { ok: false, reason: 'relay-away', evidence: { relay: 'not fitted' } };
      if (await decoding.ready) {
        const fadesIn = asked.fromMs > 0 || asked.relay !== undefined;
        return {
          ok: true,
          prepared: prepared(pacer, levelled(decoding, { factor: factorOf(asked, levels), fadesIn })),
        };
      }
      const reason = decoding.state() === 'away' ? 'relay-away' : 'decoder-failed';
      const evidence: Evidence = { [reason === 'relay-away' ? 'relay' : 'decoder']: decoding.said().slice(0, 400) };
      const relayed = decoding.relayed?.();
      decoding.stop();
      return { ok: false, reason, evidence, relayed };
    },
    output: async () => sink.output(),
    async close() {
      await pacer.stop();
      sink.close();
    },
  };
}

function decodingOf(
  { path, fromMs, relay }: SoundAsked,
  parts: { decode: Decode; relay?: StartRelay | undefined },
): Decoding | undefined {
  const clip = path === undefined ? undefined : { path, fromMs };
  if (relay !== undefined && parts.relay !== undefined) return parts.relay({ ...relay, clip });
  return clip === undefined ? undefined : parts.decode(clip);
}

function factorOf({ level, gainDb = 0 }: SoundAsked, levels: Levels): number {
  const { routineDb, emergencyDb, emergencyFloorDb = emergencyFloorDbDefault } = levels;
  if (level === 'routine') return gainFactor(routineDb + Math.min(0, gainDb));
  return gainFactor(Math.max(routineDb, emergencyDb, emergencyFloorDb));
}

function prepared(pacer: Pacer, decoding: Decoding): Prepared {
  let isUsed = false;
  return {
    startAt(monotonicMs, options = {}) {
      if (isUsed) throw new Error('A prepared sound starts once');
      isUsed = true;
      return pacer.play({ decoding, atMonotonicMs: monotonicMs, ...options });
    },
    discard() {
      if (!isUsed) decoding.stop();
      isUsed = true;
    },
  };
}

interface Paced {
  decoding: Decoding;
  atMonotonicMs: number;
  untilMonotonicMs?: number | undefined;
  lengthMsMax?: number | undefined;
  monotonicAt?: ((soundMs: number) => number | undefined) | undefined;
}

interface Pacer {
  play(options: Paced): Playing;
  stop(): Promise<unknown>;
}

function createPacer({ sink, clock }: { sink: Sink; clock: Clock }): Pacer {
  /** Up to this instant samples have been written; nothing else may sound before it. */
  let writtenUntilMs = Number.NEGATIVE_INFINITY;
  let current: Playing | undefined;

  function play(options: Paced): Playing {
    if (current !== undefined) throw new Error('Two sounds at once');
    const { decoding, untilMonotonicMs = Number.POSITIVE_INFINITY, lengthMsMax = lengthMsMaxDefault } = options;
    const firstMs = Math.max(options.atMonotonicMs, clock.monotonicMs(), writtenUntilMs);
    const meter = new LevelMeter();
    const steady = keepSteady({ sink, monotonicAt: options.monotonicAt });
    let emittedSamples = 0;
    let isStopping = false;
    let isEnding = false;
    let firstLeftMs = firstMs;
    let cancelStarted: Cancel = () => undefined;
    let starvedSinceMs: number | undefined;
    let isContiguous = false;
    let cancel: Cancel = () => undefined;
    let tellStarted: (first: { monotonicMs: number }) => void = () => undefined;
    let tellEnded: (end: PlayEnd) => void = () => undefined;
    const started = new Promise<{ monotonicMs: number }>((resolve) => {
      tellStarted = resolve;
    });
    const ended = new Promise<PlayEnd>((resolve) => {
      tellEnded = resolve;
    });

    function feed(): void {
      cancel();
      while (!isEnding) {
        const waitMs = feedBlock();
        if (waitMs === undefined) continue;
        cancel = clock.setTimer(feed, waitMs);
        return;
      }
    }

    /** Writes one block or ends; gives how long to wait when there is nothing to do yet. */
    function feedBlock(): number | undefined {
      const nowMs = clock.monotonicMs();
      const isFirst = emittedSamples === 0;
      const nextMs = isFirst ? Math.max(firstMs, writtenUntilMs) : writtenUntilMs;
      const dueMs = nextMs - (isFirst ? Math.min(sink.startLeadMs, aheadMsMax) : aheadMsMax);
      if (isStopping && isFirst) return end('stopped');
      if (nowMs < dueMs && !isStopping) return dueMs - nowMs;
      const leavesMs = Math.max(nextMs, nowMs);
      const leftMs = untilMonotonicMs - leavesMs;
      if (samplesOf(leftMs) <= 0) return end(isFirst ? 'relay-away' : 'completed');
      const lengthLeftMs = (isFirst ? leavesMs : firstLeftMs) + lengthMsMax - leavesMs;
      if (samplesOf(lengthLeftMs) <= 0) return end(decoding.state() === 'ended' ? 'completed' : 'too-long');
      const block = decoding.take(samplesOf(Math.min(leftMs, lengthLeftMs, isStopping ? fadeMs : blockMs)));
      if (block.length === 0) return isStopping ? end('stopped') : whenEmpty(nowMs);
      starvedSinceMs = undefined;
      const isLast = isStopping || lengthLeftMs <= blockMs;
      if (!send(isLast ? fadedOut(block) : block, nextMs, nowMs)) return end('output-failed');
      return isStopping ? end('stopped') : undefined;
    }

    function whenEmpty(nowMs: number): number | undefined {
      const state = decoding.state();
      if (state === 'ended') return end('completed');
      if (state === 'away') return end('relay-away');
      if (state === 'waiting') {
        starvedSinceMs = undefined;
        return blockMs;
      }
      starvedSinceMs ??= nowMs;
      if (state === 'failed' || nowMs - starvedSinceMs > starvedMsMax) return end('decoder-failed');
      return blockMs;
    }

    /** What comes after the card ran dry sounds from now on. */
    function send(block: Int16Array, nextMs: number, nowMs: number): boolean {
      const monotonicMs = Math.max(nextMs, nowMs);
      const { fitted, lastsMs } = steady.fit(block, monotonicMs);
      try {
        sink.write(fitted, { monotonicMs, isContiguous: isContiguous && monotonicMs === nextMs });
      } catch {
        return false;
      }
      if (emittedSamples === 0) {
        firstLeftMs = monotonicMs;
        cancelStarted = clock.setTimer(() => tellStarted({ monotonicMs }), monotonicMs - nowMs);
      }
      isContiguous = true;
      emittedSamples += block.length;
      writtenUntilMs = monotonicMs + lastsMs;
      meter.add(block);
      return true;
    }

    /** Over when the last sample has left; what was written to an output that failed did not leave. */
    function end(how: PlayEnd['how']): undefined {
      isEnding = true;
      const relayed = decoding.relayed?.();
      decoding.stop();
      sink.rest();
      const nowMs = clock.monotonicMs();
      const writtenMs = msOf(emittedSamples);
      const isCutOff = how === 'output-failed';
      const emittedMs = isCutOff ? Math.max(0, Math.min(writtenMs, nowMs - firstLeftMs)) : writtenMs;
      if (isCutOff && emittedMs === 0) cancelStarted();
      else if (isCutOff) tellStarted({ monotonicMs: firstLeftMs });
      const tailMs = isCutOff || emittedSamples === 0 ? 0 : writtenUntilMs - nowMs;
      clock.setTimer(() => {
        current = undefined;
        tellEnded({ how, emittedMs, sentDbfs: meter.dbfs, ...(relayed === undefined ? {} : { relayed }) });
      }, tailMs);
    }

    const playing: Playing = {
      started,
      ended,
      async stop() {
        isStopping = true;
        feed();
        const { emittedMs } = await ended;
        return { emittedMs };
      },
    };
    current = playing;
    feed();
    return playing;
  }

  return { play, stop: async () => current?.stop() };
}
