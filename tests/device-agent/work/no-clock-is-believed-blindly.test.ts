/** P9 on the board: when the time is trusted and when not, how near it is, and what jumps do. */
import { openClockMemory } from '@loa/device-agent/keep/clock-memory.ts';
import {
  boundAt,
  lineThrough,
  monotonicAt,
  type Sample,
  serverAt,
  withSample,
} from '@loa/device-agent/work/timekeeper/estimate.ts';
import {
  burstCount,
  burstEveryMs,
  burstGapMs,
  createTimekeeper,
  sampleEveryMs,
  sampleLifeMs,
  sampleSoonMs,
  samplesEnough,
} from '@loa/device-agent/work/timekeeper/timekeeper.ts';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { manualClock } from '../../harness/manual-clock.ts';
import { type SimulatedDisk, simulatedDisk } from '../../harness/simulated-disk.ts';

const hourMs = 3_600_000;
const floorMs = Date.parse('2026-11-20T10:00:00Z');

function board(options: { wallMs?: number; clockKept?: boolean; floorMs?: number; aheadMs?: number } = {}) {
  const clock = manualClock({ wallMs: options.wallMs ?? floorMs + hourMs });
  const log = { changes: 0, asked: [] as number[] };
  const time = createTimekeeper({
    clock,
    clockKept: options.clockKept ?? true,
    floorMs: () => options.floorMs ?? floorMs,
    onChange: () => {
      log.changes += 1;
    },
  });
  const server = { aheadMs: options.aheadMs ?? floorMs + 2 * hourMs, lagMs: 20 };
  /** Answers what was asked, the way there and back taking `lagMs` each. */
  async function answerAll(): Promise<boolean[]> {
    const answers: boolean[] = [];
    for (const sentMs of log.asked.splice(0)) {
      const receivedMs = sentMs + server.lagMs + server.aheadMs;
      await clock.advance(Math.max(0, sentMs + 2 * server.lagMs - clock.monotonicMs()));
      answers.push(time.answered({ kind: 'time-answer', sentMs, receivedMs, answeredMs: receivedMs }));
    }
    return answers;
  }
  return { clock, time, log, server, answerAll, ask: (sentMs: number) => log.asked.push(sentMs) };
}

describe('the time is', () => {
  it.each([
    ['trusted by a battery-kept clock that no document contradicts', {}, undefined],
    ['not trusted by a clock without battery', { clockKept: false }, 'no-time-yet'],
    ['not trusted when the clock is behind a signed document', { wallMs: floorMs - 1 }, 'wall-implausible'],
    ['not trusted when the clock is decades ahead', { wallMs: floorMs + 11 * 365 * 24 * hourMs }, 'wall-implausible'],
    ['not trusted when no document was ever signed for us', { floorMs: 0 }, 'wall-implausible'],
  ] as const)('%s', (_name, options, reason) => {
    const { time } = board(options);
    expect(time.distrust()).toBe(reason);
    const now = time.now();
    expect(now.trusted).toBe(reason === undefined);
    expect(now.ms).toBeGreaterThanOrEqual('floorMs' in options ? 0 : floorMs);
    expect(Number.isFinite(time.clockState().boundMs)).toBe(true);
  });

  it('at least the newest signed issue time where nothing is known', () => {
    const { time } = board({ wallMs: 0, clockKept: false });
    expect(time.now()).toMatchObject({ ms: floorMs, trusted: false });
  });

  it('trusted after one round trip, whatever the board believed, and for seven days without another', async () => {
    const { clock, time, log, server, answerAll, ask } = board({ wallMs: 0, clockKept: false });
    time.connected(ask);
    await answerAll();
    expect(time.distrust()).toBeUndefined();
    expect(log.changes).toBe(1);
    expect(time.now().ms).toBeCloseTo(clock.monotonicMs() + server.aheadMs, 3);
    // Half the round trip, and the millisecond that the server cuts off.
    expect(time.now().boundMs).toBeCloseTo(21, 0);
    expect(time.serverToMonotonic(time.now().ms + 5_000)).toBeCloseTo(clock.monotonicMs() + 5_000, 3);
    time.disconnected();
    await clock.advance(sampleLifeMs - 60_000);
    expect(time.distrust()).toBeUndefined();
    expect(time.now().boundMs).toBeGreaterThan(30_000);
    await clock.advance(120_000);
    expect(time.distrust()).toBe('sample-too-old');
  });

  it('not trusted when the server says less than it has signed itself', async () => {
    const { time, answerAll, ask } = board({ aheadMs: floorMs - 2 * hourMs });
    time.connected(ask);
    await answerAll();
    expect(time.distrust()).toBe('server-behind-documents');
    expect(time.now().ms).toBeGreaterThanOrEqual(floorMs);
  });
});

describe('a jump', () => {
  it('of the board’s clock by more than a minute ends its trust until the server says the time', async () => {
    const { clock, time, answerAll, ask } = board();
    clock.stepWall(50_000);
    expect(time.distrust()).toBeUndefined();
    clock.stepWall(-3_600_000 + 100_000);
    expect(time.distrust()).toBe('wall-stepped');
    await clock.advance(hourMs);
    expect(time.distrust()).toBe('wall-stepped');
    time.connected(ask);
    await answerAll();
    expect(time.distrust()).toBeUndefined();
  });

  it('of the board’s clock changes nothing once the server has said the time', async () => {
    const { clock, time, answerAll, ask } = board();
    time.connected(ask);
    await answerAll();
    const before = time.now().ms - clock.monotonicMs();
    clock.stepWall(-40 * 365 * 24 * hourMs);
    expect(time.now().ms - clock.monotonicMs()).toBe(before);
    expect(time.distrust()).toBeUndefined();
  });

  it('of the server’s clock is not followed at once, but when it stays', async () => {
    const { clock, time, log, server, answerAll, ask } = board();
    time.connected(ask);
    await answerAll();
    const changes = log.changes;
    const right = () => time.now().ms - clock.monotonicMs() - server.aheadMs;
    server.aheadMs += hourMs;
    for (let minute = 0; minute < 4; minute += 1) {
      await clock.advance(60_000);
      await answerAll();
      expect(right()).toBeCloseTo(-hourMs, -1);
    }
    server.aheadMs -= hourMs;
    await clock.advance(60_000);
    await answerAll();
    expect(right()).toBeCloseTo(0, 0);
    server.aheadMs += hourMs;
    for (let minute = 0; minute < 9; minute += 1) {
      await clock.advance(60_000);
      await answerAll();
    }
    expect(right()).toBeCloseTo(0, 0);
    expect(log.changes).toBe(changes + 1);
  });
});

describe('the exchange', () => {
  it('is a burst when the link comes up, one a minute then, and a burst on request', async () => {
    const { clock, time, log, ask } = board();
    time.burst();
    expect(log.asked).toHaveLength(0);
    time.connected(ask);
    await clock.advance((burstCount - 1) * burstGapMs);
    expect(log.asked).toHaveLength(burstCount);
    await clock.advance(180_000);
    expect(log.asked).toHaveLength(burstCount + 3);
    time.burst();
    time.burst();
    await clock.advance(burstEveryMs - 1);
    time.burst();
    await clock.advance(1);
    expect(log.asked).toHaveLength(2 * burstCount + 3);
    time.disconnected();
    await clock.advance(hourMs);
    expect(log.asked).toHaveLength(2 * burstCount + 3);
    expect(clock.timersPending()).toBe(0);
  });

  it('is quicker until there are enough samples, and some sixty an hour from then on', async () => {
    const { clock, time, log, server, answerAll, ask } = board();
    time.connected(ask);
    const taken = async (ms: number) => {
      let count = 0;
      for (let passed = 0; passed < ms; passed += burstGapMs) {
        await clock.advance(burstGapMs - 2 * server.lagMs * Math.sign(log.asked.length));
        count += log.asked.length;
        await answerAll();
      }
      return count;
    };
    expect(await taken(10_000)).toBe(burstCount);
    const soon = await taken(600_000);
    expect(soon).toBeGreaterThan(samplesEnough - burstCount - 5);
    expect(soon).toBeLessThanOrEqual(600_000 / sampleSoonMs);
    await taken(60_000);
    expect(await taken(3_600_000)).toBeLessThanOrEqual(3_600_000 / sampleEveryMs + 1);
  });

  it('asks no more than it must where one answer says it all', async () => {
    const { clock, time, log, server, answerAll, ask } = board();
    server.lagMs = 1;
    time.connected(ask);
    for (let passed = 0; passed < 60; passed += 1) {
      await answerAll();
      await clock.advance(burstGapMs);
    }
    expect(time.now().boundMs).toBeLessThan(5);
    await answerAll();
    time.disconnected();
    expect(log.asked.length).toBeLessThan(6);
  });

  it('takes no answer to what was not asked, no answer twice, and none that is impossible', async () => {
    const { clock, time, log, ask } = board();
    time.connected(ask);
    const [first = 0] = log.asked;
    await clock.advance(30);
    const answer = (sentMs: number, receivedMs: number, answeredMs: number) =>
      time.answered({ kind: 'time-answer', sentMs, receivedMs, answeredMs });
    expect(answer(first + 1, floorMs, floorMs)).toBe(false);
    expect(answer(first, floorMs, floorMs)).toBe(true);
    expect(answer(first, floorMs, floorMs)).toBe(false);
    await clock.advance(200);
    const [, second = 0] = log.asked;
    expect(answer(second, floorMs, floorMs - 5)).toBe(false);
    await clock.advance(200);
    const [, , third = 0] = log.asked;
    expect(answer(third, floorMs, floorMs + 60_000)).toBe(false);
    await clock.advance(20_000);
    const [, , , fourth = 0] = log.asked;
    expect(answer(fourth, floorMs, floorMs)).toBe(false);
  });
});

describe('the estimate', () => {
  function chance(seed: number): () => number {
    let state = seed >>> 0;
    return () => {
      state = (Math.imul(state ^ (state >>> 15), 2_246_822_519) + 3_266_489_917) >>> 0;
      return state / 2 ** 32;
    };
  }

  /** Samples of a board that runs wrong by `rate`, over a line with this one-way delay. */
  function samplesOver(options: { minutes: number; rate: number; oneWayMs: () => number; asymmetryMs?: number }) {
    let samples: Sample[] = [];
    let atMs = 0;
    const take = () => {
      const upMs = options.oneWayMs() + (options.asymmetryMs ?? 0) / 2;
      const delayMs = upMs + options.oneWayMs() - (options.asymmetryMs ?? 0) / 2;
      const middleMs = atMs + delayMs / 2;
      const offsetMs = (atMs + upMs) * (1 + options.rate) - middleMs;
      samples = withSample(samples, { atMs: middleMs, offsetMs, delayMs });
    };
    const burst = () => {
      for (let count = 0; count < burstCount; count += 1) {
        take();
        atMs += burstGapMs;
      }
    };
    burst();
    // As the timekeeper asks: densely until it has enough.
    let taken = burstCount;
    for (let leftMs = options.minutes * 60_000; ; taken += 1) {
      const gapMs = taken < samplesEnough ? sampleSoonMs : sampleEveryMs;
      if (leftMs < gapMs) break;
      leftMs -= gapMs;
      atMs += gapMs;
      take();
    }
    burst();
    return { samples, endMs: atMs };
  }

  function errorAfter(options: Parameters<typeof samplesOver>[0] & { offlineHours?: number }): number {
    const { samples, endMs } = samplesOver(options);
    const line = lineThrough(samples);
    if (line === undefined) return Number.NaN;
    const atMs = endMs + (options.offlineHours ?? 0) * hourMs;
    return serverAt(line, atMs) - atMs * (1 + options.rate);
  }

  const p95 = (values: number[]) => values.sort((a, b) => a - b)[Math.floor(values.length * 0.95)] ?? Number.NaN;

  function spreads(groups: number, error: (random: () => number) => number): number[] {
    return Array.from({ length: groups }, (_, seed) => {
      const random = chance(seed * 7919 + 1);
      const errors = Array.from({ length: 12 }, () => error(random));
      return Math.max(...errors) - Math.min(...errors);
    });
  }

  /** ±50 ppm, every rate as likely. */
  const rateOf = (random: () => number) => (random() * 2 - 1) * 50e-6;

  const bell = (random: () => number) => Math.sqrt(-2 * Math.log(1 - random())) * Math.cos(2 * Math.PI * random());

  it.each([
    ['one LAN', (random: () => number) => 0.3 + random() * 2, 10, 0, 2],
    [
      '300 ms with symmetric jitter of 150 ms, after ten minutes',
      (random: () => number) => 75 + random() * 150,
      10,
      0,
      20,
    ],
    ['the same after one hour', (random: () => number) => 75 + random() * 150, 60, 0, 20],
    ['the same after three hours', (random: () => number) => 75 + random() * 150, 180, 0, 15],
    ['bell-shaped jitter', (random: () => number) => Math.max(20, 150 + 30 * bell(random)), 10, 0, 20],
    ['long queues now and then', (random: () => number) => 75 - 60 * Math.log(1 - random()), 10, 0, 20],
    ['one way in three is quick', (random: () => number) => (random() < 0.3 ? 75 : 150 + random() * 75), 10, 0, 20],
    ['fixed asymmetry of up to 40 ms', (random: () => number) => 75 + random() * 20, 60, 40, 50],
    ['the same with jitter of 150 ms', (random: () => number) => 75 + random() * 150, 10, 40, 50],
  ] as const)('keeps a group of twelve together: %s', (name, oneWay, minutes, asymmetry, spreadMs) => {
    const found = p95(
      spreads(60, (random) =>
        errorAfter({
          minutes,
          rate: rateOf(random),
          oneWayMs: () => oneWay(random),
          asymmetryMs: (random() * 2 - 1) * asymmetry,
        }),
      ),
    );
    console.log(`${name}: p95 of the spread ${found.toFixed(1)} ms`);
    expect(found).toBeLessThan(spreadMs);
  });

  it.each([
    ['12 hours after a day of samples', 24 * 60, 12, 1_000],
    ['7 days after a day of samples', 24 * 60, 168, 6_000],
    ['12 hours after an evening of samples', 4 * 60, 12, 1_000],
    ['12 hours after one hour of samples', 60, 12, 1_000],
  ] as const)('runs on alone: %s', (name, minutes, offlineHours, limitMs) => {
    const random = chance(5);
    const errors = Array.from({ length: 40 }, () =>
      Math.abs(errorAfter({ minutes, rate: rateOf(random), oneWayMs: () => 75 + random() * 150, offlineHours })),
    );
    console.log(`${name}: p95 ${p95(errors).toFixed(0)} ms`);
    expect(p95(errors)).toBeLessThan(limitMs);
  });

  it('stays within its stated bound while the board runs wrong by less than 100 ppm', () => {
    fc.assert(
      fc.property(
        fc.nat(),
        fc.integer({ min: 0, max: 90 }),
        fc.double({ min: 0, max: 100, noNaN: true }),
        fc.integer({ min: -200, max: 200 }),
        (seed, minutes, hours, asymmetryMs) => {
          const random = chance(seed);
          const rate = (random() - 0.5) * 200e-6;
          // All the waiting on the way up: the worst that a line can do to a round trip.
          let isUp = false;
          const oneWayMs = () => {
            isUp = !isUp;
            return isUp ? 105 + random() * 400 : 105;
          };
          const { samples, endMs } = samplesOver({ minutes, rate, oneWayMs, asymmetryMs });
          const line = lineThrough(samples);
          if (line === undefined) return;
          const atMs = endMs + hours * hourMs;
          const error = Math.abs(serverAt(line, atMs) - atMs * (1 + rate));
          expect(error).toBeLessThanOrEqual(boundAt(samples, line, atMs) + 0.001);
          expect(monotonicAt(line, serverAt(line, atMs))).toBeCloseTo(atMs, 3);
        },
      ),
      { numRuns: 300 },
    );
  });

  it('keeps few samples however long it runs', () => {
    const { samples } = samplesOver({ minutes: 20 * 24 * 60, rate: 1e-5, oneWayMs: () => 20 });
    expect(samples.length).toBeLessThan(400);
  });
});

describe('what was learnt', () => {
  const asks = async (options: { disk: SimulatedDisk; boot: string; startedMs: number; wallMs?: number }) => {
    const clock = manualClock({ wallMs: options.wallMs ?? 0 });
    const memory = await openClockMemory({ disk: options.disk, life: options, onDamaged: () => undefined });
    const time = createTimekeeper({
      clock,
      clockKept: false,
      floorMs: () => floorMs,
      memory,
      onChange: () => undefined,
    });
    return { clock, time };
  };
  const serverMs = floorMs + hourMs;

  it('is known to the next process of the same boot, without a network, within its bound; not to another boot', async () => {
    const disk = simulatedDisk({ fraction: () => 0 });
    const first = await asks({ disk, boot: 'b', startedMs: 5_000 });
    const asked: number[] = [];
    first.time.connected((sentMs) => asked.push(sentMs));
    for (let round = 0; round < 40; round += 1) {
      await first.clock.advance(burstGapMs);
      for (const sentMs of asked.splice(0)) {
        const receivedMs = serverMs + first.clock.monotonicMs();
        first.time.answered({ kind: 'time-answer', sentMs, receivedMs, answeredMs: receivedMs });
      }
    }
    await first.clock.advance(hourMs);
    const endedMs = first.clock.monotonicMs();
    // The process was killed; two minutes later another one begins, whose own clock starts at nought.
    const second = await asks({ disk, boot: 'b', startedMs: 5_000 + endedMs + 120_000 });
    expect(second.time.distrust()).toBeUndefined();
    const { ms, boundMs } = second.time.now();
    const truthMs = serverMs + endedMs + 120_000 + second.clock.monotonicMs();
    expect(Math.abs(ms - truthMs)).toBeLessThanOrEqual(1);
    expect(boundMs).toBeLessThan(1_000);
    await second.clock.advance(sampleLifeMs);
    expect(second.time.distrust()).toBe('sample-too-old');
    const other = await asks({ disk, boot: 'c', startedMs: 0 });
    expect(other.time.distrust()).toBe('no-time-yet');
  });
});
