/**
 * Which ffmpeg and ffprobe does this server use? Those the operator names, else the system's, else the ones that come
 * with the development packages. The last are builds of 2018 for demo and tests: a production server, where strangers'
 * files arrive, is refused them. It only looks and asks each for its abilities; it installs nothing.
 */
import { delimiter, join } from 'node:path';
import { z } from 'zod';
import type { ProcessResult, RunProcess } from '../../edges/process.ts';

/** Long enough for a cold start of a 70 MB program from a slow disk. */
const askTimeoutMs = 20_000;

/** What clips are encoded with; distributions without them exist. */
const neededEncoders = ['libopus', 'libmp3lame'];

export type FfmpegOrigin = 'configured' | 'system' | 'bundled';

/** The two programs by absolute path (or as configured), and where they came from. */
export interface FfmpegTools {
  ffmpegPath: string;
  ffprobePath: string;
  origin: { ffmpeg: FfmpegOrigin; ffprobe: FfmpegOrigin };
}

export type LocatedFfmpeg = { ok: true; tools: FfmpegTools } | { ok: false; reason: string };

/** What is read of the environment. A variable that is empty counts as not given. */
export interface FfmpegSettings {
  FFMPEG_PATH?: string | undefined;
  FFPROBE_PATH?: string | undefined;
  PATH?: string | undefined;
}

/**
 * Finds both programs, or says what to install or set. `production` true refuses the bundled builds.
 * A path that is given but does not run is an error: no other program is taken in its place silently.
 */
export async function locateFfmpeg({
  env,
  production,
  runProcess,
}: {
  env: FfmpegSettings;
  production: boolean;
  runProcess: RunProcess;
}): Promise<LocatedFfmpeg> {
  const ask = (command: string, args: string[]) => runProcess({ command, args, timeoutMs: askTimeoutMs });
  const ffmpeg = await locate({
    name: 'ffmpeg',
    variable: 'FFMPEG_PATH',
    given: env.FFMPEG_PATH,
    env,
    ask,
    production,
  });
  if (!ffmpeg.ok) return ffmpeg;
  const ffprobe = await locate({
    name: 'ffprobe',
    variable: 'FFPROBE_PATH',
    given: env.FFPROBE_PATH,
    env,
    ask,
    production,
  });
  if (!ffprobe.ok) return ffprobe;
  const encoders = (await ask(ffmpeg.path, ['-hide_banner', '-encoders'])).stdout.toString();
  const missing = neededEncoders.filter((encoder) => !new RegExp(`\\s${encoder}\\s`).test(encoders));
  if (missing.length > 0) {
    return { ok: false, reason: `${ffmpeg.path} cannot encode with ${missing.join(' and ')}. Install a full ffmpeg.` };
  }
  return {
    ok: true,
    tools: {
      ffmpegPath: ffmpeg.path,
      ffprobePath: ffprobe.path,
      origin: { ffmpeg: ffmpeg.origin, ffprobe: ffprobe.origin },
    },
  };
}

interface Search {
  name: 'ffmpeg' | 'ffprobe';
  variable: string;
  given: string | undefined;
  env: FfmpegSettings;
  production: boolean;
  ask: (command: string, args: string[]) => Promise<ProcessResult>;
}

async function locate(
  search: Search,
): Promise<{ ok: true; path: string; origin: FfmpegOrigin } | { ok: false; reason: string }> {
  const { name, variable, given } = search;
  const runs = async (path: string) => (await search.ask(path, ['-version'])).exitCode === 0;
  if (given) {
    if (await runs(given)) return { ok: true, path: given, origin: 'configured' };
    return { ok: false, reason: `${variable} is ${given}, which does not run as ${name}. Correct it or leave it out.` };
  }
  for (const folder of (search.env.PATH ?? '').split(delimiter)) {
    const path = join(folder, name);
    if (folder !== '' && (await runs(path))) return { ok: true, path, origin: 'system' };
  }
  const bundled = await bundledPath(name);
  if (bundled !== undefined && (await runs(bundled))) {
    if (!search.production) return { ok: true, path: bundled, origin: 'bundled' };
    return {
      ok: false,
      reason: `Only the ${name} that comes with the development packages was found. It is too old for files from strangers: install ffmpeg 5 or newer on this machine, or name it in ${variable}.`,
    };
  }
  return { ok: false, reason: `No ${name} was found. Install ffmpeg 5 or newer, or name it in ${variable}.` };
}

const installerSchema = z.object({ default: z.object({ path: z.string() }) });

/** The installers throw on platforms they do not carry, and are absent from a production install. */
async function bundledPath(name: 'ffmpeg' | 'ffprobe'): Promise<string | undefined> {
  try {
    const installer: unknown =
      name === 'ffmpeg' ? await import('@ffmpeg-installer/ffmpeg') : await import('@ffprobe-installer/ffprobe');
    return installerSchema.parse(installer).default.path;
  } catch {
    return undefined;
  }
}
