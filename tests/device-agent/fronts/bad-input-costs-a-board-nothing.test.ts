/**
 * The real program under attack on all three ways at once: its memory stays, it goes on playing what it holds without
 * a gap, and the server learns from its reports what was refused.
 */
import { spawn } from 'node:child_process';
import { mkdtemp, readdir, readFile, rm, stat } from 'node:fs/promises';
import type { Socket } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { readRuns } from '@loa/demo/emitted.ts';
import { type Clip, type PlanItem, topics } from '@loa/protocol/device';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { isFull } from '../../harness/full.ts';
import { frameHead, type HostileServer, openHostileServer, pour } from '../../harness/hostile-server.ts';
import { heldBoard, heldClipSeconds } from '../held-board.ts';
import { deviceId, foreignKey, installation } from '../installation.ts';

const main = join(import.meta.dirname, '../../../device-agent/src/main.ts');
const growthBytesMax = 30 * 1024 * 1024;
const repeats = isFull ? 30 : 3;
const ok = 'HTTP/1.1 200 OK\r\n';
const block = Buffer.alloc(64 * 1024, 0x61);

let folder: string;
let server: HostileServer;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'loa-attacked-'));
  server = await openHostileServer();
});
afterAll(async () => {
  await server.close();
  await rm(folder, { recursive: true, force: true });
});

async function residentBytes(pid: number): Promise<number> {
  const found = /VmRSS:\s+(\d+)/.exec(await readFile(`/proc/${pid}/status`, 'utf8'));
  return Number(found?.[1]) * 1_024;
}

async function until(isSo: () => Promise<boolean> | boolean, withinMs: number): Promise<boolean> {
  const endMs = performance.now() + withinMs;
  while (performance.now() < endMs) {
    if (await isSo()) return true;
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
  return false;
}

/** Each is what one session meets; the last is met by every session after it. */
const sessions: ((line: Socket) => void)[] = [
  (line) => {
    line.write(Buffer.from([0x32, 0x80, 0x84, 0xaf, 0x5f]));
    void pour(line, block);
  },
  (line) => void line.write(Buffer.from([0x34, 5, 0, 1, 0x74, 0, 1])),
  () => undefined,
];

const clips: ((line: Socket) => void)[] = [
  (line) => {
    line.write(`${ok}connection: close\r\n\r\n`);
    void pour(line, block);
  },
  (line) => void line.end(`${ok}content-encoding: gzip\r\n\r\n${'a'.repeat(9_000)}`),
  (line) => void line.write(`${ok}content-length: 1000000000\r\n\r\n`),
  (line) => void line.end('HTTP/1.1 302 Found\r\nlocation: file:///etc/passwd\r\ncontent-length: 0\r\n\r\n'),
  (line) => void line.end(`${ok}content-length: 9000\r\n\r\n${'a'.repeat(9_000)}`),
];

test(`under attack a board plays on, grows by less than 30 MB, and reports what it refused (${repeats} plays)`, async () => {
  const atMs = Math.ceil(Date.now() / 1_000) * 1_000 + 7_000;
  const late = { kind: 'start' as const, lateMsMax: 60_000 };
  const more: Partial<PlanItem> = { repeat: { count: repeats, gapMs: 0 }, late, lengthMsMax: 120_000 };
  const dir = await heldBoard(folder, { name: 'held', atMs, more });
  const [hash = ''] = await readdir(join(dir, 'clips'));
  const heldClip: Clip = {
    id: hash,
    durationMs: heldClipSeconds * 1_000,
    renditions: [{ format: 'ogg-opus', hash, sizeBytes: (await stat(join(dir, 'clips', hash))).size }],
  };
  const wanted = 'b'.repeat(64);
  const absent: Clip = {
    id: wanted,
    durationMs: 1_000,
    renditions: [{ format: 'ogg-opus', hash: wanted, sizeBytes: 9_000 }],
  };
  const item: PlanItem = {
    ...{ occurrence: `alone@${Math.floor(atMs / 1000)}`, atMs, class: 'normal', clip: 0 },
    ...{
      late: { kind: 'start', lateMsMax: 20_000 },
      resume: 'drop',
      repeat: { count: repeats, gapMs: 0 },
      lengthMsMax: 120_000,
    },
  };
  const later: PlanItem = {
    ...item,
    occurrence: 'later@1',
    atMs: atMs + repeats * heldClipSeconds * 1_000 + 1_000,
    clip: 1,
    repeat: { count: 1, gapMs: 0 },
  };
  const signs = installation();
  const issuedAtMs = Date.now();
  const stamp = { issuedAtMs, expiresAtMs: issuedAtMs + 9 * 86_400_000 };
  const plan = (over: Parameters<typeof signs.plan>[0]) =>
    signs.plan({ ...stamp, clips: [heldClip, absent], items: [item, later], ...over });
  const bad: [topic: string, payload: Uint8Array, reason: string][] = [
    [topics.plan(deviceId), plan({ number: 300, v: 2 }).payload, 'not-understood'],
    [topics.plan(deviceId), plan({ number: 300, key: foreignKey }).payload, 'unknown-key'],
    [topics.plan(deviceId), plan({ number: 300, aud: 'cum-02' }).payload, 'wrong-audience'],
    [topics.plan('cum-02'), plan({ number: 300 }).payload, 'wrong-audience'],
    [topics.plan(deviceId), plan({ number: 300, expiresAtMs: issuedAtMs - 86_400_000 }).payload, 'expired'],
    [topics.plan(deviceId), plan({ number: 1 }).payload, 'not-newer'],
    [topics.plan(deviceId), plan({ number: 300 }).payload.subarray(0, 500), 'malformed'],
    [topics.plan(deviceId), tampered(plan({ number: 300 }).payload), 'bad-signature'],
    [topics.plan(deviceId), Buffer.alloc(60_000, 0x7b), 'too-large'],
    ['other/topic', Buffer.from('{}'), 'unknown-topic'],
  ];

  let attackFirst = (): void => undefined;
  server.behaviour.session = ({ line, publish }, nth) => {
    const good = plan({ number: 200 });
    publish(good.topic, good.payload);
    const attack = () => {
      for (const [topic, payload] of bad) publish(topic, payload);
      setTimeout(() => sessions[Math.min(nth, sessions.length - 1)]?.(line), 500);
    };
    if (nth === 0) attackFirst = attack;
    else attack();
  };
  server.behaviour.clip = (line, _request, nth) => clips[nth % clips.length]?.(line);
  const nonsense: string[] = [
    'x'.repeat(60_000),
    '['.repeat(60_000),
    `{"kind":"welcome","storedSeq":1e308}`,
    `{"kind":"welcome","storedSeq":0}`,
    `{"kind":"receipt","stream":"s","seq":9007199254740991}`,
    `{"kind":"receipt","stream":"s","seq":-1}`,
    `{"kind":"time-answer","sentMs":1,"receivedMs":1e300,"answeredMs":1e300}`,
    `{"kind":"time-answer","sentMs":1,"receivedMs":1,"answeredMs":1}`,
  ];
  const attackLink: typeof server.behaviour.link = ({ say, line }, nth) => {
    for (const text of nonsense) say(text);
    for (let count = 0; count < 1_000; count += 1) say({ kind: 'say-holds' });
    if (nth < 3) setTimeout(() => void line.write(frameHead({ first: nth === 1 ? 0x81 : 0xc1, length: 1e9 })), 800);
  };
  server.behaviour.link = ({ line }) => {
    server.behaviour.link = attackLink;
    breakOff = () => line.destroy();
  };
  let breakOff = (): void => undefined;

  const { NODE_OPTIONS: _options, ...outer } = process.env;
  const NODE_COMPILE_CACHE = outer.NODE_COMPILE_CACHE ?? join(folder, 'compiled');
  const env = { LOA_SERVER_URL: server.url, LOA_AGENT_DIR: dir, LOA_AGENT_PLAYER: 'file', LOA_AGENT_CLOCK: 'kept' };
  const agent = spawn(process.execPath, ['--max-semi-space-size=1', main], {
    env: { ...outer, ...env, NODE_COMPILE_CACHE },
  });
  let said = '';
  for (const stream of [agent.stdout, agent.stderr]) stream.on('data', (piece) => (said += String(piece)));
  const ended = new Promise((resolve) => agent.on('close', resolve));
  const pid = agent.pid ?? 0;

  const isUp = () => server.heard.some((message) => message.kind === 'hello' && message.holds.plan !== undefined);
  const isThere = await until(isUp, 45_000);
  if (!isThere) agent.kill('SIGKILL');
  expect(isThere, `${said}${JSON.stringify(server.heard)}`).toBe(true);
  expect(await until(() => Date.now() > atMs - 500, 10_000)).toBe(true);
  const beforeBytes = await residentBytes(pid);
  attackFirst();
  breakOff();
  const mostBytes = { value: beforeBytes };
  const watching = setInterval(() => {
    residentBytes(pid).then(
      (bytes) => {
        mostBytes.value = Math.max(mostBytes.value, bytes);
      },
      () => undefined,
    );
  }, 50);

  const reasons = () =>
    new Set(
      server.heard.flatMap((message) =>
        message.kind === 'reports'
          ? message.reports.flatMap(({ event }) => (event.kind === 'refused' ? [event.reason] : []))
          : [],
      ),
    );
  const isEnded = () =>
    server.heard.some(
      (message) =>
        message.kind === 'reports' &&
        message.reports.some(({ event }) => event.kind === 'ended' && event.occurrence === item.occurrence),
    );
  const expected = [
    ...bad.map(([, , reason]) => reason),
    ...['packet-too-large', 'not-mqtt', 'frame-too-large', 'not-websocket', 'answer-too-long', 'encoded'],
    ...['not understood', 'welcome again', 'receipt for what was not sent', 'time that cannot be'],
    'time that was not asked for',
  ];
  const missing = () => expected.filter((reason) => !reasons().has(reason));
  await until(() => isEnded() && missing().length === 0, repeats * heldClipSeconds * 1_000 + 15_000);
  clearInterval(watching);
  const runs = await readRuns(join(dir, 'sound'));
  agent.kill('SIGTERM');
  expect(await ended, said).toBe(0);

  const growthBytes = mostBytes.value - beforeBytes;
  console.log(
    `resident ${Math.round(beforeBytes / 1e6)} MB before, at most ${Math.round(growthBytes / 1e6)} MB more; refused: ${[...reasons()].join(', ')}`,
  );
  expect(isEnded(), said).toBe(true);
  expect(runs.reduce((sum, run) => sum + run.samples, 0)).toBe(repeats * heldClipSeconds * 48_000);
  expect(growthBytes).toBeLessThan(growthBytesMax);
  expect(missing(), said).toEqual([]);
}, 120_000);

function tampered(payload: Uint8Array): Uint8Array {
  const [head = '', body = '', signature = ''] = Buffer.from(payload).toString().split('.');
  return Buffer.from(`${head}.${body.slice(0, -8)}AAAAAAAA.${signature}`);
}
