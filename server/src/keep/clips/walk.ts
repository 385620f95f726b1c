/**
 * Is the file whole, by its own account? A decoder plays what is there and is content; only the container's own
 * declarations show that an end or a middle is missing. Each walk reads the skeleton of one container, never the sound.
 * Containers without a walk (FLAC, AMR, ASF, AIFF, AU, CAF, Matroska, AVI) are held to their declared length after decoding.
 */
import type { ByteWindow } from './byte-window.ts';
import type { Walk } from './length-claim.ts';
import { walkBoxes } from './mov-boxes.ts';
import { walkMp3 } from './mp3-frames.ts';
import { walkOgg } from './ogg-pages.ts';
import type { Demuxer } from './recognise-sound.ts';
import { walkWav } from './wav-chunks.ts';

/** Walks a file of the given kind; nothing found for kinds without a walk. */
export async function walkSound(file: ByteWindow, demuxer: Demuxer): Promise<Walk> {
  if (demuxer === 'wav') return walkWav(file);
  if (demuxer === 'mp3') return walkMp3(file);
  if (demuxer === 'ogg') return walkOgg(file);
  if (demuxer === 'mov') return walkBoxes(file);
  return {};
}
