/**
 * A bench for relays: the real player with real ffmpeg writing to a file, stations of its own, and programmes whose every
 * second has a tone of its own, so that the record tells how old what sounds is.
 */
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { readRun, readRuns } from '@loa/demo/emitted.ts';
import type { PlayEnd, Player, SoundAsked } from '@loa/device-agent/contracts.ts';
import { machineClock as clock } from '@loa/device-agent/edges/clock.ts';
import { runProgram } from '@loa/device-agent/edges/process.ts';
import { soundFolder } from '@loa/device-agent/edges/sound-folder.ts';
import { machineStream } from '@loa/device-agent/edges/stream.ts';
import { ffmpegDecoder } from '@loa/device-agent/fronts/player/decoder.ts';
import { fileSink } from '@loa/device-agent/fronts/player/file.ts';
import { createPlayer } from '@loa/device-agent/fronts/player/player.ts';
import { ffmpegRelay, type RelayFigures } from '@loa/device-agent/fronts/player/relay.ts';
import {
  encodeFile,
  excerpt,
  ffmpegForTests,
  joined,
  rmsDbfs,
  type Sound,
  silence,
  sine,
  writeWav,
} from '../../harness/sound.ts';
import { type Behaviour, openStation, type Programme, type Station } from '../../harness/station.ts';

/** Of the clip that steps in: hertz and length. */
export const clipHz = 1_500;
export const clipMs = 1_500;
/** Peak of every tone here. */
export const levelDbfs = -12;
/** RMS of a tone of that peak. */
export const toneDbfs = levelDbfs - 3.01;
/** The tone of a programme's second. */
export const hzAt = (second: number) => 300 + 40 * second;

/** What a station can send here, with the options that make it. */
export const encodings = {
  mp3: {
    mediaType: 'audio/mpeg',
    options: ['-c:a', 'libmp3lame', '-b:a', '64k', '-write_xing', '0', '-id3v2_version', '0'],
    extension: 'mp3',
  },
  aac: { mediaType: 'audio/aac', options: ['-c:a', 'aac', '-b:a', '64k'], extension: 'aac' },
  opus: { mediaType: 'application/ogg', options: ['-c:a', 'libopus', '-b:a', '64k', '-vbr', 'off'], extension: 'ogg' },
} as const;

let folder: string;
/** The clip's file: a tone that no second of a programme has. */
export let clip: string;
const programmes = new Map<string, Programme>();
const stations: Station[] = [];

/** Makes the sounds; before all tests of a file. */
export async function openRelayBench(): Promise<void> {
  folder = await mkdtemp(join(tmpdir(), 'loa-relay-'));
  clip = await writeWav(join(folder, 'clip.wav'), sine({ seconds: clipMs / 1000, hz: clipHz, levelDbfs }));
  // A tone of its own for each second tells how old a sample is.
  const steps = Array.from({ length: 24 }, (_, second) => sine({ seconds: 1, hz: hzAt(second), levelDbfs }));
  await encoded('steps', joined(...steps), Object.keys(encodings));
  await encoded('silence', silence({ seconds: 20 }), ['mp3']);
}

/** Closes every station; after all tests of a file. */
export async function closeRelayBench(): Promise<void> {
  for (const station of stations.splice(0)) await station.close();
  await rm(folder, { recursive: true, force: true });
}

async function encoded(name: string, sound: Sound, kinds: readonly string[]): Promise<void> {
  const wav = await writeWav(join(folder, `${name}.wav`), sound);
  for (const [kind, { mediaType, options, extension }] of Object.entries(encodings)) {
    if (!kinds.includes(kind)) continue;
    const to = join(folder, `${name}.${extension}`);
    await encodeFile({ from: wav, to, options });
    const seconds = sound.samples.length / sound.sampleRateHz;
    programmes.set(`${name} ${kind}`, { bytes: await readFile(to), seconds, mediaType });
  }
}

/** An encoded sound by name and kind, `steps mp3`. */
export function programme(name: string): Programme {
  const found = programmes.get(name);
  if (found === undefined) throw new Error(`No programme ${name}`);
  return found;
}

/** A station that is closed with the bench. */
export async function station(behave: Behaviour, options: { path?: string } = {}): Promise<Station> {
  const opened = await openStation(behave, options);
  stations.push(opened);
  return opened;
}

let opened = 0;

/** A player of its own, and the folder of its record. */
export async function bench(figures: Partial<RelayFigures> = {}): Promise<{ player: Player; path: string }> {
  opened += 1;
  const path = join(folder, `sound-${opened}`);
  const { ffmpegPath } = await ffmpegForTests();
  const decode = ffmpegDecoder({ ffmpegPath, run: runProgram, clock });
  const relay = ffmpegRelay({ ffmpegPath, run: runProgram, open: machineStream(), clock, decode, figures });
  const sink = fileSink({ folder: soundFolder(path), clock });
  return { player: createPlayer({ sink, decode, relay, clock, levels: { routineDb: 0, emergencyDb: 0 } }), path };
}

/** What came of one relay. */
export interface Take {
  end: PlayEnd;
  sound: Sound;
  /** The planned instant, on the monotonic clock. */
  atMs: number;
  /** Of the first sample, against the planned instant. */
  offMs: number;
  /** From the planned instant to the last sample. */
  tookMs: number;
}

/** Prepared, started 300 ms later, and over `lengthMs` after that. */
export async function taken(
  { player, path }: { player: Player; path: string },
  asked: Partial<SoundAsked> & { url: string; lengthMs: number; patienceMs?: number; beforeMs?: number },
): Promise<Take> {
  const { url, lengthMs, patienceMs = 20_000, beforeMs = 300, ...rest } = asked;
  const prepared = await player.prepare({
    path: clip,
    fromMs: 0,
    level: 'routine',
    relay: { url, patienceMs },
    ...rest,
  });
  if (!prepared.ok) throw new Error(JSON.stringify(prepared));
  const atMs = clock.monotonicMs() + beforeMs;
  const atWallMs = clock.wallMs() + beforeMs;
  const end = await prepared.prepared.startAt(atMs, { untilMonotonicMs: atMs + lengthMs }).ended;
  const tookMs = clock.monotonicMs() - atMs;
  return {
    end,
    sound: await emitted(path),
    atMs,
    tookMs,
    offMs: ((await readRuns(path))[0]?.atMs ?? Number.NaN) - atWallMs,
  };
}

/** The whole record of a player. */
export async function emitted(path: string): Promise<Sound> {
  const parts = await Promise.all((await readRuns(path)).map((run) => readRun(path, run)));
  return {
    samples: Float32Array.from(parts.flatMap((part) => Array.from(part, (sample) => sample / 32_768))),
    sampleRateHz: 48_000,
  };
}

/** Frequency of a tone, by its zero crossings. */
export function hzOf({ samples, sampleRateHz }: Sound): number {
  let crossings = 0;
  for (let index = 1; index < samples.length; index += 1)
    if ((samples[index - 1] ?? 0) < 0 && (samples[index] ?? 0) >= 0) crossings += 1;
  return (crossings * sampleRateHz) / samples.length;
}

/** Which second of the programme sounds around a place in the record; `clip` where the clip does. */
export function secondAt(sound: Sound, ms: number): number | 'clip' | 'silence' {
  const stretch = excerpt(sound, { fromMs: ms, untilMs: ms + 200 });
  if (rmsDbfs(stretch) < -50) return 'silence';
  const hz = hzOf(stretch);
  return Math.abs(hz - clipHz) < 60 ? 'clip' : Math.round((hz - hzAt(0)) / 40);
}
