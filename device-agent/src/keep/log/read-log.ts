/** Reads the log from disk: whole, since an instant, or as it grows; works beside the agent that writes it. */
import { promisify } from 'node:util';
import { gzip } from 'node:zlib';
import type { Cancel, Clock } from '../../edges/clock.ts';
import type { Disk } from '../../edges/disk.ts';
import { logFileBytesMax, logPaths } from './log-ring.ts';

/** How often a growing log is looked at. */
export const followEveryMs = 1_000;

const compress = promisify(gzip);

/** All lines, the oldest first; `sinceMs` leaves out the earlier ones (by the wall clock that wrote them). */
export async function readLog(
  disk: Pick<Disk, 'read'>,
  options: { sinceMs?: number | undefined } = {},
): Promise<string> {
  const files = await Promise.all(
    [logPaths.older, logPaths.newer].map((path) => disk.read(path).catch(() => undefined)),
  );
  const text = files.map((bytes) => Buffer.from(bytes ?? []).toString('utf8')).join('');
  const { sinceMs } = options;
  if (sinceMs === undefined) return text;
  const lines = text.split('\n').filter((line) => line !== '');
  // A line whose time cannot be read belongs to a torn end: kept.
  return lines.flatMap((line) => (Date.parse(line.slice(0, 24)) < sinceMs ? [] : `${line}\n`)).join('');
}

/** The same gzipped, as it is sent. */
export async function gatherLog(disk: Pick<Disk, 'read'>, sinceMs: number | undefined): Promise<Uint8Array> {
  return compress(await readLog(disk, { sinceMs }));
}

/** Gives what is added from now on, until stopped. */
export function followLog(parts: {
  disk: Pick<Disk, 'readAt' | 'sizeBytes'>;
  clock: Clock;
  onText: (text: string) => void;
}): { stop(): void } {
  const { disk } = parts;
  let offset: number | undefined;
  let isRunning = true;
  let cancel: Cancel = () => undefined;

  async function give(path: string, from: number): Promise<number> {
    const bytes = await disk.readAt(path, from, 2 * logFileBytesMax);
    if (bytes.length > 0 && isRunning) parts.onText(Buffer.from(bytes).toString('utf8'));
    return from + bytes.length;
  }

  async function look(): Promise<void> {
    const size = (await disk.sizeBytes(logPaths.newer)) ?? 0;
    // Shorter than what was read: it has become the older one, and a new one has begun.
    if (offset !== undefined && size < offset) {
      await give(logPaths.older, offset);
      offset = 0;
    }
    offset = offset === undefined ? size : await give(logPaths.newer, offset);
  }

  async function turn(): Promise<void> {
    await look().catch(() => undefined);
    if (isRunning) cancel = parts.clock.setTimer(() => void turn(), followEveryMs);
  }

  void turn();
  return {
    stop() {
      isRunning = false;
      cancel();
    },
  };
}
