/** Changes to a list that a person orders by buttons. Pure; every function gives a new list. */

/** The list with one entry a place further up (`-1`) or down (`1`); the same order at the ends. */
export function moved<T>(list: readonly T[], index: number, by: -1 | 1): T[] {
  const next = [...list];
  const [entry, other] = [list[index], list[index + by]];
  if (entry === undefined || other === undefined) return next;
  next[index] = other;
  next[index + by] = entry;
  return next;
}

/** The list with one entry changed. */
export function withChanged<T extends object>(list: readonly T[], index: number, change: Partial<T>): T[] {
  return list.map((entry, at) => (at === index ? { ...entry, ...change } : entry));
}

/** The list without one entry. */
export function without<T>(list: readonly T[], index: number): T[] {
  return list.filter((_, at) => at !== index);
}
