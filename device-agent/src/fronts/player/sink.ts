/** Where samples go: the part in which the players of the family differ. Only shapes. */
import type { OutputState } from '../../contracts.ts';

export interface Sink {
  readonly name: string;
  /** How long before the first sample's instant its block is written; at most `aheadMsMax` of the pacer. */
  readonly startLeadMs: number;
  /**
   * Takes one block whose first sample sounds at `monotonicMs`; `isContiguous` when it follows the former without a
   * gap. Throws an Error in plain words when sound cannot leave.
   */
  write(block: Int16Array, at: { monotonicMs: number; isContiguous: boolean }): void;
  /** A sample to add to the next block (1), to leave out of it (−1) or 0, for the card's own rate; absent: always 0. */
  nextForCard?(nowMs: number): -1 | 0 | 1;
  /** Nothing follows for now. */
  rest(): void;
  output(): OutputState;
  close(): void;
}
