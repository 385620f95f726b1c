/**
 * Documents on their way out, as the rooms that write them and the one that sends them see them. Only shapes.
 */
import type { HoursDocument, OrdersDocument, PlanDocument, Sequence, SignedDocument } from '@loa/protocol/device';

/** A document before it has a number and an issue time. */
export type Unstamped<D extends SignedDocument> = Omit<D, 'v' | 'epoch' | 'number' | 'issuedAt'>;

export interface Draft {
  topic: string;
  document: Unstamped<PlanDocument> | Unstamped<HoursDocument> | Unstamped<OrdersDocument>;
}

/** A document that is stored, and may be published once its transaction is durable. */
export interface Kept {
  topic: string;
  sequence: Sequence;
  envelope: string;
}
