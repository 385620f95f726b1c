/**
 * A stage for the conductor: the real conductor between memory twins of everything it talks to, on a clock moved by
 * hand. Restarts keep what a disk would keep.
 */
import type {
  ClipShelf,
  EndedEvent,
  Faults,
  Ledger,
  LedgerEntry,
  Measured,
  Outbox,
  Player,
  SoundProbe,
} from '@loa/device-agent/contracts.ts';
import type { Clock } from '@loa/device-agent/edges/clock.ts';
import { createAmplifier } from '@loa/device-agent/work/amplifier/amplifier.ts';
import { createConductor, type RunningConductor } from '@loa/device-agent/work/conductor/conductor.ts';
import { createListen } from '@loa/device-agent/work/listening/listen.ts';
import type {
  Clip,
  EmergencyOrder,
  HoursDocument,
  Order,
  OrdersDocument,
  PlanBody,
  PlanDocument,
  PlanItem,
  ReportEvent,
} from '@loa/protocol/device';
import { reportEventSchema } from '@loa/protocol/device';
import { type ManualClock, manualClock, settle } from './manual-clock.ts';
import {
  type SimulatedClip,
  type SimulatedPlayer,
  type SimulatedStation,
  simulatedPlayer,
} from './simulated-player.ts';

/** Monday 2026-10-05 08:00 in Việt Nam: inside the cautious hours. */
export const stageNoonMs = Date.parse('2026-10-05T08:00:00+07:00');

/** Server time is estimated: it never falls on whole milliseconds. */
const fraction = 0.0005;

const rounded = (ms: number) => Math.round(ms * 100) / 100;

export interface Stage {
  clock: ManualClock;
  conductor: RunningConductor;
  reports: ReportEvent[];
  ledger: LedgerEntry[];
  signals: { code: string; bad: boolean }[];
  /** Codes of those that do not wait. */
  certain: string[];
  /** When fresh samples of the time were asked for, ms since the beginning. */
  timeAskedMs: number[];
  /** Clips that the shelf was told are needed, each time that it was told. */
  wished: string[][];
  /** Ms since the stage's beginning. */
  nowMs(): number;
  /** What sounded: path, start and end in ms since the beginning. */
  heard(): {
    clip: string;
    fromMs: number;
    atMs: number;
    untilMs: number;
    level: string;
    gainDb: number | undefined;
  }[];
  ended(occurrence: string): EndedEvent[];
  setPlan(items: readonly StageItem[] | undefined, options?: { fromMs?: number; untilMs?: number }): void;
  setOrders(orders: readonly Order[]): void;
  setHours(spans: HoursDocument['spans'] | undefined): void;
  setClip(clip: string, state: 'here' | 'fetching' | 'missing'): void;
  setTrusted(isTrusted: boolean): void;
  /** Pulls the output or puts it back. */
  setOutput(isPresent: boolean): void;
  setFloor(ms: number): void;
  /** Each switching of the amplifier, in ms since the beginning. */
  switchings: { atMs: number; isOn: boolean }[];
  /** Whether the plan says that amplifiers stay on. */
  setStaysOn(staysOn: boolean): void;
  setDisk(state: 'good' | 'refuses' | 'outbox-refuses'): void;
  advance(ms: number): Promise<void>;
  /** Power cut and a new boot after `offMs`. */
  restart(offMs?: number): Promise<void>;
  stop(): Promise<void>;
}

/** A plan item with the usual things left out. `at` is ms since the stage's beginning. */
export type StageItem = { occurrence: string; at: number; clip?: string; durationMs?: number } & Partial<
  Omit<PlanItem, 'occurrence' | 'atMs' | 'clip'>
>;

export function clipOf(name: string, durationMs: number): Clip {
  const hash = Buffer.from(name).toString('hex').padEnd(64, '0').slice(0, 64);
  return { id: hash, durationMs, renditions: [{ format: 'ogg-opus', hash, sizeBytes: 1000 }] };
}

/** An emergency, issued `at` ms after the beginning. */
export function emergency(
  occurrence: string,
  given: { at: number } & Partial<Omit<EmergencyOrder, 'kind' | 'occurrence'>> & { durationMs?: number },
): EmergencyOrder {
  const { at, durationMs = 5_000, ...rest } = given;
  return {
    kind: 'emergency',
    id: occurrence.replaceAll(/[^a-z0-9]/g, '-'),
    occurrence,
    issuedAt: new Date(stageNoonMs + at).toISOString(),
    expiresAt: new Date(stageNoonMs + at + 3_600_000).toISOString(),
    clip: clipOf(occurrence, durationMs),
    repeat: { count: 1, gapMs: 0 },
    lengthMsMax: 600_000,
    drill: false,
    ...rest,
  };
}

/** A stop of everything, or of one occurrence. */
export function stopOrder(given: { at: number; untilMs?: number; occurrence?: string }): Order {
  return {
    kind: 'stop',
    id: `stop-${given.at}`,
    issuedAt: new Date(stageNoonMs + given.at).toISOString(),
    expiresAt: new Date(stageNoonMs + (given.untilMs ?? given.at + 3_600_000)).toISOString(),
    target: given.occurrence === undefined ? { kind: 'all' } : { kind: 'occurrence', occurrence: given.occurrence },
  };
}

export interface StageOptions {
  measured?: Measured['verdict'];
  /** Instead of `measured`. */
  probes?: readonly SoundProbe[];
  trusted?: boolean;
  clips?: (path: string) => SimulatedClip;
  drillsAudible?: boolean;
  /** What a station does when it is called; default: it is there. */
  stations?: (url: string) => SimulatedStation;
  /** Default: it does. */
  takesStream?: boolean;
  prepareMs?: number;
  /** How long a ledger entry takes to be durable; default at once. */
  diskMs?: number;
  /** An amplifier that is switched; default: nothing is. */
  amplifier?: { warmUpMs: number; holdMs: number; hookMs?: number; fails?: () => boolean };
  /** Another player in place of the simulated one; `heard` knows nothing of it. */
  player?: (clock: Clock) => Player;
}

export async function openStage(options: StageOptions = {}): Promise<Stage> {
  const clock = manualClock({ wallMs: stageNoonMs });
  const bootMs = clock.monotonicMs();
  const durations = new Map<string, number>();
  const clipStates = new Map<string, 'here' | 'fetching' | 'missing'>();
  const outboxNames = new Set<string>();
  const reports: ReportEvent[] = [];
  const entries: LedgerEntry[] = [];
  const signals: { code: string; bad: boolean }[] = [];
  const certain: string[] = [];
  const timeAskedMs: number[] = [];
  const switchings: { atMs: number; isOn: boolean }[] = [];
  let staysOn = false;
  const pathOf = (clip: Clip) => Buffer.from(clip.id, 'hex').toString().replaceAll('\0', '');
  let plan: { head: PlanDocument; body: PlanBody } | undefined;
  let orders: { order: Order; document: OrdersDocument }[] = [];
  let hours: HoursDocument | undefined;
  let trusted = options.trusted ?? true;
  let floorMs = 0;
  let disk: 'good' | 'refuses' | 'outbox-refuses' = 'good';
  let boot = 0;
  let isPresent = true;

  const wished: string[][] = [];
  const players: SimulatedPlayer[] = [];
  const toMonotonic = (serverMs: number) => serverMs - fraction - stageNoonMs + bootMs;
  const shelf: ClipShelf = {
    want: (clips) => void wished.push(clips.map(({ clip }) => pathOf(clip))),
    find(clip) {
      const path = pathOf(clip);
      durations.set(path, clip.durationMs);
      const state = clipStates.get(path) ?? 'here';
      const [rendition] = clip.renditions;
      if (state === 'fetching') return { state, fraction: 0.5 };
      if (state === 'missing' || rendition === undefined) return { state: 'missing', reason: 'clip-missing' };
      return { state: 'here', path, rendition };
    },
  };

  function boots(): RunningConductor {
    boot += 1;
    const own = boot;
    // Timers of an earlier boot are gone with its power.
    const ownClock: Clock = {
      wallMs: clock.wallMs,
      monotonicMs: clock.monotonicMs,
      setTimer: (run, delayMs) => clock.setTimer(() => (own === boot ? run() : undefined), delayMs),
    };
    const player = simulatedPlayer({
      clock: ownClock,
      clipAt: options.clips ?? ((path) => ({ durationMs: durations.get(path) ?? 5_000 })),
      stationAt: options.stations ?? (() => ({})),
      ...(options.prepareMs === undefined ? {} : { prepareMs: options.prepareMs }),
    });
    player.setPresent(isPresent);
    players.push(player);
    const alive = () => {
      if (own !== boot) return new Promise<never>(() => undefined);
      if (disk === 'refuses') return Promise.reject(new Error('No space left on device'));
      if (options.diskMs === undefined) return Promise.resolve();
      return new Promise<void>((resolve) => clock.setTimer(resolve, options.diskMs ?? 0));
    };
    const ledger: Ledger = {
      entries: () => [...entries],
      async append(entry) {
        await alive();
        if (own === boot) entries.push(entry);
        else await alive();
      },
    };
    const outbox: Outbox = {
      async add(event, { once } = {}) {
        await alive();
        if (disk === 'outbox-refuses') throw new Error('No space left on device');
        if (once !== undefined && outboxNames.has(once)) return;
        if (once !== undefined) outboxNames.add(once);
        reports.push(reportEventSchema.parse(event));
      },
    };
    const faults: Faults = {
      signal(code, signal) {
        signals.push({ code, bad: signal.bad });
        if (signal.certain === true) certain.push(code);
      },
    };
    const { amplifier } = options;
    const device = {
      warmUpMs: amplifier?.warmUpMs ?? 0,
      set: async (isOn: boolean) => {
        if (own !== boot) return;
        if (amplifier?.hookMs !== undefined)
          await new Promise<void>((resolve) => clock.setTimer(resolve, amplifier.hookMs ?? 0));
        if (amplifier?.fails?.() === true) throw new Error('The relay is stuck');
        switchings.push({ atMs: rounded(clock.monotonicMs() - bootMs), isOn });
      },
    };
    const switches =
      amplifier === undefined ? [] : [{ name: 'amplifier', device, holdMs: amplifier.holdMs, mayStayOn: true }];
    const onReady = () => conductor.reconsider();
    const { measured } = options;
    const conductor = createConductor({
      amplifier: createAmplifier({ clock: ownClock, switches, faults, onReady }),
      clock: ownClock,
      random: { bytes: (count) => new Uint8Array(count), fraction: () => 0.5 },
      time: {
        now: () => ({ ms: stageNoonMs + fraction + clock.monotonicMs() - bootMs, trusted, boundMs: 5 }),
        serverToMonotonic: toMonotonic,
        monotonicToServer(monotonicMs) {
          // An estimate may multiply by nothing: what is not finite would become no number at all.
          if (!Number.isFinite(monotonicMs)) throw new Error('No instant');
          return monotonicMs - bootMs + stageNoonMs + fraction;
        },
        burst: () => timeAskedMs.push(clock.monotonicMs() - bootMs),
      },
      floorMs: () => floorMs,
      ledger,
      outbox,
      documents: {
        holds: () => ({ keys: 1, orders: {} }),
        plan: () => plan,
        hours: () => hours,
        orders: () => orders,
      },
      shelf,
      player: options.player?.(ownClock) ?? player,
      listen:
        options.probes !== undefined
          ? createListen({ probes: options.probes, clock: ownClock, faults })
          : measured === undefined
            ? undefined
            : async () => ({ verdict: measured, evidence: {} }),
      faults,
      drillsAudible: options.drillsAudible ?? true,
      takesStream: options.takesStream ?? true,
      onProgress: () => undefined,
    });
    return conductor;
  }

  const stage: Stage = {
    clock,
    conductor: boots(),
    reports,
    ledger: entries,
    signals,
    certain,
    timeAskedMs,
    wished,
    nowMs: () => clock.monotonicMs() - bootMs,
    heard: () =>
      players
        .flatMap((player) => player.emissions)
        .map(({ path, fromMs, startedMonotonicMs, emittedMs, level, gainDb, how }) => ({
          clip: path,
          fromMs: rounded(fromMs),
          atMs: rounded(startedMonotonicMs - bootMs),
          untilMs: rounded((how === undefined ? clock.monotonicMs() : startedMonotonicMs + emittedMs) - bootMs),
          level,
          gainDb,
        })),
    ended: (occurrence) =>
      reports.filter((event): event is EndedEvent => event.kind === 'ended' && event.occurrence === occurrence),
    setPlan(items, { fromMs = -3_600_000, untilMs = 9 * 86_400_000 } = {}) {
      plan = items === undefined ? undefined : planOf(items, { fromMs, untilMs });
      if (plan !== undefined && staysOn) plan.head.amplifierStaysOn = true;
      stage.conductor.reconsider();
    },
    setOrders(next) {
      orders = next.map((order) => ({ order, document: ordersDocument(next) }));
      stage.conductor.reconsider();
    },
    setHours(spans) {
      hours =
        spans === undefined
          ? undefined
          : {
              kind: 'hours',
              v: 1,
              aud: 'd1',
              epoch: 1,
              number: 1,
              issuedAt: new Date(stageNoonMs).toISOString(),
              timeZone: 'Asia/Ho_Chi_Minh',
              spans,
              document: '12/QĐ',
            };
      stage.conductor.reconsider();
    },
    setClip(clip, state) {
      clipStates.set(clip, state);
      stage.conductor.reconsider();
    },
    setTrusted(isTrusted) {
      trusted = isTrusted;
      stage.conductor.reconsider();
    },
    setOutput(present) {
      isPresent = present;
      players.at(-1)?.setPresent(present);
    },
    setFloor(ms) {
      floorMs = ms;
      stage.conductor.reconsider();
    },
    switchings,
    setStaysOn(stays) {
      staysOn = stays;
      if (plan !== undefined) plan = { ...plan, head: { ...plan.head, amplifierStaysOn: stays } };
      stage.conductor.reconsider();
    },
    setDisk(state) {
      disk = state;
    },
    advance: (ms) => clock.advance(ms),
    async restart(offMs = 1_000) {
      boot += 1;
      players.at(-1)?.cutPower();
      await clock.advance(offMs);
      stage.conductor = boots();
      stage.conductor.start();
      await settle();
    },
    stop: () => stage.conductor.stop(),
  };
  stage.conductor.start();
  return stage;
}

function planOf(
  items: readonly StageItem[],
  window: { fromMs: number; untilMs: number },
): { head: PlanDocument; body: PlanBody } {
  const body: PlanBody = {
    clips: items.map((item) => clipOf(item.clip ?? item.occurrence, item.durationMs ?? 5_000)),
    items: items.map(({ occurrence, at, clip: _clip, durationMs = 5_000, ...rest }, index) => {
      const repeat = rest.repeat ?? { count: 1, gapMs: 0 };
      return {
        occurrence,
        atMs: stageNoonMs + at,
        class: 'normal',
        clip: index,
        repeat,
        late: { kind: 'skip', lateMsMax: 1_000 },
        resume: 'drop',
        lengthMsMax: (rest.relay?.lengthMs ?? durationMs) * repeat.count + repeat.gapMs * (repeat.count - 1) + 2_000,
        ...rest,
      };
    }),
  };
  const head: PlanDocument = {
    kind: 'plan',
    v: 1,
    aud: 'd1',
    epoch: 1,
    number: 1,
    issuedAt: new Date(stageNoonMs).toISOString(),
    expiresAt: new Date(stageNoonMs + window.untilMs).toISOString(),
    areas: [],
    fromMs: stageNoonMs + window.fromMs,
    untilMs: stageNoonMs + window.untilMs,
    body: { hash: '0'.repeat(64), sizeBytes: 2 },
  };
  return { head, body };
}

function ordersDocument(orders: readonly Order[]): OrdersDocument {
  return {
    kind: 'orders',
    v: 1,
    aud: 'd1',
    epoch: 1,
    number: 1,
    issuedAt: new Date(stageNoonMs).toISOString(),
    scope: 'device',
    orders: [...orders],
  };
}
