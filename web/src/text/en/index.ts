/** The English dictionary: the same keys as the Vietnamese one, held by the compiler. */
import type { Dictionary } from '../say.ts';
import { approvalWords } from './approval.ts';
import { boardWords } from './board.ts';
import { clusterWords } from './cluster.ts';
import { composeWords } from './compose.ts';
import { evidenceWords } from './evidence.ts';
import { forecastWords } from './forecast.ts';
import { frameWords } from './frame.ts';
import { inboxWords } from './inbox.ts';
import { lawWords } from './law.ts';
import { pageWords } from './pages.ts';
import { stateWords } from './state.ts';
import { timeWords } from './time.ts';

export const en: Dictionary = {
  ...frameWords,
  ...timeWords,
  ...stateWords,
  ...clusterWords,
  ...boardWords,
  ...composeWords,
  ...evidenceWords,
  ...forecastWords,
  ...lawWords,
  ...pageWords,
  ...inboxWords,
  ...approvalWords,
};
