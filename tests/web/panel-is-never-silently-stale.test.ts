/** The panel says within 5 s that its picture may be old, and catches up by itself (DESIGN P13). Time is moved by hand. */
import { beatMs, staleAfterMs } from '@loa/protocol/panel';
import { askAfterMs, reconnectMsMax } from '@loa/web/live/feed.ts';
import { expect, it } from 'vitest';
import { clusterOf, FeedBench } from './live-feed.ts';

it('is live as soon as a snapshot has come, and knows the server’s time', () => {
  const bench = new FeedBench().drawn();
  expect(bench.feed.state()).toMatchObject({ phase: 'live', isDrawn: true, offsetMs: 3_600_000 });
  expect(bench.feed.state().picture.clusters.get('c-1')?.name).toBe('c-1');
});

it('stays live on beats alone', () => {
  const bench = new FeedBench().drawn();
  for (let beat = 0; beat < 30; beat += 1) {
    bench.advance(beatMs);
    bench.say({ kind: 'beat', number: 1, serverTime: bench.serverTime() });
  }
  expect(bench.feed.state().phase).toBe('live');
  expect(bench.sockets).toHaveLength(1);
});

it('says that it is stale 5 s after the last word, keeps the last picture, and connects again', () => {
  const bench = new FeedBench().drawn();
  bench.advance(staleAfterMs - 1);
  expect(bench.feed.state().phase).toBe('live');
  bench.advance(1);
  expect(bench.feed.state().phase).toBe('stale');
  expect(bench.feed.state().picture.clusters.size).toBe(1);
  bench.advance(reconnectMsMax);
  expect(bench.sockets.length).toBeGreaterThan(1);
});

it('says so at once when the socket closes', () => {
  const bench = new FeedBench().drawn();
  bench.socket().events.closed();
  expect(bench.feed.state().phase).toBe('stale');
});

it('says so within 5 s when there has never been a picture', () => {
  const bench = new FeedBench();
  bench.feed.start();
  bench.socket().events.closed();
  bench.advance(staleAfterMs);
  expect(bench.feed.state()).toMatchObject({ phase: 'stale', isDrawn: false });
});

it('is live again with the new snapshot, whatever its number', () => {
  const bench = new FeedBench().drawn();
  bench.socket().events.closed();
  bench.advance(reconnectMsMax);
  bench.socket().events.opened();
  bench.say({
    kind: 'snapshot',
    number: 1,
    serverTime: bench.serverTime(),
    areas: [],
    clusters: [clusterOf('c-2')],
    airings: [],
  });
  expect(bench.feed.state().phase).toBe('live');
  expect([...bench.feed.state().picture.clusters.keys()]).toEqual(['c-2']);
});

it('gives up an attempt that is swallowed by the network and tries another', () => {
  const bench = new FeedBench().drawn();
  bench.socket().events.closed();
  bench.advance(reconnectMsMax);
  const swallowed = bench.socket();
  bench.advance(staleAfterMs + reconnectMsMax);
  expect(swallowed.isClosed).toBe(true);
  expect(bench.socket()).not.toBe(swallowed);
});

it('keeps trying through an outage of an hour, at most every few seconds', () => {
  const bench = new FeedBench().drawn();
  bench.socket().events.closed();
  for (let second = 0; second < 3_600; second += 1) {
    bench.advance(1_000);
    if (!bench.socket().isClosed) bench.socket().events.closed();
  }
  expect(bench.sockets.length).toBeGreaterThan(3_600_000 / (2 * reconnectMsMax));
  expect(bench.sockets.length).toBeLessThan(3_600);
});

it('looks at once when the page wakes after its timers stood still', () => {
  const bench = new FeedBench().drawn();
  bench.nowMs += 60_000;
  bench.feed.wake();
  expect(bench.feed.state().phase).toBe('stale');
  expect(bench.sockets).toHaveLength(2);
});

it('asks for a picture when an open socket brings none', () => {
  const bench = new FeedBench();
  bench.feed.start();
  bench.socket().events.opened();
  bench.advance(askAfterMs);
  expect(bench.socket().sent).toEqual([{ kind: 'resync' }]);
});

it('stops for good when it is signed out', () => {
  const bench = new FeedBench().drawn();
  bench.say({ kind: 'signed-out' });
  bench.advance(120_000);
  expect(bench.feed.state().phase).toBe('signed-out');
  expect(bench.sockets).toHaveLength(1);
});

it('does not listen to a socket it has left', () => {
  const bench = new FeedBench().drawn();
  const former = bench.socket();
  former.events.closed();
  bench.advance(reconnectMsMax);
  const late = { kind: 'snapshot', number: 9, serverTime: bench.serverTime(), areas: [], clusters: [], airings: [] };
  former.events.received(JSON.stringify(late));
  expect(bench.feed.state().phase).toBe('stale');
});

it('says that the server doubts its clock from the beat that tells it until the beat that does not (P9)', () => {
  const bench = new FeedBench().drawn();
  expect(bench.feed.state().clockDoubt).toBeUndefined();
  bench.say({ kind: 'beat', number: 1, serverTime: bench.serverTime(), clockDoubt: 'stepped' });
  expect(bench.feed.state().clockDoubt).toBe('stepped');
  bench.say({ kind: 'delta', number: 2, serverTime: bench.serverTime(), changes: [] });
  expect(bench.feed.state().clockDoubt).toBe('stepped');
  bench.say({ kind: 'beat', number: 2, serverTime: bench.serverTime() });
  expect(bench.feed.state().clockDoubt).toBeUndefined();
});
