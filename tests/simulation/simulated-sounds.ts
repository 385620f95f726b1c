/**
 * Sounds without sound: a clip of a stated length with random bytes for a file. What the clip folder of a server holds,
 * so it survives the server's death.
 */
import { createHash } from 'node:crypto';
import { accept } from '@loa/server/refusal.ts';
import type { Sounds } from '@loa/server/work/contracts.ts';
import type { Chance } from './world.ts';

export interface SimulatedSounds extends Sounds {
  /** The path under which a recording of this length is handed in; each is a clip of its own. */
  recording(durationMs: number): string;
  fileOf(hash: string): Uint8Array | undefined;
  /** Length of the clip in a file of this name; undefined for what is no clip. */
  durationMsOf(hash: string): number | undefined;
}

export function simulatedSounds(chance: Chance): SimulatedSounds {
  const files = new Map<string, { bytes: Uint8Array; durationMs: number }>();
  let recordings = 0;
  return {
    recording: (durationMs) => {
      recordings += 1;
      return `/recordings/${recordings}/${durationMs}`;
    },
    fileOf: (hash) => files.get(hash)?.bytes,
    durationMsOf: (hash) => files.get(hash)?.durationMs,
    checkText: (text) => accept({ text, charset: 'unicode', converted: false, spoken: text, readings: [] }),
    speak: async () => accept({ path: '/recordings/spoken/20000' }),
    keepSound: async (path) => {
      const durationMs = Number(path.split('/').at(-1));
      const bytes = chance.bytes(1_500 + chance.below(3_000));
      const id = createHash('sha256').update(bytes).digest('hex');
      files.set(id, { bytes, durationMs });
      const renditions = [{ format: 'ogg-opus' as const, hash: id, sizeBytes: bytes.length }];
      return accept({ id, durationMs, loudnessLufs: -16, truePeakDbtp: -2, renditions });
    },
    removeFile: async () => undefined,
    pathOf: (hash) => `/clips/${hash}`,
    sizeBytes: async (hash) => files.get(hash)?.bytes.length,
  };
}
