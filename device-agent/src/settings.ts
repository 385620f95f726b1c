/**
 * What a board is told by its environment: where its server is, where its state lies, how it sounds. Parsed once,
 * refused in one line that names the variable. Knows no defaults that are secrets.
 */
import { type ClipFormat, clipFormats } from '@loa/protocol/device';
import { z } from 'zod';
import { type PoleSettings, poleEnvironment, poleSettingsOf, poleSettingsTable } from './pole-settings.ts';

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
  probes: readonly 'loopback'[];
  mqttUrl: string | undefined;
  routineDb: number;
  emergencyDb: number;
  drills: 'sound' | 'silent';
  /** Make and model, for the technician. */
  board: string;
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
  ['LOA_AGENT_PROBES', '', 'Probes fitted: loopback (reads back what the file player recorded)'],
  ...poleSettingsTable,
  ['LOA_MQTT_URL', '', 'mqtt(s)://… or ws(s)://… when MQTT is reached elsewhere than the server says'],
  ['LOA_ROUTINE_DB', '0', 'Gain of routine sound, dB, −60 to 12'],
  ['LOA_EMERGENCY_DB', '0', 'Gain of emergencies, dB; never below the routine gain'],
  ['LOA_DRILLS', 'sound', 'sound: drills sound (they say that they are drills); silent: they are refused here'],
  ['LOA_BOARD', 'this machine', 'Make and model, shown to the technician'],
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

const gainDb = optional.transform((text, context) => {
  const value = text === undefined ? 0 : Number(text);
  if (Number.isFinite(value) && value >= -60 && value <= 12) return value;
  context.addIssue({ code: 'custom', message: 'must be a number of dB from -60 to 12' });
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
  LOA_AGENT_PROBES: listOf(['loopback'], []),
  LOA_MQTT_URL: addressOf(['mqtt:', 'mqtts:', 'ws:', 'wss:']),
  LOA_ROUTINE_DB: gainDb,
  LOA_EMERGENCY_DB: gainDb,
  LOA_DRILLS: oneOf(['sound', 'silent'], 'sound'),
  LOA_BOARD: optional,
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
      mqttUrl: given.LOA_MQTT_URL,
      routineDb: given.LOA_ROUTINE_DB,
      emergencyDb: given.LOA_EMERGENCY_DB,
      drills: given.LOA_DRILLS,
      board: given.LOA_BOARD ?? `${process.platform} ${process.arch}`,
    },
  };
}
