/**
 * The clip room: any sound file in, one prepared and kept clip out, or a refusal with a reason. It puts the queue, the
 * preparation and the folder together. When it says yes, every rendition is on disk; it stores no row and asks nobody's
 * permission.
 */
import { join } from 'node:path';
import { type Disk, isDiskFull } from '../../edges/disk.ts';
import { type ClipFolder, openClipFolder } from './clip-folder.ts';
import { clipRefusal } from './clip-refusals.ts';
import { expectedLengthMs } from './expected-length.ts';
import type { Ffmpeg } from './ffmpeg.ts';
import { createPreparationQueue, type PreparationLane } from './preparation-queue.ts';
import { type PrepareEnd, prepareClip } from './prepare-clip.ts';

/** Longer sound takes more than half a minute to prepare, and waits apart. */
const longFromMs = 5 * 60_000;

/** What the desk and the device door use. */
export interface Clips {
  /** Prepares and keeps. The file at `inputPath` is only read; removing it is the caller's. Default lane: routine. */
  prepare(request: {
    inputPath: string;
    lane?: 'routine' | 'emergency';
    signal?: AbortSignal | undefined;
  }): Promise<PrepareEnd>;
  folder: ClipFolder;
}

/** Opens the room: `root` is the clip folder (renditions by hash), `scratch` a folder of its own that it empties. */
export async function openClips({
  root,
  scratch,
  ffmpeg,
  disk,
}: {
  root: string;
  scratch: string;
  ffmpeg: Ffmpeg;
  disk: Disk;
}): Promise<Clips> {
  await disk.remove(scratch);
  await disk.makeFolder(scratch);
  const folder = await openClipFolder({ root, disk });
  const queue = createPreparationQueue();

  const prepareAndKeep = async (inputPath: string, signal: AbortSignal | undefined): Promise<PrepareEnd> => {
    const workDir = await disk.makeTemporaryFolder(scratch);
    try {
      const end = await prepareClip({ inputPath, workDir, ffmpeg, disk, signal });
      if (end.ok) for (const { hash } of end.clip.renditions) await folder.keep(join(workDir, hash));
      return end;
    } catch (error) {
      if (isDiskFull(error)) return { ok: false, refusal: clipRefusal('disk-full') };
      throw error;
    } finally {
      await disk.remove(workDir);
    }
  };

  async function laneOf(wish: {
    inputPath: string;
    lane: 'routine' | 'emergency';
    signal: AbortSignal | undefined;
  }): Promise<PreparationLane> {
    const { inputPath, lane, signal } = wish;
    const lengthMs = await expectedLengthMs({ inputPath, ffmpeg, disk, signal });
    return lengthMs !== undefined && lengthMs > longFromMs ? 'long' : lane;
  }

  return {
    folder,
    prepare: async ({ inputPath, lane = 'routine', signal }) => {
      const queued = await queue.run(await laneOf({ inputPath, lane, signal }), () =>
        prepareAndKeep(inputPath, signal),
      );
      return queued.kind === 'done' ? queued.value : { ok: false, refusal: clipRefusal('busy') };
    },
  };
}
