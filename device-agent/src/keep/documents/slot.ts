/**
 * Where a document stands among those a device holds: one plan, one hours rule, and one orders document for the device
 * and for each area. Names the file, the topic, and the number below which nothing is taken any more. Pure.
 */
import { compareSequence, type Sequence, type SignedDocument, topics } from '@loa/protocol/device';

/** Numbers of areas that this device has left stay remembered for so many, against a replay after a return. */
export const leftAreasMax = 64;

const ordersPrefix = 'orders-';

/** `plan`, `hours`, or `orders-` and the id they are for. */
export function slotOf(document: SignedDocument): string {
  return document.kind === 'orders' ? ordersPrefix + document.aud : document.kind;
}

/** The id an orders slot is for; undefined for the others and for what is no slot. */
export function ordersIdOf(slot: string): string | undefined {
  return slot.startsWith(ordersPrefix) ? slot.slice(ordersPrefix.length) : undefined;
}

/** The topic under which a slot's document comes. */
export function topicOf(slot: string, deviceId: string): string {
  if (slot === 'plan') return topics.plan(deviceId);
  if (slot === 'hours') return topics.hours(deviceId);
  const id = slot.slice(ordersPrefix.length);
  return id === deviceId ? topics.deviceOrders(deviceId) : topics.areaOrders(id);
}

/** The number alone. */
export function sequenceOf(document: Sequence): Sequence {
  return { epoch: document.epoch, number: document.number };
}

/** The newer of two numbers. */
export function later(a: Sequence | undefined, b: Sequence | undefined): Sequence | undefined {
  if (a === undefined || b === undefined) return a ?? b;
  return compareSequence(a, b) >= 0 ? a : b;
}

/** Numbers of what is held, and of the `leftAreasMax` newest others. */
export function boundedNumbers(
  numbers: Record<string, Sequence>,
  held: ReadonlyMap<string, unknown>,
): Record<string, Sequence> {
  const isKept = (slot: string) => held.has(slot) || slot === 'plan' || slot === 'hours';
  const others = Object.entries(numbers)
    .filter(([slot]) => !isKept(slot))
    .sort(([, a], [, b]) => compareSequence(b, a))
    .slice(0, leftAreasMax);
  return Object.fromEntries([...Object.entries(numbers).filter(([slot]) => isKept(slot)), ...others]);
}
