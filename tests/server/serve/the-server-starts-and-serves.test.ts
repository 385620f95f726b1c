/**
 * Promise: the real program makes an installation, starts from its folder, lets people and boards in by all its doors,
 * says plainly why it cannot start, and ends politely.
 */
import { type ChildProcess, spawn, spawnSync } from 'node:child_process';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import {
  doorPaths,
  enrolAnswerSchema,
  keyFromSeed,
  publicPart,
  seal,
  tokenAnswerSchema,
  topics,
} from '@loa/protocol/device';
import { livePath, panelMessageSchema } from '@loa/protocol/panel';
import mqtt from 'mqtt';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { WebSocket } from 'ws';
import { z } from 'zod';
import { ApiClient } from '../../harness/api-client.ts';

const main = join(import.meta.dirname, '../../../server/src/main.ts');
const units = {
  timeZone: 'Asia/Ho_Chi_Minh',
  areas: [
    { id: 'p68', kind: 'province', name: 'Lâm Đồng' },
    { id: 'c1', parentId: 'p68', kind: 'commune', name: 'Hàm Thắng' },
  ],
  clusters: [{ id: 'k1', areaId: 'c1', name: 'Cụm 1', horns: 2 }],
  people: [
    { login: 'canbo', name: 'Cán bộ', role: 'officer', areaId: 'c1' },
    { login: 'so', name: 'Trực ban', role: 'department', areaId: 'p68' },
  ],
};
const firstRunSchema = z.object({
  people: z.array(z.object({ login: z.string(), password: z.string() })),
  rootKey: z.string(),
});

let folder: string;
let env: Record<string, string>;
let firstRun: z.output<typeof firstRunSchema>;
let server: ChildProcess;
let url: string;
let log = '';

const command = (...args: string[]) =>
  spawnSync(process.execPath, [main, ...args], { env: { ...process.env, ...env }, encoding: 'utf8', timeout: 20_000 });
const passwordOf = (login: string) => firstRun.people.find((person) => person.login === login)?.password ?? '';

function start(): Promise<void> {
  server = spawn(process.execPath, [main], { env: { ...process.env, ...env }, stdio: ['ignore', 'pipe', 'pipe'] });
  log = '';
  return new Promise((resolve, reject) => {
    const take = (chunk: unknown) => {
      log += String(chunk);
      url = /"url":"([^"]+)".*"msg":"ready"/.exec(log)?.[1] ?? '';
      if (url !== '') resolve();
    };
    server.stdout?.on('data', take);
    server.stderr?.on('data', take);
    server.once('exit', (code) => reject(new Error(`The server ended with ${code}: ${log}`)));
  });
}

function ended(child: ChildProcess): Promise<number | null> {
  return new Promise((resolve) => child.once('exit', (code) => resolve(code)));
}

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'loa-serve-'));
  env = { LOA_DATA_DIR: join(folder, 'data'), LOA_MODE: 'demo', LOA_HTTP_HOST: '127.0.0.1', LOA_HTTP_PORT: '0' };
  await writeFile(join(folder, 'units.json'), JSON.stringify(units));
  const made = command('init', '--units', join(folder, 'units.json'), '--json');
  firstRun = firstRunSchema.parse(JSON.parse(made.stdout));
  await start();
});
afterAll(async () => {
  server.kill('SIGKILL');
  await rm(folder, { recursive: true, force: true });
});

test('a person signs in with the password that was printed once, and watches the live picture', async () => {
  const officer = new ApiClient(url);
  await officer.signIn('canbo', passwordOf('canbo'));
  expect((await officer.call('me')).person).toMatchObject({ login: 'canbo', areaId: 'c1' });
  const heard: string[] = [];
  const panel = new WebSocket(`${url.replace('http', 'ws')}${livePath}`, {
    headers: { cookie: officer.cookie, origin: url },
  });
  panel.on('message', (data) => heard.push(data.toString()));
  await expect.poll(() => heard.length).toBeGreaterThan(0);
  const snapshot = panelMessageSchema.parse(JSON.parse(heard[0] ?? ''));
  expect(snapshot.kind === 'snapshot' && snapshot.clusters.map(({ id }) => id)).toEqual(['k1']);
  const closed = new Promise<number>((resolve) => panel.once('close', resolve));
  await officer.call('signOut');
  expect(await closed).toBe(4401);
  expect((await officer.try('me')).status).toBe(401);
});

test('a board enrols with a claim code, signs in by its key, and gets its documents over one port', async () => {
  const [claim] = z
    .array(z.object({ clusterId: z.string(), claimCode: z.string() }))
    .parse(JSON.parse(command('claim-codes', '--json').stdout));
  const key = keyFromSeed(new Uint8Array(32).fill(7));
  const post = async (path: string, body: unknown): Promise<unknown> => {
    const answer = await fetch(`${url}${path}`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify(body),
    });
    expect(answer.ok, await answer.clone().text()).toBe(true);
    return answer.json();
  };
  const enrolled = enrolAnswerSchema.parse(
    await post(doorPaths.enrol, {
      claimCode: claim?.claimCode,
      publicKey: publicPart(key),
      capabilities: { formats: ['ogg-opus'], probes: [], stream: false, clockKept: true, deviceKind: 'receiver' },
      board: 'test',
      agentVersion: '0',
    }),
  );
  const { deviceId } = enrolled;
  const { nonce } = z.object({ nonce: z.string() }).parse(await post(doorPaths.nonce, { deviceId }));
  const proof = seal({ payload: { deviceId, nonce }, key, type: 'loa-nonce' });
  const { token } = tokenAnswerSchema.parse(await post(doorPaths.token, { proof }));

  const heard = new Map<string, string>();
  const client = mqtt.connect(`${url.replace('http', 'ws')}${doorPaths.mqtt}`, {
    protocolVersion: 4,
    clientId: deviceId,
    username: deviceId,
    password: token,
    reconnectPeriod: 0,
  });
  client.on('message', (topic, payload) => heard.set(topic, payload.toString()));
  await new Promise<void>((resolve) => client.once('connect', () => resolve()));
  const own = [topics.keys(), topics.plan(deviceId), topics.hours(deviceId)];
  await client.subscribeAsync([...own, topics.areaOrders('c1')], { qos: 1 });
  await expect.poll(() => own.filter((topic) => heard.has(topic))).toEqual(own);
  expect(heard.get(topics.keys())).toBe(enrolled.keys);

  const told: unknown[] = [];
  const link = new WebSocket(`${url.replace('http', 'ws')}${doorPaths.link}`, {
    headers: { authorization: `Bearer ${token}` },
  });
  link.on('message', (data) => told.push(JSON.parse(data.toString())));
  await new Promise((resolve) => link.once('open', resolve));
  link.send(JSON.stringify({ kind: 'time-request', sentMs: 5 }));
  await expect.poll(() => told).toMatchObject([{ kind: 'time-answer', sentMs: 5 }]);
  link.terminate();
  await client.endAsync(true);
});

test('a second server on the same folder does not start, and touches nothing', () => {
  const second = command();
  expect(second.status).toBe(1);
  expect(second.stderr).toContain(`Another server is running on ${env.LOA_DATA_DIR}`);
});

test('a backup while it runs, and a restore into another folder, are one command each', () => {
  const copied = command('backup', join(folder, 'copy'), '--json');
  expect(JSON.parse(copied.stdout)).toMatchObject({ epoch: 1, damagedClips: [] });
  const restored = spawnSync(process.execPath, [main, 'restore', join(folder, 'copy'), '--json'], {
    env: { ...process.env, ...env, LOA_DATA_DIR: join(folder, 'restored') },
    encoding: 'utf8',
    timeout: 20_000,
  });
  const { epoch } = z.object({ epoch: z.number() }).parse(JSON.parse(restored.stdout));
  expect(epoch).toBeGreaterThan(1);
});

test('a person is added while it runs and signs in', async () => {
  const added = command(
    'add-person',
    '--login',
    'moi',
    '--name',
    'Mới',
    '--role',
    'technician',
    '--area',
    'p68',
    '--json',
  );
  const { password } = z.object({ password: z.string() }).parse(JSON.parse(added.stdout));
  const person = new ApiClient(url);
  await person.signIn('moi', password);
  expect((await person.call('me')).person.role).toBe('technician');
  const refused = command('add-person', '--login', 'moi', '--name', 'x', '--role', 'king', '--area', 'p68');
  expect([refused.status, refused.stderr]).toEqual([1, expect.stringContaining('--role (officer')]);
});

test('it ends politely, and goes on from its folder with everybody known; who was signed in stays so', async () => {
  const officer = new ApiClient(url);
  await officer.signIn('so', passwordOf('so'));
  const over = ended(server);
  server.kill('SIGTERM');
  expect(await over).toBe(0);
  await start();
  const again = new ApiClient(url);
  await again.signIn('so', passwordOf('so'));
  const answer = await fetch(`${url}/api/session`, { headers: { cookie: officer.cookie } });
  expect(answer.status).toBe(200);
});

test('a killed server starts again at once', async () => {
  const over = ended(server);
  server.kill('SIGKILL');
  await over;
  await start();
});

test('a new signing key is made with the root key from paper, and refused with another', () => {
  const rotate = (input: string) =>
    spawnSync(process.execPath, [main, 'rotate-key', '--json'], {
      env: { ...process.env, ...env },
      encoding: 'utf8',
      timeout: 20_000,
      input,
    });
  expect(rotate('AAAA-BBBB').status).toBe(1);
  expect(JSON.parse(rotate(firstRun.rootKey).stdout)).toMatchObject({ number: expect.any(Number) });
});

test('a release is signed with the root key from paper while it runs, and listed', async () => {
  const bundle = join(folder, 'agent.gz');
  await writeFile(bundle, gzipSync('console.log()'));
  const add = (input: string, ...args: string[]) =>
    spawnSync(process.execPath, [main, 'release', ...args, '--json'], {
      env: { ...process.env, ...env },
      encoding: 'utf8',
      timeout: 20_000,
      input,
    });
  const named = ['add', bundle, '--number', '1', '--version', '1.0'];
  expect(add('ABCD', ...named).status).toBe(1);
  expect(add(firstRun.rootKey, 'add', bundle).status).toBe(2);
  expect(add(firstRun.rootKey, ...named).status).toBe(0);
  expect(JSON.parse(add('', 'list').stdout)).toMatchObject([{ number: 1, version: '1.0' }]);
});

test('a port that is taken is said with what to do', async () => {
  const over = ended(server);
  server.kill('SIGTERM');
  await over;
  const other = createServer();
  const port = await new Promise<number>((resolve) =>
    other.listen(0, '127.0.0.1', () => resolve(z.object({ port: z.number() }).parse(other.address()).port)),
  );
  const refused = spawnSync(process.execPath, [main], {
    env: { ...process.env, ...env, LOA_HTTP_PORT: String(port) },
    encoding: 'utf8',
    timeout: 20_000,
  });
  other.close();
  expect(refused.status).toBe(1);
  expect(refused.stderr).toContain(`Port ${port} is taken`);
  expect(refused.stderr).toContain('LOA_HTTP_PORT');
});

test.each([
  { args: ['sing'], env: {}, status: 2, says: 'no command “sing”' },
  { args: ['serve'], env: { LOA_HTTP_PORT: 'x' }, status: 2, says: 'LOA_HTTP_PORT is "x"' },
  { args: ['serve'], env: { LOA_DATA_DIR: '/nonexistent' }, status: 1, says: 'Run init' },
  { args: ['serve'], env: { FFMPEG_PATH: '/nonexistent' }, status: 1, says: 'FFMPEG_PATH' },
])('$args with $env ends with $status and one sentence', ({ args, env: wrong, status, says }) => {
  const refused = spawnSync(process.execPath, [main, ...args], {
    env: { ...process.env, ...env, ...wrong },
    encoding: 'utf8',
    timeout: 20_000,
  });
  expect(refused.stderr).toContain(says);
  expect(refused.status).toBe(status);
  expect(refused.stderr).not.toContain('    at ');
});

test('the log holds neither password nor token', async () => {
  expect(log).not.toContain(passwordOf('so'));
  expect(await readFile(join(folder, 'units.json'), 'utf8')).not.toContain(passwordOf('so'));
});
