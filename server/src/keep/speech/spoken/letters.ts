/**
 * How are single letters said in Vietnamese? The names used when an abbreviation is spelled; letters from elsewhere get
 * the name of their Latin base. Never decides whether something should be spelled.
 */

const NAMES: Record<string, string> = {
  a: 'a',
  ă: 'á',
  â: 'ớ',
  b: 'bê',
  c: 'xê',
  d: 'dê',
  đ: 'đê',
  e: 'e',
  ê: 'ê',
  f: 'ép phờ',
  g: 'giê',
  h: 'hát',
  i: 'i',
  j: 'gi',
  k: 'ca',
  l: 'e lờ',
  m: 'em mờ',
  n: 'en nờ',
  o: 'o',
  ô: 'ô',
  ơ: 'ơ',
  p: 'pê',
  q: 'quy',
  r: 'e rờ',
  s: 'ét xì',
  t: 'tê',
  u: 'u',
  ư: 'ư',
  v: 'vê',
  w: 'vê kép',
  x: 'ích xì',
  y: 'i dài',
  z: 'dét',
};

/** Letter names one after the other: `spell('UBND')` is "u bê en nờ dê"; what is no letter is left out. */
export function spell(letters: string): string {
  return Array.from(letters.toLowerCase(), (letter) => NAMES[letter] ?? NAMES[baseOf(letter)] ?? '')
    .filter((name) => name !== '')
    .join(' ');
}

function baseOf(letter: string): string {
  return letter.normalize('NFD').charAt(0);
}
