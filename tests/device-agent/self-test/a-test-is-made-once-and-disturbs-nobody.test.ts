/**
 * A test of the sound path: once for each order and night, whatever restarts or is repeated; only where it is allowed
 * and quiet; silenced at once by whatever is more important. Simulated time.
 */
import type { Measured, SoundStretch, TestedEvent } from '@loa/device-agent/contracts.ts';
import type { Disk } from '@loa/device-agent/edges/disk.ts';
import { openOutbox } from '@loa/device-agent/keep/outbox.ts';
import { openTestMemory, testsRemembered } from '@loa/device-agent/keep/test-memory.ts';
import { createSelfTest, type SelfTest } from '@loa/device-agent/work/self-test/self-test.ts';
import { audibleTest, silentTest, testLengthMs } from '@loa/device-agent/work/self-test/test-sounds.ts';
import { createTurns, type Turns } from '@loa/device-agent/work/self-test/turns.ts';
import type { HoursDocument, Order, OrdersDocument, PlanBody, PlanDocument, TestOrder } from '@loa/protocol/device';
import { describe, expect, test } from 'vitest';
import { manualClock } from '../../harness/manual-clock.ts';
import { simulatedDisk } from '../../harness/simulated-disk.ts';
import { simulatedPlayer } from '../../harness/simulated-player.ts';

const minute = 60_000;
/** Monday, 10:00 in Việt Nam. */
const tenMs = Date.parse('2026-10-05T10:00:00+07:00');

interface BenchOptions {
  atMs?: number;
  trusted?: boolean;
  can?: { silent: boolean; audible: boolean };
  nightlyAt?: string;
  measured?: Measured;
  spans?: HoursDocument['spans'];
}

function bench(options: BenchOptions = {}) {
  const startMs = options.atMs ?? tenMs;
  const clock = manualClock({ wallMs: startMs });
  const bootMs = clock.monotonicMs();
  const card = simulatedDisk({ fraction: () => 0.5 });
  let life = 0;
  const refusals: { subject: string; reason: string }[] = [];
  const stretches: SoundStretch[] = [];
  const player = simulatedPlayer({ clock, clipAt: (path) => ({ durationMs: path.includes('test') ? 3_000 : 20_000 }) });
  let orders: { order: Order; document: OrdersDocument }[] = [];
  let items: PlanBody['items'] = [];
  let trusted = options.trusted ?? true;
  let isPlaying = false;
  let selfTest: SelfTest;
  let turns: Turns;
  let number = 0;
  const now = () => ({ ms: startMs + clock.monotonicMs() - bootMs, trusted, boundMs: 5 });
  const stamp = () => ({ v: 1 as const, epoch: 1, number: ++number, issuedAt: new Date(startMs).toISOString() });
  const hours: HoursDocument = {
    kind: 'hours',
    ...stamp(),
    aud: 'd1',
    timeZone: 'Asia/Ho_Chi_Minh',
    spans: options.spans ?? [{ weekdays: [1, 2, 3, 4, 5, 6, 7], from: '05:00', until: '21:00' }],
    document: '1/QĐ',
  };
  const clips = [{ id: 'c'.repeat(64), durationMs: 20_000, renditions: [] }] as unknown as PlanBody['clips'];
  let outbox: Awaited<ReturnType<typeof openOutbox>>;

  async function boot(): Promise<void> {
    life += 1;
    const own = life;
    // What an earlier boot still wanted to write went with its power.
    const disk: Disk = {
      ...card,
      append: (path, content) => (own === life ? card.append(path, content) : new Promise(() => undefined)),
      replace: (path, content) => (own === life ? card.replace(path, content) : new Promise(() => undefined)),
    };
    const onDamaged = () => expect.unreachable();
    const random = { bytes: (count: number) => new Uint8Array(count).fill(7), fraction: () => 0.5 };
    outbox = await openOutbox({ disk, random, now, onDamaged });
    turns = createTurns(player);
    selfTest = createSelfTest({
      clock,
      random,
      time: { now },
      floorMs: () => 0,
      documents: {
        plan: () => ({ head: {} as PlanDocument, body: { clips, items } }),
        hours: () => hours,
        orders: () => orders,
      },
      outbox,
      refusals: { refused: (refusal) => refusals.push(refusal) },
      memory: await openTestMemory({ disk, onDamaged }),
      turns,
      isPlaying: () => isPlaying,
      soundPath: async (form) => `test-${form}.wav`,
      async listen(stretch) {
        stretches.push(stretch);
        return options.measured;
      },
      can: options.can ?? { silent: true, audible: true },
      nightlyAt: options.nightlyAt,
      log: () => undefined,
    });
    selfTest.start();
    await clock.advance(0);
  }

  return {
    clock,
    refusals,
    stretches,
    boot,
    heard: () => player.emissions.map(({ path }) => path),
    emissions: player.emissions,
    get turns() {
      return turns;
    },
    stop: () => selfTest.stop(),
    setPlaying: (is: boolean) => {
      isPlaying = is;
    },
    setTrusted: (is: boolean) => {
      trusted = is;
    },
    setItem(atMs: number) {
      items = [{ occurrence: 'a@1', atMs, clip: 0, repeat: { count: 2, gapMs: 10_000 } } as PlanBody['items'][number]];
    },
    async setOrders(next: readonly Order[], of: { area?: string } = {}) {
      const { area } = of;
      const aud = area ?? 'd1';
      const scope = area === undefined ? 'device' : 'area';
      const document: OrdersDocument = { kind: 'orders', ...stamp(), aud, scope, orders: [...next] };
      orders = [...orders.filter((one) => one.document.scope !== scope), ...next.map((order) => ({ order, document }))];
      selfTest.reconsider();
      await clock.advance(0);
    },
    reports: (): TestedEvent[] =>
      outbox
        .next({ afterSeq: 0, countMax: 100, bytesMax: 100_000 })
        .flatMap(({ event }) => (event.kind === 'tested' ? [event] : [])),
  };
}

function testOrder(id: string, form: TestOrder['form'], atMs = tenMs, lifeMs = 10 * minute): TestOrder {
  const [issuedAt, expiresAt] = [new Date(atMs).toISOString(), new Date(atMs + lifeMs).toISOString()];
  return { kind: 'test', id, form, issuedAt, expiresAt };
}

function other(kind: 'emergency' | 'stop', atMs = tenMs): Order {
  const stamp = {
    id: kind,
    issuedAt: new Date(atMs).toISOString(),
    expiresAt: new Date(atMs + 60 * minute).toISOString(),
  };
  if (kind === 'stop') return { kind, ...stamp, target: { kind: 'all' } };
  const clip = { id: 'c'.repeat(64), durationMs: 20_000, renditions: [] } as unknown as PlanBody['clips'][number];
  return { kind, ...stamp, occurrence: 'e@1', clip, repeat: { count: 1, gapMs: 0 }, lengthMsMax: 60_000, drill: false };
}

describe('on demand', () => {
  test('the chime sounds, is measured, and is told with what was measured', async () => {
    const own = bench({ measured: { verdict: 'sound', evidence: { probe: 'microphone', gainDb: -12 } } });
    await own.boot();
    await own.setOrders([testOrder('t1', 'audible')]);
    await own.clock.advance(5_000);
    expect(own.heard()).toEqual(['test-audible.wav']);
    expect(own.stretches).toMatchObject([{ purpose: 'audible-test', emittedMs: 3_000 }]);
    expect(own.reports()).toMatchObject([
      {
        order: 't1',
        form: 'audible',
        verdict: 'sound',
        evidence: { probe: 'microphone', gainDb: -12, emittedMs: 3_000 },
      },
    ]);
  });

  test('where nothing measures, nothing is claimed', async () => {
    const own = bench();
    await own.boot();
    await own.setOrders([testOrder('t1', 'audible')]);
    await own.clock.advance(5_000);
    expect(own.reports()).toMatchObject([{ verdict: 'not-measured', evidence: { emittedMs: 3_000 } }]);
  });

  test('once: not again for the same order repeated, replaced, or after a restart', async () => {
    const own = bench();
    await own.boot();
    await own.setOrders([testOrder('t1', 'audible')]);
    await own.clock.advance(5_000);
    await own.setOrders([testOrder('t1', 'audible')]);
    await own.setOrders([testOrder('t1', 'audible', tenMs, 20 * minute), testOrder('t2', 'audible')]);
    await own.clock.advance(20_000);
    expect(own.heard()).toHaveLength(2);
    await own.stop();
    await own.boot();
    await own.setOrders([testOrder('t1', 'audible'), testOrder('t2', 'silent')]);
    await own.clock.advance(20_000);
    expect(own.heard()).toHaveLength(2);
    expect(own.reports().map(({ order }) => order)).toEqual(['t1', 't2']);
  });

  test('interrupted by a power cut it is not made again, and is told', async () => {
    const own = bench();
    await own.boot();
    await own.setOrders([testOrder('t1', 'audible')]);
    await own.clock.advance(1_000);
    expect(own.heard()).toHaveLength(1);
    await own.boot();
    await own.setOrders([testOrder('t1', 'audible')]);
    await own.clock.advance(20_000);
    expect(own.heard()).toHaveLength(1);
    expect(own.reports()).toMatchObject([
      { order: 't1', verdict: 'undecided', evidence: { reason: 'interrupted-by-restart' } },
    ]);
  });

  const refused: [string, BenchOptions, (own: ReturnType<typeof bench>) => void, TestOrder, string][] = [
    ['expired', {}, () => undefined, testOrder('t', 'audible', tenMs - 20 * minute), 'expired'],
    [
      'not declared',
      { can: { silent: false, audible: true } },
      () => undefined,
      testOrder('t', 'silent'),
      'not-fitted',
    ],
    ['while something sounds', {}, (own) => own.setPlaying(true), testOrder('t', 'audible'), 'sounding'],
    ['in the gap of an item', {}, (own) => own.setItem(tenMs - 25_000), testOrder('t', 'audible'), 'sounding'],
    ['within a minute of an item', {}, (own) => own.setItem(tenMs + 50_000), testOrder('t', 'audible'), 'due-soon'],
    [
      'by a clock that is not trusted',
      { trusted: false },
      () => undefined,
      testOrder('t', 'audible'),
      'clock-not-trusted',
    ],
    [
      'audibly at night',
      { atMs: tenMs + 13 * 60 * minute },
      () => undefined,
      testOrder('t', 'audible', tenMs + 13 * 60 * minute),
      'outside-permitted-hours',
    ],
  ];
  test.each(refused)('%s it is refused, once, with the reason', async (_name, options, before, order, reason) => {
    const own = bench(options);
    before(own);
    await own.boot();
    await own.setOrders([order]);
    await own.setOrders([order]);
    await own.clock.advance(40_000);
    expect(own.heard()).toEqual([]);
    expect(own.reports()).toMatchObject([{ order: 't', verdict: 'refused', evidence: { reason } }]);
  });

  test('a board that has just come up waits a moment for the time', async () => {
    const own = bench({ trusted: false });
    await own.boot();
    await own.setOrders([testOrder('t', 'audible')]);
    await own.clock.advance(10_000);
    own.setTrusted(true);
    await own.setOrders([testOrder('t', 'audible')]);
    await own.clock.advance(10_000);
    expect(own.reports()).toMatchObject([{ order: 't', verdict: 'not-measured' }]);
  });

  test('in daytime it needs no permitted hours; silently, it needs none at all', async () => {
    const closed = bench({ spans: [] });
    await closed.boot();
    await closed.setOrders([testOrder('t', 'audible')]);
    await closed.clock.advance(10_000);
    const night = bench({ atMs: tenMs + 16 * 60 * minute, spans: [] });
    await night.boot();
    await night.setOrders([testOrder('t', 'silent', tenMs + 16 * 60 * minute)]);
    await night.clock.advance(10_000);
    expect([closed.heard(), night.heard()]).toEqual([['test-audible.wav'], ['test-silent.wav']]);
  });

  test('in an area’s orders it is refused and said to be, and never made', async () => {
    const own = bench();
    await own.boot();
    await own.setOrders([testOrder('t', 'audible')], { area: 'xa-1' });
    await own.setOrders([testOrder('t', 'audible')], { area: 'xa-1' });
    await own.clock.advance(10_000);
    expect(own.heard()).toEqual([]);
    expect(own.refusals).toEqual([{ subject: 'orders-xa-1', reason: 'test in an area’s orders' }]);
    expect(own.reports()).toEqual([]);
  });

  test('while an emergency or a stop is in force it is refused', async () => {
    for (const kind of ['emergency', 'stop'] as const) {
      const own = bench();
      await own.boot();
      await own.setOrders([other(kind), testOrder('t', 'audible')]);
      await own.clock.advance(10_000);
      expect(own.heard()).toEqual([]);
      const reason = kind === 'stop' ? 'stopped' : 'emergency-in-force';
      expect(own.reports()).toMatchObject([{ verdict: 'refused', evidence: { reason } }]);
    }
  });
});

describe('it gives way', () => {
  test.each(['emergency', 'stop', 'withdrawn'] as const)('at once to: %s', async (why) => {
    const own = bench();
    await own.boot();
    await own.setOrders([testOrder('t', 'audible')]);
    await own.clock.advance(1_200);
    const newer = tenMs + 1_200;
    await own.setOrders(why === 'withdrawn' ? [] : [testOrder('t', 'audible'), other(why, newer)]);
    await own.clock.advance(150);
    expect(own.emissions[0]?.how).toBe('stopped');
    await own.clock.advance(5_000);
    expect(own.stretches).toEqual([]);
    expect(own.reports()).toMatchObject([{ verdict: 'undecided', evidence: { reason: expect.any(String) } }]);
    const [event] = own.reports();
    const reason = { emergency: 'emergency-in-force', stop: 'stopped', withdrawn: 'withdrawn' }[why];
    expect(event?.evidence.reason).toBe(reason);
  });

  test('an emergency is heard within 500 ms of its arrival, though a test sounds', async () => {
    const own = bench();
    await own.boot();
    await own.setOrders([testOrder('t', 'audible')]);
    await own.clock.advance(1_200);
    const askedMs = own.clock.monotonicMs();
    const preparing = own.turns.player.prepare({ path: 'e.ogg', fromMs: 0, level: 'emergency' });
    await own.clock.advance(160);
    expect(own.emissions[0]?.how).toBe('stopped');
    const result = await preparing;
    if (!result.ok) throw new Error('not prepared');
    const playing = result.prepared.startAt(0);
    await own.clock.advance(300);
    const { monotonicMs } = await playing.started;
    console.log(`an emergency during a test is heard after ${monotonicMs - askedMs} ms`);
    expect(monotonicMs - askedMs).toBeLessThanOrEqual(500);
    expect(own.emissions.map(({ path, how }) => [path, how])).toEqual([
      ['test-audible.wav', 'stopped'],
      ['e.ogg', undefined],
    ]);
  });

  test('an item that comes all the same starts within 150 ms, and a test cannot begin while one is prepared', async () => {
    const own = bench();
    await own.boot();
    await own.setOrders([testOrder('t', 'audible')]);
    const preparing = own.turns.player.prepare({ path: 'a.ogg', fromMs: 0, level: 'routine' });
    await own.clock.advance(1_200);
    const result = await preparing;
    if (!result.ok) throw new Error('not prepared');
    const atMs = own.clock.monotonicMs();
    const playing = result.prepared.startAt(atMs);
    await own.clock.advance(150);
    const { monotonicMs } = await playing.started;
    expect(monotonicMs - atMs).toBeLessThanOrEqual(150);
    expect(own.turns.isTaken()).toBe(true);
    expect(await own.turns.test({ path: 'test-audible.wav', fromMs: 0, level: 'routine' })).toMatchObject({
      ok: false,
    });
    void playing.stop();
    await own.clock.advance(300);
    expect((await playing.ended).how).toBe('stopped');
    expect(own.turns.isTaken()).toBe(false);
  });

  test('an item stopped before the test is silent does not start at all', async () => {
    const own = bench();
    await own.boot();
    await own.setOrders([testOrder('t', 'audible')]);
    const preparing = own.turns.player.prepare({ path: 'a.ogg', fromMs: 0, level: 'routine' });
    await own.clock.advance(1_200);
    const result = await preparing;
    if (!result.ok) throw new Error('not prepared');
    const playing = result.prepared.startAt(0);
    const stopping = playing.stop();
    await own.clock.advance(500);
    expect(await stopping).toEqual({ emittedMs: 0 });
    expect(own.heard()).toEqual(['test-audible.wav']);
  });
});

describe('at night', () => {
  const midnightMs = Date.parse('2026-10-06T00:00:00+07:00');

  test('a silent one is made each night, once, and a week of them seven times', async () => {
    const own = bench({ atMs: midnightMs, nightlyAt: '02:30', measured: { verdict: 'sound', evidence: {} } });
    await own.boot();
    await own.clock.advance(7 * 24 * 60 * minute);
    expect(own.heard()).toEqual(Array(7).fill('test-silent.wav'));
    const reports = own.reports();
    expect(reports).toHaveLength(7);
    for (const { startedMs, order, form } of reports) {
      expect([order, form]).toEqual([undefined, 'silent']);
      const intoDayMs = (startedMs - midnightMs) % (24 * 60 * minute);
      expect(intoDayMs).toBeGreaterThanOrEqual(150 * minute);
      expect(intoDayMs).toBeLessThanOrEqual(172 * minute);
    }
  }, 60_000);

  test('a restart in the same night makes no second one', async () => {
    const own = bench({ atMs: midnightMs + 150 * minute, nightlyAt: '02:30' });
    await own.boot();
    await own.clock.advance(30 * minute);
    await own.stop();
    await own.boot();
    await own.clock.advance(60 * minute);
    expect(own.heard()).toHaveLength(1);
  });

  test('it waits for two quiet minutes, and for a clock that is trusted', async () => {
    const own = bench({ atMs: midnightMs + 150 * minute, nightlyAt: '02:30', trusted: false });
    await own.boot();
    await own.clock.advance(20 * minute);
    expect(own.heard()).toEqual([]);
    own.setItem(midnightMs + 172 * minute);
    own.setTrusted(true);
    await own.clock.advance(3.1 * minute);
    expect(own.emissions).toHaveLength(1);
    expect((own.emissions[0]?.startedMonotonicMs ?? 0) - 5_000).toBeGreaterThan(22.5 * minute);
  });

  test('without anything that measures none is made', async () => {
    const own = bench({ atMs: midnightMs, nightlyAt: '02:30', can: { silent: false, audible: true } });
    await own.boot();
    await own.clock.advance(24 * 60 * minute);
    expect(own.heard()).toEqual([]);
    expect(own.clock.timersPending()).toBe(0);
  });
});

test('the memory is bounded', async () => {
  const disk = simulatedDisk({ fraction: () => 0.5 });
  const memory = await openTestMemory({ disk, onDamaged: () => undefined });
  for (let index = 0; index < 500; index += 1)
    await memory.append({ kind: 'begun', test: `t${index}`, form: 'silent', atMs: index });
  expect(memory.records().length).toBeLessThanOrEqual(2 * testsRemembered);
  expect(memory.records().at(-1)).toMatchObject({ test: 't499' });
});

describe('the signals', () => {
  const samplesOf = (wav: Uint8Array) => new Int16Array(Uint8Array.from(wav.subarray(44)).buffer);
  const peakDb = (samples: Int16Array) =>
    20 * Math.log10(samples.reduce((most, value) => Math.max(most, Math.abs(value)), 0) / 32_768);

  test('a pilot stays at −40 dBFS, begins in silence, and never clicks', () => {
    const samples = samplesOf(silentTest('microphone'));
    expect(samples.length).toBe((testLengthMs.silent * 48_000) / 1_000);
    expect(peakDb(samples)).toBeLessThanOrEqual(-39.9);
    expect(samples.subarray(0, 48_000).every((value) => value === 0)).toBe(true);
    expect(peakDb(samplesOf(silentTest('amplifier-current')))).toBeLessThanOrEqual(-19.9);
  });

  test('the chime stays gentle', () => {
    const samples = samplesOf(audibleTest());
    expect(samples.length).toBe((testLengthMs.audible * 48_000) / 1_000);
    expect(peakDb(samples)).toBeLessThanOrEqual(-12);
    const steps = samples.reduce(
      (most, value, index) => Math.max(most, Math.abs(value - (samples[index - 1] ?? 0))),
      0,
    );
    expect(steps).toBeLessThan(1_200);
  });
});
