/**
 * One board of the simulation: the real agent on a clock that is off and drifts, a disk that loses what was not synced,
 * a network that fails, and a player that says what would have sounded. Power, link and clock are in the scenario's
 * hand; what really sounded and what the board owes is noted here in true time, without asking the agent's opinion.
 */
import { type Agent, openAgent } from '@loa/device-agent/compose.ts';
import type { Board, Player, SoundProbe } from '@loa/device-agent/contracts.ts';
import type { Disk } from '@loa/device-agent/edges/disk.ts';
import { sampleEveryMs } from '@loa/device-agent/work/timekeeper/timekeeper.ts';
import { PowerCut, type SimulatedDisk, simulatedDisk } from '../harness/simulated-disk.ts';
import { type SimulatedPlayer, simulatedPlayer } from '../harness/simulated-player.ts';
import { AlarmWatch } from './alarm-watch.ts';
import { HeldPlans } from './held-plans.ts';
import type { Emission, Rot, Span } from './history.ts';
import { Life, type MortalClock } from './life.ts';
import { BoardNetwork, type LinkQuality, type ServerDoors } from './network.ts';
import type { Place } from './places.ts';
import { TimeHeard } from './time-heard.ts';
import { type Chance, MachineTime, type World } from './world.ts';

/** The output of a simulated board is always there: asking seldom makes a day cheaper. */
const outputEveryMs = 60_000;
/** In a calm town a board looks after itself so often; still within the server's patience of 30 s. */
const calm = { heartbeatEveryMs: 20_000, clockEveryMs: 60_000 };
/** How often true time looks at a board, in a town that is not calm and in one that is. */
const looksEveryMs = { usual: 10_000, calm: 30_000 };
/** A board is held to its plan so long after it could first know the time. */
const settleMs = 20_000;
/** A round trip's time is believed for seven days by the agent; a little less is demanded. */
const timeHeldMs = 6.9 * 86_400_000;
/** What a quartz may run wrong by, and what is asked of a clock that has just been read (DESIGN §4). */
const driftRate = 60e-6;
const startErrorMsMax = 100;
const freshTimeErrorMsMax = 400;

/** What a broken build does differently. */
export interface BoardSabotage {
  /** The disk as the agent sees it at a start. */
  disk?(disk: Disk): Disk;
  /** What the agent makes of an MQTT message. */
  mqtt?(topic: string, payload: string, knowsTime: boolean): string;
  player?(player: SimulatedPlayer): Player;
  /** The clock as the agent sees it, and whether it says that a battery keeps it. */
  clock?(clock: MortalClock, world: World): MortalClock;
}

export interface BoardOptions {
  world: World;
  place: Place;
  doors: () => ServerDoors | undefined;
  durationMsOf: (hash: string) => number | undefined;
  quality: LinkQuality;
  clockKept: boolean;
  hasProbe: boolean;
  offsetMs: number;
  driftPpm: number;
  drillsAudible: boolean;
  /** Heartbeats are sparse. */
  isCalm: boolean;
  sabotage?: BoardSabotage | undefined;
}

interface Boot {
  life: Life;
  player: SimulatedPlayer;
  agent: Agent | undefined;
  bootedMs: number;
  /** When the server's time was to be had. */
  time: TimeHeard;
  /** When the civil clock was set so far off that nobody may believe the battery any more. */
  steppedMs: number | undefined;
  ableSinceMs: number | undefined;
  /** Emissions already noted. */
  noted: Map<number, Emission>;
}

export class SimulatedBoard {
  readonly place: Place;
  readonly clockKept: boolean;
  readonly network: BoardNetwork;
  readonly time: MachineTime;
  readonly disk: SimulatedDisk;
  readonly emissions: Emission[] = [];
  readonly ableSpans: Span[] = [];
  readonly reachableSpans: Span[] = [];
  readonly powerCutsMs: number[] = [];
  readonly plans: HeldPlans;
  /** Emergencies as they came into force here, and bytes that rotted. */
  readonly alarms: AlarmWatch;
  readonly rots: Rot[] = [];
  readonly log: string[] = [];
  readonly #options: BoardOptions;
  readonly #world: World;
  readonly #chance: Chance;
  readonly #description: Board;
  readonly #lookEveryMs: number;
  #boot: Boot | undefined;
  #claimCode: string | undefined;
  #deviceId: string | undefined;

  constructor(options: BoardOptions) {
    const { world, place } = options;
    this.#options = options;
    this.#world = world;
    this.place = place;
    this.#lookEveryMs = options.isCalm ? looksEveryMs.calm : looksEveryMs.usual;
    this.clockKept = options.clockKept;
    this.#chance = world.chance.fork(`board ${place.clusterId}`);
    this.time = new MachineTime(world, options);
    const diskChance = world.chance.fork(`disk ${place.clusterId}`);
    this.disk = simulatedDisk({ fraction: () => diskChance.fraction() });
    this.network = new BoardNetwork({ ...options, name: place.clusterId });
    this.#description = {
      description: 'simulated',
      capabilities: {
        formats: ['ogg-opus'],
        probes: options.hasProbe ? ['loopback'] : [],
        stream: false,
        clockKept: options.clockKept || options.sabotage?.clock !== undefined,
        deviceKind: 'receiver',
      },
    };
    this.alarms = new AlarmWatch(world);
    this.plans = new HeldPlans(world);
    this.network.onDelivered = (topic, payload) => {
      const isRunning = this.#boot?.agent !== undefined;
      if (isRunning)
        this.alarms.arrived({ topic, payload, knewTime: this.knowsTime, hasClip: (id) => this.#hasClip(id) });
    };
    this.network.onTimeAnswer = () => {
      const boot = this.#boot;
      boot?.time.heard(world.trueMs);
    };
    this.#look();
  }

  get drillsAudible(): boolean {
    return this.#options.drillsAudible;
  }

  /** Whether anybody has told it the time: the server since its boot, or a battery that nobody has overruled. */
  get knowsTime(): boolean {
    return this.#boot !== undefined && this.#knewTime(this.#boot, this.#world.trueMs);
  }

  /** Whether a stop that is published now reaches it soon. */
  get hearsNow(): boolean {
    return this.#boot?.agent?.linkState().mqtt.phase === 'connected' && this.network.isGood;
  }

  #knewTime(boot: Boot, atMs: number): boolean {
    const byServer = boot.time.firstMs !== undefined && boot.time.firstMs <= atMs;
    return byServer || (this.clockKept && (boot.steppedMs === undefined || boot.steppedMs > atMs - stepSeenMs));
  }

  #hasClip(id: string): boolean {
    const path = `clips/${id}`;
    return !this.#rotten.has(path) && this.disk.sizeOf(path) > 0;
  }

  /** Files with a flipped byte that were not written anew since. */
  readonly #rotten = new Set<string>();

  /** While the power is off, one bit of a file rots. Nothing of it is owed until the server has mended it. */
  rot(chance: Chance, meant?: string): void {
    if (this.#boot !== undefined) return;
    const sound = this.disk.paths().filter((one) => !one.includes('damaged') && !one.endsWith('.part'));
    const path = meant ?? chance.pick(sound);
    if (this.disk.sizeOf(path) === 0) return;
    this.disk.flip(path, chance.below(this.disk.sizeOf(path)), chance.below(8));
    this.rots.push({ deviceId: this.#deviceId ?? '', path, atMs: this.#world.trueMs });
    this.#rotten.add(path);
    this.plans.forgetComing();
    this.alarms.forget();
  }

  get isOn(): boolean {
    return this.#boot !== undefined;
  }

  get agent(): Agent | undefined {
    return this.#boot?.agent;
  }

  get deviceId(): string {
    if (this.#deviceId === undefined) throw new Error(`${this.place.clusterId} is not enrolled`);
    return this.#deviceId;
  }

  get isEnrolled(): boolean {
    return this.#deviceId !== undefined;
  }

  /** Power on; with the code the first time. Nothing happens while it is on. */
  powerOn(claimCode?: string): void {
    if (this.#boot !== undefined) return;
    this.#claimCode = claimCode ?? this.#claimCode;
    const life = new Life();
    const sabotage = this.#options.sabotage ?? {};
    const machineClock = life.clock(this.time);
    const clock = sabotage.clock?.(machineClock, this.#world) ?? machineClock;
    const player = simulatedPlayer({
      clock,
      clipAt: (path) => {
        const durationMs = this.#options.durationMsOf(path.split('/').at(-1) ?? '');
        return durationMs === undefined ? undefined : { durationMs };
      },
    });
    const boot: Boot = {
      life,
      player,
      agent: undefined,
      bootedMs: this.#world.trueMs,
      time: new TimeHeard(),
      steppedMs: undefined,
      ableSinceMs: undefined,
      noted: new Map(),
    };
    this.#boot = boot;
    const network = life.bind(this.network);
    const { mqtt, disk } = sabotage;
    openAgent({
      edges: {
        clock,
        random: { bytes: (count) => this.#chance.bytes(count), fraction: () => this.#chance.fraction() },
        disk: this.#mortalDisk(disk?.(this.disk) ?? this.disk, life),
        network: {
          http: (request) => network.http(request),
          openSocket: (opening) => network.openSocket(opening),
          openMqtt: (opening) =>
            network.openMqtt({
              ...opening,
              onMessage: (topic, payload) =>
                opening.onMessage(
                  topic,
                  mqtt === undefined
                    ? payload
                    : Buffer.from(mqtt(topic, Buffer.from(payload).toString('utf8'), this.knowsTime)),
                ),
            }),
        },
      },
      player: sabotage.player?.(player) ?? player,
      probes: this.#options.hasProbe ? [heardEverything] : [],
      board: this.#description,
      claimCode: this.#claimCode,
      serverUrl: 'http://simulated',
      drillsAudible: this.drillsAudible,
      outputEveryMs,
      ...(this.#options.isCalm ? calm : {}),
      log: (line) => this.log.push(`${this.#world.trueMs} ${line}`),
    }).then(
      (opened) => {
        if (!life.isAlive) return;
        if (!opened.ok) return this.#world.fail(new Error(opened.reason));
        boot.agent = opened.agent;
        this.#deviceId = opened.agent.deviceId;
      },
      (error: unknown) => life.isAlive && this.#world.fail(error),
    );
  }

  /** The power goes, at this very instant. */
  powerCut(): void {
    const boot = this.#boot;
    if (boot === undefined) return;
    boot.life.end();
    this.powerCutsMs.push(this.#world.trueMs);
    this.#boot = undefined;
    boot.player.cutPower();
    this.#note(boot);
    this.#endAble(boot);
    this.plans.forgetBoot();
    this.network.powerCut();
    this.time.reboot({ keepsTime: this.clockKept });
    this.disk.reboot();
  }

  /** The power goes in the middle of a write, so many disk steps from now; `onCut` is told. */
  powerCutAtDiskStep(steps: number, onCut: () => void): void {
    this.#onDiskCut = onCut;
    this.disk.cutAfter(steps);
  }

  #onDiskCut: () => void = () => undefined;

  /** The system's clock jumps; the battery's does not, and nobody sets a board's clock that is off. */
  stepClock(byMs: number): void {
    if (this.#boot === undefined) return;
    this.time.stepMs(byMs);
    if (Math.abs(byMs) > stepSeenMs) this.#boot.steppedMs ??= this.#world.trueMs;
    this.#see(this.#boot);
  }

  /** Looks once more, for the end of a run. */
  settle(): void {
    if (this.#boot !== undefined) this.#see(this.#boot);
    if (this.#reachableSinceMs !== undefined)
      this.reachableSpans.push({ fromMs: this.#reachableSinceMs, untilMs: this.#world.trueMs });
    if (this.#boot?.ableSinceMs !== undefined)
      this.ableSpans.push({ fromMs: this.#boot.ableSinceMs, untilMs: this.#world.trueMs });
  }

  #reachableSinceMs: number | undefined;

  #seeReach(): void {
    const isReachable = this.isOn && this.network.isUp && this.#options.doors() !== undefined;
    if (isReachable) this.#reachableSinceMs ??= this.#world.trueMs;
    if (isReachable || this.#reachableSinceMs === undefined) return;
    this.reachableSpans.push({ fromMs: this.#reachableSinceMs, untilMs: this.#world.trueMs - this.#lookEveryMs });
    this.#reachableSinceMs = undefined;
  }

  #look(): void {
    this.#seeReach();
    if (this.#boot !== undefined) this.#see(this.#boot);
    this.#world.after(this.#lookEveryMs, () => this.#look());
  }

  #see(boot: Boot): void {
    this.#note(boot);
    this.#judgeAble(boot);
    if (boot.agent !== undefined) this.plans.see(boot.agent.documents, (id) => this.#hasClip(id));
  }

  /** Able: it has power and a time it may trust, by what really happened to it. */
  #judgeAble(boot: Boot): void {
    const nowMs = this.#world.trueMs;
    const { firstMs, lastMs = 0 } = boot.time;
    const byServer = firstMs !== undefined && nowMs > firstMs + settleMs;
    const isFresh = nowMs - lastMs < timeHeldMs;
    const byBattery =
      this.clockKept && firstMs === undefined && boot.steppedMs === undefined && this.plans.held.size > 0;
    const isAble = (byServer && isFresh) || (byBattery && nowMs > boot.bootedMs + settleMs);
    if (isAble) boot.ableSinceMs ??= nowMs;
    else this.#endAble(boot);
  }

  #endAble(boot: Boot): void {
    if (boot.ableSinceMs === undefined) return;
    this.ableSpans.push({ fromMs: boot.ableSinceMs, untilMs: this.#world.trueMs });
    boot.ableSinceMs = undefined;
  }

  #note(boot: Boot): void {
    const { emissions } = boot.player;
    // One at a time sounds: all but the last have their final length.
    for (let index = Math.max(0, boot.noted.size - 1); index < emissions.length; index += 1) {
      const emission = emissions[index];
      if (emission === undefined) continue;
      const known = boot.noted.get(index);
      if (known !== undefined) {
        known.emittedMs = Math.round(emission.emittedMs);
        continue;
      }
      const startedMs = this.time.trueOf(emission.startedMonotonicMs);
      const noted: Emission = {
        deviceId: this.#deviceId ?? '',
        clipId: emission.path.split('/').at(-1) ?? '',
        fromClipMs: emission.fromMs,
        startedMs,
        emittedMs: Math.round(emission.emittedMs),
        clockErrorMsMax: this.#clockErrorMsMax(boot, startedMs),
        level: emission.level,
        knewTime: this.#knewTime(boot, startedMs),
      };
      boot.noted.set(index, noted);
      this.emissions.push(noted);
    }
  }

  /** How far from the truth the agent's clock may have been when a sound began. */
  #clockErrorMsMax(boot: Boot, startedMs: number): number {
    const aloneMs = boot.time.aloneMs(startedMs);
    if (boot.time.firstMs === undefined || aloneMs === undefined)
      return Math.abs(this.time.wallMs() - this.#world.trueMs) + startErrorMsMax;
    const isFresh = startedMs - boot.time.firstMs < 120_000;
    return (isFresh ? freshTimeErrorMsMax : startErrorMsMax) + Math.max(0, aloneMs - sampleEveryMs) * driftRate;
  }

  /** A file has got new content, by `rename(from, to)`, `replace(path, …)` or `remove(path)`. */
  #written(args: readonly unknown[], isThere: boolean): void {
    for (const path of args) {
      if (typeof path !== 'string') continue;
      this.#rotten.delete(path);
      if (isThere && path.startsWith('clips/')) this.alarms.clipCame(path.slice('clips/'.length));
    }
  }

  #mortalDisk(disk: Disk, life: Life): Disk {
    const guarded = new Proxy(disk, {
      get: (_, key) => {
        const member: unknown = Reflect.get(disk, key, disk);
        if (typeof member !== 'function') return member;
        return (...args: unknown[]) => {
          const result: unknown = Reflect.apply(member, disk, args);
          if (!(result instanceof Promise)) return result;
          if (key === 'rename' || key === 'replace' || key === 'remove')
            void result.then(
              () => this.#written(args, key !== 'remove'),
              () => undefined,
            );
          return result.catch((error: unknown) => {
            if (error instanceof PowerCut && life.isAlive) {
              this.powerCut();
              this.#onDiskCut();
            }
            throw error;
          });
        };
      },
    });
    return life.bind(guarded);
  }
}

/** A smaller step is a time service at work; and a larger one is seen within this. */
const stepSeenMs = 60_000;

/** A probe that measures what was sent. */
const heardEverything: SoundProbe = {
  kind: 'loopback',
  measure: async (stretch) => ({ verdict: 'sound', evidence: { emittedMs: Math.round(stretch.emittedMs) } }),
};
