/**
 * How does decoded sound become a file of the right loudness? It is levelled and encoded; then the finished file is
 * decoded and measured, and what is aimed at before encoding is corrected until the measure is right: codecs change level
 * and peaks, so nothing but the output counts. The same samples and the same ffmpeg give the same bytes.
 */
import type { ClipFormat } from '@loa/protocol/device';
import { type DecodedSound, samplesOptions } from './decode.ts';
import type { Ffmpeg } from './ffmpeg.ts';
import { type Aim, type LevelFailure, type Leveller, treatmentsFor } from './level.ts';
import { measureSound, type SoundMeasure } from './measure.ts';

/** Loudness of every clip, EBU R 128 integrated: as loud as phones and web players, so that approvers hear what airs. */
export const targetLoudnessLufs = -16;

/** What a clip may differ from the target, in LU. */
export const loudnessToleranceLu = 1;

/** Aimed at, so that another build of the meter still finds the clip within tolerance. */
const aimToleranceLu = 0.5;

/** Highest true peak of a finished clip as decoded: room for a board's own resampling. */
export const truePeakMaxDbtp = -1.5;

/** First guess of how far a codec overshoots what it is given, in dB (measured: up to 2); corrected by measuring. */
const codecOvershootDb = 1.5;

/** Encodings of one rendition with one treatment until its measure is right; ordinary recordings need one. */
const roundsMax = 5;

/** How far a rendition's length may be from the decoded sound's, in ms: frames of the codec, look-ahead of the limiter. */
export const durationToleranceMs = 50;

/** An hour of Opus encodes in about a minute on a slow core. */
const encodeTimeoutMs = 15 * 60_000;

const exactly = ['-map_metadata', '-1', '-map_chapters', '-1', '-fflags', '+bitexact', '-flags:a', '+bitexact'];

/**
 * How each format is written. Opus: 30 kbit/s, 31 with its container, is transparent for speech and decent for a
 * signature tune; constrained, since a free one spends 47 on a steady tone and boards pay by the byte; `audio` because
 * `voip` filters the tune. MP3: 64 kbit/s mono at 48 kHz is what every cheap decoder takes; no tags.
 */
export const renditionKinds = {
  'ogg-opus': {
    mimeType: 'audio/ogg',
    options: ['-c:a', 'libopus', '-application', 'audio', '-vbr', 'constrained', '-b:a', '30k', '-f', 'ogg'],
  },
  mp3: {
    mimeType: 'audio/mpeg',
    options: ['-c:a', 'libmp3lame', '-b:a', '64k', '-id3v2_version', '0', '-write_id3v1', '0', '-f', 'mp3'],
  },
} as const satisfies Record<ClipFormat, { mimeType: string; options: readonly string[] }>;

export type RenderEnd = { kind: 'rendered'; measure: SoundMeasure } | LevelFailure;

interface RenderRequest {
  decoded: DecodedSound;
  leveller: Leveller;
  format: ClipFormat;
  outputPath: string;
  ffmpeg: Ffmpeg;
  signal?: AbortSignal | undefined;
}

/** Writes one rendition to `outputPath`, within tolerance by its own measure. */
export async function render(request: RenderRequest): Promise<RenderEnd> {
  const said: string[] = [];
  for (const treatment of treatmentsFor(request.decoded)) {
    let aim: Aim = { loudnessLufs: targetLoudnessLufs, ceilingDbtp: truePeakMaxDbtp - codecOvershootDb, treatment };
    for (let round = 1; round <= roundsMax; round++) {
      const found = await request.leveller.levelFor(aim);
      if (found.kind !== 'level') {
        if (found.kind === 'failed') return found;
        said.push(found.said);
        break;
      }
      const encoded = await encode(request, found.level.filters);
      if (!encoded.ok) return { kind: 'failed', said: encoded.said };
      const { measure } = encoded;
      const missDb = targetLoudnessLufs - measure.loudnessLufs;
      const excessDb = measure.truePeakDbtp - truePeakMaxDbtp;
      const allowedLu = round < roundsMax ? aimToleranceLu : loudnessToleranceLu;
      if (Math.abs(missDb) <= allowedLu && excessDb <= 0) return { kind: 'rendered', measure };
      said.push(`${treatment}: ${measure.loudnessLufs} LUFS, ${measure.truePeakDbtp} dBTP encoded`);
      aim = {
        treatment,
        loudnessLufs: aim.loudnessLufs + (Number.isFinite(missDb) ? missDb : 0),
        ceilingDbtp: excessDb > 0 ? aim.ceilingDbtp - excessDb - 0.2 : aim.ceilingDbtp,
      };
    }
  }
  return { kind: 'uneven', said: said.join('; ') };
}

async function encode(
  { decoded, format, outputPath, ffmpeg, signal }: RenderRequest,
  filters: readonly string[],
): Promise<{ ok: true; measure: SoundMeasure } | { ok: false; said: string }> {
  const end = await ffmpeg.run({
    inputPath: decoded.samplesPath,
    inputOptions: samplesOptions,
    filters,
    outputOptions: ['-map', '0:a:0', ...exactly, ...renditionKinds[format].options],
    outputPath,
    logLevel: 'error',
    timeoutMs: encodeTimeoutMs,
    signal,
  });
  if (end.kind !== 'ended') return { ok: false, said: `${end.kind}: ${end.said}` };
  const measured = await measureSound(ffmpeg, { path: outputPath, signal });
  if (!measured.ok) return measured;
  const { durationMs } = measured.measure;
  if (Math.abs(durationMs - decoded.durationMs) > durationToleranceMs) {
    return { ok: false, said: `${durationMs} ms encoded of ${decoded.durationMs} ms` };
  }
  return measured;
}
