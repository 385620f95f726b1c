/**
 * Crockford's base32 (crockford.com/base32.html): for what people copy from paper or a screen. Reads O as 0, I and L as
 * 1, either case, with or without hyphens and spaces.
 */

const alphabet = '0123456789ABCDEFGHJKMNPQRSTVWXYZ';

/** Bytes as characters, five bits each, the last one filled up with zero bits. */
export function encodeCrockford(bytes: Uint8Array): string {
  let text = '';
  let held = 0;
  let heldBits = 0;
  for (const byte of bytes) {
    held = (held << 8) | byte;
    heldBits += 8;
    while (heldBits >= 5) {
      heldBits -= 5;
      text += alphabet.charAt((held >>> heldBits) & 31);
    }
    held &= (1 << heldBits) - 1;
  }
  return heldBits === 0 ? text : text + alphabet.charAt((held << (5 - heldBits)) & 31);
}

/** The bytes, or undefined when a character is none of the alphabet's. */
export function decodeCrockford(text: string): Uint8Array | undefined {
  const bytes: number[] = [];
  let held = 0;
  let heldBits = 0;
  for (const letter of plainCrockford(text)) {
    const value = alphabet.indexOf(letter);
    if (value < 0) return undefined;
    held = (held << 5) | value;
    heldBits += 5;
    if (heldBits >= 8) {
      heldBits -= 8;
      bytes.push((held >>> heldBits) & 255);
    }
    held &= (1 << heldBits) - 1;
  }
  return Uint8Array.from(bytes);
}

/** Characters in groups joined by hyphens, as they are printed. */
export function grouped(text: string, size: number): string {
  return (text.match(new RegExp(`.{1,${size}}`, 'g')) ?? []).join('-');
}

/** As many random characters, 5 bits each. */
export function randomCrockford(bytes: Uint8Array): string {
  return Array.from(bytes, (byte) => alphabet.charAt(byte & 31)).join('');
}

/** What was typed, as the alphabet spells it: without hyphens and spaces. */
export function plainCrockford(text: string): string {
  return text.toUpperCase().replaceAll(/[\s-]/g, '').replaceAll('O', '0').replaceAll(/[IL]/g, '1');
}
