/**
 * The server's program: reads the command line, the environment and signals, and answers with exit codes (0 done, 1 not
 * done, 2 wrong command line or setting). What it does stands in `compose.ts` and `commands.ts`.
 */
import { readFile } from 'node:fs/promises';
import { basename, resolve } from 'node:path';
import { text as readAll } from 'node:stream/consumers';
import { parseArgs } from 'node:util';
import { timetableBytesMax } from '@loa/protocol/panel';
import { pino } from 'pino';
import { z } from 'zod';
import packageJson from '../package.json' with { type: 'json' };
import {
  addPerson,
  backup,
  type CommandPorts,
  claimCodes,
  type Done,
  importFiles,
  init,
  releaseAdd,
  releaseList,
  restore,
  rotateKey,
} from './commands.ts';
import { type RunningServer, startServer, temporaryDir } from './compose.ts';
import { composeSounds } from './compose-sounds.ts';
import { machineClock } from './edges/clock.ts';
import { machineDisk } from './edges/disk.ts';
import { claimFolder } from './edges/folder-claim.ts';
import { machineFetch } from './edges/network.ts';
import { runProcess } from './edges/process.ts';
import { machineRandom } from './edges/random.ts';
import { openInstallation } from './installation/open-installation.ts';
import { sampleDayBytesMax } from './installation/sample-day.ts';
import { unitsBytesMax } from './installation/units.ts';
import { type Result, refuse } from './refusal.ts';
import { readSettings, type Settings } from './settings.ts';

const usage = `Loa server ${packageJson.version}

  serve                     run the server (default)
  init --units FILE         make an installation; prints first passwords and the root key once
  claim-codes               a one-time code for every cluster without a board
  add-person --login L --name N --role R --area A
  backup DIR                copy the whole state, also while the server runs
  restore DIR               make the installation from a copy; the data folder must be empty
  import --login L [--url U] [--day FILE] [--timetable FILE] [--stand-ins]
                            bring in a commune's standing day and timetable over the API of a running server (U is
                            http://127.0.0.1:8080 unless given); the password is read from standard input
  release add FILE --number N --version V
                            sign a gzipped bundle of the agent and keep it for devices; the root key is read from
                            standard input
  release list              the releases kept here
  rotate-key                a new signing key; the root key is read from standard input

  --json                    results as JSON
Settings come from the environment: see the README's "Configuration".`;

/** Connections get this long to end before the process ends anyway. */
const stopMsMax = 10_000;

const edges = { clock: machineClock, random: machineRandom, disk: machineDisk, fetch: machineFetch };

async function main(): Promise<void> {
  // Passwords' hashes and sessions are in the database: what is made here is the server's own to read.
  process.umask(0o077);
  const line = readLine();
  const read = readSettings(process.env);
  if (!read.ok) return leave(2, read.lines);
  if (line.command === 'serve') return serve(read.settings);
  const ports: CommandPorts = { settings: read.settings, ...edges };
  const done = await run(ports, line);
  if (!done.ok) leave(1, [done.refusal.en, done.refusal.vi]);
  else console.log(line.json ? JSON.stringify(done.value.value) : done.value.lines.join('\n'));
}

interface CommandLine {
  command: string;
  target: string | undefined;
  /** Behind the target; only `release` takes one. */
  file: string | undefined;
  json: boolean;
  options: Record<string, string | boolean | undefined>;
}

function readLine(): CommandLine {
  const text = { type: 'string' } as const;
  const flag = { type: 'boolean' } as const;
  const person = { login: text, name: text, role: text, area: text };
  const week = { url: text, day: text, timetable: text, 'stand-ins': flag };
  const release = { number: text, version: text };
  const options = { units: text, ...person, ...week, ...release, json: flag, help: flag };
  try {
    const { values, positionals } = parseArgs({ options, allowPositionals: true });
    const [command = 'serve', target, file, ...rest] = positionals;
    const isWhole = rest.length === 0 && (file === undefined || command === 'release');
    if (values.help === true) {
      console.log(usage);
      process.exit(0);
    }
    const isKnown = [...Object.keys(commands), 'serve'].includes(command) && isWhole;
    if (!isKnown) leave(2, [`There is no command “${positionals.join(' ')}”.`, '', usage]);
    return { command, target, file, json: values.json === true, options: values };
  } catch (error) {
    return leave(2, [sentenceOf(error), '', usage]);
  }
}

const commands: Record<string, (ports: CommandPorts, line: CommandLine) => Promise<Result<Done>>> = {
  init: async (ports, { options }) => {
    const path = z.string().safeParse(options.units);
    if (!path.success) return leave(2, ['init needs --units FILE']);
    const sizeBytes = await machineDisk.sizeBytes(path.data);
    if (sizeBytes === undefined) return leave(1, [`There is no file ${path.data}`]);
    if (sizeBytes > unitsBytesMax) return leave(1, [`${path.data} is too large for a units file`]);
    return init(ports, await readFile(path.data, 'utf8'));
  },
  'claim-codes': claimCodes,
  'add-person': (ports, { options }) => addPerson(ports, options),
  backup: (ports, { target }) => backup(ports, folderOf('backup', target)),
  restore: (ports, { target }) => restore(ports, folderOf('restore', target)),
  import: async (ports, { options }) => importFiles(ports, await weekOf(options)),
  release: async (ports, { target, file, options }) => {
    if (target === 'list' && file === undefined) return releaseList(ports);
    const parsed = releaseOptionsSchema.safeParse(options);
    if (target !== 'add' || file === undefined || !parsed.success)
      return leave(2, ['release needs: release add FILE --number N --version V, or: release list']);
    return releaseAdd(ports, { ...parsed.data, path: resolve(file), rootSeedText: await readRootKey() });
  },
  'rotate-key': async (ports) => rotateKey(ports, await readRootKey()),
};

const releaseOptionsSchema = z.object({
  number: z
    .string()
    .regex(/^\d{1,9}$/)
    .transform(Number),
  version: z.string().min(1).max(40),
});

function readRootKey(): Promise<string> {
  if (process.stdin.isTTY) console.error('Type the root key from the paper, then Ctrl-D:');
  return readAll(process.stdin);
}

const weekSchema = z.object({
  login: z.string(),
  url: z.string().default('http://127.0.0.1:8080'),
  day: z.string().optional(),
  timetable: z.string().optional(),
  'stand-ins': z.boolean().default(false),
});

/** What `import` was asked for, its files read and the password from standard input. */
async function weekOf(options: unknown): Promise<Parameters<typeof importFiles>[1]> {
  const parsed = weekSchema.safeParse(options);
  if (!parsed.success) return leave(2, ['import needs --login L, and --day FILE or --timetable FILE']);
  const { login, url, day, timetable, 'stand-ins': withStandIns } = parsed.data;
  if (day === undefined && timetable === undefined) return leave(2, ['import needs --day FILE or --timetable FILE']);
  if (!URL.canParse(url)) return leave(2, [`“${url}” is no address`]);
  const read = async (path: string, bytesMax: number) => {
    const sizeBytes = await machineDisk.sizeBytes(path);
    if (sizeBytes === undefined) return leave(1, [`There is no file ${path}`]);
    return sizeBytes > bytesMax ? leave(1, [`${path} is too large`]) : await readFile(path);
  };
  const dayText = day === undefined ? undefined : (await read(day, sampleDayBytesMax)).toString('utf8');
  const table = timetable === undefined ? undefined : await read(timetable, timetableBytesMax);
  if (process.stdin.isTTY) console.error(`Type the password of ${login}, then Ctrl-D:`);
  return {
    login,
    url,
    password: (await readAll(process.stdin)).trim(),
    withStandIns,
    ...(dayText === undefined ? {} : { day: dayText }),
    ...(table === undefined || timetable === undefined
      ? {}
      : { timetable: { name: basename(timetable), bytes: table } }),
  };
}

async function run(ports: CommandPorts, line: CommandLine): Promise<Result<Done>> {
  const command = commands[line.command];
  return command === undefined
    ? refuse({ code: 'no-such-command', status: 400, vi: 'Không có lệnh này.', en: 'There is no such command.' })
    : command(ports, line);
}

async function serve(settings: Settings): Promise<void> {
  const logger = pino({ level: settings.logLevel, base: null, timestamp: pino.stdTimeFunctions.isoTime });
  process.on('uncaughtException', (error) => {
    logger.fatal({ err: error }, 'a broken invariant; ending so that a supervisor starts anew');
    process.exit(1);
  });
  const opened = await openInstallation({ ...settings, disk: machineDisk }, machineClock);
  if (!opened.ok) return leave(1, [opened.refusal.en, opened.refusal.vi]);
  const installation = opened.value;
  if (!(await claimFolder(settings.dataDir))) {
    return leave(1, [`Another server is running on ${settings.dataDir}. End it, or choose another LOA_DATA_DIR.`]);
  }
  await machineDisk.remove(temporaryDir(settings));
  const sounds = await composeSounds(
    {
      clipsDir: installation.places.clips,
      temporaryDir: temporaryDir(settings),
      ffmpegPath: settings.ffmpegPath,
      ffprobePath: settings.ffprobePath,
      path: process.env.PATH,
      speech: settings.speech,
      isProduction: settings.mode === 'production',
    },
    { clock: machineClock, disk: machineDisk, runProcess },
  );
  if (!sounds.ok) return leave(1, [sounds.reason]);
  const parts = { settings, installation, sounds: sounds.sounds, edges, logger, version: packageJson.version };
  const server = await startServer(parts).catch((error: unknown) => leave(1, [doorSentence(error, settings)]));
  stopOnSignal(server);
  const { host } = settings.http;
  logger.info(
    {
      url:
        settings.publicUrl ?? `http://${host === '0.0.0.0' || host === '::' ? 'localhost' : host}:${server.httpPort}`,
      mqttPort: server.mqttPort,
      epoch: installation.epoch,
      ffmpeg: sounds.ffmpeg,
      voice: sounds.voice,
    },
    'ready',
  );
}

function stopOnSignal(server: RunningServer): void {
  let isStopping = false;
  const stop = () => {
    if (isStopping) return;
    isStopping = true;
    machineClock.setTimer(() => process.exit(1), stopMsMax);
    server.stop().then(
      () => process.exit(0),
      (error: unknown) => leave(1, [sentenceOf(error)]),
    );
  };
  process.on('SIGTERM', stop);
  process.on('SIGINT', stop);
}

function folderOf(command: string, target: string | undefined): string {
  return target === undefined ? leave(2, [`${command} needs a folder: ${command} DIR`]) : resolve(target);
}

const listenErrorSchema = z.object({ code: z.string(), port: z.number().optional(), address: z.string().optional() });

/** What to do when a door cannot be opened. */
function doorSentence(error: unknown, { http, mqttPort }: Settings): string {
  const parsed = listenErrorSchema.safeParse(error);
  const port = parsed.data?.port ?? http.port;
  const variable = port === mqttPort ? 'LOA_MQTT_PORT' : 'LOA_HTTP_PORT';
  if (parsed.data?.code === 'EADDRINUSE') {
    return `Port ${port} is taken by another program. End that program, or choose another port with ${variable}.`;
  }
  if (parsed.data?.code === 'EACCES') {
    return `Port ${port} needs rights this user lacks. Choose one above 1023 with ${variable}.`;
  }
  if (parsed.data?.code === 'EADDRNOTAVAIL') {
    return `This machine has no address ${parsed.data.address ?? http.host}. Correct LOA_HTTP_HOST.`;
  }
  return sentenceOf(error);
}

function sentenceOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}

function leave(exitCode: 1 | 2, lines: readonly string[]): never {
  console.error(lines.join('\n'));
  process.exit(exitCode);
}

try {
  await main();
} catch (error) {
  console.error(sentenceOf(error));
  process.exit(1);
}
