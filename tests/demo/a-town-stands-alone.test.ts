/**
 * A town never passes somebody else's server off as its own, and leaves no program behind, even when its launcher is
 * killed with -9.
 */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { openTown } from '@loa/demo/town.ts';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { eventually } from '../harness/town.ts';

const supervised = fileURLToPath(new URL('../../demo/src/supervised.ts', import.meta.url));
let dir: string;

beforeEach(async () => {
  dir = await mkdtemp(join(tmpdir(), 'loa-demo-'));
});
afterEach(() => rm(dir, { recursive: true, force: true }));

it('does not start on a port where another program answers as healthy', async () => {
  const other = createServer((_, response) => response.end('{"ok":true}'));
  await once(other.listen(0, '127.0.0.1'), 'listening');
  const { port } = other.address() as AddressInfo;
  try {
    await expect(openTown({ dir: join(dir, 'town'), httpPort: port })).rejects.toThrow(`Port ${port} is taken`);
  } finally {
    other.close();
  }
});

it('ends its programs when the launcher is killed with -9', { timeout: 60_000 }, async () => {
  const program = join(dir, 'program.mjs');
  const launcher = join(dir, 'launcher.mjs');
  await writeFile(program, 'setInterval(() => {}, 1000);');
  await writeFile(
    launcher,
    `import { Supervised } from ${JSON.stringify(supervised)};
     const one = new Supervised({ args: [${JSON.stringify(program)}], env: {}, logPath: ${JSON.stringify(join(dir, 'log'))} });
     one.start();
     console.log(one.pid);
     setInterval(() => {}, 1000);`,
  );
  const launched = spawn(process.execPath, [launcher], { stdio: ['ignore', 'pipe', 'inherit'] });
  const [said] = await once(launched.stdout, 'data');
  const pid = Number(String(said));
  expect(isAlive(pid)).toBe(true);
  launched.kill('SIGKILL');
  expect(await eventually(async () => !isAlive(pid), 20_000, 50)).toBe(true);
});

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch {
    return false;
  }
}
