/** What became of something a technician asked a device to do, in words and tones. What is not known is never good. Pure. */
import type { ServiceView, TestView } from '@loa/protocol/panel';
import type { Say } from '../text/say.ts';
import {
  type Evidence,
  type EvidenceReading,
  type EvidenceWords,
  evidenceWords,
  reasonSentence,
} from './evidence-words.ts';
import type { Tone } from './tone.ts';

export interface ServiceWords {
  /** `Thử loa có tiếng`. */
  name: string;
  tone: Tone;
  label: string;
  /** What was measured or why it was not done, as a sentence; empty when nothing was told that everybody understands. */
  spoken: string;
  /** Figures and the device's own words; empty when there are none. */
  technical: string;
}

/** How a test came out. Where a bridge's contact never closed, that is the word: nothing of ours was aired. */
export function testLabel(
  { verdict, evidence }: { verdict: TestView['verdict']; evidence: Evidence },
  say: Say,
): string {
  const isContact = verdict === 'none' && evidence.contactClosedMs === 0;
  return say(isContact ? 'test.verdict.contact-open' : `test.verdict.${verdict}`);
}

/** Only a sound that was measured is good; one that nobody measured is neither. */
export function testTone(verdict: TestView['verdict']): Tone {
  if (verdict === 'sound') return 'good';
  return verdict === 'undecided' || verdict === 'not-measured' || verdict === 'refused' ? 'quiet' : 'attention';
}

/** The words for what was asked of a device. */
export function serviceWords(service: ServiceView, reading: EvidenceReading): ServiceWords {
  const { say } = reading;
  const { phase, verdict } = service;
  const name =
    service.kind === 'update'
      ? service.version === undefined
        ? say('service.update-plain')
        : say('service.update', { version: service.version })
      : say(`service.${service.kind}`);
  const told = toldWords(service, reading);
  if (verdict === undefined || phase !== 'done')
    return { name, tone: phaseTone[phase], label: say(`service.phase.${phase}`), ...told };
  const label = testLabel({ verdict, evidence: service.evidence ?? {} }, say);
  return { name, tone: testTone(verdict), label, ...told };
}

/** A reason that is no known code is the device's own words: never in the sentence. */
function toldWords({ reason, evidence = {} }: ServiceView, reading: EvidenceReading): EvidenceWords {
  const { spoken, technical } = evidenceWords(evidence, reading);
  if (reason === undefined || evidence.reason === reason) return { spoken, technical };
  const sentence = reasonSentence(reason, reading.say);
  if (sentence !== undefined) return { spoken: `${sentence} ${spoken}`.trim(), technical };
  const said = reading.say('service.said', { text: reason });
  return { spoken, technical: technical === '' ? said : `${said}; ${technical}` };
}

const phaseTone: Record<ServiceView['phase'], Tone> = {
  sent: 'coming',
  done: 'good',
  failed: 'attention',
  refused: 'attention',
  expired: 'quiet',
};
