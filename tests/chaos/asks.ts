/** What people ask for in a round: bulletins with a clip of their own each, and what a board owes of them. */
import { spawn } from 'node:child_process';
import { requestId, soon, uploadSound } from '../harness/bulletins.ts';
import { speechLike } from '../harness/sound-signals.ts';
import { eventually } from '../harness/town.ts';
import type { Clip } from './captured.ts';
import type { BoardName, Stage } from './stage.ts';

export type Resume = 'resume' | 'restart' | 'drop';

export interface Asked {
  bulletinId: string;
  board: BoardName;
  isEmergency: boolean;
  clip: Clip;
  durationMs: number;
  /** Instants, true time. */
  startsMs: readonly number[];
  acceptedMs: number;
  repeat: { count: number; gapMs: number };
  lateMsMax: number;
  resume: Resume;
  /** Instants of it that nothing may keep from sounding whole. */
  owedMs: number[];
  /** Instants at which it must not sound at all, and why. */
  forbidden: { atMs: number; why: string }[];
}

export interface PreparedClip {
  clip: Clip;
  durationMs: number;
}

/** Uploads a sound of its own and decodes what the server made of it, as a board would, at the board's gain. */
export async function prepareClip(
  stage: Stage,
  { seconds, seed, gainDb = 0 }: { seconds: number; seed: number; gainDb?: number },
): Promise<PreparedClip> {
  const { id, durationMs } = await uploadSound(stage.person, speechLike({ seconds, seed }), `chaos-${seed}`);
  const decoded = await decodeAsBoard(stage.ffmpegPath, stage.clipPath(id));
  const factor = 10 ** (gainDb / 20);
  return { clip: { id, samples: decoded.map((sample) => Math.round(sample * factor)) }, durationMs };
}

/** A bulletin for one board at instants so many ms from now. */
export async function askFor(
  stage: Stage,
  options: {
    board: BoardName;
    prepared: PreparedClip;
    afterMs: readonly number[];
    resume?: Resume;
    repeat?: { count: number; gapMs: number };
    late?: { kind: 'skip' | 'start' | 'join'; lateMsMax: number };
  },
): Promise<Asked> {
  const { board, prepared, resume = 'drop', repeat = { count: 1, gapMs: 2_000 } } = options;
  const late = options.late ?? { kind: 'start', lateMsMax: 15_000 };
  const starts = options.afterMs.map(soon);
  const whens = starts.map(({ date, time }) => ({ kind: 'once' as const, date, time }));
  const body = {
    ...{ class: 'priority' as const, requestId: requestId(), title: `Chaos ${board}`, clipId: prepared.clip.id },
    ...{ areaIds: [`v-${board}`], whens, resume, repeat, late },
  };
  const bulletin = await stage.person.call('acceptBulletin', { body });
  return {
    ...{ bulletinId: bulletin.id, board, isEmergency: false, ...prepared, repeat, resume },
    startsMs: starts.map(({ atMs }) => atMs),
    acceptedMs: Date.now(),
    lateMsMax: late.lateMsMax,
    owedMs: [],
    forbidden: [],
  };
}

/** An emergency on one board, now, once; it may begin for a minute. */
export async function warn(stage: Stage, board: BoardName, prepared: PreparedClip): Promise<Asked> {
  const repeat = { count: 1, gapMs: 0 };
  const atMs = Date.now();
  const body = { requestId: requestId(), title: 'Báo động', clipId: prepared.clip.id, areaIds: [`v-${board}`], repeat };
  // The server may be dead at this moment; the same request is accepted once, however often it is made.
  let bulletinId = '';
  const push = async () => {
    bulletinId = (await stage.person.call('pushEmergency', { body: { ...body, lifeMs: 60_000 } })).id;
    return true;
  };
  if (!(await eventually(push, 30_000))) throw new Error('The emergency was not accepted');
  return {
    ...{ bulletinId, board, isEmergency: true, ...prepared, repeat, resume: 'drop' },
    ...{ startsMs: [atMs], acceptedMs: atMs, lateMsMax: 60_000, owedMs: [], forbidden: [] },
  };
}

function decodeAsBoard(ffmpegPath: string, path: string): Promise<Int16Array> {
  const args = ['-nostdin', '-v', 'error', '-i', `file:${path}`, '-map', '0:a:0', '-ac', '1', '-ar', '48000'];
  const child = spawn(ffmpegPath, [...args, '-f', 's16le', 'pipe:1'], { stdio: ['ignore', 'pipe', 'ignore'] });
  const parts: Buffer[] = [];
  child.stdout.on('data', (part: Buffer) => parts.push(part));
  return new Promise((resolve, reject) => {
    child.once('error', reject);
    child.once('close', (code) => {
      const bytes = Buffer.concat(parts);
      if (code !== 0 || bytes.length === 0) return reject(new Error(`ffmpeg ended with ${code} on ${path}`));
      const samples = new Int16Array(bytes.length >> 1);
      for (let index = 0; index < samples.length; index += 1) samples[index] = bytes.readInt16LE(index * 2);
      resolve(samples);
    });
  });
}
