/** Why something did or did not sound, beside what the cluster reported. Pure. */
import type { ExplanationView } from '@loa/protocol/panel';
import { outcomes } from '@loa/schedules';
import type { Say } from '../text/say.ts';
import { reasonKeys } from './target-words.ts';

/** What was reported, as a sentence beside the forecast's. */
export function reportWords(line: ExplanationView['concerned'][number], say: Say): string {
  if (line.verdict !== 'otherwise') return say(`explain.${line.verdict}`);
  const outcome = outcomes.find((known) => known === line.outcome);
  const reasonKey = line.reason === undefined ? undefined : reasonKeys[line.reason];
  const parts = [
    outcome === undefined ? (line.outcome ?? '') : say(`outcome.${outcome}`),
    reasonKey === undefined ? (line.reason ?? '') : say(reasonKey),
  ].filter((part) => part !== '');
  return say('explain.otherwise', { reason: parts.join(', ') });
}
