/** The person's language inside React: the say function, and the switch, which this browser remembers. */
import { useCallback } from 'react';
import { useTranslation } from 'react-i18next';
import { recall, remember } from '../edges/storage.ts';
import type { Language, Say } from './say.ts';
import { createSpeaker, teach } from './speaker.ts';

const languageKey = 'loa.language';

/** The one speaker of the page. */
export const speaker = createSpeaker();

/** Speaks the remembered language; resolves when it can. */
export async function speakRemembered(): Promise<void> {
  if (recall(languageKey) === 'en') await speak('en');
}

/** Changes the language of the page, and remembers it. */
export async function speak(language: Language): Promise<void> {
  if (language === 'en' && !speaker.hasResourceBundle('en', 'translation')) {
    const { en } = await import('./en/index.ts');
    teach(speaker, 'en', en);
  }
  await speaker.changeLanguage(language);
  document.documentElement.lang = language;
  remember(languageKey, language);
}

/** The say function of the present language; its identity changes with the language. */
export function useSay(): Say {
  const { t } = useTranslation();
  return useCallback((key, values) => t(key, values ?? {}), [t]);
}

/** The present language. */
export function useLanguage(): Language {
  const { i18n } = useTranslation();
  return i18n.language === 'en' ? 'en' : 'vi';
}
