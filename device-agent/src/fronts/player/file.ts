/**
 * An output that records what a loudspeaker would have sounded: samples in `emitted.pcm`, and in `emitted.jsonl` one
 * line for each contiguous stretch with the civil instant of its first sample. A long run is told in lines of half a
 * second, so that a killed agent's record is short by no more. Bounded: full files become the one previous pair.
 */
import type { Evidence } from '@loa/protocol/device';
import type { Clock } from '../../edges/clock.ts';
import type { SoundFolder } from '../../edges/sound-folder.ts';
import { LevelMeter, msOf, rateHz, samplesOf } from './pcm.ts';
import { aheadMsMax } from './player.ts';
import type { Sink } from './sink.ts';

/** Half an hour of sound, 173 MB: what a person or a test may still want to listen to. */
export const recordSamplesMax = 30 * 60 * rateHz;

const lineSamples = samplesOf(500);

/** Contiguous stretches the loopback can still be asked about; a play is one, or a few on a busy board. */
const stretchesMax = 600;

/** Read at a time by the loopback, with a breath between, so that half an hour of sound holds nobody up. */
const readBackSamples = 5 * rateHz;

const record = { pcm: 'emitted.pcm', lines: 'emitted.jsonl' } as const;
const previous = { pcm: 'emitted.previous.pcm', lines: 'emitted.previous.jsonl' } as const;

interface Stretch {
  monotonicMs: number;
  offsetSamples: number;
  samples: number;
}

interface Span {
  fromMonotonicMs: number;
  untilMonotonicMs: number;
}

/** What the record holds of a stretch of monotonic time. */
export interface ReadBack {
  foundMs: number;
  dbfs: number | undefined;
}

export interface FileSink extends Sink {
  /** Level of what really stands in the record; read in parts. */
  readBack(span: Span): Promise<ReadBack>;
}

/**
 * The record in a folder, which is made unless it is known to have been pulled. `samplesMax` bounds each file; default
 * `recordSamplesMax`.
 */
export function fileSink(parts: {
  folder: SoundFolder;
  clock: Clock;
  wasPulled?: boolean;
  samplesMax?: number;
}): FileSink {
  const { folder, clock } = parts;
  const samplesMax = parts.samplesMax ?? recordSamplesMax;
  const stretches: Stretch[] = [];
  /** Civil time minus monotonic time of the present run, so that its lines stand beside each other exactly. */
  let civilMs = 0;
  let line: Stretch | undefined;
  if (parts.wasPulled !== true) folder.make();

  function write(block: Int16Array, at: { monotonicMs: number; isContiguous: boolean }): void {
    const bytes = new Uint8Array(block.buffer, block.byteOffset, block.byteLength);
    if (!at.isContiguous) closeLine();
    if (line === undefined) rotateWhenFull();
    const sizeBytes = folder.append(record.pcm, bytes);
    if (sizeBytes % 2 === 1) throw new Error('The record ends in the middle of a sample');
    const offsetSamples = sizeBytes / 2;
    if (line !== undefined && line.offsetSamples + line.samples !== offsetSamples) closeLine();
    if (!at.isContiguous) civilMs = clock.wallMs() - clock.monotonicMs();
    line ??= { monotonicMs: at.monotonicMs, offsetSamples, samples: 0 };
    line.samples += block.length;
    if (line.samples >= lineSamples) closeLine();
  }

  function closeLine(): void {
    if (line === undefined) return;
    const { monotonicMs, offsetSamples, samples } = line;
    remember(line);
    line = undefined;
    const atMs = Math.round((civilMs + monotonicMs) * 1000) / 1000;
    folder.append(record.lines, `${JSON.stringify({ atMs, offsetSamples, samples })}\n`);
  }

  function remember(stretch: Stretch): void {
    const last = stretches.at(-1);
    const endMs = last === undefined ? Number.NaN : last.monotonicMs + msOf(last.samples);
    const follows = last !== undefined && last.offsetSamples + last.samples === stretch.offsetSamples;
    if (follows && Math.abs(endMs - stretch.monotonicMs) < 0.01) last.samples += stretch.samples;
    else stretches.push({ ...stretch });
    if (stretches.length > stretchesMax) stretches.shift();
  }

  function rotateWhenFull(): void {
    const last = stretches.at(-1);
    if (last === undefined || last.offsetSamples + last.samples < samplesMax) return;
    folder.remove(previous.pcm);
    folder.remove(previous.lines);
    folder.rename(record.pcm, previous.pcm);
    folder.rename(record.lines, previous.lines);
    stretches.length = 0;
  }

  return {
    name: 'file',
    startLeadMs: aheadMsMax,
    write,
    rest() {
      try {
        closeLine();
      } catch {
        // The output is gone; the next write or question says so.
      }
    },
    output() {
      const reason = folder.lacking();
      const evidence: Evidence = { player: 'file', ...(reason === undefined ? {} : { reason: reason.slice(0, 300) }) };
      return { present: reason === undefined, evidence };
    },
    close: () => undefined,
    async readBack(asked) {
      const meter = new LevelMeter();
      let foundSamples = 0;
      for (const part of stretches.flatMap((stretch) => overlap(stretch, asked))) {
        for (let done = 0; done < part.samples; done += readBackSamples) {
          const count = Math.min(readBackSamples, part.samples - done);
          const bytes = folder.read(record.pcm, { offset: (part.offsetSamples + done) * 2, length: count * 2 });
          const samples = new Int16Array(bytes.buffer, bytes.byteOffset, bytes.length >> 1);
          meter.add(samples);
          foundSamples += samples.length;
          await new Promise<void>((resolve) => clock.setTimer(resolve, 0));
        }
      }
      return { foundMs: msOf(foundSamples), dbfs: meter.dbfs };
    },
  };
}

function overlap(stretch: Stretch, asked: Span): Stretch[] {
  const fromMs = Math.max(stretch.monotonicMs, asked.fromMonotonicMs);
  const untilMs = Math.min(stretch.monotonicMs + msOf(stretch.samples), asked.untilMonotonicMs);
  const samples = samplesOf(untilMs - fromMs);
  if (samples <= 0) return [];
  const skipped = samplesOf(fromMs - stretch.monotonicMs);
  return [{ monotonicMs: fromMs, offsetSamples: stretch.offsetSamples + skipped, samples }];
}
