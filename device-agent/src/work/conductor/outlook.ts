/**
 * What the conductor sees: documents turned into pieces once per change, and the time with its past of distrust.
 * Gathers, does not judge.
 */
import type { Order } from '@loa/protocol/device';
import { cautiousHours, type HoursRule } from '@loa/schedules';
import type { ClipShelf, Documents, Timekeeper } from '../../contracts.ts';
import type { Clock } from '../../edges/clock.ts';
import type { Facts, Stretch } from './facts.ts';
import { type Piece, piecesOfOrders, piecesOfPlan, type Stop, stopsOf } from './piece.ts';
import { wishesOf } from './wishes.ts';

/** Where no rule is held: the zone of the installation's country, our own cautious hours. */
const hoursUntilTold: HoursRule = cautiousHours('Asia/Ho_Chi_Minh');

/** A clock that was corrected by less has told the shelf nothing new. */
const sameTimeMs = 10_000;

export interface Outlook {
  /** Reads the documents anew and tells the shelf what is needed. */
  refresh(ended: ReadonlySet<string>): void;
  look(): Omit<Facts, 'isEnded' | 'outputPresent' | 'jitterMs'>;
}

export function createOutlook(ports: {
  clock: Clock;
  time: Pick<Timekeeper, 'now'>;
  floorMs: () => number;
  documents: Documents;
  shelf: ClipShelf;
  drillsAudible: boolean;
  takesStream: boolean;
}): Outlook {
  const { clock, documents, shelf } = ports;
  const bootMonotonicMs = clock.monotonicMs();
  let distrustedSinceMonotonicMs: number | undefined = bootMonotonicMs;
  let distrust: Stretch | undefined;
  let pieces: readonly Piece[] = [];
  let stops: readonly Stop[] = [];
  let hours = hoursUntilTold;
  let plan: Stretch | undefined;
  let wished = { key: '', trusted: false, baseMs: 0 };
  /** The newest verified issue, as first seen: from then on time has gone on at least by the monotonic clock. */
  let issued = { ms: 0, told: 0, sinceMonotonicMs: bootMonotonicMs };

  function floorMs(): number {
    return issued.ms + clock.monotonicMs() - issued.sinceMonotonicMs;
  }

  function seeIssued(orders: readonly Order[]): void {
    const told = ports.floorMs();
    const newestMs = Math.max(told, ...orders.map(({ issuedAt }) => Date.parse(issuedAt)));
    // A restored server may be earlier than what it replaced: a higher epoch begins anew.
    if (newestMs > floorMs() || told < issued.told)
      issued = { ms: newestMs, told, sinceMonotonicMs: clock.monotonicMs() };
  }
  let ofPlan: { of: ReturnType<Documents['plan']>; pieces: Piece[] } = { of: undefined, pieces: [] };

  return {
    refresh(ended) {
      const held = documents.plan();
      // The same document gives the same pieces, so that nothing seems to change where nothing did.
      if (held?.body !== ofPlan.of?.body || held?.head !== ofPlan.of?.head)
        ofPlan = { of: held, pieces: held === undefined ? [] : piecesOfPlan(held, ports) };
      const orders = documents.orders().map(({ order }) => order);
      seeIssued(orders);
      pieces = [...ofPlan.pieces, ...piecesOfOrders(orders)];
      stops = stopsOf(orders);
      hours = documents.hours() ?? hoursUntilTold;
      plan = held === undefined ? undefined : { fromMs: held.head.fromMs, untilMs: held.head.untilMs };
      const isEnded = (occurrence: string) => ended.has(occurrence);
      const now = ports.time.now();
      const wishes = wishesOf(pieces, { nowMs: now.ms, isEnded });
      const key = wishes.map(({ clip, neededMs }) => `${clip.id} ${neededMs}`).join('\n');
      const baseMs = now.ms - clock.monotonicMs();
      // By another time the same clips are needed sooner or later than the shelf was told.
      const isSameTime = now.trusted === wished.trusted && Math.abs(baseMs - wished.baseMs) < sameTimeMs;
      if (key === wished.key && isSameTime) return;
      wished = { key, trusted: now.trusted, baseMs };
      shelf.want(wishes);
    },
    look() {
      const now = ports.time.now();
      if (ports.floorMs() !== issued.told) seeIssued([]);
      const monotonicMs = clock.monotonicMs();
      if (!now.trusted) distrustedSinceMonotonicMs ??= monotonicMs;
      if (now.trusted && distrustedSinceMonotonicMs !== undefined) {
        distrust = { fromMs: now.ms - (monotonicMs - distrustedSinceMonotonicMs), untilMs: now.ms };
        distrustedSinceMonotonicMs = undefined;
      }
      return {
        nowMs: now.ms,
        trusted: now.trusted,
        floorMs: floorMs(),
        bootMs: now.ms - (monotonicMs - bootMonotonicMs),
        distrust,
        plan,
        pieces,
        stops,
        hours,
        clip: (clip) => shelf.find(clip),
        drillsAudible: ports.drillsAudible,
      };
    },
  };
}
