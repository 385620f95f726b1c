/** A clip is found only when its bytes are those that were signed; fetching goes on where it ended and makes room fairly. */

import { openClipShelf } from '@loa/device-agent/keep/clips/clip-shelf.ts';
import type { ClipSource } from '@loa/device-agent/keep/clips/fetch-clip.ts';
import { compareNeed, dropOrder, reserveBytes } from '@loa/device-agent/keep/clips/space.ts';
import { hurryMs } from '@loa/device-agent/keep/clips/when-to-fetch.ts';
import type { Clip, ClipFormat } from '@loa/protocol/device';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { manualClock, settle } from '../../harness/manual-clock.ts';
import { simulatedDisk } from '../../harness/simulated-disk.ts';
import { clipOf, issuedMs } from '../installation.ts';

/** A server with clips, whose line can be cut, bent, held or made to ignore ranges. */
function clipServer() {
  const files = new Map<string, Uint8Array>();
  const state = {
    asked: [] as string[],
    cutAfter: Number.POSITIVE_INFINITY,
    isReachable: true,
    ignoresRange: false,
    flipsByte: undefined as number | undefined,
    held: undefined as Promise<void> | undefined,
    pieceBytes: 1_000,
  };
  const source: ClipSource = async ({ hash, fromBytes, signal, onChunk }) => {
    state.asked.push(`${hash.slice(0, 4)} from ${fromBytes}`);
    const isStopped = new Promise<never>((_resolve, reject) => {
      signal.addEventListener('abort', () => reject(new Error('Given up')));
    });
    isStopped.catch(() => undefined);
    if (!state.isReachable) throw new Error('no network');
    const bytes = files.get(hash)?.slice();
    if (bytes === undefined) return { status: 404 };
    if (state.flipsByte !== undefined) bytes[state.flipsByte] = (bytes[state.flipsByte] ?? 0) ^ 1;
    const start = state.ignoresRange ? 0 : fromBytes;
    const status = start > 0 ? 206 : 200;
    const headers: Record<string, string> =
      status === 206 ? { 'content-range': `bytes ${start}-${bytes.length - 1}/${bytes.length}` } : {};
    for (let at = start, sent = 0; at < bytes.length; at += state.pieceBytes) {
      if (state.held !== undefined) await Promise.race([state.held, isStopped]);
      if (sent >= state.cutAfter) throw new Error('cut off');
      await onChunk(bytes.slice(at, at + state.pieceBytes), { status, headers });
      sent += state.pieceBytes;
    }
    return { status };
  };
  return {
    state,
    source,
    add(seed: number, sizeBytes: number): Clip {
      const bytes = new Uint8Array(sizeBytes).map((_, index) => (index * 31 + seed * 7) % 251);
      const clip = clipOf(bytes);
      files.set(clip.id, bytes);
      return clip;
    },
  };
}

async function board(options: { totalBytes?: number; fraction?: () => number; formats?: ClipFormat[] } = {}) {
  const server = clipServer();
  const disk = simulatedDisk({ fraction: options.fraction ?? (() => 0.5), totalBytes: options.totalBytes ?? 1e9 });
  const clock = manualClock({ wallMs: issuedMs });
  const log = { refused: [] as string[], short: [] as boolean[], changes: 0 };
  const open = () =>
    openClipShelf({
      disk,
      clock,
      random: { fraction: () => 0.5, bytes: (count) => new Uint8Array(count) },
      now: () => ({ ms: clock.wallMs(), trusted: true, boundMs: 10 }),
      formats: options.formats ?? ['ogg-opus'],
      source: server.source,
      refusals: { refused: ({ reason }) => log.refused.push(reason) },
      onChange: () => {
        log.changes += 1;
      },
      onSpace: ({ isShort }) => log.short.push(isShort),
    });
  const now = (clip: Clip) => ({ clip, neededMs: clock.wallMs(), emergency: false });
  return { server, disk, clock, log, open, now };
}

describe('a clip', () => {
  it('that lies on the disk is found at once after a restart, however late it is needed', async () => {
    const { server, open, now, clock } = await board();
    const clip = server.add(1, 600_000);
    const shelf = await open();
    shelf.want([now(clip)]);
    await settle();
    shelf.close();
    const again = await open();
    again.want([{ clip, neededMs: clock.wallMs() + 86_400_000, emergency: false }]);
    await settle();
    expect(again.find(clip)).toMatchObject({ state: 'here' });
    expect(server.state.asked).toHaveLength(1);
  });

  it('that is needed now is fetched at once, verified, and found also after a restart', async () => {
    const { server, open, now, disk } = await board();
    const clip = server.add(1, 600_000);
    const shelf = await open();
    expect(shelf.find(clip)).toEqual({ state: 'missing', reason: 'clip-missing' });
    shelf.want([now(clip)]);
    expect(shelf.find(clip)).toEqual({ state: 'fetching', fraction: 0 });
    await settle();
    await settle();
    expect(shelf.find(clip)).toMatchObject({ state: 'here', path: disk.absolute(`clips/${clip.id}`) });
    const again = await open();
    expect(again.find(clip).state).toBe('missing');
    again.want([now(clip)]);
    expect(again.find(clip)).toMatchObject({ state: 'fetching', awaits: 'check' });
    await settle();
    expect(again.find(clip).state).toBe('here');
    expect(server.state.asked).toHaveLength(1);
  });

  it('goes on where the line was cut, also after a power cut, and from the start where ranges are ignored', async () => {
    const { server, open, now, disk, clock } = await board();
    const clip = server.add(1, 10_000);
    server.state.cutAfter = 4_000;
    const shelf = await open();
    shelf.want([now(clip)]);
    await settle();
    expect(shelf.find(clip)).toEqual({ state: 'fetching', fraction: 0.4 });
    await disk.sync(`clips/${clip.id}.part`);
    disk.cutAfter(0);
    await disk.remove('x').catch(() => undefined);
    shelf.close();
    disk.reboot();
    server.state.ignoresRange = true;
    const again = await open();
    again.want([now(clip)]);
    await settle();
    server.state.ignoresRange = false;
    server.state.cutAfter = Number.POSITIVE_INFINITY;
    await clock.advance(10_000);
    expect(again.find(clip).state).toBe('here');
    expect(server.state.asked).toEqual([0, 4_000, 4_000].map((from) => `${clip.id.slice(0, 4)} from ${from}`));
  });

  it('that is not what was signed never gets its name; it is told, and tried again with patience', async () => {
    const { server, open, now, disk, clock, log } = await board();
    const clip = server.add(1, 5_000);
    server.state.flipsByte = 4_999;
    const shelf = await open();
    shelf.want([now(clip)]);
    await settle();
    expect(shelf.find(clip)).toEqual({ state: 'missing', reason: 'clip-damaged' });
    expect(disk.paths()).toEqual([]);
    expect(log.refused).toEqual(['damaged on the way']);
    await clock.advance(60_000);
    expect(server.state.asked.length).toBeGreaterThan(5);
    expect(server.state.asked.length).toBeLessThan(40);
    server.state.flipsByte = undefined;
    shelf.retryNow();
    await settle();
    expect(shelf.find(clip).state).toBe('here');
  });

  it('that rotted on the card is noticed at the next start and fetched again', async () => {
    const { server, open, now, disk, log } = await board();
    const clip = server.add(1, 5_000);
    const shelf = await open();
    shelf.want([now(clip)]);
    await settle();
    disk.flip(`clips/${clip.id}`, 4_000);
    const again = await open();
    again.want([now(clip)]);
    await settle();
    expect(log.refused).toEqual(['damaged on disk']);
    expect(again.find(clip).state).toBe('here');
    expect(server.state.asked).toHaveLength(2);
  });

  it.each([
    ['longer than signed', 2_000],
    ['shorter than signed', -2_000],
  ])('that comes %s is not taken', async (_name, more) => {
    const { server, open, now, clock } = await board();
    const clip = server.add(1, 5_000);
    const signed: Clip = {
      ...clip,
      renditions: clip.renditions.map((one) => ({ ...one, sizeBytes: one.sizeBytes - more })),
    };
    const shelf = await open();
    shelf.want([now(signed)]);
    await clock.advance(30_000);
    expect(shelf.find(signed).state).toBe('fetching');
  });

  it('in a form this board cannot decode says so', async () => {
    const { server, open, now } = await board({ formats: ['mp3'] });
    const clip = server.add(1, 100);
    const shelf = await open();
    shelf.want([now(clip)]);
    await settle();
    expect(shelf.find(clip)).toEqual({ state: 'missing', reason: 'not-supported' });
    expect(server.state.asked).toEqual([]);
  });

  it('is whole or not there, whatever byte the power is cut at', async () => {
    await fc.assert(
      fc.asyncProperty(fc.integer(), fc.array(fc.nat(14_000), { minLength: 1, maxLength: 3 }), async (seed, cuts) => {
        let state = seed >>> 0;
        const fraction = () => {
          state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
          return state / 2 ** 32;
        };
        const { server, open, now, disk, clock } = await board({ fraction });
        const clip = server.add(seed, 12_000);
        for (const cut of cuts) {
          disk.cutAfter(cut);
          const shelf = await open();
          shelf.want([now(clip)]);
          await settle();
          shelf.close();
          disk.reboot();
          const content = await disk.read(`clips/${clip.id}`);
          if (content !== undefined) expect(clipOf(content).id).toBe(clip.id);
        }
        const shelf = await open();
        shelf.want([now(clip)]);
        await clock.advance(10_000);
        expect(shelf.find(clip).state).toBe('here');
      }),
      { numRuns: 60 },
    );
  });
});

describe('fetching', () => {
  it('waits politely for what has time, and not at all for what has none', async () => {
    const { server, open, clock } = await board();
    const [soon, later, emergency] = [server.add(1, 100), server.add(2, 100), server.add(3, 100)];
    const shelf = await open();
    shelf.want([
      { clip: later, neededMs: clock.wallMs() + 3_600_000, emergency: false },
      { clip: soon, neededMs: clock.wallMs() + 9_000, emergency: false },
      { clip: emergency, neededMs: clock.wallMs() + 3_600_000, emergency: true },
    ]);
    await settle();
    expect(shelf.find(soon).state).toBe('here');
    expect(shelf.find(emergency).state).toBe('here');
    expect(shelf.find(later).state).toBe('fetching');
    // Half of what is polite, by the chance of this test; wishing again and again draws no other.
    const politeMs = (3_600_000 - hurryMs) / 24 / 2;
    for (let turn = 0; turn < 9; turn += 1) {
      await clock.advance(politeMs / 10);
      shelf.want([{ clip: later, neededMs: issuedMs + 3_600_000, emergency: false }]);
    }
    expect(shelf.find(later).state).toBe('fetching');
    await clock.advance(politeMs / 10 + 500);
    expect(shelf.find(later).state).toBe('here');
  });

  it('does not wait any longer when what had time is needed at once', async () => {
    const { server, open, clock, now } = await board();
    const clip = server.add(1, 100);
    const shelf = await open();
    shelf.want([{ clip, neededMs: clock.wallMs() + 36_000_000, emergency: false }]);
    await clock.advance(10_000);
    expect(shelf.find(clip).state).toBe('fetching');
    shelf.want([now(clip)]);
    await settle();
    expect(shelf.find(clip).state).toBe('here');
  });

  it('lets an emergency push in where the line is busy, and goes on with the other afterwards', async () => {
    const { server, open, now, clock } = await board();
    const [one, two, emergency] = [server.add(1, 9_000), server.add(2, 9_000), server.add(3, 100)];
    let release: () => void = () => undefined;
    server.state.held = new Promise((resolve) => {
      release = resolve;
    });
    const shelf = await open();
    shelf.want([now(one), { ...now(two), neededMs: clock.wallMs() + 5_000 }]);
    await settle();
    shelf.want([now(one), { ...now(two), neededMs: clock.wallMs() + 5_000 }, { ...now(emergency), emergency: true }]);
    await settle();
    const asked = server.state.asked.map((text) => text.slice(0, 4));
    expect(asked).toEqual([one, two, emergency].map((clip) => clip.id.slice(0, 4)));
    release();
    await settle();
    expect([one, two, emergency].map((clip) => shelf.find(clip).state)).toEqual(['here', 'here', 'here']);
  });

  it('never brings one file twice at the same time, though it is wished, forgotten and wished again', async () => {
    const { server, open, now } = await board();
    const clip = server.add(1, 5_000);
    let release: () => void = () => undefined;
    server.state.held = new Promise((resolve) => {
      release = resolve;
    });
    const shelf = await open();
    for (let turn = 0; turn < 5; turn += 1) {
      shelf.want([now(clip)]);
      shelf.want([]);
    }
    shelf.want([now(clip)]);
    await settle();
    release();
    await settle();
    expect(shelf.find(clip).state).toBe('here');
    expect(server.state.asked.length).toBeLessThanOrEqual(2);
  });

  it('tries again by itself when the network is away, and at once when the link comes up', async () => {
    const { server, open, now, clock } = await board();
    const clip = server.add(1, 100);
    server.state.isReachable = false;
    const shelf = await open();
    shelf.want([now(clip)]);
    await clock.advance(600_000);
    const tries = server.state.asked.length;
    expect(tries).toBeGreaterThan(20);
    expect(tries).toBeLessThan(400);
    server.state.isReachable = true;
    shelf.retryNow();
    await settle();
    expect(shelf.find(clip).state).toBe('here');
    expect(clock.timersPending()).toBe(0);
  });
});

describe('a full disk', () => {
  it('loses what nobody wants first, then what is needed last, and never what an emergency needs', async () => {
    const { server, open, now, disk, log, clock } = await board({ totalBytes: 100_000 });
    const clips = Array.from({ length: 4 }, (_, index) => server.add(index, 25_000));
    const [old, routine, siren, urgent] = clips;
    if (old === undefined || routine === undefined || siren === undefined || urgent === undefined) return;
    const shelf = await open();
    shelf.want([now(old)]);
    await settle();
    const later = { ...now(routine), neededMs: clock.wallMs() + 8_000 };
    shelf.want([later, { ...now(siren), emergency: true }]);
    await settle();
    expect(clips.map((clip) => shelf.find(clip).state)).toEqual(['here', 'here', 'here', 'missing']);
    shelf.want([later, { ...now(siren), emergency: true }, now(urgent)]);
    await settle();
    expect(disk.paths().length).toBe(3);
    expect(disk.paths()).not.toContain(`clips/${old.id}`);
    expect(shelf.find(urgent).state).toBe('here');
    const huge = server.add(9, 60_000);
    shelf.want([
      later,
      { ...now(siren), emergency: true },
      now(urgent),
      { ...now(huge), neededMs: clock.wallMs() + 1 },
    ]);
    await settle();
    expect(shelf.find(huge)).toEqual({ state: 'missing', reason: 'clip-missing' });
    expect(shelf.find(siren).state).toBe('here');
    expect(shelf.find(urgent).state).toBe('here');
    expect(log.short.at(-1)).toBe(true);
  });

  it.each([
    ['a small flash card', 1e9, 1e8],
    ['a large disk', 1e12, 200 * 1024 * 1024],
  ])('keeps a reserve on %s', (_name, totalBytes, expected) => {
    expect(reserveBytes({ totalBytes, isEmergency: false })).toBe(expected);
    expect(reserveBytes({ totalBytes, isEmergency: true })).toBe(expected / 2);
  });

  it('drops in an order in which nothing more needed goes before something less needed', () => {
    const need = fc.record({ emergency: fc.boolean(), neededMs: fc.nat(100) });
    fc.assert(
      fc.property(fc.dictionary(fc.stringMatching(/^[a-z]{3}$/), need), need, (needs, own) => {
        const wanted = new Map(Object.entries(needs));
        const names = [...wanted.keys(), 'unwanted', 'other.part'];
        const order = dropOrder({ names, wanted, need: own });
        expect(order.slice(0, 2)).toEqual(['other.part', 'unwanted']);
        const dropped = order.slice(2).flatMap((name) => wanted.get(name) ?? []);
        for (const one of dropped) {
          expect(one.emergency).toBe(false);
          expect(compareNeed(own, one)).toBeLessThan(0);
        }
        for (const [index, one] of dropped.entries()) {
          const next = dropped[index + 1];
          if (next !== undefined) expect(compareNeed(one, next)).toBeGreaterThanOrEqual(0);
        }
      }),
    );
  });
});
