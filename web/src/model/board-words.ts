/**
 * What a board senses of itself, as lines a technician reads: each with its figure in words and whether it needs
 * somebody. What is not fitted has no line; what is fitted and not told is "not known", never good. Pure.
 */
import type { ClusterView } from '@loa/protocol/panel';
import { figureWords, type Say, type TextKey } from '../text/say.ts';
import { spanWords } from './civil-time.ts';

export interface BoardLine {
  name: TextKey;
  value: string;
  isTroubled: boolean;
  /** Fitted, and not told. */
  isUnknown: boolean;
}

type Readings = NonNullable<ClusterView['readings']>;

interface Told {
  value: string;
  isTroubled?: boolean;
}

interface Row {
  sensor: string;
  name: TextKey;
  tell: (readings: Readings, say: Say) => Told | undefined;
}

/** In the order in which a technician asks. */
const rows: readonly Row[] = [
  {
    sensor: 'mains',
    name: 'senses.mains',
    tell: ({ mainsPresent: isPresent }, say) =>
      isPresent === undefined
        ? undefined
        : { value: say(isPresent ? 'senses.mains-on' : 'senses.mains-off'), isTroubled: !isPresent },
  },
  { sensor: 'battery', name: 'senses.battery', tell: tellBattery },
  { sensor: 'throttling', name: 'senses.throttling', tell: tellSupply },
  {
    sensor: 'temperature',
    name: 'senses.temperature',
    tell: ({ temperatureC: value }) => (value === undefined ? undefined : { value: `${Math.round(value)} °C` }),
  },
  { sensor: 'link', name: 'senses.link', tell: tellLink },
  {
    sensor: 'data-used',
    name: 'senses.data-used',
    tell: ({ dataUsedBytes: bytes }, say) => (bytes === undefined ? undefined : { value: sizeWords(bytes, say) }),
  },
  {
    sensor: 'memory',
    name: 'senses.memory',
    tell: ({ memoryFreeBytes: bytes }, say) => (bytes === undefined ? undefined : { value: sizeWords(bytes, say) }),
  },
  {
    sensor: 'disk-wear',
    name: 'senses.disk-wear',
    tell: ({ diskWearPercent: percent }) => (percent === undefined ? undefined : { value: `${percent} %` }),
  },
  { sensor: 'clock-health', name: 'senses.clock-health', tell: tellClock },
  {
    sensor: 'door',
    name: 'senses.door',
    tell: ({ doorOpen: isOpen }, say) =>
      isOpen === undefined
        ? undefined
        : { value: say(isOpen ? 'senses.door-open' : 'senses.door-shut'), isTroubled: isOpen },
  },
  {
    sensor: 'amplifier-switch',
    name: 'senses.amplifier',
    tell: ({ amplifierOn: isOn }, say) =>
      isOn === undefined ? undefined : { value: say(isOn ? 'senses.amplifier-on' : 'senses.amplifier-off') },
  },
  {
    sensor: 'amplifier-current',
    name: 'senses.amplifier-current',
    tell: ({ amplifierCurrentMa: value }) => (value === undefined ? undefined : { value: `${Math.round(value)} mA` }),
  },
];

/** One line for each sensor that is fitted. */
export function boardLines(cluster: Pick<ClusterView, 'sensors' | 'readings'>, say: Say): BoardLine[] {
  const fitted = new Set(cluster.sensors ?? []);
  return rows
    .filter(({ sensor }) => fitted.has(sensor))
    .map(({ name, tell }) => {
      const told = tell(cluster.readings ?? {}, say);
      return {
        name,
        value: told?.value ?? say('senses.unknown'),
        isTroubled: told?.isTroubled === true,
        isUnknown: told === undefined,
      };
    });
}

function tellBattery({ batteryPercent: percent, batteryVolts: volts }: Readings, say: Say): Told | undefined {
  const parts = [
    ...(percent === undefined ? [] : [`${Math.round(percent)} %`]),
    ...(volts === undefined ? [] : [`${figureWords(Math.round(volts * 10) / 10, say)} V`]),
  ];
  return parts.length === 0 ? undefined : { value: parts.join(' · ') };
}

function tellSupply({ isThrottled, isUndervolted }: Readings, say: Say): Told | undefined {
  if (isUndervolted === true) return { value: say('senses.undervolted'), isTroubled: true };
  if (isThrottled === true) return { value: say('senses.throttled'), isTroubled: true };
  return isThrottled === undefined && isUndervolted === undefined ? undefined : { value: say('senses.power-well') };
}

function tellLink({ linkKind, linkSignalDbm }: Readings, say: Say): Told | undefined {
  if (linkKind === undefined) return undefined;
  const level = linkSignalDbm === undefined ? [] : [`${Math.round(linkSignalDbm)} dBm`];
  return { value: [say(`senses.link.${linkKind}`), ...level].join(' · ') };
}

function tellClock({ clockDriftPpm, batteryClockOffS }: Readings, say: Say): Told | undefined {
  const parts = [
    ...(clockDriftPpm === undefined
      ? []
      : [say('senses.clock-rate', { count: figureWords(Math.abs(clockDriftPpm), say) })]),
    ...(batteryClockOffS === undefined
      ? []
      : [say('senses.clock-battery', { span: spanWords(Math.abs(batteryClockOffS) * 1_000, say) })]),
  ];
  return parts.length === 0 ? undefined : { value: parts.join(' · ') };
}

/** `1,2 GB`: what a person compares, not what a program counts. */
export function sizeWords(bytes: number, say: Say): string {
  const [unit, size] = bytes >= 1e9 ? (['GB', 1e9] as const) : (['MB', 1e6] as const);
  const value = bytes / size;
  return `${figureWords(value < 10 && unit === 'GB' ? Math.round(value * 10) / 10 : Math.round(value), say)} ${unit}`;
}
