/** A board in a test's hand that can be updated: its releases, whoever would start it again, and a server that sends. */
import { createHash } from 'node:crypto';
import { gzipSync } from 'node:zlib';
import type { Life } from '@loa/device-agent/contracts.ts';
import type { Clock } from '@loa/device-agent/edges/clock.ts';
import type { Disk } from '@loa/device-agent/edges/disk.ts';
import { type ClipSource, fetchFile } from '@loa/device-agent/keep/clips/fetch-clip.ts';
import { openReleaseShelf, type ReleaseShelf } from '@loa/device-agent/keep/releases/release-shelf.ts';
import type { QuietFacts } from '@loa/device-agent/work/quiet.ts';
import { createUpdates, type Updates } from '@loa/device-agent/work/update/updates.ts';
import { publicPart, sealRelease, type UpdateOrder } from '@loa/protocol/device';
import { issuedMs, rootKey } from '../installation.ts';

/** The root key of `installation.ts`, as it would be typed from paper. */
export const rootSeed = new Uint8Array(32).fill(1);

export interface MadeRelease {
  packed: Uint8Array;
  /** The envelope. */
  text: string;
}

/** A release of this program, signed by the root key unless a test says otherwise. */
export function madeRelease(program: string, given: { number: number; seed?: Uint8Array }): MadeRelease {
  const packed = gzipSync(program);
  const { number, seed = rootSeed } = given;
  return { packed, text: sealRelease({ bundle: packed, number, version: `0.${number}.0`, rootSeed: seed }).text };
}

export function updateOrder(release: string, id = 'capnhat-1', lifeMs = 3_600_000): UpdateOrder {
  const [issuedAt, expiresAt] = [issuedMs, issuedMs + lifeMs].map((ms) => new Date(ms).toISOString());
  return { kind: 'update', id, issuedAt: issuedAt ?? '', expiresAt: expiresAt ?? '', release };
}

/** A server that holds these bytes under their hash; each answer ends after `bytesPerAnswer`. */
export function sendsReleases(
  files: readonly Uint8Array[],
  options: { bytesPerAnswer?: number } = {},
): { source: ClipSource; asked: number[] } {
  const byHash = new Map(files.map((bytes) => [createHash('sha256').update(bytes).digest('hex'), bytes]));
  const asked: number[] = [];
  return {
    asked,
    async source({ hash, fromBytes, onChunk }) {
      asked.push(fromBytes);
      const bytes = byHash.get(hash);
      if (bytes === undefined) return { status: 404 };
      const status = fromBytes === 0 ? 200 : 206;
      const headers = { 'content-range': `bytes ${fromBytes}-${bytes.length - 1}/${bytes.length}` };
      const untilBytes = fromBytes + (options.bytesPerAnswer ?? bytes.length);
      for (let at = fromBytes; at < Math.min(untilBytes, bytes.length); at += 32)
        await onChunk(bytes.subarray(at, Math.min(at + 32, untilBytes)), { status, headers });
      return { status };
    },
  };
}

export interface TestBoard {
  updates: Updates;
  releases: ReleaseShelf;
  /** Why it began anew, each time. */
  begun: string[];
  signals: { code: string; bad: boolean }[];
  facts: QuietFacts;
  links: { isLinked: boolean; hasOutput: boolean };
}

/** A board that runs release `running`, on the given disk and clock. */
export function openBoard(parts: {
  disk: Disk;
  clock: Clock;
  source?: ClipSource;
  running?: number;
  isReplaceable?: boolean;
}): TestBoard {
  const { disk, clock, running = 1, isReplaceable = true } = parts;
  const begun: string[] = [];
  const signals: TestBoard['signals'] = [];
  const facts: QuietFacts = { nowMs: issuedMs, progress: [], items: [], orders: [] };
  const links = { isLinked: true, hasOutput: true };
  const { source } = parts.source === undefined ? sendsReleases([]) : { source: parts.source };
  const releases = openReleaseShelf({
    disk,
    fetchFile: (file) => fetchFile({ ...file, disk, source, onProgress: () => undefined }),
  });
  const life: Life = {
    running: { number: running, version: `0.${running}.0` },
    isReplaceable,
    boot: 'a',
    uptimeMs: () => clock.monotonicMs(),
    startedMs: 0,
    beginAnew: (why) => begun.push(why),
  };
  const updates = createUpdates({
    clock,
    random: { bytes: (count) => new Uint8Array(count), fraction: () => 0 },
    now: () => ({ ms: clock.wallMs(), trusted: true, boundMs: 1 }),
    life,
    rootKey: publicPart(rootKey),
    releases,
    faults: { signal: (code, { bad }) => signals.push({ code, bad }) },
    quietFacts: () => ({ ...facts, nowMs: clock.wallMs() }),
    isLinked: () => links.isLinked,
    hasOutput: async () => links.hasOutput,
    log: () => undefined,
  });
  return { updates, releases, begun, signals, facts, links };
}
