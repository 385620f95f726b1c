/** P5 on the board: forged, replayed, foreign, expired or rotten documents count for nothing; older ones never return. */
import { openDocuments } from '@loa/device-agent/keep/documents/documents.ts';
import { openSettings } from '@loa/device-agent/keep/settings/settings.ts';
import { compareSequence, seal } from '@loa/protocol/device';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { manualClock, settle } from '../../harness/manual-clock.ts';
import { PowerCut, simulatedDisk } from '../../harness/simulated-disk.ts';
import {
  areaId,
  deviceId,
  emergency,
  foreignKey,
  identity,
  installation,
  issuedMs,
  keyOf,
  type Sealed,
  signingKey,
} from '../installation.ts';

async function board(options: { fraction?: () => number; trusted?: boolean; synced?: boolean } = {}) {
  const disk = simulatedDisk({ fraction: options.fraction ?? (() => 0.5) });
  const clock = manualClock({ wallMs: issuedMs });
  const bodies = new Map<string, string>();
  const log = { refused: [] as string[], damages: [] as string[], changes: 0, fetches: 0 };
  async function open() {
    const settings = await openSettings({ disk, onDamaged: ({ path }) => log.damages.push(path) });
    return openDocuments({
      disk,
      settings,
      identity,
      clock,
      random: { fraction: () => 0.9, bytes: (count) => new Uint8Array(count) },
      now: () => ({ ms: clock.wallMs(), trusted: options.trusted ?? true, boundMs: 10 }),
      serverNow: () => (options.synced === true ? { ms: clock.wallMs(), trusted: true, boundMs: 10 } : undefined),
      refusals: { refused: ({ reason }) => log.refused.push(reason) },
      async fetchBody({ hash }) {
        log.fetches += 1;
        const text = bodies.get(hash);
        if (text === undefined) throw new Error('no network');
        return Buffer.from(text);
      },
      onChange: () => {
        log.changes += 1;
      },
      onWritten: () => undefined,
      onDamaged: ({ path }) => log.damages.push(path),
    });
  }
  return { disk, clock, bodies, log, open };
}

type Shelf = Awaited<ReturnType<Awaited<ReturnType<typeof board>>['open']>>;
const give = (shelf: Shelf, message: Sealed) => shelf.receive(message.topic, message.payload);
const topicSafe = (text: string) => Buffer.from(text);

describe('a document is refused that', () => {
  const server = installation();
  const sealedAs = (payload: Record<string, unknown>) =>
    topicSafe(seal({ payload, key: signingKey, type: 'loa-document' }));
  const valid = server.orders();
  const text = Buffer.from(valid.payload).toString();
  const [head = '', body = '', signature = ''] = text.split('.');
  const swapped = Buffer.from(JSON.stringify({ kind: 'orders' })).toString('base64url');
  const area = (id: string) => `loa/v1/area/${id}/orders`;
  const own = `loa/v1/device/${deviceId}/orders`;
  const plan = `loa/v1/device/${deviceId}/plan`;
  const fields = { v: 1, aud: deviceId, epoch: 1, number: 999, issuedAt: new Date(issuedMs).toISOString() };

  it.each([
    ['is signed by nobody we know', own, server.orders({ key: foreignKey }).payload, 'unknown-key'],
    ['was changed after signing', own, topicSafe(`${head}.${swapped}.${signature}`), 'bad-signature'],
    ['carries the signature of another', own, topicSafe(`${head}.${body}.${'A'.repeat(86)}`), 'bad-signature'],
    ['says that it needs no signature', own, topicSafe(`${btoa('{"alg":"none"}')}.${body}.`), 'wrong-algorithm'],
    ['is no envelope', own, topicSafe('{"kind":"orders"}'), 'malformed'],
    ['is empty', own, topicSafe(''), 'malformed'],
    ['is garbage bytes', own, new Uint8Array(500).fill(255), 'malformed'],
    ['is too large', own, topicSafe('a'.repeat(4_097)), 'too-large'],
    ['is a key set under a document topic', own, server.keys({ number: 7 }).payload, 'wrong-type'],
    ['is a document under the key topic', 'loa/v1/keys', valid.payload, 'wrong-type'],
    ['is a key set signed by a signing key', 'loa/v1/keys', server.keys({ root: signingKey }).payload, 'unknown-key'],
    ['is for another device', own, server.orders({ aud: 'cum-02' }).payload, 'wrong-audience'],
    ['came under another device', 'loa/v1/device/cum-02/orders', valid.payload, 'wrong-audience'],
    ['is for an area that is not ours', area('xa-1'), server.orders({ area: 'xa-1' }).payload, 'wrong-audience'],
    ['is for one area and came under another', area(areaId), server.orders({ aud: 'xa-1' }).payload, 'wrong-audience'],
    ['is for an area but came as our own', own, server.orders({ scope: 'area' }).payload, 'wrong-audience'],
    ['is hours under the plan topic', plan, server.hours().payload, 'not-understood'],
    ['is of a version to come', own, server.orders({ v: 2 }).payload, 'not-understood'],
    ['is of an unknown kind', own, sealedAs({ kind: 'lock', ...fields }), 'not-understood'],
    [
      'holds an unknown kind of order',
      own,
      sealedAs({ kind: 'orders', scope: 'device', orders: [{ kind: 'sing' }], ...fields }),
      'not-understood',
    ],
    ['is an expired plan', plan, server.plan({ expiresAtMs: issuedMs - 1_000 }).payload, 'expired'],
    [
      'has a body of another hash',
      plan,
      server.plan({ inline: '{"clips":[],"items": []}' }).payload,
      'body-does-not-match',
    ],
    ['came under a topic of no meaning', 'loa/v1/device/cum-01/secret', valid.payload, 'unknown-topic'],
    ['came under its own presence', `loa/v1/device/${deviceId}/presence`, valid.payload, 'unknown-topic'],
  ])('%s', async (_name, topic, payload, reason) => {
    const { open, log } = await board();
    const shelf = await open();
    const fresh = installation();
    for (const message of [fresh.keys(), fresh.plan({ number: 1 })]) give(shelf, message);
    const before = { holds: shelf.holds(), changes: log.changes };
    expect(shelf.receive(topic, payload)).toEqual({ ok: false, reason });
    await shelf.written();
    expect(log.refused).toEqual([reason]);
    expect(log.changes).toBe(before.changes);
    expect(shelf.orders()).toEqual([]);
  });

  it('came before, or before a newer one, by epoch first', async () => {
    const { open, log } = await board();
    const shelf = await open();
    const newer = server.orders({ epoch: 2, number: 5, orders: [emergency('lu')] });
    give(shelf, server.keys());
    expect(give(shelf, newer)).toEqual({ ok: true, isNews: true });
    expect(give(shelf, newer)).toEqual({ ok: true, isNews: false });
    for (const sequence of [
      { epoch: 2, number: 4 },
      { epoch: 1, number: 900 },
    ])
      expect(give(shelf, server.orders(sequence))).toEqual({ ok: false, reason: 'not-newer' });
    expect(log.refused).toEqual(['not-newer', 'not-newer']);
    expect(give(shelf, server.orders({ epoch: 3, number: 0 }))).toEqual({ ok: true, isNews: true });
    expect(shelf.orders()).toEqual([]);
  });

  it('is an expired plan, by the newest signed issue time where the board knows no time', async () => {
    const { open, clock } = await board({ trusted: false });
    clock.stepWall(-20 * 365 * 86_400_000);
    const shelf = await open();
    give(shelf, server.keys());
    give(shelf, server.hours({ issuedAtMs: issuedMs }));
    expect(shelf.floorMs()).toBe(issuedMs);
    expect(give(shelf, server.plan({ expiresAtMs: issuedMs - 1 }))).toEqual({ ok: false, reason: 'expired' });
    expect(give(shelf, server.plan({ expiresAtMs: issuedMs + 1 }))).toEqual({ ok: true, isNews: true });
  });

  it('lives too long, alone: a stop beside it counts', async () => {
    const { open, log } = await board();
    const shelf = await open();
    give(shelf, server.keys());
    const stop = { ...emergency('x'), kind: 'stop' as const, id: 'dung', target: { kind: 'all' as const } };
    give(shelf, server.orders({ orders: [emergency('lu', 25 * 3_600_000), stop] }));
    expect(shelf.orders().map(({ order }) => order.id)).toEqual(['dung']);
    expect(log.refused).toEqual(['order lives longer than a day']);
  });
});

describe('a document that is dated days ahead', () => {
  const aheadMs = 8 * 86_400_000;
  const latestMs = issuedMs + 60_010;

  it.each([
    ['says nothing of the time to a board that knows it from the server', true, latestMs],
    ['is the newest that is known where nobody knows the time', false, issuedMs + aheadMs],
  ])('%s, also after a restart', async (_what, synced, floorMs) => {
    const options = { synced };
    const { open } = await board(options);
    const server = installation();
    const shelf = await open();
    give(shelf, server.keys());
    expect(give(shelf, server.orders({ issuedAtMs: issuedMs + aheadMs })).ok).toBe(true);
    expect(shelf.floorMs()).toBe(floorMs);
    await shelf.written();
    options.synced = false;
    expect((await open()).floorMs()).toBe(floorMs);
  });
});

describe('documents', () => {
  it('count at once, are said to be held once written, and stand again after a restart', async () => {
    const { open, log } = await board();
    const server = installation();
    const shelf = await open();
    const plan = server.plan();
    const area = server.orders({ area: areaId, orders: [emergency('lu')] });
    for (const message of [server.keys(), plan, server.hours(), area, server.orders()])
      expect(give(shelf, message)).toEqual({ ok: true, isNews: true });
    expect(shelf.orders().map(({ order }) => order.id)).toEqual(['lu']);
    expect(shelf.holds().plan).toBeUndefined();
    await shelf.written();
    const holds = shelf.holds();
    expect(holds).toMatchObject({ keys: 1, plan: plan.sequence, orders: { [areaId]: area.sequence } });
    const again = await open();
    expect(again.holds()).toEqual(holds);
    expect(again.plan()?.head.number).toBe(plan.sequence.number);
    expect(again.hours()?.timeZone).toBe('Asia/Ho_Chi_Minh');
    expect(again.orders()).toEqual(shelf.orders());
    expect(again.floorMs()).toBe(issuedMs);
    expect(log.refused).toEqual([]);
    expect(log.damages).toEqual([]);
  });

  it('of areas that the plan no longer names are dropped, and stay dropped for a replay', async () => {
    const { open, disk } = await board();
    const server = installation();
    const shelf = await open();
    const area = server.orders({ area: areaId, orders: [emergency('lu')], number: 5 });
    for (const message of [server.keys(), server.plan({ number: 4 }), area]) give(shelf, message);
    give(shelf, server.plan({ areas: ['xa-1'], number: 6 }));
    expect(shelf.areas()).toEqual(['xa-1']);
    expect(shelf.orders()).toEqual([]);
    await shelf.written();
    expect(disk.paths()).not.toContain(`documents/orders-${areaId}`);
    expect(give(shelf, area)).toEqual({ ok: false, reason: 'wrong-audience' });
    give(shelf, server.plan({ number: 7 }));
    expect(give(shelf, server.orders({ area: areaId, number: 3 }))).toEqual({ ok: false, reason: 'not-newer' });
  });

  it('signed by a key that a newer key set no longer lists end with it', async () => {
    const { open, log } = await board();
    const server = installation();
    const shelf = await open();
    for (const message of [server.keys(), server.plan(), server.orders({ orders: [emergency('lu')] })])
      give(shelf, message);
    const kept = server.hours({ key: keyOf(4) });
    give(shelf, server.keys({ number: 2, keys: [signingKey, keyOf(4)] }));
    give(shelf, kept);
    expect(shelf.plan()).toBeDefined();
    give(shelf, server.keys({ number: 3, keys: [keyOf(4)] }));
    expect(shelf.plan()).toBeUndefined();
    expect(shelf.orders()).toEqual([]);
    expect(shelf.hours()).toBeDefined();
    expect(log.refused).toEqual(['unknown-key', 'unknown-key']);
    expect(give(shelf, server.keys({ number: 2 }))).toEqual({ ok: false, reason: 'not-newer' });
    await shelf.written();
    const again = await open();
    expect(again.plan()).toBeUndefined();
    expect(give(again, server.keys({ number: 2 }))).toEqual({ ok: false, reason: 'not-newer' });
  });

  it('that rotted on the card are dropped and told, and taken again under the same number', async () => {
    const { open, disk, log } = await board();
    const server = installation();
    const shelf = await open();
    const plan = server.plan({ number: 50 });
    for (const message of [server.keys(), plan, server.hours()]) give(shelf, message);
    await shelf.written();
    disk.flip('documents/plan', 300, 3);
    disk.flip('documents/keys', 90, 1);
    const again = await open();
    expect(again.plan()).toBeUndefined();
    expect(again.hours()).toBeDefined();
    expect(log.damages).toEqual(['documents/keys', 'documents/plan']);
    expect(disk.paths()).toContain('documents/plan.damaged-1');
    await again.written();
    expect(await disk.read('documents/keys')).toEqual(await disk.read('documents/keys-copy'));
    expect(again.holds().plan).toBeUndefined();
    expect(give(again, server.plan({ number: 49 }))).toEqual({ ok: false, reason: 'not-newer' });
    expect(give(again, plan)).toEqual({ ok: true, isNews: true });
    await again.written();
    expect(again.holds().plan).toEqual(plan.sequence);
  });

  it('are in force though the disk is full, but not said to be held until it takes them', async () => {
    const { open, disk } = await board();
    const server = installation();
    const shelf = await open();
    const plan = server.plan();
    give(shelf, server.keys());
    await shelf.written();
    disk.setTotalBytes(10);
    give(shelf, plan);
    await shelf.written();
    expect(shelf.plan()).toBeDefined();
    expect(shelf.holds().plan).toBeUndefined();
    disk.setTotalBytes(1e9);
    expect(give(shelf, plan)).toEqual({ ok: true, isNews: false });
    await shelf.written();
    expect(shelf.holds().plan).toEqual(plan.sequence);
    expect((await open()).plan()?.body).toEqual({ clips: [], items: [] });
  });
});

describe('a plan whose body travels by hash', () => {
  it('leaves the former in force until the body is here and matches, trying again with patience', async () => {
    const { open, bodies, clock, log } = await board();
    const server = installation();
    const shelf = await open();
    const first = server.plan();
    const long = server.plan({ byHash: true, areas: ['xa-1'] });
    for (const message of [server.keys(), first]) give(shelf, message);
    bodies.set(long.hash, `${long.bodyText} `);
    expect(give(shelf, long)).toEqual({ ok: true, isNews: true });
    expect(give(shelf, long)).toEqual({ ok: true, isNews: false });
    await settle();
    await shelf.written();
    expect(shelf.plan()?.head.number).toBe(first.sequence.number);
    expect(shelf.holds().plan).toEqual(first.sequence);
    expect(shelf.areas()).toEqual(['xa-1']);
    expect(log.refused).toEqual(['body-does-not-match']);
    bodies.set(long.hash, long.bodyText);
    await clock.advance(2_000);
    expect(shelf.plan()?.head.number).toBe(long.sequence.number);
    await shelf.written();
    expect(shelf.holds().plan).toEqual(long.sequence);
    expect(clock.timersPending()).toBe(0);
    expect((await open()).plan()?.head.number).toBe(long.sequence.number);
  });

  it('is fetched again when its body rotted, and at once when the link comes up', async () => {
    const { open, bodies, disk, clock, log } = await board();
    const server = installation();
    const shelf = await open();
    const long = server.plan({ byHash: true });
    bodies.set(long.hash, long.bodyText);
    for (const message of [server.keys(), long]) give(shelf, message);
    await settle();
    await shelf.written();
    expect(shelf.holds().plan).toEqual(long.sequence);
    disk.flip(`documents/body-${long.hash}`, 3);
    bodies.clear();
    const again = await open();
    expect(again.plan()).toBeUndefined();
    await clock.advance(300_000);
    expect(log.fetches).toBeLessThan(20);
    bodies.set(long.hash, long.bodyText);
    again.retryBody();
    await settle();
    expect(again.plan()?.head.number).toBe(long.sequence.number);
  });

  it('gives way to a newer one while its body is on the way', async () => {
    const { open, bodies, clock } = await board();
    const server = installation();
    const shelf = await open();
    const long = server.plan({ byHash: true, areas: ['xa-1'] });
    const short = server.plan();
    for (const message of [server.keys(), long, short]) give(shelf, message);
    bodies.set(long.hash, long.bodyText);
    await clock.advance(120_000);
    expect(shelf.plan()?.head.number).toBe(short.sequence.number);
    expect(give(shelf, long)).toEqual({ ok: false, reason: 'not-newer' });
  });
});

it('no power cut, replay or order of arrival takes a device back to an older document', async () => {
  const step = fc.record({
    what: fc.constantFrom('plan', 'hours', 'orders', 'area', 'keys', 'replay'),
    jump: fc.integer({ min: -3, max: 4 }),
    cutAfter: fc.option(fc.nat(9_000), { freq: 3 }),
  });
  await fc.assert(
    fc.asyncProperty(fc.array(step, { minLength: 3, maxLength: 14 }), fc.integer(), async (steps, seed) => {
      let state = seed >>> 0;
      const fraction = () => {
        state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
        return state / 2 ** 32;
      };
      const { open, disk, log } = await board({ fraction });
      const server = installation();
      const sent: Sealed[] = [server.keys()];
      let shelf = await open();
      for (const message of [server.keys(), server.plan({ number: 1 })]) give(shelf, message);
      await shelf.written();
      let number = 10;
      let heldBefore = shelf.holds();
      for (const { what, jump, cutAfter } of steps) {
        number = Math.max(1, number + jump);
        const message =
          what === 'replay'
            ? sent[Math.abs(number) % sent.length]
            : what === 'keys'
              ? server.keys({ number })
              : what === 'area'
                ? server.orders({ area: areaId, number })
                : server[what]({ number });
        if (message === undefined) continue;
        sent.push(message);
        if (cutAfter !== null) disk.cutAfter(cutAfter);
        give(shelf, message);
        await shelf.written();
        const held = shelf.holds();
        if (cutAfter !== null) {
          disk.reboot();
          shelf = await open().catch((error: unknown) => {
            if (error instanceof PowerCut) expect.unreachable('opened with power');
            throw error;
          });
        }
        for (const holds of [held, shelf.holds()]) {
          expect(holds.keys).toBeGreaterThanOrEqual(heldBefore.keys);
          for (const kind of ['plan', 'hours'] as const) {
            const before = heldBefore[kind];
            if (before !== undefined)
              expect(compareSequence(holds[kind] ?? { epoch: 0, number: 0 }, before)).toBeGreaterThanOrEqual(0);
          }
          for (const [id, before] of Object.entries(heldBefore.orders))
            expect(compareSequence(holds.orders[id] ?? { epoch: 0, number: 0 }, before)).toBeGreaterThanOrEqual(0);
          heldBefore = holds;
        }
      }
      expect(log.damages).toEqual([]);
    }),
    { numRuns: 200 },
  );
});
