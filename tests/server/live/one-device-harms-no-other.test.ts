/** Promise: whatever a device sends over its link, it troubles nobody but itself. */
import type { DeviceMessage, ServerMessage } from '@loa/protocol/device';
import { createDeviceLinks, type DeviceLinks } from '@loa/server/fronts/live/device-links.ts';
import type { DeviceLife } from '@loa/server/work/contracts.ts';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { type HandClock, handClock } from './hand-clock.ts';
import { type Client, dial, openSocketDoor, type SocketDoor } from './socket-door.ts';

const path = '/device/v1/link';
const time = (sentMs: number) => JSON.stringify({ kind: 'time-request', sentMs });

let clock: HandClock;
let links: DeviceLinks;
let door: SocketDoor;
let received: { deviceId: string; message: DeviceMessage }[];
let closed: string[];
let sends: Map<string, (message: ServerMessage) => void>;
let receive: (deviceId: string, message: DeviceMessage) => Promise<void>;

beforeEach(async () => {
  clock = handClock();
  received = [];
  closed = [];
  sends = new Map();
  receive = async () => {};
  links = createDeviceLinks({
    clock,
    log: () => {},
    deviceOf: (token) => (token.startsWith('t-') ? { deviceId: token.slice(2), clusterId: 'c' } : undefined),
    intake: {
      open: ({ deviceId }, send): DeviceLife => {
        sends.set(deviceId, send);
        return {
          receive: async (message) => {
            received.push({ deviceId, message });
            await receive(deviceId, message);
            if (message.kind === 'time-request') {
              send({ kind: 'time-answer', sentMs: message.sentMs, receivedMs: 0, answeredMs: 0 });
            }
          },
          closed: () => closed.push(deviceId),
        };
      },
    },
  });
  door = await openSocketDoor({ [path]: links.upgrade });
});
afterEach(async () => {
  links.stop();
  await door.close();
});

const link = (deviceId: string): Promise<Client> =>
  dial(`${door.url}${path}`, { authorization: `Bearer t-${deviceId}` });

test('a device without a token, or with a wrong one, does not come in', async () => {
  expect(await (await dial(`${door.url}${path}`)).ended).toBe(401);
  expect(await (await dial(`${door.url}${path}`, { authorization: 'Bearer x' })).ended).toBe(401);
  expect(links.count()).toBe(0);
});

test('an unknown path is refused', async () => {
  expect(await (await dial(`${door.url}/device/v2/link`, { authorization: 'Bearer t-d1' })).ended).toBe(404);
});

test('a frame of 10 MB is refused with 1009 and nothing else is harmed', async () => {
  const bad = await link('bad');
  const good = await link('good');
  bad.socket.send('x'.repeat(10_000_000));
  expect(await bad.ended).toBe(1009);
  await expect.poll(() => closed).toEqual(['bad']);
  good.socket.send(time(1));
  await expect.poll(() => good.heard).toEqual([{ kind: 'time-answer', sentMs: 1, receivedMs: 0, answeredMs: 0 }]);
  expect(received.map(({ deviceId }) => deviceId)).toEqual(['good']);
});

test('malformed frames are refused with a reason; the fifth within a minute closes', async () => {
  const device = await link('d1');
  for (const frame of ['{"kind": ', '{"kind":"sing"}', '[]', '{"kind":"heartbeat"}']) device.socket.send(frame);
  await expect.poll(() => device.heard.length).toBe(4);
  expect(device.heard[0]).toEqual({ kind: 'refused', reason: 'not JSON', fatal: false });
  device.socket.send(time(1));
  await expect.poll(() => device.heard.length).toBe(5);
  device.socket.send(Buffer.from([1, 2, 3]), { binary: true });
  expect(await device.ended).toBe(1008);
  expect(device.heard[5]).toMatchObject({ kind: 'refused', fatal: true });
});

test('malformed frames that are a minute apart do not close', async () => {
  const device = await link('d1');
  for (let i = 1; i <= 8; i += 1) {
    device.socket.send('{');
    await expect.poll(() => device.heard.length).toBe(i);
    clock.advance(16_000);
  }
  expect(device.heard.every((message) => JSON.stringify(message).includes('"fatal":false'))).toBe(true);
});

test('one frame is handled at a time, in order, and a busy device is not read', async () => {
  let release = () => {};
  let isFirst = true;
  receive = async () => {
    if (!isFirst) return;
    isFirst = false;
    await new Promise<void>((resolve) => {
      release = resolve;
    });
  };
  const device = await link('d1');
  // More than the buffers between the two hold, so that the sender feels that nobody reads.
  const frame = JSON.stringify({ kind: 'time-request', sentMs: 0, padding: 'x'.repeat(60_000) });
  for (let i = 0; i < 400; i += 1) device.socket.send(frame);
  await expect.poll(() => received.length).toBe(1);
  await new Promise((resolve) => setTimeout(resolve, 300));
  expect(received.length).toBe(1);
  expect(device.socket.bufferedAmount).toBeGreaterThan(5_000_000);

  const other = await link('d2');
  other.socket.send(time(7));
  await expect.poll(() => other.heard.length).toBe(1);

  release();
  await expect.poll(() => device.heard.length, { timeout: 10_000 }).toBe(400);
});

test('the newest link of a device wins and the old one is closed', async () => {
  const old = await link('d1');
  const fresh = await link('d1');
  expect(await old.ended).toBe(4001);
  expect(closed).toEqual(['d1']);
  fresh.socket.send(time(1));
  await expect.poll(() => fresh.heard.length).toBe(1);
  expect(links.count()).toBe(1);
});

test('a revoked device is cut at once', async () => {
  const device = await link('d1');
  links.revoke('d1');
  expect(await device.ended).toBe(4003);
  expect(links.count()).toBe(0);
});

test('a device that is silent for 40 s is taken for gone, one that answers pings is not', async () => {
  const dead = await link('dead');
  const alive = await link('alive');
  dead.socket.pause();
  for (let i = 0; i < 3; i += 1) {
    const ping = new Promise((resolve) => alive.socket.once('ping', resolve));
    clock.advance(15_000);
    if (i < 2) await ping;
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
  await expect.poll(() => closed).toEqual(['dead']);
  expect(links.count()).toBe(1);
});

test('a device that does not read is cut before what waits for it fills memory', async () => {
  const device = await link('d1');
  device.socket.pause();
  let sent = 0;
  while (closed.length === 0 && sent < 100_000) {
    sends.get('d1')?.({ kind: 'refused', reason: 'x'.repeat(500), fatal: false });
    sent += 1;
    if (sent % 100 === 0) await new Promise((resolve) => setImmediate(resolve));
  }
  expect(closed).toEqual(['d1']);
  expect(links.count()).toBe(0);
});

test('an intake that fails ends that link only', async () => {
  receive = async (deviceId) => {
    if (deviceId === 'd1') throw new Error('the store is gone');
  };
  const [one, two] = [await link('d1'), await link('d2')];
  one.socket.send(time(1));
  two.socket.send(time(1));
  expect(await one.ended).toBe(1011);
  await expect.poll(() => two.heard.length).toBe(1);
});
