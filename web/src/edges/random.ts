/** Randomness for the panel: jitter and request ids. Works on a plain-HTTP address, where `crypto.randomUUID` is missing. */

/** A number from 0 up to, but not including, 1. */
export type Random = () => number;

/** The browser's randomness. */
export const browserRandom: Random = () => Math.random();

/** A new request id, 32 hex digits, so that a request sent twice is accepted once. */
export function newRequestId(): string {
  const bytes = crypto.getRandomValues(new Uint8Array(16));
  return Array.from(bytes, (byte) => byte.toString(16).padStart(2, '0')).join('');
}
