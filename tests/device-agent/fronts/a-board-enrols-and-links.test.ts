/**
 * The rooms of keep, link and time wired as the composition wires them, on a real disk and real sockets, against a small
 * real server: from the claim code to documents in force, a clip on the card, reports receipted, and back after a fall.
 */
import { mkdtemp, rm } from 'node:fs/promises';
import http from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Now } from '@loa/device-agent/contracts.ts';
import { machineClock } from '@loa/device-agent/edges/clock.ts';
import { openMachineDisk } from '@loa/device-agent/edges/machine-disk.ts';
import { machineNetwork } from '@loa/device-agent/edges/machine-network.ts';
import { machineRandom } from '@loa/device-agent/edges/random.ts';
import { createDoor } from '@loa/device-agent/fronts/link/door.ts';
import { enrol } from '@loa/device-agent/fronts/link/enrol.ts';
import { createLink } from '@loa/device-agent/fronts/link/link.ts';
import { openClipShelf } from '@loa/device-agent/keep/clips/clip-shelf.ts';
import { openDocuments } from '@loa/device-agent/keep/documents/documents.ts';
import { openOutbox } from '@loa/device-agent/keep/outbox.ts';
import { createRefusals } from '@loa/device-agent/keep/refusals.ts';
import { openSettings } from '@loa/device-agent/keep/settings/settings.ts';
import { createTimekeeper } from '@loa/device-agent/work/timekeeper/timekeeper.ts';
import {
  type DeviceMessage,
  deviceMessageSchema,
  doorPaths,
  enrolRequestSchema,
  open,
  type PublicKey,
  publicPart,
  type Report,
  topics,
} from '@loa/protocol/device';
import { Aedes } from 'aedes';
import { afterEach, expect, it } from 'vitest';
import { createWebSocketStream, type WebSocket, WebSocketServer } from 'ws';
import { wholeReads } from '../../harness/whole-reads.ts';
import { areaId, clipOf, deviceId, installation, rootKey, type Sealed } from '../installation.ts';

const board = {
  capabilities: {
    formats: ['ogg-opus' as const],
    probes: [],
    stream: false,
    clockKept: false,
    deviceKind: 'receiver' as const,
  },
  description: 'test board',
};
const ending: (() => Promise<unknown>)[] = [];

afterEach(async () => {
  for (const end of ending.splice(0).reverse()) await end();
});

/** A server in one file: one device, its documents, one clip; forgets its tokens when it falls. */
async function smallServer(state: { stored: Report[]; files: Map<string, Uint8Array>; retained: Sealed[] }, port = 0) {
  const broker = await Aedes.createBroker();
  const links = new WebSocketServer({ noServer: true });
  const seen = { messages: [] as DeviceMessage[], presence: [] as string[], links: [] as WebSocket[] };
  let deviceKey: PublicKey | undefined;
  let nonces = 0;
  const tokens = new Set<string>();
  const isAllowed = (header: string | undefined) => tokens.has((header ?? '').replace('Bearer ', ''));

  broker.authenticate = (_client, username, password, done) => {
    const isRight = username === deviceId && tokens.has(String(password));
    done(isRight ? null : Object.assign(new Error('no'), { returnCode: 5 }), isRight);
  };
  broker.subscribe(
    topics.presence(deviceId),
    (packet, done) => {
      seen.presence.push(packet.payload.toString());
      done();
    },
    () => undefined,
  );
  const publish = ({ topic, payload }: Sealed) =>
    new Promise<void>((resolve) => {
      const packet = {
        cmd: 'publish',
        topic,
        payload: Buffer.from(payload),
        qos: 1,
        retain: true,
        dup: false,
      } as const;
      broker.publish(packet, () => resolve());
    });
  for (const message of state.retained) await publish(message);

  const server = http.createServer(async (request, response) => {
    let body = '';
    for await (const piece of request) body += String(piece);
    const answer = (status: number, json: unknown) => response.writeHead(status).end(JSON.stringify(json));
    if (request.url === doorPaths.enrol) {
      const asked = enrolRequestSchema.parse(JSON.parse(body));
      if (asked.claimCode !== '7KQ2MX4T9D') return answer(403, { detail: 'The claim code is wrong or has expired.' });
      deviceKey = asked.publicKey;
      const keys = Buffer.from(installation().keys().payload).toString();
      const serverTime = new Date().toISOString();
      return answer(200, { deviceId, clusterName: 'Thôn 1', rootKey: publicPart(rootKey), keys, serverTime });
    }
    if (request.url === doorPaths.nonce) {
      nonces += 1;
      return answer(200, { nonce: `nonce-${nonces}` });
    }
    if (request.url === doorPaths.token) {
      const { proof } = JSON.parse(body) as { proof: string };
      const opened = open({ text: proof, keys: deviceKey === undefined ? [] : [deviceKey], type: 'loa-nonce' });
      if (!opened.ok) return answer(403, { detail: 'not known' });
      const token = `token-${crypto.randomUUID()}`;
      tokens.add(token);
      return answer(200, { token, expiresAt: new Date(Date.now() + 900_000).toISOString() });
    }
    const bytes = state.files.get((request.url ?? '').split('/').at(-1) ?? '');
    if (!isAllowed(request.headers.authorization)) return answer(401, {});
    if (bytes === undefined) return answer(404, {});
    const from = Number(/bytes=(\d+)-/.exec(request.headers.range ?? '')?.[1] ?? 0);
    const range = from > 0 ? { 'content-range': `bytes ${from}-${bytes.length - 1}/${bytes.length}` } : {};
    response.writeHead(from > 0 ? 206 : 200, range).end(bytes.subarray(from));
  });
  server.on('upgrade', (request, socket, head) => {
    if (request.url === doorPaths.mqtt) {
      links.handleUpgrade(request, socket, head, (ws) => {
        const stream = wholeReads(createWebSocketStream(ws));
        stream.on('error', () => undefined);
        broker.handle(stream, request);
      });
    } else if (!isAllowed(request.headers.authorization)) socket.end('HTTP/1.1 401 Unauthorized\r\n\r\n');
    else
      links.handleUpgrade(request, socket, head, (ws) => {
        seen.links.push(ws);
        ws.on('message', (data) => {
          const message = deviceMessageSchema.parse(JSON.parse(String(data)));
          seen.messages.push(message);
          const say = (answer: unknown) => ws.send(JSON.stringify(answer));
          if (message.kind === 'hello') say({ kind: 'welcome', storedSeq: state.stored.at(-1)?.seq ?? 0 });
          else if (message.kind === 'time-request') {
            const receivedMs = Date.now();
            say({ kind: 'time-answer', sentMs: message.sentMs, receivedMs, answeredMs: receivedMs });
          } else if (message.kind === 'reports') {
            state.stored.push(...message.reports);
            say({ kind: 'receipt', stream: message.stream, seq: message.reports.at(-1)?.seq ?? 0 });
          }
        });
      });
  });
  await new Promise<void>((resolve) => server.listen(port, '127.0.0.1', resolve));
  return {
    port: (server.address() as AddressInfo).port,
    seen,
    publish,
    enrolled: () => deviceKey,
    setKey: (key: PublicKey | undefined) => {
      deviceKey = key;
    },
    async fall() {
      for (const socket of links.clients) socket.terminate();
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
      await new Promise<void>((resolve) => broker.close(resolve));
    },
  };
}

it('from the claim code to sound on the card, and back after the server fell', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'loa-link-'));
  ending.push(() => rm(folder, { recursive: true, force: true, maxRetries: 5 }));
  const documentsServer = installation();
  const bytes = new Uint8Array(300_000).map((_, index) => index % 251);
  const clip = clipOf(bytes);
  const issuedAtMs = Date.now();
  const long = documentsServer.plan({ byHash: true, clips: [clip], issuedAtMs, expiresAtMs: Date.now() + 86_400_000 });
  const state = {
    stored: [] as Report[],
    files: new Map<string, Uint8Array>([
      [clip.id, bytes],
      [long.hash, Buffer.from(long.bodyText)],
    ]),
    retained: [
      documentsServer.keys(),
      long,
      documentsServer.hours({ issuedAtMs }),
      documentsServer.orders({ area: areaId, issuedAtMs }),
    ],
  };
  let server = await smallServer(state);
  const serverUrl = `http://127.0.0.1:${server.port}`;
  const network = machineNetwork({ serverUrl });
  const disk = await openMachineDisk(folder);
  ending.push(
    async () => network.close(),
    () => disk.close(),
    () => server.fall(),
  );
  const onDamaged = () => expect.unreachable('nothing is damaged');
  const settings = await openSettings({ disk, onDamaged });
  const asking = { network, settings, random: machineRandom, board, agentVersion: '0.1.0', serverUrl };
  expect(await enrol({ ...asking, claimCode: 'x' })).toMatchObject({ ok: false, isFinal: true });
  expect(await enrol({ ...asking, claimCode: '22222-22222' })).toEqual({
    ok: false,
    reason: 'The claim code is wrong or has expired.',
    isFinal: true,
  });
  const keyBefore = settings.read().keyToEnrol;
  const enrolled = await enrol({ ...asking, claimCode: '7kq2m-x4t9d' });
  expect(enrolled.ok).toBe(true);
  const identity = (await openSettings({ disk, onDamaged })).read().identity;
  if (identity === undefined || !enrolled.ok) return expect.unreachable('the identity is on disk');
  expect(identity.privateKey).toEqual(keyBefore);
  expect(server.enrolled()).toEqual(publicPart(identity.privateKey));

  const clock = machineClock;
  const now = (): Now => timekeeper.now();
  const outbox = await openOutbox({ disk, random: machineRandom, now, onDamaged });
  const refusals = createRefusals({ clock, report: (event) => void outbox.add(event) });
  const door = createDoor({ network, clock, identity, refusals });
  const documents = await openDocuments({
    ...{ disk, settings, identity, clock, random: machineRandom, now, refusals, onDamaged },
    fetchBody: door.fetchBody,
    onChange: () => {
      link.documentsChanged();
      const plan = documents.plan();
      if (plan !== undefined)
        clips.want(plan.body.clips.map((one) => ({ clip: one, neededMs: now().ms, emergency: false })));
    },
    onWritten: () => link.documentsChanged(),
  });
  const timekeeper = createTimekeeper({
    clock,
    clockKept: false,
    floorMs: documents.floorMs,
    onChange: () => undefined,
  });
  const clips = await openClipShelf({
    ...{ disk, clock, random: machineRandom, now, refusals },
    formats: board.capabilities.formats,
    source: door.fetchClip,
    onChange: () => undefined,
    onSpace: () => undefined,
  });
  const link = createLink({
    ...{ network, clock, random: machineRandom, door, deviceId: identity.deviceId, board, agentVersion: '0.1.0' },
    ...{ boot: 'boot-1', documents, outbox, timekeeper, refusals },
    progress: () => [],
    onConnected: () => {
      documents.retryBody();
      clips.retryNow();
    },
    onState: () => undefined,
  });
  ending.push(async () => {
    clips.close();
    documents.close();
    timekeeper.close();
  }, link.stop);
  expect(documents.receive(topics.keys(), Buffer.from(enrolled.keys))).toEqual({ ok: true, isNews: true });
  link.start();

  await expect
    .poll(() => documents.holds(), { timeout: 5_000 })
    .toMatchObject({
      plan: long.sequence,
      orders: { [areaId]: { epoch: 1 } },
    });
  await expect.poll(() => clips.find(clip).state, { timeout: 5_000 }).toBe('here');
  await expect.poll(() => now().trusted, { timeout: 5_000 }).toBe(true);
  expect(Math.abs(now().ms - Date.now())).toBeLessThan(100);
  expect(server.seen.presence).toEqual(['{"v":1,"online":true,"boot":"boot-1"}']);
  await expect
    .poll(() => server.seen.messages.findLast(({ kind }) => kind === 'heartbeat'), { timeout: 5_000 })
    .toMatchObject({
      holds: { plan: long.sequence },
    });

  for (let index = 0; index < 100; index += 1)
    await outbox.add({ kind: 'refused', subject: `lần ${index}`, reason: 'thử', count: 1 });
  await expect.poll(() => state.stored.length, { timeout: 5_000 }).toBe(100);

  const key = server.enrolled();
  await server.fall();
  for (let index = 100; index < 150; index += 1)
    await outbox.add({ kind: 'refused', subject: `lần ${index}`, reason: 'thử', count: 1 });
  await expect.poll(() => link.state().mqtt.phase, { timeout: 5_000 }).not.toBe('connected');
  const newer = documentsServer.hours({ issuedAtMs });
  state.retained.push(newer);
  server = await smallServer(state, server.port);
  server.setKey(key);
  await expect.poll(() => state.stored.length, { timeout: 15_000 }).toBe(150);
  await expect.poll(() => documents.holds().hours, { timeout: 15_000 }).toEqual(newer.sequence);
  expect(state.stored.map(({ seq }) => seq)).toEqual(Array.from({ length: 150 }, (_, index) => index + 1));
  expect(state.stored.every(({ event }) => event.kind === 'refused' && event.reason === 'thử')).toBe(true);
}, 45_000);
