/** A source of bytes that gives the same ones for the same seed (xorshift32); for tests only. */
import type { Random } from '@loa/server/edges/random.ts';

export function seededRandom(seed = 1): Random {
  let state = seed >>> 0 || 1;
  const next = (): number => {
    state ^= state << 13;
    state >>>= 0;
    state ^= state >>> 17;
    state ^= state << 5;
    state >>>= 0;
    return state;
  };
  return { bytes: (count) => Uint8Array.from({ length: count }, () => next() & 0xff) };
}
