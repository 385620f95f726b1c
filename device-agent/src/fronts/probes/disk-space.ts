/** Asks the disk every minute how much room is left; passes the figures on and judges nothing. */
import type { Clock } from '../../edges/clock.ts';
import type { Disk } from '../../edges/disk.ts';
import { regularly } from '../../edges/regularly.ts';

export const spaceEveryMs = 60_000;

/** `undefined`: the disk did not answer. */
export type SpaceAnswer = { freeBytes: number; totalBytes: number } | undefined;

export function watchDiskSpace(ports: {
  clock: Clock;
  disk: Pick<Disk, 'space'>;
  onAnswer: (space: SpaceAnswer) => void;
}): { stop(): void } {
  let isRunning = true;
  const watch = regularly(ports.clock, spaceEveryMs, async () => {
    const space = await ports.disk.space().catch(() => undefined);
    if (isRunning) ports.onAnswer(space);
  });
  return {
    stop() {
      isRunning = false;
      watch.stop();
    },
  };
}
