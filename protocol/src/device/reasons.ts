/** Codes by which a device says why, as `reason` of an evidence. The panel has a sentence for each in each language. */

/** Why nothing could be said of a sound that was listened to. */
export const undecidedReasons = [
  /** The gauge, or the microphone, answered over too little of it. */
  'gauge-too-little',
  'microphone-too-little',
  'microphone-dead',
  'recorded-too-little',
  /** There was nothing to be heard. */
  'clip-silent',
  'too-soft',
  'too-short',
  /** Something else sounded, or was measured. */
  'noisy',
  'not-as-sent',
  /** Not having noticed a pilot means something only where it was noticed before. */
  'pilot-never-heard',
  'pilot-never-seen',
  /** The probe did not answer in time; it failed, and the evidence's `note` says how. */
  'probe-mute',
  'probe-failed',
] as const;
export type UndecidedReason = (typeof undecidedReasons)[number];

/** Why a test was not made, or not to its end. */
export const testReasons = [
  'not-fitted',
  /** The order's time was over. */
  'expired',
  'clock-not-trusted',
  'emergency-in-force',
  'stopped',
  'sounding',
  'due-soon',
  'outside-permitted-hours',
  'gave-way',
  'withdrawn',
  'interrupted-by-restart',
  'output-missing',
  'output-failed',
  'decoder-failed',
  'too-long',
] as const;

/** Why a restart, a log upload or an update was not done; what is particular to the case stands in the report's own `reason`. */
export const serviceReasons = [
  'order-expired',
  'not-fitted',
  /** Something sounded until the order's end. */
  'not-quiet',
  /** An exception; the words say which. */
  'failed',
  'log-too-large',
  'upload-failed',
  'broken-off-by-restart',
  'outcome-not-known',
  'update-under-way',
  'release-on-trial',
  'release-not-come',
  'not-packaged',
  'release-not-signed',
  'release-not-newer',
  'release-not-tried',
  'release-given-up',
] as const;
export type ServiceReason = (typeof serviceReasons)[number];
