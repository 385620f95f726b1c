/**
 * The agent's log on the board's disk: two files, the older one given up when the newer is full. Written in pieces,
 * since a card wears by writes, not by bytes; a power cut costs the last seconds. No secret gets in.
 */
import type { Cancel, Clock } from '../../edges/clock.ts';
import type { Disk } from '../../edges/disk.ts';
import { redact } from './redact.ts';

/** Each of the two files: weeks of an agent that is well, and as much as a thin line carries. */
export const logFileBytesMax = 256 * 1024;

/** Lines wait so long for company before they are written. */
export const logFlushMs = 15_000;

/** So many bytes are written at once, without waiting. */
const flushBytes = 8 * 1024;

/** Waiting for a disk that does not take them; beyond it the oldest lines go, and are counted. */
const waitingBytesMax = 64 * 1024;

/** Values to be hidden: a key, a code, the tokens of an hour. */
const secretsMax = 16;

/** The files, the older first. */
export const logPaths = { older: 'agent.log.old', newer: 'agent.log' } as const;

export interface LogRing {
  /** Adds one line, with the wall clock's time in front; gives it as it is kept. */
  add(line: string): string;
  /** This very value never appears in a line; shorter than eight characters it is ignored. */
  hide(secret: string): void;
  /** Everything added so far is on disk, or the disk would not take it. Never rejects. */
  flush(): Promise<void>;
  /** Writes what is left. */
  stop(): Promise<void>;
}

/** Opens the log of the agent's folder. */
export async function openLogRing(parts: { disk: Disk; clock: Clock; fileBytesMax?: number }): Promise<LogRing> {
  const { disk, clock } = parts;
  const fileBytesMax = parts.fileBytesMax ?? logFileBytesMax;
  const secrets = new Set<string>();
  let sizeBytes = (await disk.sizeBytes(logPaths.newer).catch(() => undefined)) ?? 0;
  let waiting: string[] = [];
  let waitingBytes = 0;
  let lost = 0;
  let isRefused = false;
  let isFlushing = false;
  let cancel: Cancel | undefined;
  let writing: Promise<void> = Promise.resolve();

  function take(text: string): void {
    waiting.push(text);
    waitingBytes += Buffer.byteLength(text);
    while (waitingBytes > waitingBytesMax) {
      waitingBytes -= Buffer.byteLength(waiting.shift() ?? '');
      lost += 1;
    }
  }

  async function write(): Promise<void> {
    if (lost > 0) waiting.unshift(`${stamp()} ${lost} lines before this one are lost\n`);
    const lines = waiting;
    const text = lines.join('');
    const wasLost = lost;
    waiting = [];
    waitingBytes = 0;
    lost = 0;
    if (text === '') return;
    try {
      const bytes = Buffer.from(text);
      if (sizeBytes > 0 && sizeBytes + bytes.length > fileBytesMax) {
        await disk.rename(logPaths.newer, logPaths.older);
        sizeBytes = 0;
      }
      await disk.append(logPaths.newer, bytes);
      sizeBytes += bytes.length;
      isRefused = false;
    } catch {
      isRefused = true;
      // Tried again with the next lines; whether the disk is well is told elsewhere.
      const since = waiting;
      waiting = [];
      waitingBytes = 0;
      lost = wasLost;
      for (const line of [...lines.slice(wasLost > 0 ? 1 : 0), ...since]) take(line);
    }
  }

  function flush(): Promise<void> {
    cancel?.();
    cancel = undefined;
    isFlushing = true;
    writing = writing.then(write).finally(() => {
      isFlushing = false;
    });
    return writing;
  }

  function stamp(): string {
    return new Date(clock.wallMs()).toISOString();
  }

  return {
    add(line) {
      const kept = `${stamp()} ${redact(line, secrets)}`;
      take(`${kept}\n`);
      if (waitingBytes >= flushBytes && !isRefused && !isFlushing) void flush();
      else cancel ??= clock.setTimer(() => void flush(), logFlushMs);
      return kept;
    },
    hide(secret) {
      if (secret.length < 8) return;
      secrets.delete(secret);
      secrets.add(secret);
      for (const oldest of secrets) if (secrets.size > secretsMax) secrets.delete(oldest);
    },
    flush,
    async stop() {
      await flush();
      cancel?.();
    },
  };
}
