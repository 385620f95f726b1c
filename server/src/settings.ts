/**
 * What an installation may choose, read from the environment: each variable with its meaning and default. A wrong one
 * gives one clear line for each; nothing is guessed. The README's table "Configuration" is made from `settingsTable`.
 */
import { resolve } from 'node:path';
import { z } from 'zod';

const wholeNumber = (span: { least: number; most: number }) =>
  z
    .string()
    .refine(
      (text) => /^\d+$/.test(text) && Number(text) >= span.least && Number(text) <= span.most,
      `must be a whole number from ${span.least} to ${span.most}`,
    )
    .transform(Number);
const port = wholeNumber({ least: 0, most: 65_535 });
const url = (protocols: readonly string[]) =>
  z
    .string()
    .refine(
      (text) => URL.canParse(text) && protocols.includes(new URL(text).protocol),
      `must be an address that begins with ${protocols.map((protocol) => `${protocol}//`).join(' or ')}`,
    );

const variables = {
  LOA_DATA_DIR: z
    .string()
    .default('data/server')
    .describe('Folder of the whole state: database, keys, clips, and files that are still arriving.'),
  LOA_MODE: z
    .enum(['production', 'demo'])
    .default('production')
    .describe('`demo` allows the old ffmpeg that comes with the development packages.'),
  LOA_HTTP_HOST: z
    .string()
    .default('0.0.0.0')
    .describe('Address the HTTP door listens on; `127.0.0.1` behind a reverse proxy on the same machine.'),
  LOA_HTTP_PORT: port
    .default(8080)
    .describe('Port of panel, API, device doors, and MQTT over WebSocket. 0: any free one.'),
  LOA_MQTT_PORT: port
    .optional()
    .describe('Port for MQTT over TCP, on the same address. Not opened by default: boards come over WebSocket.'),
  LOA_PUBLIC_URL: url(['http:', 'https:'])
    .optional()
    .describe('Address under which people open the panel, when a proxy hides it.'),
  LOA_TRUSTED_PROXIES: z
    .string()
    .default('')
    .transform((text) =>
      text
        .split(',')
        .map((part) => part.trim())
        .filter((part) => part !== ''),
    )
    .describe('Addresses or networks of proxies whose `X-Forwarded-*` headers are believed, parted by commas.'),
  DATABASE_URL: url(['postgres:', 'postgresql:'])
    .optional()
    .describe('PostgreSQL instead of the SQLite file in the data folder.'),
  MQTT_URL: url(['mqtt:', 'mqtts:', 'ws:', 'wss:'])
    .optional()
    .describe(
      'An outside broker instead of the embedded one, with name and password of an account that administers it.',
    ),
  LOA_MQTT_PUBLIC_URL: url(['mqtt:', 'mqtts:', 'ws:', 'wss:'])
    .optional()
    .describe('Where boards reach the broker, told to them at sign-in. Needed with MQTT_URL.'),
  LOA_PANEL_DIR: z
    .string()
    .default(resolve(import.meta.dirname, '../../web/dist'))
    .describe('The built panel. Default: `web/dist` of the checkout.'),
  FFMPEG_PATH: z.string().optional().describe('ffmpeg 5 or newer. Default: the one on PATH.'),
  FFPROBE_PATH: z.string().optional().describe('ffprobe. Default: the one on PATH.'),
  LOA_SPEECH: z
    .string()
    .default('auto')
    .describe('`auto`: espeak-ng on PATH, else the npm package; `off`: no speech; else name or path of an espeak-ng.'),
  LOA_NOW_LEAD_MS: wholeNumber({ least: 0, most: 60_000 })
    .default(700)
    .describe('From “play now” to the planned start, so that every board has its plan by then.'),
  LOA_DISK_RESERVE_MB: wholeNumber({ least: 0, most: 1_000_000 })
    .default(512)
    .describe('Uploads are refused when less than this would stay free.'),
  LOA_LOG_LEVEL: z.enum(['debug', 'info', 'warn', 'error', 'silent']).default('info').describe('How much is logged.'),
  LOA_DEMO_URL: url(['http:']).optional().describe('Demo only: door of the program that runs the town. Set by it.'),
  LOA_DEMO_TOKEN: z.string().optional().describe('Demo only: the token for that door.'),
} as const;

const environmentSchema = z.object(variables);

/** The environment, parsed. */
export interface Settings {
  dataDir: string;
  mode: 'production' | 'demo';
  http: { host: string; port: number };
  mqttPort: number | undefined;
  publicUrl: string | undefined;
  trustedProxies: string[];
  databaseUrl: string | undefined;
  mqttUrl: string | undefined;
  mqttPublicUrl: string | undefined;
  panelDir: string;
  ffmpegPath: string | undefined;
  ffprobePath: string | undefined;
  speech: string;
  nowLeadMs: number;
  diskReserveBytes: number;
  logLevel: 'debug' | 'info' | 'warn' | 'error' | 'silent';
  demo: { url: string; token: string } | undefined;
}

/** The settings, or one line for each variable that is wrong. An empty variable counts as not given. */
export function readSettings(
  environment: Readonly<Record<string, string | undefined>>,
): { ok: true; settings: Settings } | { ok: false; lines: string[] } {
  const given = Object.fromEntries(Object.entries(environment).filter(([, value]) => value !== ''));
  const parsed = environmentSchema.safeParse(given);
  if (!parsed.success) {
    const lines = parsed.error.issues.map(({ path, message }) => {
      const name = String(path[0]);
      return `${name} is ${JSON.stringify(hidden(name, given[name]))}: ${message}`;
    });
    return { ok: false, lines };
  }
  const env = parsed.data;
  const lines: string[] = [];
  if (env.MQTT_URL !== undefined && env.LOA_MQTT_PUBLIC_URL === undefined) {
    lines.push('MQTT_URL needs LOA_MQTT_PUBLIC_URL: the address under which boards reach that broker');
  }
  if (env.MQTT_URL !== undefined && env.LOA_MQTT_PORT !== undefined) {
    lines.push('LOA_MQTT_PORT opens the embedded broker, which MQTT_URL replaces: give one of them');
  }
  if ((env.LOA_DEMO_URL === undefined) !== (env.LOA_DEMO_TOKEN === undefined)) {
    lines.push('LOA_DEMO_URL and LOA_DEMO_TOKEN belong together: give both or none');
  }
  if (env.LOA_DEMO_URL !== undefined && env.LOA_MODE !== 'demo') {
    lines.push('LOA_DEMO_URL is for the demo town only: it needs LOA_MODE=demo');
  }
  return lines.length > 0 ? { ok: false, lines } : { ok: true, settings: settingsOf(env) };
}

function settingsOf(env: z.output<typeof environmentSchema>): Settings {
  const { LOA_DEMO_URL, LOA_DEMO_TOKEN } = env;
  return {
    dataDir: resolve(env.LOA_DATA_DIR),
    mode: env.LOA_MODE,
    http: { host: env.LOA_HTTP_HOST, port: env.LOA_HTTP_PORT },
    mqttPort: env.LOA_MQTT_PORT,
    publicUrl: env.LOA_PUBLIC_URL,
    trustedProxies: env.LOA_TRUSTED_PROXIES,
    databaseUrl: env.DATABASE_URL,
    mqttUrl: env.MQTT_URL,
    mqttPublicUrl: env.LOA_MQTT_PUBLIC_URL,
    panelDir: resolve(env.LOA_PANEL_DIR),
    ffmpegPath: env.FFMPEG_PATH,
    ffprobePath: env.FFPROBE_PATH,
    speech: env.LOA_SPEECH,
    nowLeadMs: env.LOA_NOW_LEAD_MS,
    diskReserveBytes: env.LOA_DISK_RESERVE_MB * 1024 * 1024,
    logLevel: env.LOA_LOG_LEVEL,
    demo:
      LOA_DEMO_URL === undefined || LOA_DEMO_TOKEN === undefined
        ? undefined
        : { url: LOA_DEMO_URL, token: LOA_DEMO_TOKEN },
  };
}

/** Addresses may carry passwords, which do not belong on a screen. */
function hidden(name: string, value: string | undefined): string {
  return name.endsWith('_URL') || name.endsWith('_TOKEN') ? '…' : (value ?? '');
}

/** The README's table "Configuration", in Markdown. */
export function settingsTable(): string {
  const rows = Object.entries<z.ZodType>(variables).map(([name, schema]) => {
    const empty = schema.safeParse(undefined);
    const value: unknown = empty.success ? empty.data : undefined;
    const isShown = (typeof value === 'string' && !value.startsWith('/')) || typeof value === 'number';
    return `| \`${name}\` | ${isShown ? `\`${value}\`` : ''} | ${schema.description ?? ''} |`;
  });
  return ['| Variable | Default | Meaning |', '|---|---|---|', ...rows].join('\n');
}
