/**
 * What this browser remembers between visits: the language, and the draft of a notice. A browser that forbids storage
 * only forgets; nothing fails.
 */

/** The remembered text, or undefined. */
export function recall(key: string): string | undefined {
  try {
    return localStorage.getItem(key) ?? undefined;
  } catch {
    return undefined;
  }
}

/** Remembers a text; undefined forgets it. */
export function remember(key: string, text: string | undefined): void {
  try {
    if (text === undefined) localStorage.removeItem(key);
    else localStorage.setItem(key, text);
  } catch {
    // Private windows and full disks refuse; the panel works on without memory.
  }
}
