/** A form that is whole, or the first thing that it still lacks, as a sentence for the screen. Pure. */
import type { TextKey } from '../../text/say.ts';

export type Settled<T> = { ok: true; value: T } | Lacking;

/** `values` go into the sentence. */
export interface Lacking {
  ok: false;
  words: TextKey;
  values?: Record<string, string | number>;
}

export function settled<T>(value: T): Settled<T> {
  return { ok: true, value };
}

export function lacking(words: TextKey, values?: Record<string, string | number>): Lacking {
  return { ok: false, words, ...(values === undefined ? {} : { values }) };
}
