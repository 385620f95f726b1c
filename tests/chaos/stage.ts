/**
 * Where a round of chaos is played: a real server and three real boards in a folder of their own, each board in a village
 * of its own behind a line that can be spoilt. Starts, kills and asks; judges nothing.
 */
import { execFile } from 'node:child_process';
import { mkdir, readdir, symlink, writeFile } from 'node:fs/promises';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { Supervised } from '@loa/demo/supervised.ts';
import { findFfmpeg } from '@loa/device-agent/edges/process.ts';
import { z } from 'zod';
import { ApiClient } from '../harness/api-client.ts';
import { eventually } from '../harness/town.ts';
import type { Chance } from '../simulation/world.ts';
import { type HostileLine, openHostileLine } from './hostile-line.ts';

const run = promisify(execFile);
const serverMain = fileURLToPath(import.meta.resolve('@loa/server/main.ts'));
const agentMain = fileURLToPath(import.meta.resolve('@loa/device-agent/main.ts'));
const claimCodes = z.array(z.object({ clusterId: z.string(), claimCode: z.string() }));
const firstRun = z.object({ people: z.array(z.object({ login: z.string(), password: z.string() })) });

const clockFromFile = new URL('./clock-from-file.ts', import.meta.url).href;

const everyDay = [1, 2, 3, 4, 5, 6, 7];
export const boardNames = ['k1', 'k2', 'k3'] as const;
export type BoardName = (typeof boardNames)[number];

const units = {
  timeZone: 'Asia/Ho_Chi_Minh',
  areas: [
    { id: 'p68', kind: 'province', name: 'Lâm Đồng' },
    {
      id: 'c1',
      parentId: 'p68',
      kind: 'commune',
      name: 'Hàm Thắng',
      hours: {
        timeZone: 'Asia/Ho_Chi_Minh',
        spans: [{ weekdays: everyDay, from: '00:00', until: '24:00' }],
        document: 'số 00',
      },
    },
    ...boardNames.map((id) => ({ id: `v-${id}`, parentId: 'c1', kind: 'village', name: `Thôn ${id}` })),
  ],
  clusters: boardNames.map((id) => ({ id, areaId: `v-${id}`, name: `Cụm ${id}`, horns: 2 })),
  people: [{ login: 'so', name: 'Trực ban', role: 'department', areaId: 'p68' }],
};

export interface StageBoard {
  name: BoardName;
  areaId: string;
  dir: string;
  /** Where its sound is recorded; outside the agent's own folder, so that a full disk is not a broken card. */
  soundDir: string;
  agent: Supervised;
  line: HostileLine;
  /** kill -9 now; its supervisor begins it again after a second. */
  cutPower(): void;
  powerCutsMs: number[];
}

export interface Stage {
  dir: string;
  server: Supervised;
  person: ApiClient;
  boards: readonly StageBoard[];
  databasePath(): Promise<string>;
  clipPath(hash: string): string;
  ffmpegPath: string;
  close(): Promise<void>;
}

/** Opens a stage; resolves when every board is in reach. `beforeBoards` may put disks under their folders. */
export async function openStage(options: {
  dir: string;
  chance: Chance;
  envOf?: (name: BoardName) => Record<string, string>;
  beforeBoards?: (dirs: readonly string[]) => Promise<void>;
}): Promise<Stage> {
  const { dir, chance } = options;
  const httpPort = await freePort();
  const ffmpegPath = findFfmpeg(process.env);
  if (ffmpegPath === undefined) throw new Error('No ffmpeg');
  const common = { NODE_COMPILE_CACHE: join(tmpdir(), 'loa-chaos-compiled') };
  const serverDir = join(dir, 'server');
  const serverEnv = {
    ...common,
    LOA_MODE: 'demo',
    LOA_DATA_DIR: serverDir,
    LOA_HTTP_HOST: '127.0.0.1',
    LOA_HTTP_PORT: String(httpPort),
  };
  const command = async (...args: string[]): Promise<unknown> => {
    const env = { ...process.env, ...serverEnv };
    return JSON.parse((await run(process.execPath, [serverMain, ...args, '--json'], { env })).stdout);
  };
  await mkdir(dir, { recursive: true });
  await writeFile(join(dir, 'units.json'), JSON.stringify(units));
  const { people } = firstRun.parse(await command('init', '--units', join(dir, 'units.json')));
  const codes = new Map(claimCodes.parse(await command('claim-codes')).map((one) => [one.clusterId, one.claimCode]));
  const server = new Supervised({ args: [serverMain, 'serve'], env: serverEnv, logPath: join(dir, 'server.log') });
  const dirs = boardNames.map((name) => join(dir, 'boards', name));
  for (const each of dirs) await mkdir(each, { recursive: true, mode: 0o700 });
  const boards: StageBoard[] = [];
  const close = async () => {
    await Promise.all(boards.map(({ agent }) => agent.stop()));
    await server.stop();
    for (const { line } of boards) await line.close();
  };
  try {
    await options.beforeBoards?.(dirs);
    server.start();
    const person = new ApiClient(`http://127.0.0.1:${httpPort}`);
    const isIn = () => person.signIn('so', people[0]?.password ?? '').then(() => true);
    if (!(await eventually(isIn, 60_000))) throw new Error('The server does not answer');
    for (const [index, name] of boardNames.entries()) {
      const boardDir = dirs[index] ?? '';
      const soundDir = join(dir, 'sound', name);
      await mkdir(soundDir, { recursive: true });
      await symlink(soundDir, join(boardDir, 'sound'));
      const line = await openHostileLine({ toPort: httpPort, chance });
      const env = {
        ...common,
        LOA_SERVER_URL: `http://127.0.0.1:${line.port}`,
        LOA_AGENT_DIR: boardDir,
        LOA_AGENT_PLAYER: 'file',
        LOA_AGENT_PROBES: 'loopback',
        LOA_AGENT_CLOCK: 'kept',
        LOA_NIGHT_TEST: 'off',
        LOA_CLAIM_CODE: codes.get(name) ?? '',
        FFMPEG_PATH: ffmpegPath,
        ...options.envOf?.(name),
      };
      // Only where a clock is to be set: elsewhere it is the program as it is.
      const args = 'LOA_CHAOS_CLOCK_FILE' in env ? ['--import', clockFromFile, agentMain, 'run'] : [agentMain, 'run'];
      const agent = new Supervised({ args, env, logPath: join(dir, `${name}.log`) });
      const powerCutsMs: number[] = [];
      const cutPower = () => {
        powerCutsMs.push(Date.now());
        agent.kill();
      };
      boards.push({ name, areaId: `v-${name}`, dir: boardDir, soundDir, agent, line, cutPower, powerCutsMs });
      agent.start();
    }
    const isReached = async () => {
      const reach = await person.call('reach', { body: { areaIds: ['p68'] } });
      return reach.reachable === boardNames.length;
    };
    if (!(await eventually(isReached, 180_000))) throw new Error('The boards do not come within reach');
    return {
      ...{ dir, server, person, boards, ffmpegPath, close },
      clipPath: (hash) => join(serverDir, 'clips', hash.slice(0, 2), hash),
      async databasePath() {
        const name = (await readdir(serverDir)).find((each) => /\.(db|sqlite)$/.test(each)) ?? '';
        return join(serverDir, name);
      },
    };
  } catch (error) {
    await close();
    throw error;
  }
}

async function freePort(): Promise<number> {
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const address = server.address();
  await new Promise<void>((resolve) => server.close(() => resolve()));
  if (address === null || typeof address === 'string') throw new Error('No free port');
  return address.port;
}
