/**
 * A restart, a log or an update that was ordered is carried out once and told once: whatever step the power goes at,
 * whoever repeats the order, however late it comes.
 */
import type { Served, ServiceHands } from '@loa/device-agent/contracts.ts';
import { openOutbox } from '@loa/device-agent/keep/outbox.ts';
import { openServiceRecord } from '@loa/device-agent/keep/service-record.ts';
import { createServices, lookAgainMs, outcomeMsMax } from '@loa/device-agent/work/services/services.ts';
import type { Order, OrdersDocument, ServiceOrder } from '@loa/protocol/device';
import { expect, test } from 'vitest';
import { manualClock, settle } from '../../harness/manual-clock.ts';
import { type SimulatedDisk, simulatedDisk } from '../../harness/simulated-disk.ts';
import { areaId, deviceId, issuedMs } from '../installation.ts';

/** The same chance for the same seed (mulberry32). */
function chance(seed: number) {
  let state = seed;
  const fraction = () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
  return { fraction, bytes: (count: number) => Uint8Array.from({ length: count }, () => Math.floor(fraction() * 256)) };
}

const iso = (ms: number) => new Date(ms).toISOString();
const life = { issuedAt: iso(issuedMs), expiresAt: iso(issuedMs + 3_600_000) };
const restart: ServiceOrder = { kind: 'restart', id: 'r-1', ...life };
const logs: ServiceOrder = { kind: 'logs', id: 'l-1', sinceMs: 5, ...life };
const update: ServiceOrder = { kind: 'update', id: 'u-1', release: 'signed', ...life };

/** What outlives a board's restarts: its disk, its orders, and what the hands did to the world. */
interface Pole {
  disk: SimulatedDisk;
  orders: { order: Order; document: OrdersDocument }[];
  called: string[];
  isQuiet: boolean;
  trusted: boolean;
  outcome: Awaited<ReturnType<ServiceHands['outcomeOf']>>;
  hands: (pole: Pole, end: () => void) => Partial<ServiceHands>;
}

function documentOf(scope: 'device' | 'area'): OrdersDocument {
  const aud = scope === 'device' ? deviceId : areaId;
  return { kind: 'orders', v: 1, aud, scope, epoch: 1, number: 7, issuedAt: iso(issuedMs), orders: [] };
}

const ownOrders = (...orders: Order[]) => orders.map((order) => ({ order, document: documentOf('device') }));

/** Hands that do at once what they are told; a restart and an update end the process. */
const handsThatEnd: Pole['hands'] = (pole, end) => {
  const did = async (order: { kind: string; id: string }): Promise<Served> => {
    pole.called.push(`${order.kind} ${order.id}`);
    if (order.kind === 'logs') return { result: 'done', evidence: { bytes: 9 } };
    end();
    return { result: 'later' };
  };
  return { restart: did, logs: did, update: did, outcomeOf: async () => pole.outcome };
};

function poleWith(orders: Pole['orders'], more: Partial<Pole> & { seed?: number } = {}): Pole {
  const { seed = 7, ...given } = more;
  return {
    disk: simulatedDisk({ fraction: chance(seed).fraction }),
    orders,
    called: [],
    isQuiet: true,
    trusted: true,
    outcome: { result: 'done' },
    hands: handsThatEnd,
    ...given,
  };
}

/** One start of the agent; ends when a hand ends it, or after `forMs`. */
async function live(pole: Pole, { forMs = 60_000, nowMs = issuedMs + 1_000, count = 1 } = {}) {
  const refused: string[] = [];
  const clock = manualClock({ wallMs: nowMs });
  const now = () => ({ ms: clock.wallMs(), trusted: pole.trusted, boundMs: 1 });
  let hasEnded = false;
  const onDamaged = () => undefined;
  const outbox = await openOutbox({ disk: pole.disk, random: chance(count), now, onDamaged });
  const services = createServices({
    clock,
    time: { now },
    floorMs: () => issuedMs,
    documents: { orders: () => pole.orders },
    record: await openServiceRecord({ disk: pole.disk, onDamaged }),
    outbox,
    refusals: { refused: ({ subject, reason }) => refused.push(`${subject}: ${reason}`) },
    hands: pole.hands(pole, () => {
      hasEnded = true;
    }),
    isQuiet: () => pole.isQuiet,
    log: () => undefined,
  });
  services.start();
  for (let passedMs = 0; passedMs < forMs && !hasEnded; passedMs += lookAgainMs) {
    services.consider();
    await clock.advance(lookAgainMs);
  }
  services.stop();
  await settle();
  const served = outbox
    .next({ afterSeq: 0, countMax: 64, bytesMax: 64_000 })
    .flatMap(({ event }) => (event.kind === 'served' ? [`${event.service} ${event.order} ${event.result}`] : []));
  return { served, refused, hasEnded };
}

/** Starts it until nothing more ends it, and gives what the last start shows. */
async function liveOn(pole: Pole) {
  for (let count = 1; ; count += 1) {
    const lived = await live(pole, { count }).catch(() => undefined);
    if (lived !== undefined && !lived.hasEnded) return lived;
    pole.disk.reboot();
    if (count > 12) throw new Error('It never comes to rest');
  }
}

test('a restart, a log and an update: each once, each told once, whoever repeats the document', async () => {
  const pole = poleWith(ownOrders(restart, logs, update));
  const { served } = await liveOn(pole);
  expect(pole.called.sort()).toEqual(['logs l-1', 'restart r-1', 'update u-1']);
  expect(served.sort()).toEqual(['logs l-1 done', 'restart r-1 done', 'update u-1 done']);
  expect((await liveOn(pole)).served).toHaveLength(3);
  expect(pole.called).toHaveLength(3);
});

test.each([restart, update, logs])('the power goes at any step of a $kind: never twice, never lost', async (order) => {
  let cuts = 0;
  for (let step = 1; ; step += 3) {
    const pole = poleWith(ownOrders(order), { seed: step });
    pole.disk.cutAfter(step);
    await live(pole).catch(() => undefined);
    const isCut = (await pole.disk.sizeBytes('outbox').catch(() => 'off')) === 'off';
    pole.disk.reboot();
    const { served } = await liveOn(pole);
    expect(served, `cut after ${step} steps`).toEqual([`${order.kind} ${order.id} done`]);
    // The server stores one log for an order; what ends the process is never done again.
    if (order.kind === 'logs') expect(new Set(pole.called)).toEqual(new Set(['logs l-1']));
    else expect(pole.called.length, `cut after ${step} steps`).toBeLessThanOrEqual(1);
    if (!isCut) break;
    cuts += 1;
  }
  expect(cuts).toBeGreaterThan(50);
});

test('what an area orders, what has expired and what is not fitted is refused, and told', async () => {
  const late = { ...logs, id: 'l-2', expiresAt: iso(issuedMs + 500) };
  const pole = poleWith([{ order: logs, document: documentOf('area') }, ...ownOrders(late, update)], {
    hands: (of, end) => ({ logs: async (order) => (await handsThatEnd(of, end).logs?.(order)) ?? { result: 'later' } }),
  });
  const { served, refused } = await live(pole);
  expect(pole.called).toEqual([]);
  expect(refused).toEqual(['logs l-1: service order for an area']);
  expect(served).toEqual(['logs l-2 refused', 'update u-1 refused']);
});

test('a board without time goes by what was signed last', async () => {
  const pole = poleWith(ownOrders(logs), { trusted: false });
  await live(pole, { nowMs: issuedMs + 400 * 86_400_000 });
  expect(pole.called).toEqual(['logs l-1']);
});

test('a restart waits until nothing sounds; the log does not', async () => {
  const pole = poleWith(ownOrders(restart, logs), { isQuiet: false });
  await live(pole);
  expect(pole.called).toEqual(['logs l-1']);
  pole.isQuiet = true;
  await live(pole);
  expect(pole.called).toEqual(['logs l-1', 'restart r-1']);
});

test('an order that is withdrawn while it waits is not begun', async () => {
  const pole = poleWith(ownOrders(restart), { isQuiet: false });
  await live(pole);
  pole.orders = [];
  pole.isQuiet = true;
  expect((await live(pole)).served).toEqual([]);
  expect(pole.called).toEqual([]);
});

test('a hand that fails is told as failed; a disk that takes nothing begins nothing', async () => {
  const failing = poleWith(ownOrders(logs), {
    hands: () => ({ logs: () => Promise.reject(new Error('no link')) }),
  });
  expect((await live(failing)).served).toEqual(['logs l-1 failed']);
  const full = poleWith(ownOrders(restart));
  full.disk.setTotalBytes(10);
  await live(full).catch(() => undefined);
  expect(full.called).toEqual([]);
});

test('what became of an update is asked until it is known, and given up in the end', async () => {
  const pole = poleWith(ownOrders(update), { outcome: undefined });
  await live(pole);
  expect((await live(pole)).served).toEqual([]);
  pole.outcome = { result: 'failed', reason: 'It did not prove itself.' };
  expect((await live(pole)).served).toEqual(['update u-1 failed']);

  const lost = poleWith(ownOrders(update), { outcome: undefined });
  await live(lost);
  expect((await live(lost, { forMs: outcomeMsMax + 60_000 })).served).toEqual(['update u-1 failed']);
  expect(lost.called).toEqual(['update u-1']);
});

test('an update that a kill cut off before its trial is taken up again while its order is in force, and told once', async () => {
  const untried = {
    result: 'failed',
    reason: 'The board began anew before the release was tried.',
    isUntried: true,
  } as const;
  const waits: Pole['hands'] = (pole) => ({
    ...handsThatEnd(pole, () => undefined),
    update(order) {
      pole.called.push(`update ${order.id}`);
      return new Promise(() => undefined);
    },
  });
  const pole = poleWith(ownOrders(update), { outcome: untried, hands: waits });
  expect((await live(pole)).served).toEqual([]);
  expect((await live(pole, { nowMs: issuedMs + 600_000, count: 2 })).served).toEqual([]);
  expect(pole.called).toEqual(['update u-1', 'update u-1']);
  // A cold start without the time: it may be over, so it waits for somebody to say.
  pole.trusted = false;
  expect((await live(pole, { nowMs: issuedMs + 1_200_000, count: 3 })).served).toEqual([]);
  expect(pole.called).toHaveLength(2);
  pole.trusted = true;
  pole.hands = handsThatEnd;
  expect((await live(pole, { nowMs: issuedMs + 1_800_000, count: 4 })).hasEnded).toBe(true);
  pole.outcome = { result: 'done' };
  expect((await live(pole, { nowMs: issuedMs + 1_900_000, count: 5 })).served).toEqual(['update u-1 done']);
  expect(pole.called).toHaveLength(3);
});

test.each([
  ['has expired', (pole: Pole) => pole, issuedMs + 3_600_001],
  ['is no longer listed', (pole: Pole) => ({ ...pole, orders: [] }), issuedMs + 600_000],
])('an update that was cut off is told as failed when its order %s', async (_name, change, nowMs) => {
  const reason = 'The board began anew before the release was tried.';
  const hands: Pole['hands'] = (pole) => ({
    ...handsThatEnd(pole, () => undefined),
    update: () => new Promise(() => undefined),
  });
  const pole = poleWith(ownOrders(update), { outcome: { result: 'failed', reason, isUntried: true }, hands });
  await live(pole);
  expect((await live(change(pole), { nowMs, count: 2 })).served).toEqual(['update u-1 failed']);
});
