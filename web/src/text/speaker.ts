/**
 * The dictionaries behind i18next: Vietnamese is always there, English is fetched when it is first wanted. Values are
 * not escaped: React does that.
 */
import { createInstance, type i18n } from 'i18next';
import type { Dictionary, Language, Say } from './say.ts';
import { vi } from './vi/index.ts';

/** Languages of the panel, in the order of the switch. */
export const languages: readonly Language[] = ['vi', 'en'];

/** An i18next instance that speaks Vietnamese at once. */
export function createSpeaker(): i18n {
  const speaker = createInstance();
  void speaker.init({
    lng: 'vi',
    fallbackLng: 'vi',
    resources: { vi: { translation: vi } },
    keySeparator: false,
    nsSeparator: false,
    initAsync: false,
    interpolation: { escapeValue: false },
  });
  return speaker;
}

/** Teaches a speaker another language. */
export function teach(speaker: i18n, language: Language, dictionary: Dictionary): void {
  speaker.addResourceBundle(language, 'translation', dictionary);
}

/** The say function of a speaker in its present language. */
export function sayWith(speaker: i18n): Say {
  return (key, values) => speaker.t(key, values ?? {});
}
