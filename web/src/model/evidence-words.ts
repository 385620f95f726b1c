/**
 * What a device hands over as evidence, in words: a sentence that everybody understands, and figures with their names
 * and units for whoever repairs. Pure. Nothing that was told is left out; a name this panel does not know is shown as it is.
 */
import { figureWords, type Say, type TextKey } from '../text/say.ts';
import { instantWords, spanWords } from './civil-time.ts';
import { technicalDetails } from './evidence-details.ts';
import { reasonKeys } from './target-words.ts';

/** As on the wire: a name, and a figure or word. */
export type Evidence = Readonly<Record<string, Value>>;

export interface EvidenceWords {
  /** One sentence; empty when nothing was told that everybody understands. */
  spoken: string;
  /** Of use to a technician only; empty when there is nothing more. */
  technical: string;
}

export interface EvidenceReading {
  nowMs: number;
  timeZone: string;
  say: Say;
}

type Value = string | number | boolean;

/** The sentence of each reason that a test, a service or the clock gives; beside those of an airing. */
const reasonSentences: Readonly<Record<string, TextKey>> = {
  ...reasonKeys,
  'gauge-too-little': 'reason.gauge-too-little',
  'clip-silent': 'reason.clip-silent',
  'not-as-sent': 'reason.not-as-sent',
  'too-soft': 'reason.too-soft',
  'too-short': 'reason.too-short',
  'microphone-too-little': 'reason.microphone-too-little',
  'microphone-dead': 'reason.microphone-dead',
  noisy: 'reason.noisy',
  'pilot-never-heard': 'reason.pilot-never-heard',
  'pilot-never-seen': 'reason.pilot-never-seen',
  'recorded-too-little': 'reason.recorded-too-little',
  'probe-mute': 'reason.probe-mute',
  'probe-failed': 'reason.probe-failed',
  'output-mute': 'reason.output-mute',
  'output-failed': 'reason.output-failed',
  'not-fitted': 'reason.not-fitted',
  'emergency-in-force': 'reason.emergency-in-force',
  stopped: 'reason.stopped',
  sounding: 'reason.sounding',
  'due-soon': 'reason.due-soon',
  'gave-way': 'reason.gave-way',
  withdrawn: 'reason.withdrawn',
  'order-expired': 'reason.order-expired',
  'not-quiet': 'reason.not-quiet',
  'log-too-large': 'reason.log-too-large',
  'upload-failed': 'reason.upload-failed',
  'broken-off-by-restart': 'reason.broken-off-by-restart',
  'outcome-not-known': 'reason.outcome-not-known',
  'update-under-way': 'reason.update-under-way',
  'release-on-trial': 'reason.release-on-trial',
  'release-not-come': 'reason.release-not-come',
  'not-packaged': 'reason.not-packaged',
  'release-not-signed': 'reason.release-not-signed',
  'release-not-newer': 'reason.release-not-newer',
  'release-not-tried': 'reason.release-not-tried',
  'release-given-up': 'reason.release-given-up',
  failed: 'reason.failed',
  'no-time-yet': 'reason.no-time-yet',
  'sample-too-old': 'reason.sample-too-old',
  'wall-implausible': 'reason.wall-implausible',
  'wall-stepped': 'reason.wall-stepped',
  'server-behind-documents': 'reason.server-behind-documents',
  // Here it is an order that has expired, not a bulletin.
  expired: 'reason.order-expired',
  'The contact does not close': 'reason.contact-does-not-close',
  'The contact does not open': 'reason.contact-does-not-open',
  'The contact has opened by itself': 'reason.contact-opened-by-itself',
};

/** Figures that go on moving: the board's page shows what they are now, the evidence what they were. */
const moving: readonly string[] = [
  'freeBytes',
  'offsetMs',
  'boundMs',
  'temperatureC',
  'batteryPercent',
  'batteryVolts',
  'wearPercent',
  'signalDbm',
  'usedBytes',
  'currentMa',
];

/** The words for what was told; `when-opened` says so of figures that have gone on moving since. */
export function evidenceWords(evidence: Evidence, reading: EvidenceReading, asOf?: 'when-opened'): EvidenceWords {
  const parts = spokenParts(evidence, reading);
  const isOld = asOf !== undefined && parts.length > 0 && Object.keys(evidence).some((name) => moving.includes(name));
  return {
    spoken: sentenceOf(isOld ? [reading.say('evidence.when-opened', { text: parts.join('; ') })] : parts),
    technical: technicalDetails(onlyTechnical(evidence, reading), { probe: evidence.probe, say: reading.say }).join(
      '; ',
    ),
  };
}

/** The sentence of a known reason; undefined for a program's own words. */
export function reasonSentence(reason: string, say: Say): string | undefined {
  const key = reasonSentences[reason];
  return key === undefined ? undefined : sentenceOf([say(key)]);
}

/** Figures that say something to everybody become a phrase of the sentence. */
const phrases: Record<string, (value: Value, reading: EvidenceReading) => string | undefined> = {
  lastSeenAt: (value, reading) => instantPhrase('evidence.last-seen', value, reading),
  neededMs: (value, reading) => instantPhrase('evidence.needed', value, reading),
  freeBytes: (value, { say }) => sized('evidence.free', value, say),
  totalBytes: (value, { say }) => sized('evidence.of', value, say),
  lostBytes: (value, { say }) => sized('evidence.lost', value, say),
  offsetMs: (value, { say }) => spanned('evidence.clock-off', value, say),
  boundMs: (value, { say }) => spanned('evidence.clock-bound', value, say),
  emittedMs: (value, { say }) => spanned('evidence.emitted', value, say),
  attempts: (value, { say }) => numbered('evidence.attempts', value, say),
  clips: (value, { say }) => numbered('evidence.clips-missing', value, say),
  levelDbfs: (value, { say }) => numbered('evidence.level', value, say),
  measuredDbfs: (value, { say }) => numbered('evidence.level', value, say),
  temperatureC: (value, { say }) => figured('evidence.temperature', value, say),
  batteryPercent: (value, { say }) => figured('evidence.battery-percent', value, say),
  batteryVolts: (value, { say }) => figured('evidence.battery-volts', value, say, 1),
  wearPercent: (value, { say }) => figured('evidence.wear', value, say),
  signalDbm: (value, { say }) => figured('evidence.signal', value, say),
  usedBytes: (value, { say }) => sized('evidence.used', value, say),
  limitBytes: (value, { say }) => sized('evidence.limit', value, say),
  currentMa: (value, { say }) => figured('evidence.current', value, say),
  sentDbfs: (value, { say }) => figured('evidence.sent-level', value, say),
  startsInLastHour: (value, { say }) => figured('evidence.starts', value, say),
  offSeconds: (value, { say }) => spanned('evidence.clock-battery-off', Number(value) * 1_000, say),
  contactClosedMs: (value, { say }) =>
    value === 0 ? say('evidence.contact-never-closed') : spanned('evidence.contact-closed', value, say),
  contactOpenMs: (value, { say }) => (value === 0 ? '' : spanned('evidence.contact-open', value, say)),
  probe: (value, { say }) => probePhrase(value, say),
  mqtt: (value, { say }) => {
    if (value === 'online') return say('evidence.orders-path-open');
    return value === 'offline' ? say('evidence.orders-path-shut') : undefined;
  },
  wanted: (value, { say }) => say('evidence.wanted', { text: String(value) }),
  held: (value, { say }) => say('evidence.held', { text: String(value) }),
  reason: (value, reading) => reasonPhrase(value, reading),
  refused: (value, reading) => reasonPhrase(value, reading),
  decoder: (value, reading) => reasonPhrase(value, reading),
};

/** The parts of a sentence, in the order the device told them; the same thing is said once. */
function spokenParts(evidence: Evidence, reading: EvidenceReading): string[] {
  const parts = Object.entries(evidence).map(([name, value]) => phrases[name]?.(value, reading) ?? '');
  return [...new Set(parts)].filter((part) => part !== '');
}

/** What the sentence does not say. */
function onlyTechnical(evidence: Evidence, reading: EvidenceReading): Evidence {
  const isSaid = ([name, value]: [string, Value]) =>
    phrases[name]?.(value, reading) !== undefined && !isOwnWords(name, value);
  return Object.fromEntries(Object.entries(evidence).filter((entry) => !isSaid(entry)));
}

function sentenceOf(parts: readonly string[]): string {
  const text = parts.join('; ');
  return text === '' ? '' : `${text.charAt(0).toLocaleUpperCase('vi')}${text.slice(1)}.`;
}

function instantPhrase(key: TextKey, value: Value, reading: EvidenceReading): string | undefined {
  const atMs = typeof value === 'string' ? Date.parse(value) : Number(value);
  return Number.isFinite(atMs) ? reading.say(key, { time: instantWords(atMs, reading) }) : undefined;
}

function numbered(key: TextKey, value: Value, say: Say): string | undefined {
  return typeof value === 'number' ? say(key, { count: value }) : undefined;
}

function spanned(key: TextKey, value: Value, say: Say): string | undefined {
  return typeof value === 'number' ? say(key, { span: spanWords(Math.abs(value), say) }) : undefined;
}

function sized(key: TextKey, value: Value, say: Say): string | undefined {
  if (typeof value !== 'number') return undefined;
  if (value === 0) return key === 'evidence.lost' ? '' : say(key, { size: '0 MB' });
  const [unit, bytes] =
    value >= 1e9 ? (['GB', 1e9] as const) : value >= 1e6 ? (['MB', 1e6] as const) : (['kB', 1e3] as const);
  return say(key, { size: `${Math.round(value / bytes)} ${unit}` });
}

/** A measured figure, rounded to what a person reads. */
function figured(key: TextKey, value: Value, say: Say, digits = 0): string | undefined {
  if (typeof value !== 'number') return undefined;
  const factor = 10 ** digits;
  const count = Math.round(value * factor) / factor;
  // Only whole figures have a singular.
  return say(key, { count: Number.isInteger(count) ? count : figureWords(count, say) });
}

function probePhrase(value: Value, say: Say): string | undefined {
  const kind = (['microphone', 'amplifier-current', 'line-level', 'loopback', 'contact'] as const).find(
    (one) => one === value,
  );
  return kind === undefined ? undefined : say(`evidence.by-${kind}`);
}

const reasonNames: readonly string[] = ['reason', 'refused', 'decoder'];

/** A program's words rather than one of the known reasons. */
function isOwnWords(name: string, value: Value): boolean {
  return reasonNames.includes(name) && reasonSentences[String(value)] === undefined;
}

/** A reason that is one of the known codes in its own sentence; a program's own words stand beside, not in it. */
function reasonPhrase(value: Value, { say }: EvidenceReading): string {
  const key = typeof value === 'string' ? reasonSentences[value] : undefined;
  return key === undefined ? '' : say(key);
}
