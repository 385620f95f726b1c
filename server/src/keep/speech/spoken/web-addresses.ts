/**
 * How are e-mail and web addresses said? In parts, with Vietnamese names for the signs between them; short parts without
 * a vowel are spelled.
 */

import { readDigits } from './cardinal.ts';
import { spell } from './letters.ts';
import { pattern, type SpokenRule } from './rule.ts';

const SIGNS: Record<string, string> = {
  '.': 'chấm',
  '@': 'a còng',
  '/': 'gạch chéo',
  '-': 'gạch ngang',
  _: 'gạch dưới',
  '+': 'cộng',
  '?': 'hỏi chấm',
  '=': 'bằng',
  '&': 'và',
  '#': 'thăng',
  ':': 'hai chấm',
  '%': 'phần trăm',
};

const PARTS: Record<string, string> = {
  com: 'com',
  vn: 'vê en',
  www: 'vê kép vê kép vê kép',
  gmail: 'gờ meo',
  yahoo: 'da hu',
  gov: 'gờ o vê',
  org: 'o rờ gờ',
  edu: 'e đu',
  net: 'nét',
  facebook: 'phây búc',
  zalo: 'da lô',
  youtube: 'diu túp',
  info: 'in phô',
};

const HOST = '[a-z0-9][a-z0-9-]{0,60}(?:\\.[a-z0-9][a-z0-9-]{0,60}){0,5}\\.(?:vn|com|net|org|gov|edu|info|io|me)';
const EMAIL = `[a-z0-9][\\w.+-]{0,60}@${HOST}`;
const URL = `(?:https?://)?${HOST}(?::\\d{2,5})?(?:/[\\w./?=&%#~-]{0,200}[\\w/])?`;
const ADDRESS = `(?:${EMAIL}|${URL}|https?://[\\w./?=&%#~:-]{0,200}[\\w/])(?![\\p{L}\\p{N}@])`;

/** Rules for addresses; they come before all others, since an address holds dots, digits and signs. */
export const ADDRESS_RULES: readonly SpokenRule[] = (['letter', 'digit'] as const).map((starts) => ({
  starts,
  pattern: pattern(ADDRESS, 'i'),
  speak: ([written]) => sayAddress(written),
}));

function sayAddress(written: string): string {
  const pieces =
    written
      .replace(/^https?:\/\//iu, '')
      .replace(/\/$/u, '')
      .match(/[\p{L}]+|\d+|[^\p{L}\d]/gu) ?? [];
  return pieces
    .map(sayPiece)
    .filter((said) => said !== '')
    .join(' ');
}

function sayPiece(piece: string): string {
  if (/^\d/u.test(piece)) return readDigits([piece]);
  if (!/^\p{L}/u.test(piece)) return SIGNS[piece] ?? '';
  const small = piece.toLowerCase();
  const known = PARTS[small];
  if (known !== undefined) return known;
  return /[aeiouy]/u.test(small) && small.length >= 3 ? small : spell(small);
}
