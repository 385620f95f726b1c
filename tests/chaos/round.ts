/** What every round has: its stage and its chance; and what it hands to the judge. */
import type { Chance } from '../simulation/world.ts';
import type { Asked } from './asks.ts';
import type { Witness } from './judge-round.ts';
import type { BoardName, Stage } from './stage.ts';

export interface RoundParts {
  stage: Stage;
  chance: Chance;
  /** Folders of the boards, by name; known before the stage is open. */
  note(line: string): void;
}

/** What a round did. Times are true ones. */
export interface Played {
  asked: Asked[];
  /** Only where a clock was set. */
  clocks?: Partial<Record<BoardName, Pick<Witness, 'clockMoves' | 'blindSpans'>>>;
  /** Boards that must have told a fault, and which of. */
  faultsOwed?: { board: BoardName; codes: readonly string[] }[];
}

export function pause(ms: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, Math.max(0, ms)));
}

export function until(atMs: number): Promise<void> {
  return pause(atMs - Date.now());
}
