/**
 * What becomes of an uploaded, recorded or spoken file before anything may air it? It is recognised, held to its own
 * declarations, decoded whole, and rendered at one loudness, or refused with a reason a person can act on. It may assume
 * a working folder of its own; after a refusal nothing of its making is left there. The source is only read.
 */
import { createHash } from 'node:crypto';
import { join } from 'node:path';
import { type ClipFormat, clipFormats } from '@loa/protocol/device';
import { type Disk, isDiskFull } from '../../edges/disk.ts';
import { openByteWindow } from './byte-window.ts';
import { type ClipRefusal, type ClipRefusalCode, clipRefusal } from './clip-refusals.ts';
import { clipMsMax, type DecodedSound, decodedBytesMax, decodeToMono, strangerOptions } from './decode.ts';
import type { Ffmpeg, ProbedSound } from './ffmpeg.ts';
import { judgeLengthClaim } from './length-claim.ts';
import { createLeveller, type LevelFailure } from './level.ts';
import type { SoundMeasure } from './measure.ts';
import { type Demuxer, recogniseSound } from './recognise-sound.ts';
import { render, renditionKinds } from './render.ts';
import { walkSound } from './walk.ts';

/** Largest file taken: an hour of CD sound is 605 MB, but nobody airs that; an hour of MP3 at 320 kbit/s is 144 MB. */
export const sourceBytesMax = 200 * 1024 * 1024;

/** Shortest sound taken: one block of the loudness meter is 0.4 s. */
export const clipMsMin = 500;

/** Below this nothing is sound: 16-bit recordings of a muted input stay under it. */
export const silentDbfs = -60;

/** Half of it is the highest tone that is kept: below 2 kHz no consonant can be told from another. */
const sampleRateHzMin = 4_000;

/** Space left to the rest of the server, above what a preparation may need. */
const reservedBytes = 64 * 1024 * 1024;

/** How much larger sound gets by decoding: WAV at its least is 4 kB/s of ADPCM, AMR 0.6 kB/s; decoded it is 192 kB/s. */
const growth = { wav: 48, other: 320 };

/** Peaks up to here with a loudness below the meter's gate are a quiet room; above it they are clicks. */
const clickDbfs = -30;

/**
 * How much less than declared may be decoded, in ms. Lossy encoders count their own padding, up to 3 frames at low rates;
 * FLAC and AIFF count samples, and ffmpeg 7 skips a damaged FLAC frame (20 ms and more) without a word.
 */
const declaredToleranceMs = { counted: 5, other: 250 };

/** One file of a clip; lies in the working folder under its hash. */
export interface PreparedRendition {
  format: ClipFormat;
  /** SHA-256 of the bytes. */
  hash: string;
  sizeBytes: number;
  mimeType: string;
}

/** A clip ready to be kept. Levels and length are those of the Ogg Opus rendition as decoded. */
export interface PreparedClip {
  /** Hash of the Ogg Opus rendition: the clip's id. */
  hash: string;
  durationMs: number;
  loudnessLufs: number;
  truePeakDbtp: number;
  /** Ogg Opus first, then MP3. */
  renditions: PreparedRendition[];
  /** The file as it came. `loudnessLufs` counts all channels, as EBU R 128 does. */
  source: {
    format: string;
    codec: string;
    durationMs: number;
    channels: number;
    sampleRateHz: number;
    loudnessLufs: number;
    truePeakDbtp: number;
    sizeBytes: number;
  };
}

export type PrepareEnd = { ok: true; clip: PreparedClip } | { ok: false; refusal: ClipRefusal };

/** What a preparation works with. `workDir` exists and is used by nobody else. */
export interface PrepareRequest {
  inputPath: string;
  workDir: string;
  ffmpeg: Ffmpeg;
  disk: Disk;
  /** Longest sound taken, in ms; default and most an hour. */
  longestMs?: number;
  /** Aborting ends the preparation soon, as a refusal `decoder-failed`. */
  signal?: AbortSignal | undefined;
}

/** Prepares one file. Throws only when the source cannot be read at all. */
export async function prepareClip(request: PrepareRequest): Promise<PrepareEnd> {
  const end = await prepare(request).catch((error: unknown): PrepareEnd => {
    if (isDiskFull(error)) return refusal('disk-full');
    throw error;
  });
  const { disk, workDir } = request;
  const kept = end.ok ? end.clip.renditions.map((rendition) => rendition.hash) : [];
  for (const name of await disk.list(workDir)) {
    if (!kept.includes(name) && join(workDir, name) !== request.inputPath) await disk.remove(join(workDir, name));
  }
  return end;
}

async function prepare(request: PrepareRequest): Promise<PrepareEnd> {
  const { inputPath, workDir, ffmpeg, disk, signal } = request;
  const sizeBytes = await disk.sizeBytes(inputPath);
  if (sizeBytes === undefined) throw new Error('The file to prepare is not there');
  if (sizeBytes > sourceBytesMax) return refusal('too-large', `${sizeBytes} bytes`);

  const file = openByteWindow({ disk, path: inputPath, sizeBytes });
  const recognised = await recogniseSound(file);
  if (recognised.kind !== 'sound') return refusal(recognised.kind, recognised.looksLike);
  const { demuxer } = recognised;
  const walk = await walkSound(file, demuxer);
  if (walk.fault !== undefined) return refusal(walk.fault.code, walk.fault.detail);

  const longestMs = request.longestMs ?? clipMsMax;
  const decodedBytes = Math.min(
    decodedBytesMax(longestMs),
    sizeBytes * (demuxer === 'wav' ? growth.wav : growth.other),
  );
  if ((await disk.freeBytes(workDir)) < decodedBytes + reservedBytes) return refusal('disk-full');
  const probed = await ffmpeg.probe({ inputPath, inputOptions: strangerOptions(demuxer), signal });
  if (probed.kind !== 'probed') return refusal('decoder-failed', probed.said);
  const { sound } = probed;
  if (sound.audio === undefined) return refusal('not-audio', 'no audio stream');
  if (sound.audio.sampleRateHz < sampleRateHzMin) return refusal('too-coarse', `${sound.audio.sampleRateHz} Hz`);

  const end = await decodeToMono({
    inputPath,
    demuxer,
    audio: sound.audio,
    understated: walk.understated ?? false,
    longestMs,
    workDir,
    ffmpeg,
    disk,
    signal,
  });
  if (end.kind === 'too-long') return refusal('too-long');
  if (end.kind === 'failed') return failure({ kind: 'failed', said: end.said });
  const { decoded } = end;
  const unfit = judgeDecoded({
    decoded,
    declaredMs: walk.declaredMs ?? declaredMsOf(sound, demuxer),
    toleranceMs: demuxer === 'flac' || demuxer === 'aiff' ? declaredToleranceMs.counted : declaredToleranceMs.other,
  });
  if (unfit !== undefined) return { ok: false, refusal: unfit };
  return renderAll(request, { decoded, sound, audio: sound.audio, sizeBytes });
}

type Audio = NonNullable<ProbedSound['audio']>;

/** Pure. What makes decoded sound unfit to air, the gravest first; undefined when nothing does. */
function judgeDecoded({
  decoded,
  declaredMs,
  toleranceMs,
}: {
  decoded: DecodedSound;
  declaredMs: number | undefined;
  toleranceMs: number;
}): ClipRefusal | undefined {
  const { durationMs, mono, damage } = decoded;
  if (damage !== undefined) return clipRefusal('truncated', damage);
  if (declaredMs !== undefined) {
    const code = judgeLengthClaim({ declaredMs, presentMs: durationMs, toleranceMs });
    if (code !== undefined) return clipRefusal(code, `${durationMs} ms of ${declaredMs} ms`);
  }
  if (durationMs < clipMsMin) return clipRefusal('too-short', `${durationMs} ms`);
  const { samplePeakDbfs } = mono;
  if (samplePeakDbfs < silentDbfs) return clipRefusal('silent', `peak ${samplePeakDbfs} dBFS`);
  if (mono.loudnessLufs === -Infinity) {
    return clipRefusal(samplePeakDbfs < clickDbfs ? 'silent' : 'uneven', 'below the gate of the meter');
  }
  return undefined;
}

/**
 * The length the container declares for the chosen stream. Frames without a container declare nothing (what ffprobe
 * says of them is a guess), WAV and MP4 were read by their walks, and where a picture runs beside the sound the container's length may be the picture's.
 */
function declaredMsOf(sound: ProbedSound, demuxer: Demuxer): number | undefined {
  if (demuxer === 'mp3' || demuxer === 'aac' || demuxer === 'amr' || demuxer === 'wav' || demuxer === 'mov')
    return undefined;
  return sound.audio?.durationMs ?? (sound.hasVideo ? undefined : sound.durationMs);
}

async function renderAll(
  request: PrepareRequest,
  { decoded, sound, audio, sizeBytes }: { decoded: DecodedSound; sound: ProbedSound; audio: Audio; sizeBytes: number },
): Promise<PrepareEnd> {
  const { workDir, disk, ffmpeg, signal } = request;
  const leveller = createLeveller({ decoded, ffmpeg, signal });
  const renditions: PreparedRendition[] = [];
  const measures: SoundMeasure[] = [];
  for (const format of clipFormats) {
    const outputPath = join(workDir, `rendition.${format}`);
    const end = await render({ decoded, leveller, format, outputPath, ffmpeg, signal });
    if (end.kind !== 'rendered') return failure(end);
    const hash = await hashOf(disk, outputPath);
    await disk.rename({ from: outputPath, to: join(workDir, hash) });
    const renditionBytes = (await disk.sizeBytes(join(workDir, hash))) ?? 0;
    renditions.push({ format, hash, sizeBytes: renditionBytes, mimeType: renditionKinds[format].mimeType });
    measures.push(end.measure);
  }
  const [first] = renditions;
  const [measure] = measures;
  if (first === undefined || measure === undefined) throw new Error('A clip has at least one rendition');
  return {
    ok: true,
    clip: {
      hash: first.hash,
      durationMs: Math.round(measure.durationMs),
      loudnessLufs: measure.loudnessLufs,
      truePeakDbtp: measure.truePeakDbtp,
      renditions,
      source: {
        format: sound.format,
        codec: audio.codec,
        durationMs: Math.round(decoded.durationMs),
        channels: audio.channels,
        sampleRateHz: audio.sampleRateHz,
        loudnessLufs: rounded(decoded.source.loudnessLufs),
        truePeakDbtp: rounded(decoded.source.truePeakDbtp),
        sizeBytes,
      },
    },
  };
}

function failure({ kind, said }: LevelFailure): PrepareEnd {
  if (kind === 'uneven') return refusal('uneven', said);
  return refusal(saysDiskFull(said) ? 'disk-full' : 'decoder-failed', said);
}

async function hashOf(disk: Disk, path: string): Promise<string> {
  const digest = createHash('sha256');
  for await (const chunk of disk.openStream(path)) digest.update(chunk);
  return digest.digest('hex');
}

function refusal(code: ClipRefusalCode, detail?: string): PrepareEnd {
  return { ok: false, refusal: clipRefusal(code, detail) };
}

/** Tenths of a decibel: more is noise of the meter. */
function rounded(level: number): number {
  return Math.round(level * 10) / 10;
}

function saysDiskFull(said: string): boolean {
  return /No space left on device|Disk quota exceeded/i.test(said);
}
