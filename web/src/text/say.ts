/** What a room needs to know of language: the keys of the dictionary, and a function that says one with its values. */
import type { vi } from './vi/index.ts';

export type Language = 'vi' | 'en';

/** A key of the dictionary. Plurals are chosen by `count`. */
export type TextKey = keyof typeof vi;

/** The sentence of a key in the person's language. */
export type Say = (key: TextKey, values?: Record<string, string | number>) => string;

/** A translation: every key of the Vietnamese dictionary, and a singular beside it where the language has one. */
export type Dictionary<Keys extends string = TextKey> = Record<Keys, string> & Partial<Record<`${Keys}_one`, string>>;

/** A figure as it is written in the person's language: `1,2` in Vietnamese. */
export function figureWords(value: number, say: Say): string {
  return value.toLocaleString(languageOf(say), { maximumFractionDigits: 2 });
}

/** The language that a say function speaks. */
export function languageOf(say: Say): Language {
  return say('language') === 'en' ? 'en' : 'vi';
}
