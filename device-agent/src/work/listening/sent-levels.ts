/** What the output was given, as levels with their instants, and whether something is being given to it now. */
import type { SentListener } from '../../contracts.ts';
import { LevelTrack } from './levels.ts';

export interface SentLevels extends SentListener {
  readonly track: Pick<LevelTrack, 'slice'>;
  /** The last sample given leaves at this instant of the monotonic clock; −∞ before the first. */
  untilMs(): number;
  /** From the first block of a sound to the output's rest. */
  isSounding(): boolean;
  /** Told of every beginning and end. */
  onChange(told: (isSounding: boolean) => void): void;
}

export function createSentLevels({ rateHz }: { rateHz: number }): SentLevels {
  const track = new LevelTrack({ rateHz, absent: 'silence' });
  const listeners: ((isSounding: boolean) => void)[] = [];
  let untilMs = Number.NEGATIVE_INFINITY;
  let isSounding = false;

  function change(is: boolean): void {
    if (is === isSounding) return;
    isSounding = is;
    for (const told of listeners) told(is);
  }

  return {
    track,
    sent(block, at) {
      track.add(block, at);
      untilMs = at.monotonicMs + (block.length * 1000) / rateHz;
      change(true);
    },
    rested() {
      track.rest();
      change(false);
    },
    untilMs: () => untilMs,
    isSounding: () => isSounding,
    onChange: (told) => {
      listeners.push(told);
    },
  };
}
