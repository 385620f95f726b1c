/**
 * Randomness for the server's rooms: ids, tokens, keys, jitter. A simulation hands in a seeded one.
 */
import { randomBytes } from 'node:crypto';

export interface Random {
  /** `count` unpredictable bytes. */
  bytes(count: number): Uint8Array;
}

/** The machine's cryptographic source. */
export const machineRandom: Random = { bytes: (count) => randomBytes(count) };

/** An id for topics and tables: a letter that says what it names, and 16 of a–z and 2–7 (80 bits). */
export function newId(random: Random, prefix: string): string {
  const alphabet = 'abcdefghijklmnopqrstuvwxyz234567';
  return `${prefix}${Array.from(random.bytes(16), (byte) => alphabet[byte & 31]).join('')}`;
}
