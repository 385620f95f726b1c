/**
 * What a technician is told about a fault: its name, since when, what stands behind the verdict, what to try first.
 * Pure. A code or a figure this panel does not know is still shown, plainly.
 */
import { deviceFaultCodes, type FaultView, serverFaultCodes } from '@loa/protocol/panel';
import type { TextKey } from '../text/say.ts';
import { instantWords, spanWords } from './civil-time.ts';
import { type EvidenceReading, evidenceWords } from './evidence-words.ts';

/** A fault in words. */
export interface FaultWords {
  name: string;
  /** `từ 14:05 · 2 giờ 10 phút`, or from when until when. */
  since: string;
  /** What was measured or seen; empty when nothing was told. */
  evidence: string;
  /** Figures and a program's own words, of use to a technician only; empty when there are none. */
  technical: string;
  /** What to try first. */
  advice: string;
}

/** When, where and in which language it is read. */
export type Reading = EvidenceReading;

const codes = [...deviceFaultCodes, ...serverFaultCodes] as const;

/** The words for a fault at this moment. */
export function faultWords(fault: FaultView, reading: Reading): FaultWords {
  const { say } = reading;
  const code = codes.find((known) => known === fault.code);
  const { spoken, technical } = evidenceWords(fault.evidence, reading, 'when-opened');
  return {
    name: code === undefined ? say('fault.other', { code: fault.code }) : say(`fault.${code}`),
    since: sinceWords(fault, reading),
    evidence: spoken,
    technical,
    advice: say(adviceKey(code, fault.evidence)),
  };
}

/** Where a bridge's contact is known to be what failed, nobody is sent to look at horns. */
function adviceKey(code: (typeof codes)[number] | undefined, evidence: FaultView['evidence']): TextKey {
  if (code === undefined) return 'advice.other';
  const neverClosed = evidence.contactClosedMs === 0 && Number(evidence.contactOpenMs) > 0;
  const isContact = code === 'amplifier-failed' ? evidence.switch === 'contact' : neverClosed;
  const isSilence = code === 'sound-missing' || code === 'amplifier-failed';
  return isSilence && isContact ? 'advice.contact' : `advice.${code}`;
}

function sinceWords(fault: FaultView, reading: Reading): string {
  const { say, nowMs } = reading;
  const openedMs = Date.parse(fault.openedAt);
  const from = instantWords(openedMs, reading);
  if (fault.clearedAt === undefined) {
    return say('fault.since', { from, span: spanWords(nowMs - openedMs, say) });
  }
  const clearedMs = Date.parse(fault.clearedAt);
  return say('fault.from-until', {
    from,
    until: instantWords(clearedMs, { ...reading, nowMs: openedMs }),
    span: spanWords(clearedMs - openedMs, say),
  });
}
