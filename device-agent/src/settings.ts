/**
 * What a board is told by its environment: where its server is, where its state lies, how it sounds. Parsed once,
 * refused in one line that names the variable. Knows no defaults that are secrets.
 */
import { type ClipFormat, clipFormats, type ProbeKind, probeKinds } from '@loa/protocol/device';
import { z } from 'zod';
import { gaugeSource, nightTime, recorder } from './ear-settings.ts';
import type { EarSettings } from './ears.ts';
import type { SensorSettings } from './fronts/sensors/find-sensors.ts';
import { parseTextSource } from './fronts/sensors/text-source.ts';
import { type CheapHours, parseCheapHours } from './keep/clips/when-to-fetch.ts';
import { type PoleSettings, poleEnvironment, poleSettingsOf, poleSettingsTable } from './pole-settings.ts';
import { type SwitchSettings, switchSettingsOf, switchSettingsTable, switchVariables } from './switch-settings.ts';

export interface AgentSettings extends PoleSettings {
  /** Absent: where the device was enrolled. */
  serverUrl: string | undefined;
  dir: string;
  claimCode: string | undefined;
  player: 'alsa' | 'file' | 'silent';
  alsaDevice: string;
  /** Whether a battery keeps the time while the board is off; `auto` asks the board. */
  clock: 'kept' | 'none' | 'auto';
  formats: readonly ClipFormat[];
  probes: readonly ProbeKind[];
  /** What the probes read. */
  ears: EarSettings;
  /** HH:MM of the nightly silent test; undefined: none. */
  nightTestAt: string | undefined;
  mqttUrl: string | undefined;
  /** HTTP CONNECT proxy for everything; `none` also against the environment's. */
  proxyUrl: string | undefined;
  /** The environment's proxy, for an https server. */
  httpsProxyUrl: string | undefined;
  /** PEM of the only authorities whose servers are trusted. */
  caFile: string | undefined;
  cheapHours: CheapHours | undefined;
  routineDb: number;
  emergencyDb: number;
  drills: 'sound' | 'silent';
  /** Make and model, for the technician. */
  board: string;
  sensors: SensorSettings;
  /** Data bought for a month, MB. */
  dataMbMonth: number | undefined;
  switches: SwitchSettings;
}

/** Every variable, its default and what it is for; the README's table and `--help` are made of it. */
export const settingsTable = [
  ['LOA_SERVER_URL', '', 'Address of the server, http(s)://…; needed to enrol, afterwards remembered'],
  [
    'LOA_AGENT_DIR',
    'agent-data',
    'Folder for everything the agent keeps; holds its private key, so nobody else may read it',
  ],
  ['LOA_CLAIM_CODE', '', 'One-time code with which a board that is not enrolled yet enrols itself at its start'],
  [
    'LOA_AGENT_PLAYER',
    'alsa',
    'alsa: the sound card; file: a record in <dir>/sound; silent: nothing, beside an old system',
  ],
  ['LOA_ALSA_DEVICE', 'default', "ALSA's name of the output, for example plughw:1,0"],
  ['LOA_AGENT_CLOCK', 'auto', 'kept: the board has a battery-backed clock; none: it has not; auto: look for one'],
  ['LOA_AGENT_FORMATS', 'ogg-opus,mp3', 'What this board decodes, in order of preference'],
  [
    'LOA_AGENT_PROBES',
    '',
    'Probes fitted: microphone, amplifier-current, line-level; loopback (reads back what the file player recorded)',
  ],
  ['LOA_MICROPHONE', 'default', "ALSA's name of the monitor microphone, or command:PROGRAM ARGUMENTS (s16le, 48 kHz)"],
  ['LOA_AMPLIFIER_CURRENT', '', 'Where milliampere are read: iio:PATH*SCALE or file:PATH*SCALE'],
  ['LOA_LINE_LEVEL', '', 'Where millivolt are read: iio:PATH*SCALE or file:PATH*SCALE'],
  ['LOA_NIGHT_TEST', '02:30', 'Time of the nightly silent test of a board that can measure it; off: none'],
  ...poleSettingsTable,
  ['LOA_MQTT_URL', '', 'mqtt(s)://… or ws(s)://… when MQTT is reached elsewhere than the server says'],
  ['LOA_PROXY', 'HTTPS_PROXY', 'http://[name:password@]host:port of a CONNECT proxy, the one way out; none: straight'],
  ['LOA_CA_FILE', '', 'PEM file of the authority, and a spare, that alone may vouch for the server'],
  ['LOA_CHEAP_HOURS', '', 'hh:mm-hh:mm when data costs less; clips that are needed after it wait for it'],
  ['LOA_ROUTINE_DB', '0', 'Gain of routine sound, dB, −60 to 12'],
  ['LOA_EMERGENCY_DB', '0', 'Gain of emergencies, dB; never below the routine gain'],
  ...switchSettingsTable,
  ['LOA_DRILLS', 'sound', 'sound: drills sound (they say that they are drills); silent: they are refused here'],
  ['LOA_BOARD', 'this machine', 'Make and model, shown to the technician'],
  ['LOA_MAINS', '', 'file:/path or command:/path that says 1 with mains power, 0 without; else what Linux shows'],
  ['LOA_BATTERY', '', 'file:/path or command:/path with the charge in percent; else what Linux shows'],
  [
    'LOA_SIGNAL',
    '',
    "file:/path or command:/path with the modem's level in dBm; a factor may follow: file:/run/rssi*-1",
  ],
  ['LOA_DOOR', '', 'file:/path or command:/path that says 1 while the cabinet is open; with *-1 the other way round'],
  ['LOA_DATA_MB_MONTH', '', 'Data bought for a month, MB; at four fifths a fault tells'],
  ['FFMPEG_PATH', 'ffmpeg on PATH', 'The decoder'],
] as const;

const optional = z
  .string()
  .optional()
  .transform((text) => (text === undefined || text.trim() === '' ? undefined : text.trim()));

function listOf<const T extends readonly string[]>(allowed: T, fallback: readonly T[number][]) {
  return optional.transform((text, context) => {
    if (text === undefined) return [...fallback];
    const found = text.split(',').map((part) => allowed.find((one) => one === part.trim()));
    if (found.every((part): part is T[number] => part !== undefined)) return found;
    context.addIssue({ code: 'custom', message: `must be a list of: ${allowed.join(', ')}` });
    return z.NEVER;
  });
}

function oneOf<const T extends readonly [string, ...string[]]>(allowed: T, fallback: T[number]) {
  return optional.transform((text, context): T[number] => {
    const found = text === undefined ? fallback : allowed.find((one) => one === text);
    if (found !== undefined) return found;
    context.addIssue({ code: 'custom', message: `must be one of: ${allowed.join(', ')}` });
    return z.NEVER;
  });
}

function addressOf(protocols: readonly string[]) {
  return optional.transform((text, context) => {
    if (text === undefined) return undefined;
    const isGood = URL.canParse(text) && protocols.includes(new URL(text).protocol);
    if (isGood) return text;
    context.addIssue({ code: 'custom', message: `must be an address that begins with ${protocols.join('// or ')}//` });
    return z.NEVER;
  });
}

function isProxy(text: string): boolean {
  return URL.canParse(text) && new URL(text).protocol === 'http:' && new URL(text).hostname !== '';
}

const gainDb = optional.transform((text, context) => {
  const value = text === undefined ? 0 : Number(text);
  if (Number.isFinite(value) && value >= -60 && value <= 12) return value;
  context.addIssue({ code: 'custom', message: 'must be a number of dB from -60 to 12' });
  return z.NEVER;
});

const source = optional.transform((text, context) => {
  const parsed = text === undefined ? undefined : parseTextSource(text);
  if (text === undefined || parsed !== undefined) return parsed;
  context.addIssue({ code: 'custom', message: 'must be file:/path or command:/path, a factor may follow an asterisk' });
  return z.NEVER;
});

const megabytes = optional.transform((text, context) => {
  if (text === undefined) return undefined;
  const value = Number(text);
  if (Number.isFinite(value) && value >= 1 && value <= 10_000_000) return value;
  context.addIssue({ code: 'custom', message: 'must be a number of MB, at least 1' });
  return z.NEVER;
});

const environmentSchema = z.object({
  LOA_SERVER_URL: addressOf(['http:', 'https:']),
  LOA_AGENT_DIR: optional,
  LOA_CLAIM_CODE: optional,
  LOA_AGENT_PLAYER: oneOf(['alsa', 'file', 'silent'], 'alsa'),
  LOA_ALSA_DEVICE: optional,
  LOA_AGENT_CLOCK: oneOf(['kept', 'none', 'auto'], 'auto'),
  LOA_AGENT_FORMATS: listOf(clipFormats, clipFormats),
  LOA_AGENT_PROBES: listOf(probeKinds, []),
  LOA_MICROPHONE: recorder,
  LOA_AMPLIFIER_CURRENT: gaugeSource,
  LOA_LINE_LEVEL: gaugeSource,
  LOA_NIGHT_TEST: nightTime,
  LOA_MQTT_URL: addressOf(['mqtt:', 'mqtts:', 'ws:', 'wss:']),
  LOA_PROXY: optional.transform((text, context) => {
    if (text === undefined || text === 'none' || isProxy(text)) return text;
    context.addIssue({ code: 'custom', message: 'must be http://host:port, or none' });
    return z.NEVER;
  }),
  HTTPS_PROXY: optional,
  LOA_CA_FILE: optional,
  LOA_CHEAP_HOURS: optional.transform((text, context) => {
    const hours = text === undefined ? undefined : parseCheapHours(text);
    if (text === undefined || hours !== undefined) return hours;
    context.addIssue({ code: 'custom', message: 'must be hh:mm-hh:mm, for example 23:00-05:00' });
    return z.NEVER;
  }),
  LOA_ROUTINE_DB: gainDb,
  LOA_EMERGENCY_DB: gainDb,
  LOA_DRILLS: oneOf(['sound', 'silent'], 'sound'),
  LOA_BOARD: optional,
  LOA_MAINS: source,
  LOA_BATTERY: source,
  LOA_SIGNAL: source,
  LOA_DOOR: source,
  LOA_DATA_MB_MONTH: megabytes,
  ...switchVariables,
  ...poleEnvironment,
});

/** The settings, or one line that says which variable is wrong and how. */
export function readSettings(
  environment: Readonly<Record<string, string | undefined>>,
): { ok: true; settings: AgentSettings } | { ok: false; reason: string } {
  const parsed = environmentSchema.safeParse(environment);
  if (!parsed.success) {
    const issue = parsed.error.issues[0];
    return { ok: false, reason: `${issue?.path.join('.') ?? 'The environment'} ${issue?.message ?? 'is wrong'}` };
  }
  const given = parsed.data;
  if (given.LOA_AGENT_PROBES.includes('loopback') && given.LOA_AGENT_PLAYER !== 'file')
    return { ok: false, reason: 'LOA_AGENT_PROBES=loopback reads back the record of LOA_AGENT_PLAYER=file' };
  const switches = switchSettingsOf(given);
  if (!switches.ok) return switches;
  if (given.LOA_AGENT_PROBES.length > 0 && given.LOA_AGENT_PLAYER === 'silent')
    return { ok: false, reason: 'LOA_AGENT_PROBES measure nothing of LOA_AGENT_PLAYER=silent, which sends nothing' };
  if (given.LOA_AGENT_PROBES.includes('amplifier-current') && given.LOA_AMPLIFIER_CURRENT === undefined)
    return { ok: false, reason: 'LOA_AMPLIFIER_CURRENT is missing: where the probe amplifier-current reads' };
  if (given.LOA_AGENT_PROBES.includes('line-level') && given.LOA_LINE_LEVEL === undefined)
    return { ok: false, reason: 'LOA_LINE_LEVEL is missing: where the probe line-level reads' };
  const ears: EarSettings = {
    probes: given.LOA_AGENT_PROBES,
    microphone: given.LOA_MICROPHONE,
    amplifierCurrent: given.LOA_AMPLIFIER_CURRENT,
    lineLevel: given.LOA_LINE_LEVEL,
  };
  return {
    ok: true,
    settings: {
      ...poleSettingsOf(given),
      serverUrl: given.LOA_SERVER_URL,
      dir: given.LOA_AGENT_DIR ?? 'agent-data',
      claimCode: given.LOA_CLAIM_CODE,
      player: given.LOA_AGENT_PLAYER,
      alsaDevice: given.LOA_ALSA_DEVICE ?? 'default',
      clock: given.LOA_AGENT_CLOCK,
      formats: given.LOA_AGENT_FORMATS,
      probes: given.LOA_AGENT_PROBES,
      ears,
      nightTestAt: given.LOA_NIGHT_TEST,
      mqttUrl: given.LOA_MQTT_URL,
      proxyUrl: given.LOA_PROXY,
      // Whoever set it meant other programs too: what is not understood of it is left alone.
      httpsProxyUrl: given.HTTPS_PROXY !== undefined && isProxy(given.HTTPS_PROXY) ? given.HTTPS_PROXY : undefined,
      caFile: given.LOA_CA_FILE,
      cheapHours: given.LOA_CHEAP_HOURS,
      routineDb: given.LOA_ROUTINE_DB,
      emergencyDb: given.LOA_EMERGENCY_DB,
      drills: given.LOA_DRILLS,
      board: given.LOA_BOARD ?? `${process.platform} ${process.arch}`,
      sensors: {
        mains: given.LOA_MAINS,
        battery: given.LOA_BATTERY,
        signal: given.LOA_SIGNAL,
        door: given.LOA_DOOR,
      },
      dataMbMonth: given.LOA_DATA_MB_MONTH,
      switches: switches.settings,
    },
  };
}
