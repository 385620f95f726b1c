/**
 * How does decoded sound become a file of the right loudness? Gain, where needed a limiter at four times the sampling
 * rate, encoding; then the finished file is decoded and measured, and gain and ceiling are corrected until the measure is
 * right: codecs change level and peaks, so nothing but the output counts. It never shortens the sound (the limiter adds
 * 5 ms of silence before it) and writes the same bytes for the same samples and the same ffmpeg.
 */
import type { ClipFormat } from '@loa/protocol/device';
import { type DecodedSound, sampleRateHz, samplesOptions } from './decode.ts';
import type { Ffmpeg } from './ffmpeg.ts';
import { measureSound, type SoundMeasure } from './measure.ts';

/** Loudness of every clip, EBU R 128 integrated: as loud as phones and web players, so that approvers hear what airs. */
export const targetLoudnessLufs = -16;

/** What a clip may differ from the target, in LU. */
export const loudnessToleranceLu = 1;

/** Aimed at, so that another build of the meter still finds the clip within tolerance. */
const aimToleranceLu = 0.5;

/** Highest true peak of a finished clip as decoded: room for a board's own resampling. */
export const truePeakMaxDbtp = -1.5;

/** First guess of how far a codec overshoots what it is given, in dB; corrected by measuring. */
const codecOvershootDb = 1;

/** Measured: ordinary recordings need 1 or 2 rounds, clicks over silence up to 8. */
const roundsMax = 8;

/** A sound that needs more is silence with a click in it; the noise it would lift is not worth airing. */
const gainDbMax = 70;

/** Sound and silence before encoding differ by this at most from what the file decodes to (codec frames). */
export const durationToleranceMs = 50;

/** An hour of Opus encodes in about a minute on a slow core. */
const encodeTimeoutMs = 15 * 60_000;

/** The limiter looks 5 ms ahead and delays by as much (measured, ffmpeg 4 to 7: 240 samples at 48 kHz). */
const limiterDelaySamples = 240;

const exactly = ['-map_metadata', '-1', '-map_chapters', '-1', '-fflags', '+bitexact', '-flags:a', '+bitexact'];

/**
 * How each format is written. Opus: 32 kbit/s VBR is transparent for speech and decent for a signature tune; `audio`
 * because `voip` filters the tune. MP3: 64 kbit/s mono at 48 kHz is what every cheap decoder takes; no tags.
 */
export const renditionKinds = {
  'ogg-opus': {
    mimeType: 'audio/ogg',
    options: ['-c:a', 'libopus', '-application', 'audio', '-vbr', 'on', '-b:a', '32k', '-f', 'ogg'],
  },
  mp3: {
    mimeType: 'audio/mpeg',
    options: ['-c:a', 'libmp3lame', '-b:a', '64k', '-id3v2_version', '0', '-write_id3v1', '0', '-f', 'mp3'],
  },
} as const satisfies Record<ClipFormat, { mimeType: string; options: readonly string[] }>;

export type RenderEnd =
  | { kind: 'rendered'; measure: SoundMeasure; rounds: number }
  /** No gain within reason brings it to the target. */
  | { kind: 'uneven'; said: string }
  | { kind: 'failed'; said: string };

interface Level {
  gainDb: number;
  ceilingDbtp: number;
}

/** Writes one rendition to `outputPath`, within tolerance by its own measure. */
export async function render({
  decoded,
  format,
  outputPath,
  ffmpeg,
  signal,
}: {
  decoded: DecodedSound;
  format: ClipFormat;
  outputPath: string;
  ffmpeg: Ffmpeg;
  signal?: AbortSignal | undefined;
}): Promise<RenderEnd> {
  let level: Level = {
    gainDb: targetLoudnessLufs - decoded.mono.loudnessLufs,
    ceilingDbtp: truePeakMaxDbtp - codecOvershootDb,
  };
  let before: { gainDb: number; loudnessLufs: number } | undefined;
  let said = '';
  for (let round = 1; round <= roundsMax && level.gainDb <= gainDbMax; round++) {
    const encoded = await ffmpeg.run({
      inputPath: decoded.samplesPath,
      inputOptions: samplesOptions,
      filters: levelFilters(level, decoded.mono.truePeakDbtp),
      outputOptions: ['-map', '0:a:0', ...exactly, ...renditionKinds[format].options],
      outputPath,
      logLevel: 'error',
      timeoutMs: encodeTimeoutMs,
      signal,
    });
    if (encoded.kind !== 'ended') return { kind: 'failed', said: `${encoded.kind}: ${encoded.said}` };
    const measured = await measureSound(ffmpeg, { path: outputPath, signal });
    if (!measured.ok) return { kind: 'failed', said: measured.said };
    const { measure } = measured;
    if (Math.abs(measure.durationMs - decoded.durationMs) > durationToleranceMs) {
      return { kind: 'failed', said: `${measure.durationMs} ms encoded of ${decoded.durationMs} ms` };
    }
    const missLu = Math.abs(targetLoudnessLufs - measure.loudnessLufs);
    const allowedLu = round < roundsMax ? aimToleranceLu : loudnessToleranceLu;
    if (missLu <= allowedLu && measure.truePeakDbtp <= truePeakMaxDbtp) {
      return { kind: 'rendered', measure, rounds: round };
    }
    said = `${measure.loudnessLufs} LUFS and ${measure.truePeakDbtp} dBTP with ${level.gainDb} dB of gain`;
    const next = nextLevel({ level, measure, before });
    before = { gainDb: level.gainDb, loudnessLufs: measure.loudnessLufs };
    level = next;
  }
  return { kind: 'uneven', said };
}

/** Gain alone when the peaks have room; otherwise the limiter, which needs samples behind the end to look ahead to. */
function levelFilters({ gainDb, ceilingDbtp }: Level, truePeakDbtp: number): string[] {
  const gain = `volume=${gainDb.toFixed(3)}dB:precision=double`;
  if (truePeakDbtp + gainDb <= ceilingDbtp) return [gain];
  const limit = 10 ** (ceilingDbtp / 20);
  return [
    ...[gain, `apad=pad_len=${limiterDelaySamples}`, `aresample=${sampleRateHz * 4}`],
    ...[`alimiter=limit=${limit.toFixed(6)}:attack=5:release=50:level=0`, `aresample=${sampleRateHz}`],
  ];
}

/** Pure. The limiter eats part of every decibel added, so the next gain follows the slope seen between two rounds. */
function nextLevel({
  level,
  measure,
  before,
}: {
  level: Level;
  measure: SoundMeasure;
  before: { gainDb: number; loudnessLufs: number } | undefined;
}): Level {
  const missDb = targetLoudnessLufs - measure.loudnessLufs;
  const rise = before === undefined ? 0 : level.gainDb - before.gainDb;
  const seen = before === undefined || Math.abs(rise) < 0.2 ? 1 : (measure.loudnessLufs - before.loudnessLufs) / rise;
  const slope = Math.min(1, Math.max(0.1, seen));
  const excessDb = measure.truePeakDbtp - truePeakMaxDbtp;
  return {
    gainDb: Math.abs(missDb) < 0.1 ? level.gainDb : level.gainDb + missDb / slope,
    ceilingDbtp: excessDb > 0 ? level.ceilingDbtp - excessDb - 0.2 : level.ceilingDbtp,
  };
}
