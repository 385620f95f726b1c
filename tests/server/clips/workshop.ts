/**
 * A place to prepare clips in tests: real ffmpeg, real disk, a temporary folder that goes away with the test file.
 */
import { mkdir, mkdtemp, readdir, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { machineClock } from '@loa/server/edges/clock.ts';
import { machineDisk } from '@loa/server/edges/disk.ts';
import { runProcess } from '@loa/server/edges/process.ts';
import { createFfmpeg, type Ffmpeg } from '@loa/server/keep/clips/ffmpeg.ts';
import { type PreparedClip, type PrepareEnd, prepareClip } from '@loa/server/keep/clips/prepare-clip.ts';
import { afterAll, vi } from 'vitest';
import { ffmpegForTests, type Sound, type WavShape, writeWav } from '../../harness/sound.ts';

// Preparing takes under a second; a busy machine takes longer, and only a hung one takes this long.
vi.setConfig({ testTimeout: 180_000, hookTimeout: 180_000 });

export interface Workshop {
  folder: string;
  ffmpeg: Ffmpeg;
  /** Writes a sound (one or more channels) as WAV under that name. */
  wav(name: string, channels: Sound | readonly Sound[], shape?: WavShape): Promise<string>;
  /** Writes any bytes under that name. */
  file(name: string, bytes: Uint8Array | string): Promise<string>;
  path(name: string): string;
  /** Prepares in a working folder of its own. */
  prepare(inputPath: string): Promise<PrepareEnd & { workDir: string }>;
  /** Prepares, and throws the refusal when there is one. `files` are the paths of the renditions. */
  prepared(inputPath: string): Promise<{ clip: PreparedClip; files: { ogg: string; mp3: string } }>;
  /** What lies in a working folder. */
  leftIn(workDir: string): Promise<string[]>;
}

/** Opens a workshop for one test file. */
export async function openWorkshop(): Promise<Workshop> {
  const folder = await mkdtemp(join(tmpdir(), 'loa-clips-'));
  afterAll(() => rm(folder, { recursive: true, force: true }));
  const ffmpeg = createFfmpeg({ tools: await ffmpegForTests(), clock: machineClock, runProcess });
  let preparations = 0;
  const prepare = async (inputPath: string) => {
    const workDir = join(folder, `work-${preparations++}`);
    await mkdir(workDir);
    return { ...(await prepareClip({ inputPath, workDir, ffmpeg, disk: machineDisk })), workDir };
  };
  return {
    folder,
    ffmpeg,
    path: (name) => join(folder, name),
    wav: (name, channels, shape) => writeWav(join(folder, name), channels, shape),
    file: async (name, bytes) => {
      await writeFile(join(folder, name), bytes);
      return join(folder, name);
    },
    prepare,
    prepared: async (inputPath) => {
      const end = await prepare(inputPath);
      if (!end.ok) throw new Error(`${end.refusal.code}: ${end.refusal.detail}`);
      const [ogg, mp3] = end.clip.renditions;
      if (ogg === undefined || mp3 === undefined) throw new Error('Two renditions belong to a clip');
      return { clip: end.clip, files: { ogg: join(end.workDir, ogg.hash), mp3: join(end.workDir, mp3.hash) } };
    },
    leftIn: (workDir) => readdir(workDir),
  };
}
