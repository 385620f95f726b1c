/**
 * A town for a test: the real programs in a folder of their own on a free port, with a person of each role signed in.
 */
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { openTown, type Town } from '@loa/demo/town.ts';
import { ApiClient } from './api-client.ts';

export interface TestTown {
  town: Town;
  dir: string;
  officer: ApiClient;
  department: ApiClient;
  technician: ApiClient;
  /** Password of each login, as printed at the first start. */
  passwords: ReadonlyMap<string, string>;
  close(): Promise<void>;
}

/** Opens a town from nothing and waits until every cluster is reachable and holds the published plan. */
export async function openTestTown(options: { env?: Record<string, string> } = {}): Promise<TestTown> {
  const dir = await mkdtemp(join(tmpdir(), 'loa-town-'));
  const town = await openTown({ dir, httpPort: await freePort(), ...options });
  const passwords = new Map(town.firstRun?.people.map((person) => [person.login, person.password]));
  const person = async (login: string): Promise<ApiClient> => {
    const client = new ApiClient(town.url);
    await client.signIn(login, passwords.get(login) ?? '');
    return client;
  };
  const test: TestTown = {
    town,
    dir,
    officer: await person('canbo'),
    department: await person('so'),
    technician: await person('kythuat'),
    passwords,
    close: async () => {
      await town.close();
      await rm(dir, { recursive: true, force: true });
    },
  };
  try {
    await untilReachable(test, town.clusterIds.length);
  } catch (error) {
    await test.close();
    throw error;
  }
  return test;
}

/** Waits until so many clusters are reachable; a minute at most, then tells what the server's log says. */
export async function untilReachable({ department, dir }: TestTown, count: number): Promise<void> {
  const isReached = async (): Promise<boolean> => {
    const { reachable } = await department.call('reach', { body: { areaIds: ['p68'] } });
    return reachable >= count;
  };
  if (await eventually(isReached, 90_000)) return;
  const log = await readFile(join(dir, 'logs/server.log'), 'utf8').catch(() => '');
  throw new Error(`The clusters did not come within reach. The server's log ends:\n${log.slice(-3_000)}`);
}

/** Asks again until it is so; for real processes only, where time cannot be moved by hand. */
export async function eventually(isSo: () => Promise<boolean>, withinMs: number, everyMs = 250): Promise<boolean> {
  const endMs = performance.now() + withinMs;
  while (performance.now() < endMs) {
    if (await isSo().catch(() => false)) return true;
    await new Promise((resolve) => setTimeout(resolve, everyMs));
  }
  return false;
}

async function freePort(): Promise<number> {
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const address = server.address();
  await new Promise<void>((resolve) => server.close(() => resolve()));
  if (address === null || typeof address === 'string') throw new Error('No free port');
  return address.port;
}
