/** Promise: a panel gets a snapshot, numbered deltas and a beat; a slow one gets the newest only and delays no other. */
import { once } from 'node:events';
import {
  type Change,
  type ClockDoubt,
  type ClusterView,
  livePath,
  type Person,
  panelMessageSchema,
  rightsOf,
} from '@loa/protocol/panel';
import { createPanelFeeds, type PanelFeeds } from '@loa/server/fronts/live/panel-feeds.ts';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { z } from 'zod';
import { type HandClock, handClock } from './hand-clock.ts';
import { type Client, dial, openSocketDoor, type SocketDoor } from './socket-door.ts';

let clock: HandClock;
let feeds: PanelFeeds;
let door: SocketDoor;
let watchers: Set<(changes: Change[]) => void>;
let signedIn: Map<string, Person>;
let clusters: ClusterView[];
let doubt: ClockDoubt | undefined;

const person = (id: string, areaId = 'commune'): Person => ({
  id,
  login: id,
  name: id,
  role: 'officer',
  areaId,
  rights: [...rightsOf.officer],
});
const cluster = (id: string, name = id): ClusterView => ({
  id,
  name,
  areaId: 'commune',
  horns: 2,
  reach: 'never',
  planCurrent: true,
  faults: [],
});
const tell = (...changes: Change[]) => {
  for (const watcher of watchers) watcher(changes);
};

beforeEach(async () => {
  clock = handClock();
  watchers = new Set();
  clusters = [cluster('k1')];
  signedIn = new Map([
    ['t1', person('p1')],
    ['t2', person('p2')],
  ]);
  doubt = undefined;
  feeds = createPanelFeeds({
    clock,
    clockDoubt: () => doubt,
    log: () => {},
    cookieName: 'loa_session',
    hosts: ['loa.example.vn'],
    people: { personOf: async (token) => signedIn.get(token) },
    roster: {
      snapshot: ({ areaId }) => ({
        kind: 'snapshot',
        number: 0,
        serverTime: '2026-11-20T10:00:00Z',
        areas: [
          {
            id: areaId,
            parentId: null,
            kind: 'commune',
            name: areaId,
            hours: { spans: [], document: '', isDefault: true },
          },
        ],
        clusters,
        airings: [],
      }),
      subscribe: (_person, onChanges) => {
        watchers.add(onChanges);
        return () => watchers.delete(onChanges);
      },
    },
  });
  door = await openSocketDoor({ [livePath]: feeds.upgrade });
});
afterEach(async () => {
  feeds.stop();
  await door.close();
});

const open = (token: string, headers: Record<string, string> = {}): Promise<Client> =>
  dial(`${door.url}${livePath}`, { cookie: `x=1; loa_session=${token}`, ...headers });
const kinds = ({ heard }: Client) => heard.map((message) => panelMessageSchema.parse(message).kind);
const heard = (panel: Client, count: number) => expect.poll(() => panel.heard.length, { timeout: 5_000 }).toBe(count);

test('a panel without a sign-in, or from another site’s page, does not come in', async () => {
  expect(await (await dial(`${door.url}${livePath}`)).ended).toBe(401);
  expect(await (await open('t9')).ended).toBe(401);
  expect(await (await open('t1', { origin: 'http://evil.example' })).ended).toBe(403);
  expect(await (await open('t1', { origin: 'null' })).ended).toBe(403);
  expect(watchers.size).toBe(0);
});

test('a panel of the own page comes in, behind a proxy too', async () => {
  await heard(await open('t1', { origin: door.url.replace('ws', 'http') }), 1);
  await heard(await open('t1', { origin: 'https://loa.example.vn' }), 1);
});

test('a snapshot, then deltas each one number on, the newest state of a thing winning', async () => {
  const panel = await open('t1');
  await heard(panel, 1);
  tell({ kind: 'cluster', cluster: cluster('k1', 'old') }, { kind: 'cluster', cluster: cluster('k2') });
  tell({ kind: 'cluster', cluster: cluster('k1', 'new') });
  clock.advance(100);
  tell({ kind: 'airing-gone', occurrence: 'o1' });
  clock.advance(100);
  await heard(panel, 3);
  expect(panel.heard).toMatchObject([
    { kind: 'snapshot', number: 1 },
    { kind: 'delta', number: 2, changes: [{ cluster: { id: 'k1', name: 'new' } }, { cluster: { id: 'k2' } }] },
    { kind: 'delta', number: 3, changes: [{ kind: 'airing-gone', occurrence: 'o1' }] },
  ]);
});

test('a beat every 2 s tells the last number, so that a lost delta is noticed', async () => {
  const panel = await open('t1');
  await heard(panel, 1);
  clock.advance(6_000);
  await heard(panel, 4);
  expect(panel.heard.slice(1)).toMatchObject(Array(3).fill({ kind: 'beat', number: 1 }));
});

test('a panel that missed something asks and gets a snapshot, at most one a second', async () => {
  const panel = await open('t1');
  await heard(panel, 1);
  clock.advance(1_000);
  for (let i = 0; i < 50; i += 1) panel.socket.send(JSON.stringify({ kind: 'resync' }));
  await heard(panel, 2);
  clock.advance(1_000);
  await heard(panel, 3);
  expect(kinds(panel)).toEqual(['snapshot', 'snapshot', 'snapshot']);
});

test('a slow panel delays no other, and is sent one fresh snapshot when it has drained', async () => {
  const [slow, quick] = [await open('t1'), await open('t2')];
  await Promise.all([heard(slow, 1), heard(quick, 1)]);
  slow.socket.pause();
  const big = 'x'.repeat(100_000);
  const rounds = 300;
  for (let i = 1; i <= rounds; i += 1) {
    clusters = [cluster('k1', `${i}${big}`)];
    const told = once(quick.socket, 'message');
    tell({ kind: 'cluster', cluster: clusters[0] ?? cluster('k1') });
    clock.advance(100);
    await told;
  }
  await expect.poll(() => kinds(quick).filter((kind) => kind === 'delta').length).toBe(rounds);
  slow.socket.resume();
  const snapshots = () => kinds(slow).filter((kind) => kind === 'snapshot').length;
  await expect.poll(snapshots, { timeout: 10_000 }).toBe(2);
  expect(kinds(slow).at(-1)).toBe('snapshot');
  expect(kinds(slow).filter((kind) => kind === 'delta').length).toBeLessThan(rounds);
  const last = panelMessageSchema.parse(slow.heard.at(-1));
  expect(last.kind === 'snapshot' && last.clusters[0]?.name).toBe(`${rounds}${big}`);
});

test('what does not drain for a minute is cut', async () => {
  const panel = await open('t1');
  await heard(panel, 1);
  panel.socket.pause();
  const big = 'x'.repeat(1_000_000);
  for (let i = 0; i < 40; i += 1) {
    tell({ kind: 'cluster', cluster: cluster('k1', big) });
    clock.advance(100);
  }
  for (let i = 0; i < 35; i += 1) clock.advance(2_000);
  expect(feeds.count()).toBe(0);
});

test('a sign-in that ends is told at once, an expired one within 15 s', async () => {
  const [first, second] = [await open('t1'), await open('t2')];
  await Promise.all([heard(first, 1), heard(second, 1)]);
  feeds.signedOut('t1');
  expect(await first.ended).toBe(4401);
  expect(kinds(first)).toEqual(['snapshot', 'signed-out']);
  signedIn.delete('t2');
  clock.advance(16_000);
  expect(await second.ended).toBe(4401);
  expect(kinds(second).at(-1)).toBe('signed-out');
  expect(watchers.size).toBe(0);
});

test('a person who moves to another area sees that area from then on', async () => {
  const panel = await open('t1');
  await heard(panel, 1);
  signedIn.set('t1', person('p1', 'other'));
  clock.advance(16_000);
  await expect.poll(() => kinds(panel).filter((kind) => kind === 'snapshot').length).toBe(2);
  expect(panel.heard.at(-1)).toMatchObject({ kind: 'snapshot', areas: [{ id: 'other' }] });
  expect(watchers.size).toBe(1);
});

test('one person has eight panels at most; another is not kept out by that', async () => {
  for (let i = 0; i < 8; i += 1) await heard(await open('t1'), 1);
  expect(await (await open('t1')).ended).toBe(503);
  await heard(await open('t2'), 1);
});

test.each(['{', '{"kind":"sing"}', '[]'])('what is not understood ends the feed: %s', async (text) => {
  const panel = await open('t1');
  await heard(panel, 1);
  panel.socket.send(text);
  expect(await panel.ended).toBe(1008);
});

test('a frame of 10 MB is refused with 1009', async () => {
  const panel = await open('t1');
  await heard(panel, 1);
  panel.socket.send('x'.repeat(10_000_000));
  expect(await panel.ended).toBe(1009);
});

test('a clock that is not believed is told with the snapshot and with the next beat, and so is its end (P9)', async () => {
  const panel = await open('t1');
  await heard(panel, 1);
  doubt = 'stepped';
  clock.advance(2_000);
  await heard(panel, 2);
  const late = await open('t2');
  await heard(late, 1);
  doubt = undefined;
  clock.advance(2_000);
  await heard(panel, 3);
  const told = (message: unknown) => z.looseObject({ clockDoubt: z.string().optional() }).parse(message).clockDoubt;
  expect(panel.heard.map(told)).toEqual([undefined, 'stepped', undefined]);
  expect(late.heard.slice(0, 1).map(told)).toEqual(['stepped']);
});
