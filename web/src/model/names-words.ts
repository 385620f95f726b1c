/** A list of names as a person reads it: the first few, the rest counted. Pure. */
import type { Say } from '../text/say.ts';

/** Clusters named before the rest is counted. */
const namedMax = 4;

/** `Chợ Kim Ngọc, Ngã ba Đá Dựng và 3 cụm khác`. */
export function namesWords(names: readonly string[], say: Say): string {
  const rest = names.length - namedMax;
  return names.slice(0, namedMax).join(', ') + (rest > 0 ? say('reach.more', { count: rest }) : '');
}
