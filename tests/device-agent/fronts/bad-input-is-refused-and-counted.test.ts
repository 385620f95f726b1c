/**
 * Bad input as a table: what a hostile server sends on which way, what becomes of it, and under which code it is
 * counted. Each way is the board's real one; nothing is taken beyond a bound, and none waits longer than it said.
 */
import { createHash } from 'node:crypto';
import type { Socket } from 'node:net';
import { gzipSync } from 'node:zlib';
import { machineClock } from '@loa/device-agent/edges/clock.ts';
import { machineNetwork } from '@loa/device-agent/edges/machine-network.ts';
import type { MqttOpening, Rule, SocketOpening } from '@loa/device-agent/edges/network.ts';
import { countBrokenRules, counted } from '@loa/device-agent/fronts/link/count-broken-rules.ts';
import { createDoor } from '@loa/device-agent/fronts/link/door.ts';
import { planBodyBytesMax } from '@loa/protocol/device';
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest';
import { isFull } from '../../harness/full.ts';
import {
  drip,
  frameHead,
  type HostileServer,
  openHostileServer,
  pour,
  publishPacket,
} from '../../harness/hostile-server.ts';
import { identity } from '../installation.ts';

const clipBytes = Buffer.alloc(20_000, 7);
const hash = createHash('sha256').update(clipBytes).digest('hex');

/** What the kernel's own buffers on the way take, beside what is read. */
const sentBytesMax = 24 * 1024 * 1024;

/** Asked for are 150 ms at most; a busy machine has time for ten times that, and more. */
const waitMsMax = 10_000;

let server: HostileServer;
let refused: string[] = [];
let sent: Promise<number>[] = [];
const refusals = { refused: ({ reason }: { reason: string }) => void refused.push(reason) };

beforeAll(async () => {
  server = await openHostileServer();
});
afterAll(() => server.close());
beforeEach(() => {
  server.behaviour = {};
  refused = [];
  sent = [];
});

const pours = (line: Socket, piece: Uint8Array) => void sent.push(pour(line, piece));
const block = Buffer.alloc(64 * 1024, 0x61);

function answers(head: string, rest?: Uint8Array | 'pours'): (line: Socket) => void {
  return (line) => {
    line.write(`${head}\r\n\r\n`);
    if (rest === 'pours') pours(line, block);
    else if (rest !== undefined) line.end(rest);
  };
}

const says = (what: string | Uint8Array) => (line: Socket) => void line.write(what);
const floods = (piece: Uint8Array) => (line: Socket) => pours(line, piece);
const trickles = (piece: string, everyMs: number) => (line: Socket) => drip(line, piece, everyMs);

function does(...steps: readonly ((line: Socket) => void)[]): (line: Socket) => void {
  return (line) => {
    for (const step of steps) step(line);
  };
}

/** A bound in bytes is one in memory: what was never read is held by nobody. */
async function tookLittle(): Promise<void> {
  for (const bytes of await Promise.all(sent)) expect(bytes).toBeLessThan(sentBytesMax);
}

function outcome(asked: Promise<unknown>): Promise<string> {
  return asked.then(
    () => 'taken',
    (error: unknown) => (error instanceof Error ? error.message : String(error)),
  );
}

type Row = [input: string, behave: (line: Socket) => void, rule: Rule | undefined];

const ok = 'HTTP/1.1 200 OK\r\n';
const part = 'HTTP/1.1 206 Partial Content\r\n';

test.each<[...Row, fromBytes?: number]>([
  ['text that is not HTTP', (line) => void line.end('SSH-2.0-OpenSSH_9.2\r\n'), 'not-http'],
  ['HTTP/0.9: a body without a head', (line) => void line.end('<html>hello</html>'), 'not-http'],
  ['endless headers', does(says(ok), floods(Buffer.from('x-a: b\r\n'.repeat(100)))), 'headers-too-long'],
  ['one endless header', does(says(`${ok}x-a: `), floods(block)), 'headers-too-long'],
  ['an endless body', answers(`${ok}connection: close`, 'pours'), 'answer-too-long'],
  [
    'endless pieces of one byte',
    (line) => {
      line.write(`${ok}transfer-encoding: chunked\r\n\r\n`);
      pours(line, Buffer.from('1\r\na\r\n'.repeat(1_000)));
    },
    'answer-too-long',
  ],
  [
    'a chunk that says 16 TB',
    (line) => {
      line.write(`${ok}transfer-encoding: chunked\r\n\r\nfffffffffff\r\n`);
      pours(line, block);
    },
    'answer-too-long',
  ],
  [
    'an endless chunk extension',
    (line) => {
      line.write(`${ok}transfer-encoding: chunked\r\n\r\n1;`);
      pours(line, block);
    },
    'not-http',
  ],
  ['a length of 1 GB', answers(`${ok}content-length: 1000000000`, 'pours'), 'answer-too-long'],
  ['a length that is no number', answers(`${ok}content-length: many`), 'not-http'],
  ['a length and chunks at once', answers(`${ok}content-length: 5\r\ntransfer-encoding: chunked`), 'not-http'],
  ['shorter than said, honestly', answers(`${ok}content-length: 10`, Buffer.from('0123456789')), 'shorter-than-said'],
  [
    'shorter than said, in chunks',
    (line) => void line.end(`${ok}transfer-encoding: chunked\r\n\r\n1\r\na\r\n0\r\n\r\n`),
    'shorter-than-said',
  ],
  ['nothing at all', answers(`${ok}content-length: 0`), 'shorter-than-said'],
  [
    'compressed: a bomb',
    answers(`${ok}content-encoding: gzip\r\nconnection: close`, gzipSync(Buffer.alloc(10_000_000))),
    'encoded',
  ],
  [
    'a part that was not asked for',
    answers(`${part}content-range: bytes 5-19999/20000`, Buffer.from('a')),
    'wrong-range',
  ],
  [
    'another part than asked for',
    answers(`${part}content-range: bytes 5-19999/20000`, Buffer.from('a')),
    'wrong-range',
    1_000,
  ],
  [
    'a part of another file',
    answers(`${part}content-range: bytes 1000-2999/3000`, Buffer.from('a')),
    'wrong-range',
    1_000,
  ],
  ['a part without a range', answers(`${part}connection: close`, Buffer.from('a')), 'wrong-range', 1_000],
  ['416 to all of it', answers('HTTP/1.1 416 No\r\ncontent-length: 0'), 'wrong-range'],
  [
    'redirected to a file',
    answers('HTTP/1.1 302 Found\r\nlocation: file:///etc/passwd\r\ncontent-length: 0'),
    'redirected',
  ],
  [
    'redirected to another host',
    answers('HTTP/1.1 307 Go\r\nlocation: http://127.0.0.1:1/\r\ncontent-length: 0'),
    'redirected',
  ],
  [
    'redirected to itself',
    answers(`HTTP/1.1 301 Go\r\nlocation: /device/v1/clips/${hash}\r\ncontent-length: 0`),
    'redirected',
  ],
  ['a refusal with an endless text', answers('HTTP/1.1 404 No\r\nconnection: close', 'pours'), 'answer-too-long'],
  ['a line that breaks', (line) => void line.destroy(), undefined],
])('HTTP, a clip: %s', async (_input, behave, rule, fromBytes = 0) => {
  let calls = 0;
  server.behaviour.clip = (line) => {
    calls += 1;
    behave(line);
  };
  const network = machineNetwork({ serverUrl: server.url });
  const door = createDoor({ network, clock: machineClock, identity, refusals });
  let taken = 0;
  const onChunk = async (chunk: Uint8Array) => {
    taken += chunk.length;
  };
  const { signal } = new AbortController();
  const asked = { hash, fromBytes, sizeBytes: clipBytes.length, signal, onChunk };
  expect(await outcome(door.fetchClip(asked))).not.toBe('taken');
  expect(refused).toEqual(rule === undefined ? [] : [rule]);
  expect(taken).toBeLessThanOrEqual(clipBytes.length);
  expect(calls).toBe(1);
  network.close();
  await tookLittle();
});

test.each<Row>([
  ['never answers', () => undefined, 'no-answer'],
  ['headers that trickle', does(says(ok), trickles('x', 10)), 'no-answer'],
  ['a body that trickles', does(says(`${ok}content-length: 20000\r\n\r\n`), trickles('x', 10)), 'no-answer'],
  ['endless 100 Continue', (line) => drip(line, 'HTTP/1.1 100 Continue\r\n\r\n'.repeat(50), 5), 'no-answer'],
])('HTTP, a download: %s, and is given up in time', async (_input, behave, rule) => {
  server.behaviour.clip = behave;
  const network = machineNetwork({ serverUrl: server.url });
  const request = { method: 'GET', path: `/device/v1/clips/${hash}`, timeoutMs: 150, answerBytesMax: 20_000 } as const;
  const startedMs = performance.now();
  await outcome(counted(refusals, 'clip', network.http({ ...request, onChunk: async () => undefined })));
  expect(performance.now() - startedMs).toBeLessThan(waitMsMax);
  expect(refused).toEqual([rule]);
  network.close();
});

test('HTTP, a plan body: thousands of pieces of a byte are one body, and hanging downloads leave room to sign in', async () => {
  const sizeBytes = isFull ? planBodyBytesMax : 50_000;
  server.behaviour.body = (line) => {
    line.write(`${ok}connection: close\r\ntransfer-encoding: chunked\r\n\r\n`);
    line.end(`${'1\r\na\r\n'.repeat(sizeBytes)}0\r\n\r\n`);
  };
  server.behaviour.clip = () => undefined;
  const network = machineNetwork({ serverUrl: server.url });
  const door = createDoor({ network, clock: machineClock, identity, refusals });
  const giveUp = new AbortController();
  const asked = { hash, fromBytes: 0, sizeBytes: 9, signal: giveUp.signal, onChunk: async () => undefined };
  const hanging = Array.from({ length: 5 }, () => outcome(door.fetchClip(asked)));
  const bytes = await door.fetchBody({ hash, sizeBytes });
  expect(Buffer.from(bytes).equals(Buffer.alloc(sizeBytes, 0x61))).toBe(true);
  door.spoil('t');
  expect((await door.token({ ageMsMax: 0 })).token).toBe('t');
  giveUp.abort();
  await Promise.all(hanging);
  network.close();
});

test.each<Row>([
  ['an answer that is none', (line) => void line.end(`${ok}content-length: 4\r\n\r\nnull`), 'not-understood'],
  ['deep JSON', (line) => void line.end(`${ok}content-length: 16000\r\n\r\n${'['.repeat(16_000)}`), 'not-understood'],
  ['an endless answer', answers(`${ok}connection: close`, 'pours'), 'answer-too-long'],
])('HTTP, sign-in: %s', async (_input, behave, rule) => {
  server.behaviour.nonce = behave;
  const network = machineNetwork({ serverUrl: server.url });
  const door = createDoor({ network, clock: machineClock, identity, refusals });
  expect(await outcome(door.token({ ageMsMax: 0 }))).not.toBe('taken');
  expect(refused).toEqual([rule]);
  network.close();
  await tookLittle();
});

test.each(['http', 'wss', 'mqtts'])('plain text on a TLS port is told as that: %s', async (way) => {
  const talker = await openHostileServer();
  const network = countBrokenRules(machineNetwork({ serverUrl: talker.url.replace('http:', 'https:') }), refusals);
  const http = { method: 'GET', path: '/', timeoutMs: 2_000, answerBytesMax: 10 } as const;
  if (way === 'http') await outcome(counted(refusals, 'clip', network.http(http)));
  else if (way === 'wss') await outcome(network.openSocket(socketOpening({})));
  else {
    const url = talker.url.replace('http:', 'mqtts:');
    await outcome(network.openMqtt({ ...mqttOpening({}), url }));
  }
  expect(refused).toEqual(['not-tls']);
  await talker.close();
});

function socketOpening(over: Partial<SocketOpening>): SocketOpening {
  const nothing = () => undefined;
  return {
    path: '/device/v1/link',
    headers: {},
    frameBytesMax: 65_536,
    timeoutMs: 2_000,
    onText: nothing,
    onClosed: nothing,
    ...over,
  };
}

test.each<Row>([
  ['text that is not HTTP', (line) => void line.end('hello\r\n\r\n'), 'not-http'],
  ['endless headers', does(says('HTTP/1.1 101 Yes\r\nx: '), floods(block)), 'headers-too-long'],
  ['redirected', answers('HTTP/1.1 302 Found\r\nlocation: ws://127.0.0.1:1/\r\ncontent-length: 0'), 'redirected'],
  ['refused with an endless text', answers('HTTP/1.1 500 No\r\nconnection: close', 'pours'), undefined],
  ['headers that trickle', does(says('HTTP/1.1 101 Yes\r\n'), trickles('x', 20)), undefined],
  ['never answers', () => undefined, undefined],
])('WebSocket, not opened: %s', async (_input, behave, rule) => {
  server.behaviour.upgrade = behave;
  const network = countBrokenRules(machineNetwork({ serverUrl: server.url }), refusals);
  const startedMs = performance.now();
  expect(await outcome(network.openSocket(socketOpening({ timeoutMs: 150 })))).not.toBe('taken');
  expect(performance.now() - startedMs).toBeLessThan(waitMsMax);
  expect(refused).toEqual(rule === undefined ? [] : [rule]);
  await tookLittle();
});

test.each<Row>([
  ['a frame of 1 GB', does(says(frameHead({ first: 0x81, length: 1e9 })), floods(block)), 'frame-too-large'],
  [
    'endless fragments',
    (line) => {
      line.write(Buffer.from([0x01, 1, 0x61]));
      pours(line, Buffer.from('000161'.repeat(10_000), 'hex'));
    },
    'frame-too-large',
  ],
  ['a compressed frame', (line) => void line.write(Buffer.from([0xc1, 2, 0x4a, 0x04])), 'not-websocket'],
  ['a binary frame', (line) => void line.write(Buffer.from([0x82, 1, 0x61])), 'not-websocket'],
  ['a masked frame', (line) => void line.write(Buffer.from([0x81, 0x81, 0, 0, 0, 0, 0x61])), 'not-websocket'],
  ['bytes that are not UTF-8', (line) => void line.write(Buffer.from([0x81, 2, 0xff, 0xfe])), 'not-websocket'],
  ['a ping of 200 bytes', does(says(frameHead({ first: 0x89, length: 200 })), floods(block)), 'not-websocket'],
])('WebSocket, open: %s', async (_input, behave, rule) => {
  server.behaviour.link = undefined;
  server.behaviour.upgrade = undefined;
  const network = countBrokenRules(machineNetwork({ serverUrl: server.url }), refusals);
  const texts: string[] = [];
  let socket: { send(text: string): void } | undefined;
  server.behaviour.link = ({ line }) => behave(line);
  const closed = new Promise<string>((resolve, reject) => {
    const onText = (text: string) => void texts.push(text);
    network.openSocket(socketOpening({ onText, onClosed: resolve })).then((opened) => {
      socket = opened;
      opened.send(hello);
    }, reject);
  });
  await closed;
  expect(socket).toBeDefined();
  expect(refused).toEqual([rule]);
  expect(texts.filter((text) => !text.includes('welcome'))).toEqual([]);
  await tookLittle();
});

const hello = JSON.stringify({
  ...{ kind: 'hello', v: 1, agentVersion: '0', boot: 'b', stream: 's', holds: { keys: 0, orders: {} } },
  capabilities: { formats: ['mp3'], probes: [], stream: false, clockKept: true, deviceKind: 'receiver' },
  clock: { trusted: true, offsetMs: 0, boundMs: 1 },
});

function mqttOpening(over: Partial<MqttOpening>): MqttOpening {
  const nothing = () => undefined;
  const will = { topic: 'presence', payload: 'gone' };
  const who = { clientId: 'cum-01', username: 'cum-01', password: 't', will };
  return {
    url: server.mqttUrl,
    ...who,
    keepaliveS: 20,
    timeoutMs: 2_000,
    onMessage: nothing,
    onClosed: nothing,
    ...over,
  };
}

test.each<Row>([
  ['text', (line) => void line.write('HTTP/1.1 400 Bad Request\r\n\r\n'), 'not-mqtt'],
  ['a publish before its CONNACK', (line) => void line.write(publishPacket('a', block.subarray(0, 9), 0)), 'not-mqtt'],
  ['a CONNACK of 256 MB', does(says(Buffer.from([0x20, 0xff, 0xff, 0xff, 0x7f])), floods(block)), 'packet-too-large'],
  ['two CONNACKs', (line) => void line.write(Buffer.from([0x20, 2, 0, 0, 0x20, 2, 0, 0])), 'not-mqtt'],
  ['a flood of CONNACKs', (line) => pours(line, Buffer.from('20020000'.repeat(1_000), 'hex')), 'not-mqtt'],
  ['never answers', () => undefined, undefined],
  ['answers that trickle', says(Buffer.from([0x20, 2])), undefined],
])('MQTT, in place of a CONNACK: %s', async (_input, behave, rule) => {
  server.behaviour.connect = behave;
  const network = countBrokenRules(machineNetwork({ serverUrl: server.url }), refusals);
  const startedMs = performance.now();
  let close: (reason: string) => void = () => undefined;
  const closed = new Promise<string>((resolve) => {
    close = resolve;
  });
  const opened = await outcome(network.openMqtt(mqttOpening({ timeoutMs: 150, onClosed: close })));
  if (opened === 'taken') await closed;
  expect(performance.now() - startedMs).toBeLessThan(waitMsMax);
  expect(refused).toEqual(rule === undefined ? [] : [rule]);
  await tookLittle();
});

test.each<Row>([
  ['a packet of 200 MB', does(says(Buffer.from([0x32, 0x80, 0x84, 0xaf, 0x5f])), floods(block)), 'packet-too-large'],
  ['a length without an end', (line) => void line.write(Buffer.from([0x32, 0x80, 0x80, 0x80, 0x80, 0x80])), 'not-mqtt'],
  ['QoS 2, never asked for', (line) => pours(line, publishPacket('t', Buffer.alloc(4_000), 2)), 'not-mqtt'],
  ['QoS 3', (line) => void line.write(Buffer.from([0x36, 5, 0, 1, 0x74, 0, 1])), 'not-mqtt'],
  ['PUBREL for nothing', (line) => pours(line, Buffer.from('62020009'.repeat(10_000), 'hex')), 'not-mqtt'],
  ['a CONNECT from the broker', (line) => void line.write(Buffer.from([0x10, 0])), 'not-mqtt'],
  ['kind 15', (line) => void line.write(Buffer.from([0xf0, 0])), 'not-mqtt'],
  ['a publish cut short inside', (line) => void line.write(Buffer.from([0x32, 3, 0, 9, 0x61])), 'not-mqtt'],
  ['a second CONNACK', (line) => void line.write(Buffer.from([0x20, 2, 0, 0])), 'not-mqtt'],
])('MQTT, open: %s', async (_input, behave, rule) => {
  server.behaviour.session = ({ line }) => behave(line);
  const network = countBrokenRules(machineNetwork({ serverUrl: server.url }), refusals);
  let messages = 0;
  const closed = new Promise<string>((resolve, reject) => {
    const onMessage = () => {
      messages += 1;
    };
    network.openMqtt(mqttOpening({ onMessage, onClosed: resolve })).then((session) => {
      session.subscribe(['plan']).catch(() => undefined);
    }, reject);
  });
  await closed;
  expect(refused).toEqual([rule]);
  expect(messages).toBe(0);
  await tookLittle();
});

test.each<[string, extensions: string, behave: (line: Socket) => void, rule: Rule]>([
  ['compression, never offered', 'Sec-WebSocket-Extensions: permessage-deflate\r\n', () => undefined, 'not-websocket'],
  [
    'a compressed bomb all the same',
    '',
    does(says(frameHead({ first: 0xc2, length: 1e8 })), floods(block)),
    'not-websocket',
  ],
  ['a frame of 90 MB', '', does(says(frameHead({ first: 0x82, length: 9e7 })), floods(block)), 'frame-too-large'],
])('MQTT over WebSocket: %s', async (_input, extensions, behave, rule) => {
  server.behaviour.upgrade = (line, request) => {
    const seed = `${request.headers['sec-websocket-key']}258EAFA5-E914-47DA-95CA-C5AB0DC85B11`;
    const accept = createHash('sha1').update(seed).digest('base64');
    line.write(
      `HTTP/1.1 101 Yes\r\nUpgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Protocol: mqtt\r\n${extensions}Sec-WebSocket-Accept: ${accept}\r\n\r\n`,
    );
    behave(line);
  };
  const network = countBrokenRules(machineNetwork({ serverUrl: server.url }), refusals);
  expect(await outcome(network.openMqtt(mqttOpening({ url: undefined })))).not.toBe('taken');
  expect(refused).toEqual([rule]);
  await tookLittle();
});
