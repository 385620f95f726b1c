/**
 * Tests the sound path of this board: a silent pilot each night, and whatever its own orders ask for, each once. Sounds
 * only while nobody else wants the output, gives way at once, and tells what came of it, also of what it refused.
 */
import type { TestOrder } from '@loa/protocol/device';
import type { Documents, Listen, Outbox, Refusals, TestedEvent, TestMemory, Timekeeper } from '../../contracts.ts';
import type { Cancel, Clock } from '../../edges/clock.ts';
import type { Random } from '../../edges/random.ts';
import { regularly } from '../../edges/regularly.ts';
import { judgeTest, mustGiveWay, quietMsMin, type TestFacts, type TestForm } from './judge-test.ts';
import { measureTest, type TestResult } from './make-test.ts';
import { nightAt, nightJitterMsMax } from './night.ts';
import type { Turns } from './turns.ts';

/** The night is looked for so often. */
const nightEveryMs = 60_000;

/** A board that has just come up knows the time in a moment; so long an order waits for that before it is refused. */
const clockPatienceMs = 30_000;

/** Refused orders of areas are told once each; so many are remembered for that. */
const strangersMax = 64;

export interface SelfTestPorts {
  clock: Clock;
  random: Random;
  time: Pick<Timekeeper, 'now'>;
  /** The newest verified issue time, epoch ms: it cannot be earlier. */
  floorMs: () => number;
  documents: Pick<Documents, 'plan' | 'hours' | 'orders'>;
  outbox: Outbox;
  refusals: Refusals;
  memory: TestMemory;
  turns: Turns;
  /** Something of the plan or an emergency is on the output, in its gaps too. */
  isPlaying: () => boolean;
  /** The signal's file, made when it is missing. */
  soundPath: (form: TestForm) => Promise<string>;
  listen: Listen;
  /** The forms this board declares. */
  can: Record<TestForm, boolean>;
  /** HH:MM of the nightly silent test; undefined: none. Made only where `can.silent`. */
  nightlyAt: string | undefined;
  /** Switches the amplifier on and resolves when it is warm; gives how to let go of it. */
  powerUp?: (() => Promise<() => void>) | undefined;
  log: (line: string) => void;
}

export interface SelfTest {
  start(): void;
  /** Documents have changed. */
  reconsider(): void;
  stop(): Promise<void>;
}

interface Running {
  order: string | undefined;
  cutBy: string | undefined;
}

export function createSelfTest(ports: SelfTestPorts): SelfTest {
  const { clock, memory, turns } = ports;
  /** Undefined where no nightly test is made. */
  const night =
    ports.nightlyAt === undefined || !ports.can.silent
      ? undefined
      : { at: ports.nightlyAt, jitterMs: Math.round(ports.random.fraction() * nightJitterMsMax) };
  const strangers = new Set<string>();
  let isRunning = false;
  let running: Running | undefined;
  let working: Promise<void> | undefined;
  let watch: { stop(): void } | undefined;
  let distrustedSinceMs: number | undefined;
  let cancelPatience: Cancel = () => undefined;

  function nowMs(): number {
    return Math.round(Math.max(ports.time.now().ms, ports.floorMs()));
  }

  function facts(form: TestForm): TestFacts {
    const now = ports.time.now();
    return {
      nowMs: now.ms,
      trusted: now.trusted,
      hours: ports.documents.hours(),
      plan: ports.documents.plan()?.body,
      orders: ports.documents.orders().map(({ order }) => order),
      isTaken: turns.isTaken() || ports.isPlaying(),
      isFitted: ports.can[form],
    };
  }

  /** Orders that were not made yet; those of an area are refused, and said to be. */
  function nextOrder(): TestOrder | undefined {
    const known = new Set(memory.records().map(({ test }) => test));
    for (const { order, document } of ports.documents.orders()) {
      if (order.kind !== 'test' || known.has(order.id)) continue;
      if (document.scope === 'device') return order;
      refuseStranger(order.id, document.aud);
    }
    return undefined;
  }

  function refuseStranger(id: string, area: string): void {
    if (strangers.has(id)) return;
    if (strangers.size >= strangersMax) strangers.clear();
    strangers.add(id);
    ports.refusals.refused({ subject: `orders-${area}`, reason: 'test in an area’s orders' });
  }

  function work(): void {
    if (working !== undefined || !isRunning) return;
    const order = nextOrder();
    if (order === undefined || isWaitingForTime()) return;
    working = carryOut(order)
      .then(() => true)
      // A disk that refuses: nothing was made, and nothing is until the documents change again.
      .catch((error: unknown) => {
        ports.log(`A test could not be made: ${String(error)}`);
        return false;
      })
      .then((isDone) => {
        working = undefined;
        if (isDone) work();
      });
  }

  function isWaitingForTime(): boolean {
    cancelPatience();
    const atMs = clock.monotonicMs();
    distrustedSinceMs = ports.time.now().trusted ? undefined : (distrustedSinceMs ?? atMs);
    const leftMs = distrustedSinceMs === undefined ? 0 : distrustedSinceMs + clockPatienceMs - atMs;
    if (leftMs > 0) cancelPatience = clock.setTimer(work, leftMs);
    return leftMs > 0;
  }

  async function carryOut(order: TestOrder): Promise<void> {
    const isExpired = Date.parse(order.expiresAt) <= nowMs();
    const verdict = judgeTest(order.form, { ...facts(order.form), quietMs: quietMsMin.ordered });
    const refusal = isExpired ? 'expired' : verdict.ok ? undefined : verdict.reason;
    const of = { test: order.id, order: order.id, form: order.form };
    if (refusal === undefined) await make(of);
    else await end(of, { startedMs: nowMs(), verdict: 'refused', evidence: { reason: refusal } });
  }

  async function make(of: { test: string; order?: string | undefined; form: TestForm }): Promise<void> {
    const startedMs = nowMs();
    const own: Running = { order: of.order, cutBy: undefined };
    running = own;
    try {
      const path = await ports.soundPath(of.form);
      await memory.append({ kind: 'begun', ...of, atMs: startedMs });
      const release = await ports.powerUp?.();
      const result = await sound(of.form, own, path).finally(() => release?.());
      await end(of, { startedMs, ...result });
    } finally {
      running = undefined;
    }
  }

  async function sound(form: TestForm, own: Running, path: string): Promise<TestResult> {
    const refused = (reason: string): TestResult => ({ verdict: 'refused', evidence: { reason } });
    if (own.cutBy !== undefined) return refused(own.cutBy);
    const started = await turns.test({ path, fromMs: 0, level: 'routine' });
    if (!started.ok) return refused(own.cutBy ?? started.reason);
    const cutBy = () => own.cutBy ?? 'gave-way';
    return measureTest(form, { playing: started.playing, listen: ports.listen, clock, cutBy });
  }

  async function end(
    of: { test: string; order?: string | undefined; form: TestForm },
    given: TestResult & { startedMs: number },
  ): Promise<void> {
    const { startedMs, verdict, evidence } = given;
    const event: TestedEvent = {
      kind: 'tested',
      ...(of.order === undefined ? {} : { order: of.order }),
      form: of.form,
      verdict,
      startedMs,
      endedMs: Math.max(startedMs, nowMs()),
      evidence,
    };
    await memory.append({ kind: 'ended', test: of.test, event });
    await tell(of.test, event);
    ports.log(`test (${of.form}): ${verdict}`);
  }

  async function tell(test: string, event: TestedEvent): Promise<void> {
    await ports.outbox.add(event, { once: `tested:${test}` });
    await memory.append({ kind: 'told', test });
  }

  /** What an earlier boot left undone: a test it began is over, a report it could not hand on is handed on. */
  async function recover(): Promise<void> {
    const records = memory.records();
    const told = new Set(records.flatMap((one) => (one.kind === 'told' ? [one.test] : [])));
    const ended = new Map(records.flatMap((one) => (one.kind === 'ended' ? [[one.test, one.event] as const] : [])));
    for (const [test, event] of ended) if (!told.has(test)) await tell(test, event);
    for (const one of records) {
      if (one.kind !== 'begun' || ended.has(one.test)) continue;
      const evidence = { reason: 'interrupted-by-restart' };
      await end(one, { startedMs: one.atMs, verdict: 'undecided', evidence });
    }
  }

  function lookForNight(): void {
    const now = ports.time.now();
    if (!isRunning || working !== undefined || night === undefined || !now.trusted) return;
    const timeZone = ports.documents.hours()?.timeZone ?? 'Asia/Ho_Chi_Minh';
    const tonight = nightAt(now.ms, { timeZone, ...night });
    const test = `night-${tonight.date}`;
    if (tonight.phase !== 'now' || memory.records().some((one) => one.test === test)) return;
    const verdict = judgeTest('silent', { ...facts('silent'), quietMs: quietMsMin.nightly });
    if (!verdict.ok) return;
    working = make({ test, form: 'silent' })
      .catch((error: unknown) => ports.log(`The nightly test could not be made: ${String(error)}`))
      .then(() => {
        working = undefined;
        work();
      });
  }

  function giveWayWhenNeeded(): void {
    if (running === undefined) return;
    const orders = ports.documents.orders();
    const pressing = mustGiveWay({ orders: orders.map(({ order }) => order), nowMs: nowMs() });
    const id = running.order;
    const isWithdrawn = id !== undefined && !orders.some(({ order }) => order.kind === 'test' && order.id === id);
    const cutBy = pressing ?? (isWithdrawn ? 'withdrawn' : undefined);
    if (cutBy === undefined) return;
    running.cutBy ??= cutBy;
    void turns.giveWay();
  }

  return {
    start() {
      isRunning = true;
      working = recover()
        .catch((error: unknown) => ports.log(`Tests of an earlier boot: ${String(error)}`))
        .then(() => {
          working = undefined;
          work();
        });
      if (night !== undefined) watch = regularly(clock, nightEveryMs, lookForNight);
    },
    reconsider() {
      if (!isRunning) return;
      giveWayWhenNeeded();
      work();
    },
    async stop() {
      isRunning = false;
      watch?.stop();
      cancelPatience();
      if (running !== undefined) running.cutBy ??= 'stopped';
      await turns.giveWay();
      await working;
    },
  };
}
