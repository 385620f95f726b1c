/**
 * One start of a machine or process, from power on to power cut: what it was handed answers no more once it has ended,
 * so that nothing of a dead program touches the world of the next. Promises of the dead never settle.
 */
import type { MachineTime } from './world.ts';

/** A machine's clocks as one start of it sees them. */
export interface MortalClock {
  wallMs(): number;
  nowMs(): number;
  monotonicMs(): number;
  setTimer(run: () => void, delayMs: number): () => void;
}

/** Whoever was asked died before answering. */
export class ConnectionReset extends Error {
  override name = 'ConnectionReset';

  constructor() {
    super('connection reset');
  }
}

export class Life {
  #isAlive = true;
  readonly #asked = new Set<(error: Error) => void>();

  get isAlive(): boolean {
    return this.#isAlive;
  }

  end(): void {
    this.#isAlive = false;
    for (const reject of this.#asked) reject(new ConnectionReset());
    this.#asked.clear();
  }

  /** For those outside: the promise's outcome, or `ConnectionReset` when the life ends first. */
  answer<T>(promise: Promise<T>): Promise<T> {
    return new Promise((resolve, reject) => {
      if (!this.#isAlive) return reject(new ConnectionReset());
      this.#asked.add(reject);
      this.whileAlive(promise)
        .finally(() => this.#asked.delete(reject))
        .then(resolve, reject);
    });
  }

  /** The promise's outcome for as long as the life lasts. */
  whileAlive<T>(promise: Promise<T>): Promise<T> {
    return new Promise((resolve, reject) => {
      promise.then(
        (value) => this.#isAlive && resolve(value),
        (error: unknown) => this.#isAlive && reject(error),
      );
    });
  }

  clock(time: MachineTime): MortalClock {
    return {
      wallMs: () => time.wallMs(),
      nowMs: () => time.nowMs(),
      monotonicMs: () => time.monotonicMs(),
      setTimer: (run, delayMs) =>
        this.#isAlive ? time.setTimer(() => this.#isAlive && run(), delayMs) : () => undefined,
    };
  }

  /** The same object for as long as the life lasts; afterwards its methods do nothing and answer nothing. */
  bind<T extends object>(target: T): T {
    return new Proxy(target, {
      get: (_, key) => {
        const member: unknown = Reflect.get(target, key, target);
        if (typeof member !== 'function') return member;
        return (...args: unknown[]) => {
          if (!this.#isAlive) return new Promise<never>(() => undefined);
          const result: unknown = Reflect.apply(member, target, args);
          return result instanceof Promise ? this.whileAlive(result) : result;
        };
      },
    });
  }
}
