/** What a cell was understood as, or a sentence in both languages that says what to write instead. */

export interface Misread {
  ok: false;
  vi: string;
  en: string;
}

/** Expected failure is a value. */
export type Understood<T> = { ok: true; value: T } | Misread;

export function understood<T>(value: T): { ok: true; value: T } {
  return { ok: true, value };
}

export function misread(vi: string, en: string): Misread {
  return { ok: false, vi, en };
}

/** What a person wrote, short enough for a sentence. */
export function quoted(text: string): string {
  const line = text.replace(/\s+/gu, ' ').trim();
  return line.length > 60 ? `${line.slice(0, 57)}…` : line;
}
