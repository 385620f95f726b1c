/** The panel's words in a test, in either language. */

import { en } from '@loa/web/text/en/index.ts';
import type { Say } from '@loa/web/text/say.ts';
import { createSpeaker, sayWith, teach } from '@loa/web/text/speaker.ts';

export const sayVi: Say = sayWith(createSpeaker());

export const sayEn: Say = (() => {
  const speaker = createSpeaker();
  teach(speaker, 'en', en);
  void speaker.changeLanguage('en');
  return sayWith(speaker);
})();

/** The installation's zone in these tests. */
export const timeZone = 'Asia/Ho_Chi_Minh';

/** Friday 27 November 2026, 17:02 in Vietnam. */
export const nowMs = Date.parse('2026-11-27T17:02:00+07:00');
