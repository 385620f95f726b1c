/**
 * What a technician is told about a fault: its name, since when, what stands behind the verdict, what to try first.
 * Pure. A code or a figure this panel does not know is still shown, plainly.
 */
import { deviceFaultCodes, type FaultView, serverFaultCodes } from '@loa/protocol/panel';
import { figureWords, type Say, type TextKey } from '../text/say.ts';
import { instantWords, spanWords } from './civil-time.ts';
import { reasonKeys } from './target-words.ts';

/** A fault in words. */
export interface FaultWords {
  name: string;
  /** `từ 14:05 · 2 giờ 10 phút`, or from when until when. */
  since: string;
  /** What was measured or seen; empty when nothing was told. */
  evidence: string;
  /** The device's own words, of use to a technician only; empty when there are none. */
  technical: string;
  /** What to try first. */
  advice: string;
}

export interface Reading {
  nowMs: number;
  timeZone: string;
  say: Say;
}

const codes = [...deviceFaultCodes, ...serverFaultCodes] as const;

/** The words for a fault at this moment. */
export function faultWords(fault: FaultView, reading: Reading): FaultWords {
  const { say } = reading;
  const code = codes.find((known) => known === fault.code);
  return {
    name: code === undefined ? say('fault.other', { code: fault.code }) : say(`fault.${code}`),
    since: sinceWords(fault, reading),
    evidence: evidenceWords(fault.evidence, reading),
    technical: technicalParts(fault.evidence).join('; '),
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

type Value = string | number | boolean;

/** Figures whose meaning is known become a phrase; what a device adds later is shown as `name: value`. */
const phrases: Record<string, (value: Value, reading: Reading) => string | undefined> = {
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
  starts: (value, { say }) => figured('evidence.starts', value, say),
  offSeconds: (value, { say }) => spanned('evidence.clock-battery-off', Number(value) * 1_000, say),
  probe: (value, { say }) => probePhrase(value, say),
  mqtt: (value, { say }) => {
    if (value === 'online') return say('evidence.orders-path-open');
    return value === 'offline' ? say('evidence.orders-path-shut') : '';
  },
  wanted: (value, { say }) => say('evidence.wanted', { text: String(value) }),
  held: (value, { say }) => say('evidence.held', { text: String(value) }),
  reason: (value, reading) => reasonPhrase(value, reading),
  refused: (value, reading) => reasonPhrase(value, reading),
  decoder: (value, reading) => reasonPhrase(value, reading),
};

/** Names that say something to a program only; a person is helped by none of them. */
const unspoken: readonly string[] = [
  'player',
  'isShort',
  'occurrence',
  'clip',
  'topic',
  'copy',
  'isUndervolted',
  'linkKind',
];

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

/** A sentence; empty when nothing was told. With a figure that goes on moving it says of when it is. */
function evidenceWords(evidence: FaultView['evidence'], reading: Reading): string {
  const text = spokenParts(evidence, reading).join('; ');
  const isMoving = text !== '' && Object.keys(evidence).some((name) => moving.includes(name));
  return sentenceOf(isMoving ? reading.say('evidence.when-opened', { text }) : text);
}

/** The parts of a sentence, in the order the device told them. */
function spokenParts(evidence: FaultView['evidence'], reading: Reading): string[] {
  return Object.entries(evidence).flatMap(([name, value]) => {
    const part = unspoken.includes(name) ? undefined : phrases[name]?.(value, reading);
    return part === undefined || part === '' ? [] : [part];
  });
}

/** What has no phrase here: figures of a later agent, and what a program said, as they are. */
function technicalParts(evidence: FaultView['evidence']): string[] {
  return Object.entries(evidence)
    .filter(([name, value]) => !unspoken.includes(name) && (phrases[name] === undefined || isOwnWords(name, value)))
    .map(([name, value]) => `${name}: ${String(value)}`);
}

function sentenceOf(text: string): string {
  return text === '' ? '' : `${text.charAt(0).toLocaleUpperCase('vi')}${text.slice(1)}.`;
}

function instantPhrase(key: TextKey, value: Value, reading: Reading): string | undefined {
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

function probePhrase(value: Value, say: Say): string {
  const kind = (['microphone', 'amplifier-current', 'line-level', 'loopback'] as const).find((one) => one === value);
  return kind === undefined ? '' : say(`evidence.by-${kind}`);
}

const reasonNames: readonly string[] = ['reason', 'refused', 'decoder'];

/** A program's words rather than one of the known reasons. */
function isOwnWords(name: string, value: Value): boolean {
  return reasonNames.includes(name) && reasonKeys[String(value)] === undefined;
}

/** A reason that is one of the known codes in its own sentence; a program's own words stand beside, not in it. */
function reasonPhrase(value: Value, { say }: Reading): string {
  const key = typeof value === 'string' ? reasonKeys[value] : undefined;
  return key === undefined ? '' : say(key);
}
