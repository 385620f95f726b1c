/**
 * How a document names a sound: by the SHA-256 of its bytes, in the forms a board may be able to decode.
 */
import { z } from 'zod';
import { clipBytesMax } from './limits.ts';

/** Sound formats a board may declare. Ogg Opus is the mandatory core's first choice, MP3 for boards with only that. */
export const clipFormats = ['ogg-opus', 'mp3'] as const;
export type ClipFormat = (typeof clipFormats)[number];

/** SHA-256, 64 lower-case hex digits. */
export const hashSchema = z.string().regex(/^[0-9a-f]{64}$/);

export const renditionSchema = z.object({
  format: z.enum(clipFormats),
  hash: hashSchema,
  sizeBytes: z.int().min(1).max(clipBytesMax),
});
/** One file of a clip. */
export type Rendition = z.infer<typeof renditionSchema>;

export const clipSchema = z.object({
  id: hashSchema,
  durationMs: z.int().min(1),
  renditions: z.array(renditionSchema).min(1).max(clipFormats.length),
});
/** A clip: its id (the hash of its Ogg Opus rendition), length, and the files a device may fetch. */
export type Clip = z.infer<typeof clipSchema>;

/** The first rendition, in the device's own order of preference, that it can decode. */
export function renditionFor(clip: Clip, formats: readonly ClipFormat[]): Rendition | undefined {
  for (const format of formats) {
    const found = clip.renditions.find((rendition) => rendition.format === format);
    if (found !== undefined) return found;
  }
  return undefined;
}
