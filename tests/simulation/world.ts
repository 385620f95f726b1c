/**
 * Simulated time: one queue of events, one seed, one true time. Every event runs to quiescence before the next, so a
 * seed replays exactly. What runs inside must await nothing but simulated things: promises that settle in microtasks.
 */

/** A seeded source (mulberry32); good enough to vary a world, useless for secrets. */
export class Chance {
  #state: number;

  constructor(seed: number) {
    this.#state = seed >>> 0;
  }

  /** Evenly in [0, 1). */
  fraction(): number {
    this.#state = (this.#state + 0x6d2b79f5) >>> 0;
    let mixed = this.#state;
    mixed = Math.imul(mixed ^ (mixed >>> 15), mixed | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  }

  /** Whole number from 0 to `below` − 1. */
  below(below: number): number {
    return Math.floor(this.fraction() * below);
  }

  between(low: number, high: number): number {
    return low + this.fraction() * (high - low);
  }

  isTrue(probability: number): boolean {
    return this.fraction() < probability;
  }

  pick<T>(from: readonly T[]): T {
    const found = from[this.below(from.length)];
    if (found === undefined) throw new Error('Nothing to pick from');
    return found;
  }

  bytes(count: number): Uint8Array {
    return Uint8Array.from({ length: count }, () => this.below(256));
  }

  /** An independent source for a part of the world, so that one part's draws do not move another's. */
  fork(name: string): Chance {
    let hash = this.#state ^ 0x9e3779b9;
    for (const letter of name) hash = Math.imul(hash ^ letter.charCodeAt(0), 0x01000193);
    return new Chance(hash);
  }
}

/** Events between two turns of the event loop. */
const eventsPerBreath = 4_096;

interface Event {
  atMs: number;
  order: number;
  run: () => void;
  isCancelled: boolean;
}

/** The one true time and what happens in it. */
export class World {
  readonly seed: number;
  readonly chance: Chance;
  #trueMs: number;
  /** Events so far. */
  eventCount = 0;
  #order = 0;
  readonly #heap: Event[] = [];
  readonly #failures: unknown[] = [];

  constructor(options: { seed: number; startMs: number }) {
    this.seed = options.seed;
    this.chance = new Chance(options.seed);
    this.#trueMs = options.startMs;
  }

  get trueMs(): number {
    return this.#trueMs;
  }

  /** Runs `run` after `delayMs` of true time; returns the cancellation. */
  after(delayMs: number, run: () => void): () => void {
    const event: Event = { atMs: this.#trueMs + Math.max(0, delayMs), order: this.#order++, run, isCancelled: false };
    push(this.#heap, event);
    return () => {
      event.isCancelled = true;
    };
  }

  /** A failure inside the world that must fail the run. */
  fail(error: unknown): void {
    this.#failures.push(error);
  }

  /** Lets everything happen up to and including `untilMs`. */
  async runUntil(untilMs: number): Promise<void> {
    await quiescence();
    for (;;) {
      const next = this.#heap[0];
      if (next === undefined || next.atMs > untilMs) break;
      pop(this.#heap);
      if (next.isCancelled) continue;
      this.eventCount += 1;
      this.#trueMs = Math.max(this.#trueMs, next.atMs);
      next.run();
      await quiescence();
      if (this.eventCount % eventsPerBreath === 0) await breath();
      if (this.#failures.length > 0) throw this.#failures[0];
    }
    this.#trueMs = Math.max(this.#trueMs, untilMs);
  }

  async runFor(spanMs: number): Promise<void> {
    await this.runUntil(this.#trueMs + spanMs);
  }

  /** Waits in true time; for drivers of a scenario, not for rooms. */
  async until(isSo: () => boolean, withinMs: number): Promise<boolean> {
    const endMs = this.#trueMs + withinMs;
    while (!isSo() && this.#trueMs < endMs) await this.runFor(100);
    return isSo();
  }
}

/** More than what an epoch instant in a double is rounded by: a timer finds its time come, and time moves on. */
const timerSlackMs = 0.001;

/** A machine's clocks: civil time off by `offsetMs` and drifting, monotonic time since its boot. */
export class MachineTime {
  readonly #world: World;
  readonly #rate: number;
  #wallBaseMs: number;
  #trueBaseMs: number;
  #bootTrueMs: number;
  #stepsMs = 0;
  #generation = 0;

  constructor(world: World, options: { offsetMs?: number; driftPpm?: number } = {}) {
    this.#world = world;
    this.#rate = 1 + (options.driftPpm ?? 0) / 1e6;
    this.#trueBaseMs = world.trueMs;
    this.#wallBaseMs = world.trueMs + (options.offsetMs ?? 0);
    this.#bootTrueMs = world.trueMs;
  }

  /** Whole ms, as machines tell it. */
  wallMs(): number {
    return Math.floor(this.#civilMs() + this.#stepsMs);
  }

  nowMs(): number {
    return this.wallMs();
  }

  monotonicMs(): number {
    return (this.#world.trueMs - this.#bootTrueMs) * this.#rate;
  }

  /** Timers die with the boot that set them, and never fire early. */
  setTimer(run: () => void, delayMs: number): () => void {
    const generation = this.#generation;
    return this.#world.after(Math.max(0, delayMs) / this.#rate + timerSlackMs, () => {
      if (generation === this.#generation) run();
    });
  }

  /** The civil clock jumps until the next boot; the monotonic one and the battery's do not. */
  stepMs(byMs: number): void {
    this.#stepsMs += byMs;
  }

  /** A power cut and a new boot: timers are gone, monotonic time starts again; without battery the civil one is lost. */
  reboot(options: { keepsTime: boolean }): void {
    this.#generation += 1;
    this.#stepsMs = 0;
    this.#wallBaseMs = options.keepsTime ? this.#civilMs() : Date.UTC(2021, 0, 1);
    this.#trueBaseMs = this.#world.trueMs;
    this.#bootTrueMs = this.#world.trueMs;
  }

  /** Monotonic instant as true time, for checkers. */
  trueOf(monotonicMs: number): number {
    return this.#bootTrueMs + monotonicMs / this.#rate;
  }

  #civilMs(): number {
    return this.#wallBaseMs + (this.#world.trueMs - this.#trueBaseMs) * this.#rate;
  }
}

/**
 * Resolves when every promise that can settle has settled: Node runs a tick that was asked for among microtasks when
 * these have run dry. Cheaper than a turn of the event loop by far.
 */
function quiescence(): Promise<void> {
  return new Promise((resolve) => process.nextTick(resolve));
}

/** A turn of the event loop, so that the process that runs the world stays alive to others. */
function breath(): Promise<void> {
  return new Promise((resolve) => setImmediate(resolve));
}

function isEarlier(a: Event, b: Event): boolean {
  return a.atMs < b.atMs || (a.atMs === b.atMs && a.order < b.order);
}

function push(heap: Event[], event: Event): void {
  heap.push(event);
  let at = heap.length - 1;
  while (at > 0) {
    const parent = (at - 1) >> 1;
    if (!isEarlier(heap[at] as Event, heap[parent] as Event)) break;
    [heap[at], heap[parent]] = [heap[parent] as Event, heap[at] as Event];
    at = parent;
  }
}

function pop(heap: Event[]): void {
  const last = heap.pop();
  if (last === undefined || heap.length === 0) return;
  heap[0] = last;
  let at = 0;
  for (;;) {
    const left = 2 * at + 1;
    const right = left + 1;
    let least = at;
    if (left < heap.length && isEarlier(heap[left] as Event, heap[least] as Event)) least = left;
    if (right < heap.length && isEarlier(heap[right] as Event, heap[least] as Event)) least = right;
    if (least === at) return;
    [heap[at], heap[least]] = [heap[least] as Event, heap[at] as Event];
    at = least;
  }
}
