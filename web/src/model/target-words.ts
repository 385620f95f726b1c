/**
 * What a person is told about one bulletin on one cluster: where it has come to, how it ended, why, how late. Pure.
 * What is not known is never shown as good (DESIGN P2).
 */
import type { TargetView } from '@loa/protocol/panel';
import type { Say, TextKey } from '../text/say.ts';
import { spanWords } from './civil-time.ts';
import type { Tone } from './tone.ts';

/** How a target stands, in words. */
export interface TargetWords {
  tone: Tone;
  /** `Đã phát, đo được tiếng`. */
  label: string;
  /** Why, in a sentence, where the server gave a reason that is known. */
  reason?: string;
  /** `trễ 4 phút`. */
  lateness?: string;
}

/** Lateness below this is no news: a second of network and clock. */
export const latenessShownMs = 2_000;

const outcomeTone: Record<NonNullable<TargetView['outcome']>, Tone> = {
  confirmed: 'good',
  played: 'good',
  silent: 'attention',
  partial: 'attention',
  stopped: 'quiet',
  withdrawn: 'quiet',
  preempted: 'quiet',
  missed: 'attention',
  refused: 'attention',
};

/** The sentence of each reason that is known. */
export const reasonKeys: Readonly<Record<string, TextKey>> = {
  late: 'reason.late',
  'offline-at-start': 'reason.offline-at-start',
  'clip-missing': 'reason.clip-missing',
  'clip-damaged': 'reason.clip-damaged',
  'output-missing': 'reason.output-missing',
  'decoder-failed': 'reason.decoder-failed',
  'clock-not-trusted': 'reason.clock-not-trusted',
  'outside-permitted-hours': 'reason.outside-permitted-hours',
  'interrupted-by-restart': 'reason.interrupted-by-restart',
  'interrupted-by-emergency': 'reason.interrupted-by-emergency',
  'stopped-by-person': 'reason.stopped-by-person',
  expired: 'reason.expired',
  'too-long': 'reason.too-long',
  'busy-with-other': 'reason.busy-with-other',
  'not-supported': 'reason.not-supported',
  'relay-away': 'reason.relay-away',
};

/** Reasons that an outcome's own words already say. */
const saidByOutcome: Readonly<Record<string, string>> = {
  'interrupted-by-emergency': 'preempted',
  'stopped-by-person': 'stopped',
};

/** The words for a target. */
export function targetWords(target: TargetView, say: Say): TargetWords {
  const { tone, label } = stateWords(target, say);
  const isSaid = target.reason !== undefined && saidByOutcome[target.reason] === target.outcome;
  const reasonKey = target.reason === undefined || isSaid ? undefined : reasonKeys[target.reason];
  const isLate = target.lateMs !== undefined && target.lateMs >= latenessShownMs;
  return {
    tone,
    label,
    ...(reasonKey === undefined ? {} : { reason: say(reasonKey) }),
    ...(isLate ? { lateness: say('target.late', { span: spanWords(target.lateMs ?? 0, say) }) } : {}),
  };
}

/** The tone alone, for counting and ordering. What a board in shadow tells, nobody heard. */
export function targetTone(target: TargetView): Tone {
  if (target.shadow === true && target.outcome !== undefined) return 'quiet';
  if (target.outcome !== undefined) return outcomeTone[target.outcome];
  if (target.phase === 'playing') return 'sounding';
  return target.phase === 'unknown' || target.phase === 'ended' ? 'quiet' : 'coming';
}

function stateWords(target: TargetView, say: Say): { tone: Tone; label: string } {
  const tone = targetTone(target);
  if (target.shadow === true && target.outcome === 'played') return { tone, label: say('outcome.shadow') };
  if (target.outcome !== undefined) return { tone, label: say(`outcome.${target.outcome}`) };
  if (target.phase === 'downloading' && target.fraction !== undefined) {
    return { tone, label: say('phase.downloading-percent', { percent: Math.round(target.fraction * 100) }) };
  }
  return { tone, label: say(target.phase === 'ended' ? 'phase.unknown' : `phase.${target.phase}`) };
}
