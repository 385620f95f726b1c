/**
 * What may sound: one form for plan items and emergency orders, so that everything behind it asks one kind of thing.
 * Pure; what it is given has been verified and parsed.
 */
import type { Clip, EmergencyOrder, Order, PlanBody, PlanDocument } from '@loa/protocol/device';
import {
  type CarriedException,
  classRank,
  type LatePolicy,
  plannedEndOf,
  type Relay,
  type Repeat,
  type ResumePolicy,
  type Timed,
} from '@loa/schedules';

/** One occurrence as the documents in force state it. Instants are server time, epoch ms. */
export interface Piece {
  occurrence: string;
  emergency: boolean;
  /** 0 normal, 1 priority, 2 emergency. */
  rank: number;
  /** Planned start; an emergency's is its issue. */
  atMs: number;
  /** Place among equals, smaller first: order in the plan, newest emergency first. */
  place: number;
  clip: Clip;
  repeat: Repeat;
  late: LatePolicy;
  resume: ResumePolicy;
  lengthMsMax: number;
  /** Nothing of it starts at or after this; an emergency is also cut off then. */
  untilMs: number;
  drill: boolean;
  /** By which it may sound outside the permitted hours. */
  exception?: CarriedException | undefined;
  /** A station to be taken over in place of the clip. */
  relay?: Relay | undefined;
  /** Below the routine level, dB. */
  gainDb?: number | undefined;
}

/** A stop in force. */
export interface Stop {
  /** Undefined: everything. */
  occurrence: string | undefined;
  issuedMs: number;
  untilMs: number;
}

/** The items of a plan, in its order. A board that takes no stream plays the clips. */
export function piecesOfPlan(
  plan: { head: PlanDocument; body: PlanBody },
  { takesStream }: { takesStream: boolean },
): Piece[] {
  const untilMs = Date.parse(plan.head.expiresAt);
  return plan.body.items.map((item, place) => {
    const clip = plan.body.clips[item.clip];
    if (clip === undefined) throw new Error(`Plan item ${item.occurrence} names a clip that is not listed`);
    const relay = takesStream ? item.relay : undefined;
    return {
      occurrence: item.occurrence,
      emergency: false,
      rank: classRank[item.class],
      atMs: item.atMs,
      place,
      clip,
      repeat: relay === undefined ? item.repeat : { count: 1, gapMs: 0 },
      late: item.late,
      resume: item.resume,
      lengthMsMax: item.lengthMsMax,
      untilMs,
      drill: false,
      exception: item.exception,
      relay,
      gainDb: item.gainDb,
    };
  });
}

/** The emergencies of all orders documents, each occurrence once. */
export function piecesOfOrders(orders: readonly Order[]): Piece[] {
  const found = new Map<string, Piece>();
  for (const order of orders) {
    if (order.kind === 'emergency' && !found.has(order.occurrence)) found.set(order.occurrence, pieceOf(order));
  }
  return [...found.values()];
}

/** The stops of all orders documents. */
export function stopsOf(orders: readonly Order[]): Stop[] {
  return orders.flatMap((order) =>
    order.kind === 'stop'
      ? [
          {
            occurrence: order.target.kind === 'all' ? undefined : order.target.occurrence,
            issuedMs: Date.parse(order.issuedAt),
            untilMs: Date.parse(order.expiresAt),
          },
        ]
      : [],
  );
}

/** True when the stop ends this piece; emergencies newer than a stop of everything sound (protocol: stop order). */
export function isCovered(piece: Pick<Piece, 'occurrence' | 'emergency' | 'atMs'>, stop: Stop): boolean {
  if (stop.occurrence !== undefined) return stop.occurrence === piece.occurrence;
  return !piece.emergency || piece.atMs <= stop.issuedMs;
}

/** A piece as the law of late starts sees it. */
export function timedOf(piece: Piece): Timed {
  const { atMs, repeat, late, relay } = piece;
  return { atMs, clipDurationMs: playLengthMs(piece), repeat, late, isLive: relay !== undefined };
}

/** Length of one play: of the clip, or of the relay, whatever sounds in it. */
export function playLengthMs({ clip, relay }: Pick<Piece, 'clip' | 'relay'>): number {
  return relay?.lengthMs ?? clip.durationMs;
}

/** When a piece is over if nothing disturbs it: every play and the gaps between. */
export function plannedEndMs(piece: Piece): number {
  return plannedEndOf(timedOf(piece));
}

/**
 * An order has no policies of its own; these are every emergency's: as late as its expiry allows, and when a newer
 * emergency interrupts it the play starts again, since a fragment of a warning feeds rumour.
 */
function pieceOf(order: EmergencyOrder): Piece {
  const atMs = Date.parse(order.issuedAt);
  const untilMs = Date.parse(order.expiresAt);
  return {
    occurrence: order.occurrence,
    emergency: true,
    rank: classRank.emergency,
    atMs,
    place: -atMs,
    clip: order.clip,
    repeat: order.repeat,
    late: { kind: 'start', lateMsMax: Math.max(0, untilMs - atMs) },
    resume: 'restart',
    lengthMsMax: order.lengthMsMax,
    untilMs,
    drill: order.drill,
  };
}
