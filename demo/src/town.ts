/**
 * A running town: one server and one agent process per cluster, all of them the real programs, on loopback. Used by
 * `npm start` and by the journeys. Makes the installation on the first start, continues from its folder afterwards.
 * Knows the programs only by their command lines and the folders they keep.
 */
import { execFile } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { existsSync } from 'node:fs';
import { mkdir, readFile, rename, rm, writeFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { createServer } from 'node:net';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { z } from 'zod';
import { openControl } from './control.ts';
import { emittedWav } from './emitted.ts';
import { Supervised } from './supervised.ts';
import { townUnits } from './units.ts';

const run = promisify(execFile);
const serverMain = fileURLToPath(new URL('../../server/src/main.ts', import.meta.url));
const agentMain = fileURLToPath(new URL('../../device-agent/src/main.ts', import.meta.url));

/**
 * One static program beside twelve agents on one machine: a system's ffmpeg loads some two hundred libraries at each
 * start (measured: 0.17 s of processor against 0.01 s), which a board pays once and this machine twelve times at once.
 */
const decoderPath = staticFfmpeg();

/** Shown once, at the first start. */
const firstRunSchema = z.object({
  people: z.array(z.object({ login: z.string(), name: z.string(), role: z.string(), password: z.string() })),
  rootKey: z.string(),
});
export type FirstRun = z.infer<typeof firstRunSchema>;

const claimCodesSchema = z.array(z.object({ clusterId: z.string(), claimCode: z.string() }));
const ffmpegSchema = z.object({ path: z.string() });
const mischiefSchema = z.object({ unplugged: z.array(z.string()), outputBroken: z.array(z.string()) });

/** How much of a cluster's record "listen at the pole" plays. */
const listenMs = 10 * 60_000;
/** Agents started at once: two cores, and a start costs most of a second of one. */
const startsAtOnce = 3;
const startSpacingMs = 350;
/** A server that has ended so often before its first answer will not come up by itself. */
const endingsMax = 2;

export interface TownOptions {
  /** Folder of the town's whole state. */
  dir: string;
  httpPort: number;
  /** On the first start, brings the samples of two communes in once the panel answers: a standing day and a week. */
  withSamples?: boolean;
  /** Sent to every program as environment, for settings beyond the town's own. */
  env?: Record<string, string>;
}

/** A town with a life. Made by `openTown`. */
export interface Town {
  url: string;
  clusterIds: readonly string[];
  /** Only on the first start. */
  firstRun: FirstRun | undefined;
  /** Where a cluster's sound is recorded. */
  soundDir(clusterId: string): string;
  agent(clusterId: string): Supervised;
  server: Supervised;
  /** Settles when the samples are in; rejects with why they are not. */
  samples: Promise<void>;
  makeFault(clusterId: string, fault: { kind: 'unplugged' | 'output-broken'; present: boolean }): Promise<void>;
  close(): Promise<void>;
}

/** Starts or continues a town; resolves when the panel answers and every agent process has been started. */
export async function openTown(options: TownOptions): Promise<Town> {
  const serverDir = join(options.dir, 'server');
  const logDir = join(options.dir, 'logs');
  const url = `http://127.0.0.1:${options.httpPort}`;
  const clusterIds = townUnits.clusters.map((cluster) => cluster.id);
  await mustBeFree(options.httpPort);
  await mkdir(options.dir, { recursive: true, mode: 0o700 });

  const control = await openControl({
    token: randomBytes(24).toString('base64url'),
    clusters: () => clusterIds.map((clusterId) => ({ clusterId, ...faultsOf(clusterId) })),
    makeFault: async (clusterId, fault) => {
      await makeFault(clusterId, fault);
      return faultsOf(clusterId);
    },
    sound: (clusterId) => emittedWav(soundDir(clusterId), listenMs, Date.now()),
  });

  const serverEnv = {
    ...options.env,
    LOA_MODE: 'demo',
    LOA_DATA_DIR: serverDir,
    LOA_HTTP_HOST: '127.0.0.1',
    LOA_HTTP_PORT: String(options.httpPort),
    LOA_DEMO_URL: control.url,
    LOA_DEMO_TOKEN: control.token,
  };
  const firstRun = existsSync(serverDir) ? undefined : await initInstallation(serverEnv);
  const mischief = await readMischief();

  const claimCodes = new Map<string, string>();
  if (clusterIds.some((clusterId) => !existsSync(join(agentDir(clusterId), 'settings.json')))) {
    const made = await serverCommand(['claim-codes', '--json'], serverEnv);
    for (const { clusterId, claimCode } of claimCodesSchema.parse(JSON.parse(made)))
      claimCodes.set(clusterId, claimCode);
  }

  const server = new Supervised({ args: [serverMain, 'serve'], env: serverEnv, logPath: join(logDir, 'server.log') });
  const agents = new Map(
    clusterIds.map((clusterId) => {
      const claimCode = claimCodes.get(clusterId);
      const env = {
        ...options.env,
        LOA_SERVER_URL: url,
        LOA_AGENT_DIR: agentDir(clusterId),
        LOA_AGENT_PLAYER: 'file',
        LOA_AGENT_PROBES: 'loopback',
        LOA_AGENT_CLOCK: 'kept',
        ...(decoderPath === undefined ? {} : { FFMPEG_PATH: decoderPath }),
        ...(claimCode === undefined ? {} : { LOA_CLAIM_CODE: claimCode }),
      };
      return [clusterId, new Supervised({ args: [agentMain, 'run'], env, logPath: join(logDir, `${clusterId}.log`) })];
    }),
  );
  server.start();
  try {
    await untilHealthy(url, server);
  } catch (error) {
    await server.stop();
    await control.close();
    throw error;
  }
  const toStart = [...agents].filter(([clusterId]) => !mischief.unplugged.has(clusterId));
  for (let index = 0; index < toStart.length; index += startsAtOnce) {
    for (const [, agent] of toStart.slice(index, index + startsAtOnce)) agent.start();
    await pause(startSpacingMs);
  }
  const samples = firstRun === undefined || options.withSamples !== true ? Promise.resolve() : importSamples(firstRun);
  return { url, samples, clusterIds, firstRun, soundDir, agent, server, makeFault, close };

  function agentDir(clusterId: string): string {
    return join(options.dir, 'agents', clusterId);
  }

  function soundDir(clusterId: string): string {
    return join(agentDir(clusterId), 'sound');
  }

  function agent(clusterId: string): Supervised {
    const found = agents.get(clusterId);
    if (found === undefined) throw new Error(`No cluster ${clusterId} in this town`);
    return found;
  }

  function faultsOf(clusterId: string): { unplugged: boolean; outputBroken: boolean } {
    return { unplugged: mischief.unplugged.has(clusterId), outputBroken: mischief.outputBroken.has(clusterId) };
  }

  async function makeFault(
    clusterId: string,
    fault: { kind: 'unplugged' | 'output-broken'; present: boolean },
  ): Promise<void> {
    const target = agent(clusterId);
    const broken = fault.kind === 'unplugged' ? mischief.unplugged : mischief.outputBroken;
    if (broken.has(clusterId) === fault.present) return;
    if (fault.kind === 'unplugged') {
      if (fault.present) target.unplug();
      else target.start();
    } else {
      const pulled = `${soundDir(clusterId)}.pulled`;
      if (fault.present) await rename(soundDir(clusterId), pulled);
      else await putBack(pulled, soundDir(clusterId));
    }
    if (fault.present) broken.add(clusterId);
    else broken.delete(clusterId);
    const state = { unplugged: [...mischief.unplugged], outputBroken: [...mischief.outputBroken] };
    await writeFile(join(options.dir, 'faults.json'), JSON.stringify(state));
  }

  async function readMischief(): Promise<{ unplugged: Set<string>; outputBroken: Set<string> }> {
    const text = await readFile(join(options.dir, 'faults.json'), 'utf8').catch(() => undefined);
    const state = text === undefined ? { unplugged: [], outputBroken: [] } : mischiefSchema.parse(JSON.parse(text));
    return { unplugged: new Set(state.unplugged), outputBroken: new Set(state.outputBroken) };
  }

  async function close(): Promise<void> {
    await Promise.all([...agents.values()].map((each) => each.stop()));
    await server.stop();
    await control.close();
  }

  async function importSamples({ people }: FirstRun): Promise<void> {
    for (const { login, name } of sampleWeeks) {
      const password = people.find((person) => person.login === login)?.password ?? '';
      const files = [
        '--day',
        sampleFile(`standing-day-${name}.json`),
        '--timetable',
        sampleFile(`timetable-${name}.csv`),
      ];
      const args = ['import', '--url', url, '--login', login, ...files, '--stand-ins'];
      await serverCommand(args, serverEnv, password);
    }
  }

  async function initInstallation(env: Record<string, string>): Promise<FirstRun> {
    const unitsPath = join(options.dir, 'units.json');
    await writeFile(unitsPath, JSON.stringify(townUnits));
    return firstRunSchema.parse(JSON.parse(await serverCommand(['init', '--units', unitsPath, '--json'], env)));
  }
}

/** The decoder that the packages bring; undefined where they do not, and agents look for the system's. */
function staticFfmpeg(): string | undefined {
  try {
    const { path } = ffmpegSchema.parse(createRequire(import.meta.url)('@ffmpeg-installer/ffmpeg'));
    return existsSync(path) ? path : undefined;
  } catch {
    return undefined;
  }
}

/** Whose week comes in from which samples. */
const sampleWeeks = [
  { login: 'canbo', name: 'ham-thuan-bac' },
  { login: 'canbo-hamliem', name: 'ham-liem' },
];

function sampleFile(name: string): string {
  return fileURLToPath(new URL(`../../schedules/samples/${name}`, import.meta.url));
}

async function serverCommand(args: readonly string[], env: Record<string, string>, input = ''): Promise<string> {
  const running = run(process.execPath, [serverMain, ...args], { env: { ...process.env, ...env } });
  running.child.stdin?.end(input);
  const { stdout } = await running;
  return stdout;
}

/** Whoever sits on the port would answer in place of the town's server, and the panel would be somebody else's. */
async function mustBeFree(httpPort: number): Promise<void> {
  const door = createServer();
  await new Promise<void>((resolve, reject) => {
    door.once('error', () => reject(new Error(`Port ${httpPort} is taken. Choose another one: LOA_HTTP_PORT=8090`)));
    door.listen(httpPort, '127.0.0.1', () => door.close(() => resolve()));
  });
}

async function untilHealthy(url: string, server: Supervised): Promise<void> {
  const giveUpAt = Date.now() + 60_000;
  while (Date.now() < giveUpAt) {
    const answer = await fetch(`${url}/api/health`).catch(() => undefined);
    if (answer?.ok) return;
    if (server.endings >= endingsMax) throw new Error(`The server does not stay up: ${await lastLine(server.logPath)}`);
    await pause(100);
  }
  throw new Error(`The server did not answer at ${url} within a minute; see ${server.logPath}`);
}

async function lastLine(path: string): Promise<string> {
  const text = await readFile(path, 'utf8').catch(() => '');
  return text.trim().split('\n').at(-1) ?? '';
}

async function putBack(pulled: string, place: string): Promise<void> {
  await rm(place, { recursive: true, force: true });
  await rename(pulled, place);
}

function pause(ms: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, ms));
}
