/** The place of the one play that comes next: prepared ahead, cheap to throw away. Holds, does not decide. */
import type { Player, Prepared } from '../../contracts.ts';
import type { Next } from './facts.ts';

export type PrepareFailure = Extract<Awaited<ReturnType<Player['prepare']>>, { ok: false }>;

export interface Slot {
  /** Absent while it is being prepared. */
  readonly prepared: Prepared | undefined;
  /** True when this is what comes next: the same play from the same place; a station is where it is. */
  isFor(next: Next): boolean;
  discard(): void;
}

export function createSlot(options: {
  next: Next;
  preparing: ReturnType<Player['prepare']>;
  onReady: () => void;
  onFailed: (own: Slot, failure: PrepareFailure) => void;
}): Slot {
  const { occurrence, aim, piece } = options.next;
  const isLive = piece.relay !== undefined;
  let prepared: Prepared | undefined;
  let isDiscarded = false;
  const slot: Slot = {
    get prepared() {
      return prepared;
    },
    isFor: (next) =>
      next.occurrence === occurrence &&
      next.aim.play === aim.play &&
      (isLive ? next.piece.relay !== undefined : next.aim.fromMs === aim.fromMs),
    discard() {
      isDiscarded = true;
      prepared?.discard();
    },
  };
  options.preparing.then((result) => {
    if (isDiscarded) {
      if (result.ok) result.prepared.discard();
      return;
    }
    if (!result.ok) return options.onFailed(slot, result);
    prepared = result.prepared;
    options.onReady();
  });
  return slot;
}
