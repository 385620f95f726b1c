/**
 * Puts the sound rooms together for the desk: what a pasted text says and how it is spoken, a voice, and the preparation
 * and folder of clips. Here because the work layer knows none of them.
 */
import { join } from 'node:path';
import type { Clock } from './edges/clock.ts';
import type { Disk } from './edges/disk.ts';
import type { RunProcess } from './edges/process.ts';
import { openClips } from './keep/clips/clips.ts';
import { createFfmpeg } from './keep/clips/ffmpeg.ts';
import { locateFfmpeg } from './keep/clips/locate-ffmpeg.ts';
import { refuseSpeech } from './keep/speech/espeak.ts';
import { findSynthesiser } from './keep/speech/find-synthesiser.ts';
import { readPastedText } from './keep/speech/pasted-text.ts';
import { explainSpokenText, spokenText } from './keep/speech/spoken/spoken-text.ts';
import type { SpeechRefusal, Synthesiser } from './keep/speech/synthesiser.ts';
import { accept, type Result, refuse } from './refusal.ts';
import type { Sounds } from './work/contracts.ts';

export interface SoundPlace {
  /** The clip folder. */
  clipsDir: string;
  /** For files on their way; emptied at start. */
  temporaryDir: string;
  ffmpegPath: string | undefined;
  ffprobePath: string | undefined;
  /** The host's `PATH`. */
  path: string | undefined;
  /** `auto`, `off`, or the name or path of an espeak-ng. */
  speech: string;
  isProduction: boolean;
}

export interface SoundEdges {
  clock: Clock;
  disk: Disk;
  runProcess: RunProcess;
}

/** Finds the programs and opens the folders. A reason for the installer when there is no usable ffmpeg. */
export async function composeSounds(
  place: SoundPlace,
  edges: SoundEdges,
): Promise<{ ok: true; sounds: Sounds; voice: string; ffmpeg: string } | { ok: false; reason: string }> {
  const { disk, clock, runProcess } = edges;
  const located = await locateFfmpeg({
    env: { FFMPEG_PATH: place.ffmpegPath, FFPROBE_PATH: place.ffprobePath, PATH: place.path },
    production: place.isProduction,
    runProcess,
  });
  if (!located.ok) return located;
  const spokenDir = join(place.temporaryDir, 'spoken');
  await disk.remove(spokenDir);
  await disk.makeFolder(spokenDir);
  const synthesiser = await voiceOf(place, edges);
  const { folder, prepare } = await openClips({
    root: place.clipsDir,
    scratch: join(place.temporaryDir, 'clips'),
    ffmpeg: createFfmpeg({ tools: located.tools, clock, runProcess }),
    disk,
  });

  const sounds: Sounds = {
    checkText: (text) => {
      const read = readPastedText(text);
      if (!read.ok) return refuse({ code: read.code, status: 422, vi: read.vi, en: read.en, field: 'text' });
      return accept({
        text: read.text,
        charset: read.charset,
        converted: read.converted,
        spoken: spokenText(read.text),
        readings: explainSpokenText(read.text),
      });
    },
    speak: async (spoken): Promise<Result<{ path: string }>> => {
      const path = `${disk.temporaryPath(spokenDir)}.wav`;
      const said = await synthesiser.speak({ text: spoken, wavPath: path });
      if (said.ok) return accept({ path });
      await disk.remove(path);
      return refuse(speechRefusal(said));
    },
    keepSound: async (path, lane, signal) => {
      const end = await prepare({ inputPath: path, lane, signal });
      if (!end.ok) return end;
      const { hash, durationMs, loudnessLufs, truePeakDbtp, renditions } = end.clip;
      return accept({
        id: hash,
        durationMs,
        loudnessLufs,
        truePeakDbtp,
        renditions: renditions.map(({ format, hash: id, sizeBytes }) => ({ format, hash: id, sizeBytes })),
      });
    },
    removeFile: (path) => disk.remove(path),
    pathOf: (hash) => folder.pathOf(hash),
    sizeBytes: (hash) => folder.sizeBytes(hash),
  };
  const { ffmpegPath, origin } = located.tools;
  return { ok: true, sounds, voice: synthesiser.name, ffmpeg: `${ffmpegPath} (${origin.ffmpeg})` };
}

async function voiceOf(place: SoundPlace, { runProcess, disk }: SoundEdges): Promise<Synthesiser> {
  if (place.speech === 'off') return { name: 'none', speak: async () => refuseSpeech('speech-missing') };
  const named = place.speech === 'auto' ? {} : { systemCommand: place.speech };
  return findSynthesiser({ runProcess, disk, ...named });
}

function speechRefusal({ code, vi, en }: SpeechRefusal) {
  const isText = code === 'empty-text' || code === 'text-too-long';
  return { code, vi, en, status: isText ? (422 as const) : (503 as const), ...(isText ? { field: 'text' } : {}) };
}
