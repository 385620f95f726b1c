/**
 * One process kept running, as systemd would on a board or a server: started again after a second when it ends by
 * itself, left alone when it was unplugged. Its output goes to a log file; it ends with the launcher (`leash.ts`).
 */
import { type ChildProcess, spawn } from 'node:child_process';
import { closeSync, mkdirSync, openSync } from 'node:fs';
import { dirname } from 'node:path';

/** Pause before an ended process is started again. */
const restartAfterMs = 1_000;

const leash = new URL('./leash.ts', import.meta.url).href;

export interface SupervisedOptions {
  args: readonly string[];
  env: Record<string, string>;
  logPath: string;
}

/** A process with a life: `start`, `kill` (as a power cut does), `stop` (politely, with a last resort). */
export class Supervised {
  readonly #options: SupervisedOptions;
  #child: ChildProcess | undefined;
  #isWanted = false;
  #restart: NodeJS.Timeout | undefined;
  /** How often it has ended by itself. */
  endings = 0;

  constructor(options: SupervisedOptions) {
    this.#options = options;
  }

  get logPath(): string {
    return this.#options.logPath;
  }

  /** Process id while it runs. */
  get pid(): number | undefined {
    return this.#child?.pid;
  }

  start(): void {
    this.#isWanted = true;
    clearTimeout(this.#restart);
    if (this.#child !== undefined) return;
    mkdirSync(dirname(this.#options.logPath), { recursive: true });
    const log = openSync(this.#options.logPath, 'a');
    const child = spawn(process.execPath, ['--import', leash, ...this.#options.args], {
      env: { ...process.env, ...this.#options.env },
      stdio: ['pipe', log, log],
    });
    closeSync(log);
    this.#child = child;
    child.once('exit', () => {
      this.#child = undefined;
      if (!this.#isWanted) return;
      this.endings += 1;
      this.#restart = setTimeout(() => this.start(), restartAfterMs);
    });
  }

  /** kill -9. Comes back after a second unless `unplug` was said before. */
  kill(): void {
    this.#child?.kill('SIGKILL');
  }

  /** As if the plug were pulled: gone at once, and it stays off. */
  unplug(): void {
    this.#isWanted = false;
    clearTimeout(this.#restart);
    this.kill();
  }

  async stop(graceMs = 5_000): Promise<void> {
    this.#isWanted = false;
    clearTimeout(this.#restart);
    const child = this.#child;
    if (child === undefined) return;
    const isOver = new Promise<void>((resolve) => child.once('exit', () => resolve()));
    child.kill('SIGTERM');
    const lastResort = setTimeout(() => child.kill('SIGKILL'), graceMs);
    await isOver;
    clearTimeout(lastResort);
  }
}
