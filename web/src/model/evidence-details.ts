/**
 * Figures of an evidence for whoever repairs: each with its name, its unit and the language's decimal sign. Pure. A name
 * of a later agent is shown as it came.
 */
import type { TestView } from '@loa/protocol/panel';
import { figureWords, type Say, type TextKey } from '../text/say.ts';
import type { Evidence } from './evidence-words.ts';

type Value = Evidence[string];

/** What a value is: a unit, or how it is said. `gauge`: milliampere or millivolt, by the probe beside it. */
type Kind =
  | 'ms'
  | 'dB'
  | 'dB/dB'
  | 'count'
  | 'gauge'
  | 'share'
  | 'bytes'
  | 'yesno'
  | 'link'
  | 'switch'
  | 'verdict'
  | 'text'
  | 'said';

const kinds: Readonly<Record<string, Kind>> = {
  quiet: 'gauge',
  rise: 'gauge',
  value: 'gauge',
  line: 'gauge',
  follows: 'share',
  samples: 'count',
  likeness: 'share',
  delayMs: 'ms',
  noiseDbfs: 'dB',
  referenceDb: 'dB',
  gainDb: 'dB',
  expectedDbfs: 'dB',
  flatterDb: 'dB',
  slope: 'dB/dB',
  heardMs: 'ms',
  foundMs: 'ms',
  pilotLowDb: 'dB',
  pilotHighDb: 'dB',
  measured: 'verdict',
  recorder: 'said',
  switch: 'switch',
  player: 'text',
  probe: 'text',
  mqtt: 'text',
  device: 'text',
  unreadMs: 'ms',
  isShort: 'yesno',
  isUndervolted: 'yesno',
  linkKind: 'link',
  occurrence: 'text',
  clip: 'text',
  topic: 'text',
  path: 'text',
  copy: 'text',
  note: 'said',
  shadow: 'yesno',
  bytes: 'bytes',
  tries: 'count',
  runs: 'text',
  release: 'text',
  version: 'text',
  switchedOn: 'yesno',
  relay: 'said',
  agent: 'said',
  reason: 'said',
  refused: 'said',
  decoder: 'said',
};

const names: Readonly<Record<string, TextKey>> = {
  quiet: 'detail.quiet',
  rise: 'detail.rise',
  value: 'detail.value',
  line: 'detail.line',
  follows: 'detail.follows',
  samples: 'detail.samples',
  likeness: 'detail.likeness',
  delayMs: 'detail.delayMs',
  noiseDbfs: 'detail.noiseDbfs',
  referenceDb: 'detail.referenceDb',
  gainDb: 'detail.gainDb',
  expectedDbfs: 'detail.expectedDbfs',
  flatterDb: 'detail.flatterDb',
  slope: 'detail.slope',
  heardMs: 'detail.heardMs',
  foundMs: 'detail.foundMs',
  pilotLowDb: 'detail.pilotLowDb',
  pilotHighDb: 'detail.pilotHighDb',
  measured: 'detail.measured',
  recorder: 'detail.recorder',
  switch: 'detail.switch',
  player: 'detail.player',
  probe: 'detail.probe',
  mqtt: 'detail.mqtt',
  device: 'detail.device',
  unreadMs: 'detail.unreadMs',
  isShort: 'detail.isShort',
  isUndervolted: 'detail.isUndervolted',
  linkKind: 'detail.linkKind',
  occurrence: 'detail.occurrence',
  clip: 'detail.clip',
  topic: 'detail.topic',
  path: 'detail.path',
  copy: 'detail.copy',
  note: 'detail.note',
  shadow: 'detail.shadow',
  bytes: 'detail.bytes',
  tries: 'detail.tries',
  runs: 'detail.runs',
  release: 'detail.release',
  version: 'detail.version',
  switchedOn: 'detail.switchedOn',
  relay: 'detail.relay',
  agent: 'detail.agent',
  reason: 'detail.reason',
  refused: 'detail.refused',
  decoder: 'detail.decoder',
};

const verdicts: readonly TestView['verdict'][] = ['sound', 'too-low', 'none', 'distorted', 'wrong', 'undecided'];

const gaugeUnits: Readonly<Record<string, string>> = { 'amplifier-current': ' mA', 'line-level': ' mV' };

/** One text for each name, in the order told. `probe` is what measured. */
export function technicalDetails(evidence: Evidence, { probe, say }: { probe: Value | undefined; say: Say }): string[] {
  return Object.entries(evidence).map(([name, value]) => {
    const [key, kind] = [names[name], kinds[name]];
    if (key === undefined || kind === undefined) return `${name}: ${String(value)}`;
    return `${say(key)}: ${valueWords(value, { kind, unit: gaugeUnits[String(probe)] ?? '', say })}`;
  });
}

function valueWords(value: Value, { kind, unit, say }: { kind: Kind; unit: string; say: Say }): string {
  if (typeof value === 'boolean') return say(value ? 'detail.yes' : 'detail.no');
  if (typeof value === 'string') return wordWords(value, kind, say);
  if (kind === 'text' || kind === 'said') return String(value);
  if (kind === 'share') return `${Math.round(value * 100)} %`;
  if (kind === 'bytes') return `${figureWords(Math.round(value / 1_000), say)} kB`;
  const figure = figureWords(value, say);
  if (kind === 'gauge') return `${figure}${unit}`;
  return kind === 'ms' || kind === 'dB' || kind === 'dB/dB' ? `${figure} ${kind}` : figure;
}

function wordWords(value: string, kind: Kind, say: Say): string {
  if (kind === 'said') return `“${value}”`;
  const verdict = kind === 'verdict' ? verdicts.find((one) => one === value) : undefined;
  if (verdict !== undefined) return say(`test.verdict.${verdict}`);
  const part = (['amplifier', 'contact'] as const).find((one) => kind === 'switch' && one === value);
  if (part !== undefined) return say(`detail.switch-${part}`);
  const link = (['ethernet', 'wifi', 'mobile', 'unknown'] as const).find((one) => kind === 'link' && one === value);
  return link === undefined ? value : say(`senses.link.${link}`);
}
