/**
 * The newest verified issue time: how a board without time judges a fresh emergency, and what its battery is held
 * against. A document that is dated ahead of what the board knows by round trips says nothing of the time: else a server
 * that once ran days ahead would leave boards that distrust their own right clocks.
 */
import type { SignedDocument } from '@loa/protocol/device';
import type { Now, SettingsData } from '../../contracts.ts';

export type TimeFloor = SettingsData['clockFloor'];

/** A server's clock may be corrected by so much between its answer and its signature. */
const datingMs = 60_000;

/** The floor as the document raises it. `known` is the time by round trips of this boot, undefined where nobody knows. */
export function raisedFloor(floor: TimeFloor, document: SignedDocument, known: Now | undefined): TimeFloor {
  const latestMs = known === undefined ? Number.POSITIVE_INFINITY : known.ms + known.boundMs + datingMs;
  const issuedMs = Math.min(Date.parse(document.issuedAt), latestMs);
  // A higher epoch begins anew: a server that once ran years ahead is healed by its restore.
  const isHigher = document.epoch > floor.epoch || (document.epoch === floor.epoch && issuedMs > floor.issuedMs);
  return isHigher ? { epoch: document.epoch, issuedMs } : floor;
}
