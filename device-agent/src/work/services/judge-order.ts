/** Whether a service order may begin now. Pure: handed the time and what is known of it. */
import type { Order, OrdersDocument, ServiceOrder } from '@loa/protocol/device';

export type ServiceVerdict =
  /** No service order, or one that is known already. */
  | 'nothing'
  /** Stands in an area's orders: services are asked of one device only. */
  | 'for-an-area'
  | 'expired'
  | 'not-fitted'
  /** Something sounds or is about to, or another one is under way. */
  | 'wait'
  | 'begin';

/** Restart, log or update; tests of the sound path are carried out elsewhere. */
export function isServiceOrder(order: Order): order is ServiceOrder {
  return order.kind === 'restart' || order.kind === 'logs' || order.kind === 'update';
}

/** Judges one order of a document in force. `nowMs` is the latest that is certain, epoch ms. */
export function judgeServiceOrder(options: {
  order: Order;
  document: Pick<OrdersDocument, 'scope'>;
  nowMs: number;
  isKnown: boolean;
  isFitted: boolean;
  isQuiet: boolean;
  /** Kinds that are under way. */
  underWay: ReadonlySet<ServiceOrder['kind']>;
}): ServiceVerdict {
  const { order, underWay } = options;
  if (!isServiceOrder(order)) return 'nothing';
  if (options.document.scope !== 'device') return 'for-an-area';
  if (options.isKnown) return 'nothing';
  if (Date.parse(order.expiresAt) <= options.nowMs) return 'expired';
  if (!options.isFitted) return 'not-fitted';
  if (order.kind === 'logs') return underWay.has('logs') ? 'wait' : 'begin';
  // Both end the process: one must not cut the other off.
  if (underWay.has('restart') || underWay.has('update')) return 'wait';
  return order.kind === 'restart' && !options.isQuiet ? 'wait' : 'begin';
}
