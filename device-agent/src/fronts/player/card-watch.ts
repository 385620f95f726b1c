/**
 * How far the sound card is, looked at once a second while something sounds, and what follows from it. One for each
 * card: what a long sound taught of its rate, the next one begins with.
 */
import type { Cancel, Clock } from '../../edges/clock.ts';
import { type CardDrift, freshDrift, wantedForCard, withReading } from './drift.ts';

/** No multiple of a block or a period, so that the steps in which a driver tells its place average out. */
export const readEveryMs = 1_003;

export interface CardWatch {
  /** Sound begins after a pause: the card counts anew. */
  begin(): void;
  end(): void;
  /** What the next block is to have more (1) or less (−1), taken as done. */
  next(nowMs: number): -1 | 0 | 1;
}

/** `read`: samples at 48 kHz that the card has sounded since some instant, undefined where nobody can say. */
export function watchCard({ clock, read }: { clock: Clock; read: () => number | undefined }): CardWatch {
  let drift: CardDrift = freshDrift(clock.monotonicMs());
  let addedSamples = 0;
  let cancel: Cancel = () => undefined;

  function look(): void {
    cancel = clock.setTimer(() => {
      const soundedSamples = read();
      if (soundedSamples !== undefined) take(soundedSamples);
      look();
    }, readEveryMs);
  }

  function take(soundedSamples: number): void {
    const { beganMs } = drift;
    drift = withReading(drift, { monotonicMs: clock.monotonicMs(), soundedSamples });
    // The card counts anew, and so is counted what was added for it.
    if (drift.beganMs !== beganMs) addedSamples = 0;
  }

  return {
    begin() {
      cancel();
      drift = freshDrift(clock.monotonicMs(), drift.slowness);
      addedSamples = 0;
      look();
    },
    end: () => cancel(),
    next(nowMs) {
      const owed = wantedForCard(drift, nowMs) - addedSamples;
      const added = Math.abs(owed) < 1 ? 0 : owed > 0 ? 1 : -1;
      addedSamples += added;
      return added;
    },
  };
}
