/** Randomness for the agent: its key, ids, jitter. A simulation hands in a seeded one. */
import { randomBytes } from 'node:crypto';

export interface Random {
  /** `count` unpredictable bytes. */
  bytes(count: number): Uint8Array;
  /** Evenly in [0, 1). */
  fraction(): number;
}

export const machineRandom: Random = {
  bytes: (count) => randomBytes(count),
  fraction: () => randomBytes(6).readUIntBE(0, 6) / 2 ** 48,
};
