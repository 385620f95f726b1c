/** Asks the disk every minute how much room is left; passes the figures on and judges nothing. */
import type { Cancel, Clock } from '../../edges/clock.ts';
import type { Disk } from '../../edges/disk.ts';

export const spaceEveryMs = 60_000;

/** `undefined`: the disk did not answer. */
export type SpaceAnswer = { freeBytes: number; totalBytes: number } | undefined;

export function watchDiskSpace(ports: {
  clock: Clock;
  disk: Pick<Disk, 'space'>;
  onAnswer: (space: SpaceAnswer) => void;
}): { stop(): void } {
  let isRunning = true;
  let cancel: Cancel = () => undefined;

  async function ask(): Promise<void> {
    const space = await ports.disk.space().catch(() => undefined);
    if (!isRunning) return;
    ports.onAnswer(space);
    cancel = ports.clock.setTimer(() => void ask(), spaceEveryMs);
  }

  void ask();
  return {
    stop() {
      isRunning = false;
      cancel();
    },
  };
}
