/** What became of something a technician asked a device to do, in words and tones. What is not known is never good. Pure. */
import type { ServiceView, TestView } from '@loa/protocol/panel';
import type { Say } from '../text/say.ts';
import type { Tone } from './tone.ts';

export interface ServiceWords {
  /** `Thử loa có tiếng`. */
  name: string;
  tone: Tone;
  label: string;
  /** The device's own words, as a quotation. */
  more?: string;
}

/** Only a sound that was measured is good; one that nobody measured is neither. */
export function testTone(verdict: TestView['verdict']): Tone {
  if (verdict === 'sound') return 'good';
  return verdict === 'undecided' || verdict === 'not-measured' || verdict === 'refused' ? 'quiet' : 'attention';
}

export function serviceWords(service: ServiceView, say: Say): ServiceWords {
  const { phase, verdict, reason } = service;
  const name =
    service.kind === 'update'
      ? service.version === undefined
        ? say('service.update-plain')
        : say('service.update', { version: service.version })
      : say(`service.${service.kind}`);
  const more = reason === undefined ? {} : { more: say('service.said', { text: reason }) };
  if (verdict !== undefined && phase === 'done')
    return { name, tone: testTone(verdict), label: say(`test.verdict.${verdict}`), ...more };
  return { name, tone: phaseTone[phase], label: say(`service.phase.${phase}`), ...more };
}

const phaseTone: Record<ServiceView['phase'], Tone> = {
  sent: 'coming',
  done: 'good',
  failed: 'attention',
  refused: 'attention',
  expired: 'quiet',
};
