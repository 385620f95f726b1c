/** What an airing is called: its bulletin, and the language of the recording where it is not Vietnamese. Pure. */
import type { AiringView } from '@loa/protocol/panel';
import type { Say } from '../text/say.ts';

/** `Thông báo cắt điện (tiếng Chăm)`. */
export function airingTitle({ title, language }: Pick<AiringView, 'title' | 'language'>, say: Say): string {
  return language === undefined ? title : `${title} (${say(`version.language.${language}`)})`;
}
