/**
 * An ordered, two-way connection between a board and the server, like TCP: it can stall (nothing passes, both ends find
 * out later), break (both ends find out at once) and be abandoned (the board is gone, the server finds out later).
 */
import type { World } from './world.ts';

/** A dead peer is noticed after this, by either side. */
const noticeDeathMs = 25_000;

export interface ConnectionOptions {
  world: World;
  /** One way, now. */
  delayMs: () => number;
  isUp: () => boolean;
  /** Chance has it that the next message finds the connection broken. */
  isBroken: () => boolean;
  onGone: () => void;
}

export class Connection {
  readonly #options: ConnectionOptions;
  #lastDownMs = 0;
  #lastUpMs = 0;
  #clientIsOpen = true;
  #serverIsOpen = true;
  #isStalled = false;
  onClientEnd: (reason: string) => void = () => {};
  onServerEnd: (isPolite: boolean) => void = () => {};
  readonly #waiting = new Set<(error: Error) => void>();

  constructor(options: ConnectionOptions) {
    this.#options = options;
  }

  /** Server → board. */
  down(arrive: () => void): void {
    if (!this.#passes()) return;
    const { world } = this.#options;
    this.#lastDownMs = Math.max(this.#lastDownMs, world.trueMs + this.#options.delayMs());
    this.#arriveAt(this.#lastDownMs, arrive);
  }

  /** Server → board, held up and overtaken by what comes later, as a broker's redelivery is. */
  downHeldUp(arrive: () => void, heldUpMs: number): void {
    if (!this.#passes()) return;
    this.#arriveAt(this.#options.world.trueMs + this.#options.delayMs() + heldUpMs, arrive);
  }

  /** Board → server. */
  up(arrive: () => void): void {
    if (!this.#passes()) return;
    const { world } = this.#options;
    this.#lastUpMs = Math.max(this.#lastUpMs, world.trueMs + this.#options.delayMs());
    world.after(this.#lastUpMs - world.trueMs, () => {
      if (this.#serverIsOpen && !this.#isStalled) arrive();
    });
  }

  /** Rejects when the server refuses or the connection ends before the answer. */
  roundTrip(atServer: () => void): Promise<void> {
    return new Promise((resolve, reject) => {
      if (!this.#clientIsOpen) return reject(new Error('closed'));
      this.#waiting.add(reject);
      const settle = (answer: () => void) =>
        this.down(() => {
          this.#waiting.delete(reject);
          answer();
        });
      this.up(() => {
        try {
          atServer();
        } catch (error) {
          return settle(() => reject(error));
        }
        settle(resolve);
      });
    });
  }

  /** The link was cut: nothing passes any more, both ends find out. */
  stall(): void {
    if (this.#isStalled) return;
    this.#isStalled = true;
    this.#options.world.after(noticeDeathMs, () => this.break('keepalive timed out'));
  }

  break(reason: string): void {
    this.#endServer(false);
    this.#endClient(reason);
  }

  /** The board is gone without a word. */
  abandon(): void {
    this.#clientIsOpen = false;
    this.#isStalled = true;
    this.#options.world.after(noticeDeathMs, () => this.#endServer(false));
    this.#options.onGone();
  }

  closePolitely(): void {
    this.#options.world.after(this.#options.delayMs(), () => this.#endServer(true));
    this.#endClient('closed');
  }

  #arriveAt(atMs: number, arrive: () => void): void {
    const { world } = this.#options;
    world.after(atMs - world.trueMs, () => {
      if (this.#clientIsOpen && !this.#isStalled) arrive();
    });
  }

  #passes(): boolean {
    if (this.#isStalled || !this.#options.isUp()) return false;
    if (this.#options.isBroken()) {
      this.break('connection reset');
      return false;
    }
    return true;
  }

  #endServer(isPolite: boolean): void {
    if (!this.#serverIsOpen) return;
    this.#serverIsOpen = false;
    this.onServerEnd(isPolite);
  }

  #endClient(reason: string): void {
    if (!this.#clientIsOpen) return;
    this.#clientIsOpen = false;
    this.#options.onGone();
    for (const reject of this.#waiting) reject(new Error(reason));
    this.#waiting.clear();
    this.onClientEnd(reason);
  }
}
