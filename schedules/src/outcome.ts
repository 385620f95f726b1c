/**
 * How an occurrence ended on a device, and how it stands until then. The words of DESIGN P2; a new one is a new
 * version of the wire. Only shapes.
 */

/** Final outcomes, exactly one per occurrence and device. */
export const outcomes = [
  'confirmed',
  'silent',
  'played',
  'partial',
  'stopped',
  'withdrawn',
  'preempted',
  'missed',
  'refused',
] as const;
export type Outcome = (typeof outcomes)[number];

/** Why, beside the outcome. Codes are never reused for another meaning. */
export const outcomeReasons = [
  'late',
  'offline-at-start',
  'clip-missing',
  'clip-damaged',
  'output-missing',
  'decoder-failed',
  'clock-not-trusted',
  'outside-permitted-hours',
  'interrupted-by-restart',
  'interrupted-by-emergency',
  'stopped-by-person',
  'expired',
  'too-long',
  'busy-with-other',
  'not-supported',
  'relay-away',
] as const;
export type OutcomeReason = (typeof outcomeReasons)[number];

/** How far an occurrence has come on a device before it has an outcome. */
export const airingPhases = ['queued', 'downloading', 'ready', 'playing', 'unknown', 'ended'] as const;
export type AiringPhase = (typeof airingPhases)[number];
