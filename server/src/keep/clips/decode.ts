/**
 * What does the file really sound like? Everything in it is decoded once into plain mono samples at 48 kHz in the working
 * folder, which all later steps read: a stranger's file meets a decoder here and nowhere else. Nothing is cut away. It
 * never judges whether the sound is fit to air.
 */
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import type { Disk } from '../../edges/disk.ts';
import type { Ffmpeg, ProbedSound } from './ffmpeg.ts';
import { measureSound, type SoundMeasure } from './measure.ts';
import type { Demuxer } from './recognise-sound.ts';

/** Longest clip, in milliseconds of decoded sound: the longest session communes air is 45 minutes. */
export const clipMsMax = 60 * 60_000;

/** The rate of Opus; every rendition is made from it. */
export const sampleRateHz = 48_000;

const bytesPerSample = 4;

/** Decoding stops here: the longest clip and a second, so that one that is too long is seen to be. At most 692 MB. */
export function decodedBytesMax(longestMs: number): number {
  return ((longestMs + 1000) / 1000) * sampleRateHz * bytesPerSample;
}

/** An hour of AAC decodes in well under a minute; a file built to be slow is given up. */
const decodeTimeoutMs = 10 * 60_000;

/** Mixed to mono, ordinary stereo loses up to 6 LU; more than this means that the channels cancel one another. */
const cancelledLuMin = 12;

/** Above this no loudspeaker layout exists and ffmpeg cannot resample: such a file is mixed first, then metered. */
const layoutChannelsMax = 8;

/** ITU-R BS.1770 §5.1: softer blocks than these do not count, absolutely and below the loudness itself. */
const gateLufs = -70;
const relativeGateLu = 10;

const meterStepMs = 100;

/** Decoders that may be used, also when ffmpeg looks into streams that are not asked for. */
const decoders = [
  ...[
    'mp3',
    'mp3float',
    'mp2',
    'mp2float',
    'mp1',
    'mp1float',
    'aac',
    'aac_latm',
    'alac',
    'flac',
    'vorbis',
    'libvorbis',
  ],
  ...[
    'opus',
    'libopus',
    'speex',
    'libspeex',
    'amrnb',
    'amrwb',
    'libopencore_amrnb',
    'libopencore_amrwb',
    'ac3',
    'eac3',
  ],
  ...['wmav1', 'wmav2', 'wmapro', 'wmalossless', 'wmavoice', 'gsm', 'gsm_ms', 'g722', 'g726', 'adpcm_ms', 'adpcm_g722'],
  ...['adpcm_g726', 'adpcm_ima_wav', 'adpcm_ima_qt', 'adpcm_yamaha', 'pcm_alaw', 'pcm_mulaw', 'pcm_s8', 'pcm_u8'],
  ...['pcm_s16le', 'pcm_s16be', 'pcm_s24le', 'pcm_s24be', 'pcm_s32le', 'pcm_s32be', 'pcm_f32le', 'pcm_f32be'],
  ...['pcm_f64le', 'pcm_f64be', 'pcm_u16le', 'pcm_u16be', 'pcm_s8_planar', 'pcm_s16le_planar', 'qcelp'],
  // Pictures beside the sound, as phones and cover images have them: ffprobe gives up on a stream it may not open.
  ...['h264', 'hevc', 'h263', 'mpeg4', 'mpeg2video', 'vp8', 'vp9', 'av1', 'mjpeg', 'png', 'bmp', 'gif', 'wmv3', 'vc1'],
];

/** Options before an input from outside: one demuxer, local files only, known decoders, checksums looked at. */
export function strangerOptions(demuxer: Demuxer): string[] {
  return [
    ...['-protocol_whitelist', 'file', '-codec_whitelist', decoders.join(',')],
    ...['-err_detect', 'crccheck', '-f', demuxer],
  ];
}

/** Options before the decoded samples, which are a file without any header. */
export const samplesOptions = ['-f', 'f32le', '-ar', String(sampleRateHz), '-ac', '1'] as const;

/** The decoded sound: a file of 32-bit floating point mono samples at 48 kHz. */
export interface DecodedSound {
  samplesPath: string;
  durationMs: number;
  /** The mono mix as decoded. */
  mono: SoundMeasure;
  /** All channels together, before the mix. */
  source: { loudnessLufs: number; truePeakDbtp: number };
  /** For how long anything sounds above the meter's gate, and for how long of it loud enough to count. */
  audibleMs: number;
  loudMs: number;
  /** What decoders complained about; undefined when nothing was wrong. */
  damage: string | undefined;
}

export type DecodeEnd =
  | { kind: 'decoded'; decoded: DecodedSound }
  /** Longer than `longestMs`; the rest was not decoded. */
  | { kind: 'too-long' }
  | { kind: 'failed'; said: string };

/** What decoding needs. */
export interface DecodeRequest {
  inputPath: string;
  demuxer: Demuxer;
  audio: NonNullable<ProbedSound['audio']>;
  /** The header tells less than there is: nothing is dropped on its word. */
  understated: boolean;
  longestMs: number;
  workDir: string;
  ffmpeg: Ffmpeg;
  disk: Disk;
  signal?: AbortSignal | undefined;
}

/** Decodes one audio stream to mono. When the channels cancel one another, the first one is taken instead of the mix. */
export async function decodeToMono(request: DecodeRequest): Promise<DecodeEnd> {
  const mixed = await decodeAs(request, mixFilter(request.audio));
  if (mixed.kind !== 'decoded' || request.audio.channels !== 2) return mixed;
  const { mono, source } = mixed.decoded;
  const cancelled = Number.isFinite(source.loudnessLufs) && source.loudnessLufs - mono.loudnessLufs > cancelledLuMin;
  return cancelled ? decodeAs(request, 'pan=mono|c0=c0') : mixed;
}

/**
 * Every channel counts the same but the one for bass effects, which carries no speech. Written out by number, because a
 * mix left to ffmpeg's own choice is made before the meter and would hide what the channels were.
 */
function mixFilter({ channels, channelLayout }: { channels: number; channelLayout: string | undefined }): string {
  if (channels <= 1) return 'anull';
  const effects = /^[2-9]\.1/.test(channelLayout ?? '') ? Math.min(3, channels - 1) : undefined;
  const mixed = Array.from({ length: channels }, (_, channel) => channel).filter((channel) => channel !== effects);
  return `pan=mono|c0=${mixed.map((channel) => `${1 / mixed.length}*c${channel}`).join('+')}`;
}

async function decodeAs(request: DecodeRequest, toMono: string): Promise<DecodeEnd> {
  const { ffmpeg, disk, workDir, signal } = request;
  const samplesPath = join(workDir, 'samples.f32');
  const meterName = 'source-meter.txt';
  const meter = [
    `aresample=${sampleRateHz}`,
    ...['ebur128=peak=true:metadata=1', `ametadata=mode=print:file=${meterName}`],
  ];
  const end = await ffmpeg.run({
    inputPath: request.inputPath,
    inputOptions: [...strangerOptions(request.demuxer), ...(request.understated ? ['-flags2', '+skip_manual'] : [])],
    filters: request.audio.channels > layoutChannelsMax ? [toMono, ...meter] : [...meter, toMono],
    outputOptions: [
      ...['-map', `0:${request.audio.index}`, '-vn', '-sn', '-dn', '-map_metadata', '-1'],
      ...['-fs', String(decodedBytesMax(request.longestMs)), '-f', 'f32le', '-c:a', 'pcm_f32le'],
    ],
    outputPath: samplesPath,
    // Tags of a stranger's file are repeated at any other level, without bound.
    logLevel: 'error',
    workFolder: workDir,
    timeoutMs: decodeTimeoutMs,
    signal,
  });
  if (end.kind !== 'ended') return { kind: 'failed', said: `${end.kind}: ${end.said}` };
  const sizeBytes = (await disk.sizeBytes(samplesPath)) ?? 0;
  const durationMs = (sizeBytes / bytesPerSample / sampleRateHz) * 1000;
  if (durationMs > request.longestMs) return { kind: 'too-long' };
  const damage = damageIn(end.said);
  if (sizeBytes === 0) return { kind: 'failed', said: damage ?? end.said };
  const measured = await measureSound(ffmpeg, { path: samplesPath, inputOptions: samplesOptions, signal });
  if (!measured.ok) return { kind: 'failed', said: measured.said };
  const mono = measured.measure;
  const heard = await readSourceMeter(disk, join(workDir, meterName), { mono, channels: request.audio.channels });
  return { kind: 'decoded', decoded: { samplesPath, durationMs, mono, ...heard, damage } };
}

/** Complaints of a decoder or of a checksum about the stream that was asked for; other streams are not decoded. */
function damageIn(said: string): string | undefined {
  const complaints = said
    .split('\n')
    .filter((line) =>
      /while decoding|submitting packet to decoder|in decoder|CRC (error|mismatch)|corrupt/i.test(line),
    );
  return complaints.length === 0 ? undefined : complaints.join('; ');
}

interface SourceMeter {
  source: DecodedSound['source'];
  audibleMs: number;
  loudMs: number;
}

/** The meter writes its running state ten times a second, as `key=value` lines in ffmpeg's words. */
async function readSourceMeter(
  disk: Disk,
  path: string,
  { mono, channels }: { mono: SoundMeasure; channels: number },
): Promise<SourceMeter> {
  const momentary: number[] = [];
  let loudness = Number.NaN;
  let peaks: number[] = [];
  for await (const line of createInterface({ input: disk.openStream(path), crlfDelay: Infinity })) {
    const [key = '', value] = line.split('=');
    if (key.startsWith('frame:')) peaks = [];
    else if (key.endsWith('.M')) momentary.push(Number(value));
    else if (key.endsWith('.I')) loudness = Number(value);
    else if (key.includes('true_peak')) peaks.push(Number(value));
  }
  // The running peak is rounded to thousandths of full scale: of one channel the exact figure is known.
  const truePeakDbtp = channels > 1 && peaks.length > 0 ? 20 * Math.log10(Math.max(...peaks)) : mono.truePeakDbtp;
  const loudnessLufs = loudness > gateLufs ? loudness : channels === 1 ? mono.loudnessLufs : -Infinity;
  return {
    source: { loudnessLufs, truePeakDbtp },
    audibleMs: momentary.filter((level) => level > gateLufs).length * meterStepMs,
    loudMs: momentary.filter((level) => level > loudnessLufs - relativeGateLu).length * meterStepMs,
  };
}
