/**
 * The real launcher and real processes, on a real disk, as a board's supervisor starts them: a good release stays, one
 * that crashes, hangs, or never proves itself goes, one whose bytes changed is not run at all; and the packaged agent
 * says ready and alive to a supervisor's socket, and falls silent when it hangs.
 */
import { type ChildProcess, execFileSync, spawn, spawnSync } from 'node:child_process';
import { cp, mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { machineClock } from '@loa/device-agent/edges/clock.ts';
import { openMachineDisk } from '@loa/device-agent/edges/machine-disk.ts';
import { parseSlots, programPath, type Slots, sha256Of, slotsText } from '@loa/device-agent/keep/releases/slots.ts';
import { openSettings } from '@loa/device-agent/keep/settings/settings.ts';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { bundleProgram, type Packaged, packageAgent } from '../../../device-agent/package/bundle.ts';
import { isFull } from '../../harness/full.ts';
import { identity } from '../installation.ts';
import { madeRelease, openBoard, sendsReleases, updateOrder } from './board.ts';

const home = join(import.meta.dirname, '../../../device-agent');
let folder: string;
let packaged: Packaged;
/** A small program that runs the agent's own trial, with nothing else to do. */
let provingProgram: string;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'loa-launch-'));
  packaged = await packageAgent({ folder: join(folder, 'package'), number: 1, version: '0.1.0' });
  await writeFile(
    join(folder, 'proving.ts'),
    `import { machineClock } from '${home}/src/edges/clock.ts';
import { openMachineDisk } from '${home}/src/edges/machine-disk.ts';
import { openReleaseShelf } from '${home}/src/keep/releases/release-shelf.ts';
import { createUpdates } from '${home}/src/work/update/updates.ts';
const disk = await openMachineDisk(process.env.LOA_AGENT_DIR ?? '');
const number = Number(process.env.LOA_RELEASE_NUMBER);
const updates = createUpdates({
  clock: machineClock,
  random: { bytes: (count) => new Uint8Array(count), fraction: () => 0 },
  now: () => ({ ms: Date.now(), trusted: true, boundMs: 1 }),
  life: { running: { number, version: '' }, isReplaceable: true, boot: '', uptimeMs: () => 0, startedMs: 0, beginAnew: () => process.exit(85) },
  rootKey: { kty: 'OKP', crv: 'Ed25519', x: '' },
  releases: openReleaseShelf({ disk, fetchFile: async () => ({ ok: false, reason: 'none' }) }),
  faults: { signal: () => undefined },
  quietFacts: () => ({ nowMs: 0, progress: [], items: [], orders: [] }),
  isLinked: () => true,
  hasOutput: async () => true,
  log: (line) => console.log(line),
  limits: { proveAfterMs: 50, proveMsMax: 1000 },
});
await updates.start();
console.log('runs ' + number);
setInterval(() => undefined, 1000);
`,
  );
  await bundleProgram({ entry: join(folder, 'proving.ts'), file: join(folder, 'proving.js') });
  provingProgram = await readFile(join(folder, 'proving.js'), 'utf8');
  // What this board came with only says that it runs.
  await cp(packaged.folder, join(folder, 'small'), { recursive: true });
});
afterAll(() => rm(folder, { recursive: true, force: true }));

/** A board whose packaged program is a line; releases come to it as they come to any board. */
async function openSmallBoard(
  name: string,
): Promise<{ dir: string; take: (program: string, number: number) => Promise<void> }> {
  const dir = join(folder, name);
  const line = 'console.log("runs " + process.env.LOA_RELEASE_NUMBER); setInterval(() => undefined, 1000);\n';
  await writeFile(join(folder, 'small/loa-agent.js'), line);
  const slot = { number: 1, version: '0.1.0', sha256: sha256Of(Buffer.from(line)) };
  await writeFile(join(folder, 'small/loa-agent.json'), JSON.stringify(slot));
  const disk = await openMachineDisk(dir);
  return {
    dir,
    async take(program, number) {
      const release = madeRelease(program, { number });
      const { source } = sendsReleases([release.packed]);
      // An order's life is judged by the test's own clock.
      const clock = { ...machineClock, wallMs: () => Date.parse('2026-11-20T17:00:00+07:00') };
      const board = openBoard({ disk, clock, source, running: number - 1 });
      expect(await board.updates.hands.update(updateOrder(release.text, `capnhat-${number}`))).toEqual({
        result: 'later',
      });
    },
  };
}

interface Run {
  child: ChildProcess;
  said: () => string;
  ended: Promise<number | null>;
}

function start(packageFolder: string, env: Record<string, string>, args: readonly string[] = ['run']): Run {
  const { NODE_COMPILE_CACHE: _cache, NODE_OPTIONS: _options, ...outer } = process.env;
  const child = spawn(process.execPath, [join(packageFolder, 'loa-launch.js'), ...args], {
    env: { ...outer, LOA_SETTINGS_FILE: '/nowhere', ...env },
  });
  let said = '';
  for (const stream of [child.stdout, child.stderr]) stream.on('data', (piece) => (said += String(piece)));
  return { child, said: () => said, ended: new Promise((resolve) => child.on('close', resolve)) };
}

async function until(isSo: () => boolean | Promise<boolean>, run: Pick<Run, 'said'>, withinMs = 15_000): Promise<void> {
  const endMs = performance.now() + withinMs;
  while (!(await isSo())) {
    if (performance.now() > endMs) throw new Error(`Waited in vain; it said: ${run.said()}`);
    await new Promise((resolve) => setTimeout(resolve, 30));
  }
}

const slotsOf = async (dir: string): Promise<Slots> =>
  parseSlots(await readFile(join(dir, 'releases/slots'), 'utf8').catch(() => slotsText({})));

/** Starts it, waits for what it says, ends it as asked. */
async function oneStart(dir: string, said: string, end: NodeJS.Signals | 'itself', env = {}): Promise<void> {
  const run = start(join(folder, 'small'), { LOA_AGENT_DIR: dir, ...env });
  await until(() => run.said().includes(said), run);
  if (end !== 'itself') run.child.kill(end);
  await run.ended;
}

test('a good release proves itself and stays; the next one has it to go back to', async () => {
  const { dir, take } = await openSmallBoard('good');
  await take(provingProgram, 2);
  const run = start(join(folder, 'small'), { LOA_AGENT_DIR: dir });
  await until(async () => (await slotsOf(dir)).good?.number === 2, run);
  run.child.kill('SIGKILL');
  await run.ended;
  await oneStart(dir, 'runs 2', 'SIGKILL');
  await take('throw new Error("broken");\n', 3);
  await oneStart(dir, 'broken', 'itself');
  await oneStart(dir, 'broken', 'itself');
  await oneStart(dir, 'runs 2', 'SIGKILL');
  expect((await slotsOf(dir)).verdict).toMatchObject({
    number: 3,
    result: 'failed',
    reason: 'it ended by itself 2 times',
  });
});

test.runIf(isFull)('a release that hangs is ended by the supervisor, and given up after the second time', async () => {
  const { dir, take } = await openSmallBoard('hangs');
  await take('process.stdout.write("hangs\\n", () => { for (;;); });\n', 2);
  await oneStart(dir, 'hangs', 'SIGKILL');
  await oneStart(dir, 'hangs', 'SIGKILL');
  await oneStart(dir, 'runs 1', 'SIGKILL');
  expect((await slotsOf(dir)).verdict).toMatchObject({ number: 2, result: 'failed' });
});

test('one that lives but never proves itself is given up by the launcher', async () => {
  const { dir, take } = await openSmallBoard('idle');
  await take('console.log("idles"); setInterval(() => 0, 1000); process.on("SIGTERM", () => process.exit(0));\n', 2);
  await oneStart(dir, 'idles', 'SIGTERM');
  await oneStart(dir, 'idles', 'itself', { LOA_TRIAL_MS_MAX: '500' });
  expect((await slotsOf(dir)).verdict?.reason).toBe('it did not prove itself in time');
  await oneStart(dir, 'runs 1', 'SIGKILL');
});

test('one whose bytes changed on the disk is not run, not even once', async () => {
  const { dir, take } = await openSmallBoard('changed');
  await take('console.log("runs 2 as signed"); setInterval(() => undefined, 1000);\n', 2);
  await writeFile(join(dir, programPath(2)), 'console.log("runs something else");\n');
  const run = start(join(folder, 'small'), { LOA_AGENT_DIR: dir });
  await until(() => run.said().includes('runs'), run);
  run.child.kill('SIGKILL');
  expect(run.said()).toBe('runs 1\n');
  expect((await slotsOf(dir)).verdict?.reason).toBe('its program is damaged');
});

test.runIf(isFull)('a command for a person starts no trial and counts nothing', async () => {
  const { dir, take } = await openSmallBoard('command');
  await take('console.log("on trial"); setInterval(() => undefined, 1000);\n', 2);
  const run = start(join(folder, 'small'), { LOA_AGENT_DIR: dir }, ['status']);
  await until(() => run.said().includes('on trial'), run);
  run.child.kill('SIGKILL');
  await run.ended;
  expect((await slotsOf(dir)).trial).toMatchObject({ phase: 'waiting', crashes: 0 });
});

const olderNode = ['/usr/bin/node', '/usr/bin/nodejs'].find((each) => answers(each, '--version') && isOlder(each));
if (olderNode === undefined) console.warn('LEFT OUT: no older Node on this machine: that it is refused is not tested.');

test.runIf(olderNode !== undefined)('an older Node is refused in one line, in both languages', async () => {
  const asked = spawnSync(olderNode ?? '', [join(packaged.folder, 'loa-launch.js'), 'status'], { encoding: 'utf8' });
  expect(asked.stderr).toMatch(
    /^Cần Node 26 trở lên; đây là v\d+[.\d]+\. \/ Node 26 or newer is needed; this is v\S+\n$/,
  );
  expect(asked.stdout).toBe('');
  expect(asked.status).toBe(2);
});

const python = ['/usr/bin/python3', 'python3'].find((each) => answers(each, '--version'));
const hasSocket = python !== undefined && answers('systemd-notify', '--version');
if (!hasSocket)
  console.warn('LEFT OUT: no python3 or no systemd-notify on this machine: readiness and watchdog are not tested.');

test.runIf(hasSocket)('the packaged agent says ready and alive, and a hung one falls silent', async () => {
  const dir = join(folder, 'agent');
  await mkdir(dir, { mode: 0o700 });
  const disk = await openMachineDisk(dir);
  const settings = await openSettings({ disk, onDamaged: () => undefined });
  await settings.update((data) => {
    data.identity = identity;
  });
  const socket = join(folder, 'notify');
  const listener = spawn(python ?? '', [
    '-uc',
    `import socket,sys\ns=socket.socket(socket.AF_UNIX,socket.SOCK_DGRAM);s.bind(sys.argv[1]);print("listens")
while True: print(s.recv(4096).decode())`,
    socket,
  ]);
  let heard = '';
  listener.stdout.on('data', (piece) => (heard += String(piece)));
  await until(() => heard.includes('listens'), { said: () => heard });
  const run = start(packaged.folder, {
    LOA_AGENT_DIR: dir,
    LOA_AGENT_PLAYER: 'silent',
    LOA_AGENT_CLOCK: 'kept',
    NOTIFY_SOCKET: socket,
    WATCHDOG_USEC: '1500000',
  });
  try {
    const alive = () => heard.split('WATCHDOG=1').length - 1;
    await until(() => heard.includes('READY=1') && alive() >= 3, { said: () => heard + run.said() });
    expect(heard).toContain(`MAINPID=${run.child.pid}`);
    run.child.kill('SIGSTOP');
    await new Promise((resolve) => setTimeout(resolve, 700));
    const before = alive();
    await new Promise((resolve) => setTimeout(resolve, 1_500));
    expect(alive()).toBe(before);
    run.child.kill('SIGCONT');
    await until(() => alive() > before, { said: () => heard });
    run.child.kill('SIGTERM');
    expect(await run.ended).toBe(0);
    await until(() => heard.includes('STOPPING=1'), { said: () => heard });
  } finally {
    listener.kill('SIGKILL');
    run.child.kill('SIGKILL');
  }
});

const canVerify = answers('systemd-analyze', '--version');
if (!canVerify) console.warn('LEFT OUT: no systemd-analyze on this machine: the unit file is not verified.');

test.runIf(canVerify)('systemd understands every line of the unit, and what it exposes stays small', async () => {
  const unit = join(folder, 'loa-agent.service');
  const text = await readFile(join(home, 'package/loa-agent.service'), 'utf8');
  await writeFile(unit, text.replace(/^ExecStart=.*$/m, 'ExecStart=/bin/true'));
  expect(execFileSync('systemd-analyze', ['verify', unit], { encoding: 'utf8', stdio: 'pipe' })).toBe('');
  const exposure = execFileSync('systemd-analyze', ['security', '--offline=true', unit], { encoding: 'utf8' });
  const level = /exposure level for \S+ ([\d.]+)/.exec(exposure)?.[1];
  console.log(`exposure ${level} of 10`);
  expect(Number(level)).toBeLessThanOrEqual(2.5);
});

function isOlder(program: string): boolean {
  return Number(/^v(\d+)/.exec(execFileSync(program, ['--version'], { encoding: 'utf8' }))?.[1]) < 26;
}

function answers(program: string, argument: string): boolean {
  try {
    execFileSync(program, [argument], { stdio: 'ignore' });
    return true;
  } catch {
    return false;
  }
}
