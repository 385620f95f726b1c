/**
 * One connection to a station, decoded: MP3, AAC (ADTS) and Ogg (Opus, Vorbis) as Icecast sends them. The decoder is
 * handed bytes and can open nothing itself, neither an address nor a file, so a playlist is only a stream of the wrong
 * kind. Never more than a few seconds old, bounded in memory and in what it makes the board work, whatever the other
 * side sends; what goes wrong with it is the station's affair and ends as a value.
 */
import type { Cancel, Clock } from '../../edges/clock.ts';
import type { Program, RunProgram } from '../../edges/process.ts';
import type { OpenStream, Stream, StreamEnd, StreamHead } from '../../edges/stream.ts';
import { msOf, rateHz, samplesOf } from './pcm.ts';
import { SampleQueue } from './sample-queue.ts';

/** Why there is no sound of a station; told in the evidence of an ended report. */
export type AwayReason =
  | StreamEnd['why']
  /** It takes the call and sends nothing. */
  | 'no-answer'
  /** What it sends is no sound of a kind that is decoded here. */
  | 'not-sound'
  /** It sends sound that nobody could hear. */
  | 'silent';

/** What stands in a relay's way, and whether another try may help. */
export interface Away {
  why: AwayReason;
  said: string;
  isFinal: boolean;
}

/** Figures of a relay, in ms of sound or of waiting. */
export interface LiveFigures {
  /** No sound for so long, from the call on or within it: the connection is given up. */
  stuckMs: number;
  /** Softer than anything said for so long: the station has no sound. Longer than a minute of silence. */
  silentMsMax: number;
}

export const liveFigures: LiveFigures = { stuckMs: 5_000, silentMsMax: 90_000 };

/** Held before it sounds, and again after it ran dry: rides out a jittering line. */
const heldMs = 1_000;

/** Older than this is given up, down to what is fresh: so far behind the station at most, beside its own delay. */
export const behindMsMax = 4_000;
const freshMs = 2_000;

/** Sent ahead when the call is taken; beyond this a station is decoded no faster than it can be heard. */
const burstMs = 30_000;

/** Bytes taken at once, and then per second: 512 kbit/s, more than any of the formats needs. */
const burstBytes = 1024 * 1024;
const bytesPerSecond = 64 * 1024;

/** Bytes the decoder has not read; then the station waits. */
const undecodedBytesMax = 64 * 1024;

/** The highest sample of what counts as silence: −60 dBFS. */
const silentPeak = 33;

const formats: Readonly<Record<string, string>> = {
  'audio/mpeg': 'mp3',
  'audio/mp3': 'mp3',
  'audio/aac': 'aac',
  'audio/aacp': 'aac',
  'audio/x-aac': 'aac',
  'audio/ogg': 'ogg',
  'audio/opus': 'ogg',
  'application/ogg': 'ogg',
};

const decoders = 'mp3,mp3float,mp2,mp2float,aac,opus,libopus,vorbis,libvorbis';

export interface LiveFeed {
  /** Up to `count` samples; none while it fills. */
  take(count: number): Int16Array;
  /** `filling`: nothing to take for the moment. `over`: nothing to take any more. */
  state(): 'filling' | 'running' | 'over';
  stop(): void;
}

export interface LiveParts {
  ffmpegPath: string;
  run: RunProgram;
  open: OpenStream;
  clock: Clock;
  figures: LiveFigures;
}

/** Calls a station. `onSound` once, when there is enough to begin with; `onAway` once, unless stopped before. */
export function startLive(
  parts: LiveParts,
  options: { url: string; onSound: () => void; onAway: (away: Away) => void },
): LiveFeed {
  const { clock, figures } = parts;
  const queue = new SampleQueue();
  const startedMs = clock.monotonicMs();
  let stream: Stream | undefined;
  let program: Program | undefined;
  let isRecording = false;
  let isOver = false;
  let isFilling = true;
  let isHeard = false;
  let hasSounded = false;
  let receivedBytes = 0;
  let decodedSamples = 0;
  let silentSamples = 0;
  let isDecoderPaused = false;
  let cancelStuck: Cancel = () => undefined;
  let cancelDecoder: Cancel = () => undefined;
  let cancelStream: Cancel = () => undefined;

  function close(): void {
    isOver = true;
    for (const cancel of [cancelStuck, cancelDecoder, cancelStream]) cancel();
    stream?.close();
    program?.kill();
  }

  function end(why: AwayReason, said: string): undefined {
    if (isOver) return undefined;
    close();
    if (why === 'silent') queue.drop(queue.length);
    // A recording would only begin again; a station that is dumb or elsewhere stays so.
    const isFinal = why === 'silent' || why === 'redirected-elsewhere' || (isRecording && hasSounded);
    options.onAway({ why, said: said.slice(0, 300), isFinal });
  }

  function rearm(): void {
    cancelStuck();
    if (isOver || isDecoderPaused) return;
    cancelStuck = clock.setTimer(() => {
      const said = `No sound for ${figures.stuckMs / 1000} s`;
      if (decodedSamples > 0) end('ended', said);
      else end(receivedBytes > 0 ? 'not-sound' : 'no-answer', said);
    }, figures.stuckMs);
  }

  function onHead(head: StreamHead): undefined {
    const format = formats[head.mediaType];
    if (format === undefined) return end('not-sound', head.mediaType === '' ? 'No media type' : head.mediaType);
    isRecording = head.isRecording;
    const bounds = ['-protocol_whitelist', 'pipe', '-codec_whitelist', decoders, '-max_alloc', '16000000'];
    const haste = ['-probesize', '32768', '-analyzeduration', '500000'];
    const input = ['-nostdin', '-hide_banner', '-v', 'error', '-threads', '1', ...bounds, ...haste, '-f', format];
    const output = ['-map', '0:a:0', '-ac', '1', '-ar', String(rateHz), '-f', 's16le', '-flush_packets', '1', 'pipe:1'];
    program = parts.run({
      command: parts.ffmpegPath,
      args: [...input, '-i', 'pipe:0', ...output],
      onOutput,
      onDrain: letStreamOn,
      onEnd: ({ said }) => end(decodedSamples > 0 ? 'ended' : 'not-sound', said || 'The stream is over'),
    });
  }

  function onData(piece: Buffer): void {
    if (isOver || program === undefined) return;
    receivedBytes += piece.length;
    const unreadBytes = program.write(piece);
    const waitMs = overBudgetMs();
    if (waitMs === 0 && unreadBytes <= undecodedBytesMax) return;
    stream?.pause();
    cancelStream();
    if (unreadBytes <= undecodedBytesMax) cancelStream = clock.setTimer(letStreamOn, waitMs);
  }

  function letStreamOn(): void {
    if (isOver) return;
    cancelStream();
    const waitMs = overBudgetMs();
    if (waitMs > 0) cancelStream = clock.setTimer(letStreamOn, waitMs);
    else stream?.resume();
  }

  /** How long nothing more is read, since more has come than any station needs to send. */
  function overBudgetMs(): number {
    const dueMs = ((receivedBytes - burstBytes) / bytesPerSecond) * 1000;
    return Math.max(0, Math.ceil(dueMs - (clock.monotonicMs() - startedMs)));
  }

  function onOutput(piece: Buffer): undefined {
    if (isOver) return undefined;
    const { added } = queue.add(piece, 0);
    decodedSamples += added.length;
    silentSamples = isSilent(added) ? silentSamples + added.length : 0;
    if (silentSamples >= samplesOf(figures.silentMsMax)) return end('silent', 'The station sends silence');
    if (!isRecording && queue.length > samplesOf(isHeard ? behindMsMax : freshMs))
      queue.drop(queue.length - samplesOf(freshMs));
    holdDecoder();
    rearm();
    if (hasSounded || queue.length < samplesOf(heldMs)) return undefined;
    hasSounded = true;
    options.onSound();
  }

  /** A recording waits until it is needed; a station is never left waiting, but not decoded faster than heard. */
  function holdDecoder(): void {
    const aheadMs = msOf(decodedSamples) - burstMs - (clock.monotonicMs() - startedMs);
    const isTooMuch = isRecording ? queue.length >= samplesOf(behindMsMax) : aheadMs > 0;
    if (!isTooMuch || isDecoderPaused) return;
    isDecoderPaused = true;
    program?.pause();
    if (!isRecording) cancelDecoder = clock.setTimer(letDecoderOn, aheadMs + 100);
  }

  function letDecoderOn(): void {
    if (isOver || !isDecoderPaused) return;
    isDecoderPaused = false;
    program?.resume();
    rearm();
  }

  rearm();
  stream = parts.open({
    url: options.url,
    onHead,
    onData,
    onEnd({ why, said }) {
      // What it has sent is still decoded; the decoder ends by itself then.
      if (why === 'ended' && program !== undefined) program.endInput();
      else end(why, said);
    },
  });
  if (isOver) stream.close();

  return {
    take(count) {
      if (isFilling && !isOver && queue.length < samplesOf(heldMs)) return new Int16Array(0);
      isFilling = false;
      isHeard = true;
      const taken = queue.take(count);
      if (queue.length === 0) isFilling = true;
      if (isRecording && queue.length < samplesOf(freshMs)) letDecoderOn();
      return taken;
    },
    state() {
      if (queue.length === 0) return isOver ? 'over' : 'filling';
      return isFilling && !isOver && queue.length < samplesOf(heldMs) ? 'filling' : 'running';
    },
    stop() {
      close();
      queue.clear();
    },
  };
}

function isSilent(samples: Int16Array): boolean {
  return samples.every((sample) => Math.abs(sample) <= silentPeak);
}
