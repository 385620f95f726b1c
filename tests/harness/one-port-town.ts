/**
 * A server with one device behind a TLS door and a proxy that is the device's only way out: the real programs, for the
 * tests and the bench of what goes over the line. The server's name exists in the proxy alone.
 */
import { type ChildProcess, spawn, spawnSync } from 'node:child_process';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { z } from 'zod';
import { ApiClient } from './api-client.ts';
import { openAuthority } from './authority.ts';
import { openProxy, openTlsDoor, type Passage, type TestProxy } from './one-port.ts';

const root = join(import.meta.dirname, '../..');
const units = {
  timeZone: 'Asia/Ho_Chi_Minh',
  areas: [
    { id: 'p68', kind: 'province', name: 'Lâm Đồng' },
    { id: 'c1', parentId: 'p68', kind: 'commune', name: 'Hàm Thắng' },
  ],
  clusters: [{ id: 'k1', areaId: 'c1', name: 'Cụm 1', horns: 2 }],
  people: [
    { login: 'kythuat', name: 'Kỹ thuật', role: 'technician', areaId: 'p68' },
    { login: 'canbo', name: 'Cán bộ', role: 'officer', areaId: 'c1' },
  ],
};

export interface OnePortTown {
  /** Between the device and TLS: what passes here goes over the mobile line. */
  door: Passage;
  proxy: TestProxy;
  technician: ApiClient;
  /** Of the commune `c1`, whose one cluster the device is. */
  officer: ApiClient;
  /** Of the device's program. */
  pid: number;
  /** What the device's program has said. */
  said(): string;
  /** Whether both paths are open, by what it said last. */
  isConnected(): boolean;
  close(): Promise<void>;
}

/** What the device's program is and is told beside; default the agent of this checkout, and nothing. */
export interface TownBoard {
  /** A program and its arguments. */
  command?: readonly [string, ...string[]];
  env?: Readonly<Record<string, string>>;
}

/** Resolves when the device is in reach. */
export async function openOnePortTown(board: TownBoard = {}): Promise<OnePortTown> {
  const folder = await mkdtemp(join(tmpdir(), 'loa-one-port-'));
  const closing: (() => unknown)[] = [() => rm(folder, { recursive: true, force: true })];
  const close = async () => {
    for (const end of closing.splice(0).reverse()) await end();
  };
  try {
    const env = {
      LOA_DATA_DIR: join(folder, 'data'),
      LOA_MODE: 'demo',
      LOA_HTTP_HOST: '127.0.0.1',
      LOA_HTTP_PORT: '0',
    };
    const main = join(root, 'server/src/main.ts');
    const command = (...args: string[]): unknown => {
      const end = spawnSync(process.execPath, [main, ...args, '--json'], {
        env: { ...process.env, ...env },
        encoding: 'utf8',
      });
      if (end.status !== 0) throw new Error(end.stderr);
      return JSON.parse(end.stdout);
    };
    await writeFile(join(folder, 'units.json'), JSON.stringify(units));
    const first = z
      .object({ people: z.array(z.object({ login: z.string(), password: z.string() })) })
      .parse(command('init', '--units', join(folder, 'units.json')));
    const [claim] = z.array(z.object({ claimCode: z.string() })).parse(command('claim-codes'));
    const server = program([process.execPath, main], { ...process.env, ...env });
    closing.push(server.end);
    const url = await server.says(/"url":"([^"]+)".*"msg":"ready"/);
    const person = async (name: string): Promise<ApiClient> => {
      const client = new ApiClient(url);
      await client.signIn(name, first.people.find(({ login }) => login === name)?.password ?? '');
      return client;
    };
    const technician = await person('kythuat');
    const officer = await person('canbo');

    const authority = await openAuthority('Province');
    closing.push(authority.close);
    const pair = authority.issue({ names: ['loa.invalid'] });
    const door = await openTlsDoor({ pair: () => pair, toPort: Number(new URL(url).port) });
    closing.push(door.close);
    const proxy = await openProxy({ routes: { 'loa.invalid:443': door.port } });
    closing.push(proxy.close);
    const agent = program(board.command ?? [process.execPath, join(root, 'device-agent/src/main.ts')], {
      ...withoutCompiled(process.env),
      LOA_SERVER_URL: 'https://loa.invalid',
      LOA_AGENT_DIR: join(folder, 'agent'),
      LOA_CLAIM_CODE: claim?.claimCode ?? '',
      LOA_AGENT_PLAYER: 'silent',
      LOA_PROXY: proxy.url,
      LOA_CA_FILE: authority.path,
      ...board.env,
    });
    closing.push(agent.end);
    await agent.says(/link: MQTT connected, WebSocket connected/);
    const isConnected = () =>
      agent.said().trimEnd().split('\n').at(-1)?.includes('MQTT connected, WebSocket connected') === true;
    return { door, proxy, technician, officer, pid: agent.pid, said: agent.said, isConnected, close };
  } catch (error) {
    await close();
    throw error;
  }
}

/** The agent keeps what it compiled in its own folder, as on a board. */
function withoutCompiled({ NODE_COMPILE_CACHE: _cache, NODE_OPTIONS: _options, ...rest }: NodeJS.ProcessEnv) {
  return rest;
}

/** Starts a program; `says` waits for its words, half a minute at most, and gives what the first group holds. */
function program([command, ...args]: readonly [string, ...string[]], env: NodeJS.ProcessEnv) {
  const child: ChildProcess = spawn(command, args, { env, stdio: ['ignore', 'pipe', 'pipe'] });
  let said = '';
  for (const stream of [child.stdout, child.stderr]) stream?.on('data', (chunk) => (said += String(chunk)));
  const ended = new Promise<void>((resolve) => child.once('exit', () => resolve()));
  return {
    pid: child.pid ?? 0,
    said: () => said,
    async says(words: RegExp): Promise<string> {
      for (const endMs = performance.now() + 60_000; performance.now() < endMs; ) {
        const found = words.exec(said);
        if (found !== null) return found[1] ?? '';
        if (child.exitCode !== null) break;
        await new Promise((resolve) => setTimeout(resolve, 50));
      }
      throw new Error(`It did not say ${words}: ${said}`);
    },
    async end() {
      child.kill('SIGTERM');
      await ended;
    },
  };
}
