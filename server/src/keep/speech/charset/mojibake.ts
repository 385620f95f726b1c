/**
 * What did text say before its UTF-8 bytes were shown as Western letters ("ThÃ´ng bÃ¡o")? Turns the letters back into
 * bytes and reads them as UTF-8. It decides nothing by itself: a text that is not such a mistake gives `null`.
 */

/** Letters that Windows-1252 has at 0x80 to 0x9F, in the order of their bytes; `\0` where it has none. */
const WINDOWS_1252_HIGH = '€\0‚ƒ„…†‡ˆ‰Š‹Œ\0Ž\0\0‘’“”•–—˜™š›œ\0žŸ';

const BYTES = new Map(Array.from(WINDOWS_1252_HIGH, (letter, at) => [letter, 0x80 + at]));

/** A lead byte of UTF-8 followed by another of its bytes, as seen through Windows-1252 or Latin-1. */
const UTF8_TRACE = /[\u00c2-\u00f4][\u0080-\u00bf€‚ƒ„…†‡ˆ‰Š‹ŒŽ‘’“”•–—˜™š›œžŸ]/u;

/** True when at least one pair of letters looks like UTF-8 bytes read one by one. */
export function hasUtf8Trace(text: string): boolean {
  return UTF8_TRACE.test(text);
}

/** The text behind the mistake, or `null` when the letters are not the bytes of valid UTF-8 throughout. */
export function mendUtf8(text: string): string | null {
  const bytes: number[] = [];
  for (const letter of text) {
    const code = letter.codePointAt(0) ?? 0;
    const byte = code < 0x100 ? code : BYTES.get(letter);
    if (byte === undefined) return null;
    bytes.push(byte);
  }
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(Uint8Array.from(bytes));
  } catch {
    return null;
  }
}
