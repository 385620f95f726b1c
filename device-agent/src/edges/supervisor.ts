/**
 * Who started this program and starts it again: systemd, told by its own `systemd-notify` (a datagram socket is not to
 * be had without native code; one short program each half minute costs some 50 ms of processor time), or nobody; then
 * the program begins anew in its own process. Programs started later do not see the socket.
 */
import { execFile } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { uptime } from 'node:os';

/** Ends with this when it wants to begin anew; the unit file and the launcher know the number. */
export const beginAnewExitCode = 85;

/** A socket that nobody reads must not keep the program it is told by. */
const notifyMsMax = 10_000;

export interface Supervisor {
  readonly kind: 'systemd' | 'none';
  /** Must hear of life within this; undefined when it does not ask. */
  readonly watchdogMs: number | undefined;
  /** Documents are read, the output is open. With what a person reads in `systemctl status`. */
  ready(status: string): void;
  alive(): void;
  stopping(): void;
  /** After everything is written: ends for good, or to begin anew. Does not return. */
  leave(how: 'end' | 'anew'): void;
}

type Environment = Record<string, string | undefined>;

/** Takes what systemd put into the environment out of it. */
export function openSupervisor(environment: Environment): Supervisor {
  const { NOTIFY_SOCKET: socket, WATCHDOG_USEC: watchdogUs, WATCHDOG_PID: watchdogPid } = environment;
  const isSupervised = environment.INVOCATION_ID !== undefined || socket !== undefined;
  for (const name of ['NOTIFY_SOCKET', 'WATCHDOG_USEC', 'WATCHDOG_PID']) delete environment[name];
  const isWatched = Number(watchdogUs) > 0 && (watchdogPid === undefined || Number(watchdogPid) === process.pid);
  let isTelling = false;

  /** One at a time: life that could not be told is told again soon. */
  function tell(what: readonly string[], { always }: { always: boolean }): void {
    if (socket === undefined || (isTelling && !always)) return;
    isTelling = true;
    const env = { ...environment, NOTIFY_SOCKET: socket };
    execFile('systemd-notify', [...what], { env, timeout: notifyMsMax, killSignal: 'SIGKILL' }, () => {
      isTelling = false;
    });
  }

  return {
    kind: isSupervised ? 'systemd' : 'none',
    watchdogMs: socket !== undefined && isWatched ? Number(watchdogUs) / 1_000 : undefined,
    ready: (status) => tell(['READY=1', `MAINPID=${process.pid}`, `STATUS=${status}`], { always: true }),
    alive: () => tell(['WATCHDOG=1'], { always: false }),
    stopping: () => tell(['STOPPING=1'], { always: true }),
    leave(how) {
      if (how === 'end') process.exit(0);
      if (!isSupervised) process.execve?.(process.execPath, [process.execPath, ...process.execArgv, ...ownArgs()]);
      process.exit(beginAnewExitCode);
    },
  };
}

/** The kernel's name of this boot; empty where it has none. */
export function bootName(): string {
  try {
    return readFileSync('/proc/sys/kernel/random/boot_id', 'utf8').trim();
  } catch {
    return '';
  }
}

/** How long this board has been on. */
export const boardUptimeMs = (): number => uptime() * 1_000;

function ownArgs(): string[] {
  return process.argv.slice(1);
}
