/**
 * How long will this file probably play? A quick look at what it says of itself, good enough to choose the queue it waits
 * in; the preparation measures what is true and judges the difference.
 */
import type { Disk } from '../../edges/disk.ts';
import { openByteWindow } from './byte-window.ts';
import { strangerOptions } from './decode.ts';
import type { Ffmpeg } from './ffmpeg.ts';
import { recogniseSound } from './recognise-sound.ts';

/** Milliseconds, or undefined when it does not say or is no sound: such a file is refused soon. */
export async function expectedLengthMs(request: {
  inputPath: string;
  ffmpeg: Ffmpeg;
  disk: Disk;
  signal?: AbortSignal | undefined;
}): Promise<number | undefined> {
  const { inputPath, ffmpeg, disk, signal } = request;
  const sizeBytes = await disk.sizeBytes(inputPath);
  if (sizeBytes === undefined) return undefined;
  const recognised = await recogniseSound(openByteWindow({ disk, path: inputPath, sizeBytes }));
  if (recognised.kind !== 'sound') return undefined;
  const probed = await ffmpeg.probe({ inputPath, inputOptions: strangerOptions(recognised.demuxer), signal });
  if (probed.kind !== 'probed') return undefined;
  return probed.sound.audio?.durationMs ?? probed.sound.durationMs;
}
