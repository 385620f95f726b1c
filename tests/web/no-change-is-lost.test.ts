/** A missed, repeated or unreadable delta never leaves a wrong picture behind. */
import { staleAfterMs } from '@loa/protocol/panel';
import { nextPicture, pictureOf } from '@loa/web/live/picture.ts';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { airingOf, clusterOf, FeedBench } from './live-feed.ts';

const serverTime = '2026-11-27T10:00:00Z';

describe('a delta', () => {
  it('replaces what it names and leaves the identity of the rest', () => {
    const bench = new FeedBench().drawn([clusterOf('c-1'), clusterOf('c-2')]);
    const untouched = bench.feed.state().picture.clusters.get('c-2');
    const changed = clusterOf('c-1', { reach: 'out-of-reach' });
    bench.say({ kind: 'delta', number: 2, serverTime, changes: [{ kind: 'cluster', cluster: changed }] });
    expect(bench.feed.state().picture.clusters.get('c-1')?.reach).toBe('out-of-reach');
    expect(bench.feed.state().picture.clusters.get('c-2')).toBe(untouched);
  });

  it('brings and takes away airings', () => {
    const bench = new FeedBench().drawn();
    bench.say({ kind: 'delta', number: 2, serverTime, changes: [{ kind: 'airing', airing: airingOf() }] });
    expect(bench.feed.state().picture.airings.size).toBe(1);
    bench.say({ kind: 'delta', number: 3, serverTime, changes: [{ kind: 'airing-gone', occurrence: 'b-1@1' }] });
    expect(bench.feed.state().picture.airings.size).toBe(0);
  });

  it('that leaves a gap asks for a new snapshot, and nothing is believed until it has come', () => {
    const bench = new FeedBench().drawn();
    bench.say({ kind: 'delta', number: 3, serverTime, changes: [{ kind: 'cluster', cluster: clusterOf('c-9') }] });
    expect(bench.socket().sent).toEqual([{ kind: 'resync' }]);
    expect(bench.feed.state().picture.clusters.has('c-9')).toBe(false);
    bench.say({ kind: 'delta', number: 4, serverTime, changes: [] });
    expect(bench.socket().sent).toHaveLength(1);
    bench.advance(staleAfterMs);
    expect(bench.feed.state().phase).toBe('stale');
  });

  it('that the beat shows to be missing is asked for', () => {
    const bench = new FeedBench().drawn();
    bench.say({ kind: 'beat', number: 2, serverTime });
    expect(bench.socket().sent).toEqual([{ kind: 'resync' }]);
  });

  it('that comes twice changes nothing', () => {
    const bench = new FeedBench().drawn();
    const delta = { kind: 'delta', number: 2, serverTime, changes: [{ kind: 'airing', airing: airingOf() }] } as const;
    bench.say({ ...delta, changes: [...delta.changes] });
    const picture = bench.feed.state().picture;
    bench.say({ ...delta, changes: [{ kind: 'airing-gone', occurrence: 'b-1@1' }] });
    expect(bench.feed.state().picture).toBe(picture);
  });

  it('that cannot be read ends the connection, since what it said is lost', () => {
    const bench = new FeedBench().drawn();
    bench.socket().events.received('{"kind":"delta","number":2}');
    expect(bench.feed.state().phase).toBe('stale');
    bench.socket().events.received('not json');
    expect(bench.feed.state().phase).toBe('stale');
  });
});

it('any order of losses and repetitions ends in the newest picture or in a gap, never in a wrong one', () => {
  const numbers = fc.array(fc.integer({ min: 1, max: 12 }), { maxLength: 40 });
  fc.assert(
    fc.property(numbers, (arrivals) => {
      let picture = pictureOf({ kind: 'snapshot', number: 1, serverTime, areas: [], clusters: [], airings: [] });
      for (const number of arrivals) {
        const cluster = clusterOf('c-1', { horns: number });
        const next = nextPicture(picture, {
          kind: 'delta',
          number,
          serverTime,
          changes: [{ kind: 'cluster', cluster }],
        });
        if (next === 'gap') return;
        picture = next;
        if (picture.number > 1) expect(picture.clusters.get('c-1')?.horns).toBe(picture.number);
      }
    }),
  );
});
