/**
 * Which clips are on the board: fetches what is wanted, soonest first and emergencies before all, politely when there
 * is time and at once when there is none; verifies every file once in each boot; makes room by dropping what is needed
 * least. Plays nothing and knows no plan.
 */
import { type ClipFormat, type Rendition, renditionFor } from '@loa/protocol/device';
import type { ClipShelf, Now, Refusals } from '../../contracts.ts';
import { retryDelayMs } from '../../edges/backoff.ts';
import type { Cancel, Clock } from '../../edges/clock.ts';
import type { Damage } from '../../edges/damaged-file.ts';
import { type Disk, isNoRoom } from '../../edges/disk.ts';
import type { Random } from '../../edges/random.ts';
import { type ClipSource, clipPath, fetchClip, rotOf } from './fetch-clip.ts';
import { compareNeed, dropOrder, type Need, needOfRecords, owedBytes, reserveBytes } from './space.ts';
import { type CheapHours, fetchFromMs, hurryMs } from './when-to-fetch.ts';

/** Fetched at the same time; more only slow each other down on a thin line. */
export const fetchesMax = 2;

/** Wait between tries of one clip; shorter where it is needed within a minute. */
export const clipBackoff = { floorMs: 1_000, capMs: 60_000 };
const hurriedBackoff = { floorMs: 500, capMs: 5_000 };

/** The shelf as the composition uses it. */
export interface ClipStore extends ClipShelf {
  /** The link has come up: what failed is tried again at once. */
  retryNow(): void;
  /** Drops what is needed least while half of the reserve is not free, whoever filled it; never what an emergency or the next day needs. */
  giveWay(space: { freeBytes: number; totalBytes: number }): Promise<void>;
  close(): void;
}

export interface ClipParts {
  disk: Disk;
  clock: Clock;
  random: Random;
  now: () => Now;
  /** What this board decodes, in order of preference. */
  formats: readonly ClipFormat[];
  /** When data costs less, and the zone of that; absent: always the same. */
  cheapHours?: CheapHours | undefined;
  timeZone?: (() => string) | undefined;
  source: ClipSource;
  refusals: Refusals;
  /** A clip that was whole has rotted. It is fetched again, and no copy is set aside. Absent: nobody hears of it. */
  onDamaged?: ((damage: Damage) => void) | undefined;
  /** A clip arrived or was lost, or a download moved on. */
  onChange: () => void;
  /** What is free, at each look at the disk; `isShort` when a wanted clip found no room. */
  onSpace: (space: { freeBytes: number; totalBytes: number; isShort: boolean }) => void;
}

interface Wish extends Need {
  rendition: Rendition;
  /** When it was first wished, and its chance: drawn once, so that wishing again does not hurry it. */
  sinceMs: number;
  chance: number;
  /** Monotonic instants before which it is not tried: out of politeness, and after a failure. */
  politeUntilMs: number;
  retryAtMs: number;
  failures: number;
  failure: 'damaged' | 'no-space' | 'unreachable' | undefined;
  fraction: number;
  running: AbortController | undefined;
}

/** Opens the shelf over the `clips` folder. */
export async function openClipShelf(parts: ClipParts): Promise<ClipStore> {
  const { disk, clock, random } = parts;
  const wishes = new Map<string, Wish>();
  const present = new Set((await disk.list('clips')).filter((name) => !name.includes('.')));
  const verified = new Set<string>();
  /** Being worked on, wished for or no longer. */
  const busy = new Set<string>();
  let cancel: Cancel | undefined;
  let isClosed = false;

  function politeUntilMs(wished: Need & { sinceMs: number; chance: number }): number {
    const { ms: nowMs, trusted } = parts.now();
    const { cheapHours: hours, timeZone } = parts;
    const cheap =
      trusted && hours !== undefined && timeZone !== undefined ? { hours, timeZone: timeZone() } : undefined;
    const ageMs = clock.monotonicMs() - wished.sinceMs;
    const fromMs = fetchFromMs({ need: wished, sinceMs: nowMs - ageMs, chance: wished.chance, cheap });
    // What has become urgent since is not held to the wait that it was given when there was time.
    const isUrgent = wished.emergency || wished.neededMs - nowMs <= hurryMs;
    return clock.monotonicMs() + (isUrgent ? 0 : Math.max(0, fromMs - nowMs));
  }

  function wish(rendition: Rendition, need: Need): void {
    const known = wishes.get(rendition.hash);
    if (known === undefined) {
      const drawn = { sinceMs: clock.monotonicMs(), chance: random.fraction() };
      const fresh = { failures: 0, failure: undefined, fraction: 0, running: undefined, retryAtMs: 0 };
      const polite = politeUntilMs({ ...need, ...drawn });
      wishes.set(rendition.hash, { rendition, ...need, ...drawn, ...fresh, politeUntilMs: polite });
      return;
    }
    known.emergency = need.emergency;
    known.neededMs = need.neededMs;
    known.politeUntilMs = politeUntilMs(known);
  }

  function pump(): void {
    cancel?.();
    if (isClosed) return;
    const nowMs = clock.monotonicMs();
    const waiting = [...wishes.values()]
      .filter(({ rendition }) => !busy.has(rendition.hash) && !verified.has(rendition.hash))
      .sort(compareNeed);
    const running = [...wishes.values()].filter((one) => one.running !== undefined).sort(compareNeed);
    let free = fetchesMax - busy.size;
    let givingWay = running.filter((one) => one.running?.signal.aborted === true).length;
    let soonestMs = Number.POSITIVE_INFINITY;
    for (const one of waiting) {
      // What lies on the disk is looked through at once: nobody else waits for that.
      const readyMs = Math.max(present.has(one.rendition.hash) ? 0 : one.politeUntilMs, one.retryAtMs);
      if (readyMs > nowMs) soonestMs = Math.min(soonestMs, readyMs);
      else if (free > 0) {
        free -= 1;
        void run(one);
      } else if (one.emergency) {
        givingWay -= 1;
        if (givingWay >= 0) continue;
        // What is on disk of the other stays, and goes on later.
        const least = running.findLast((other) => !other.emergency && other.running?.signal.aborted === false);
        least?.running?.abort();
      }
    }
    if (soonestMs < Number.POSITIVE_INFINITY) cancel = clock.setTimer(pump, soonestMs - nowMs);
  }

  function awaitedOf(one: Wish): 'check' | 'turn' | undefined {
    if (present.has(one.rendition.hash)) return 'check';
    const isPolite = one.failures === 0 && one.running === undefined && one.politeUntilMs > clock.monotonicMs();
    return isPolite ? 'turn' : undefined;
  }

  async function run(one: Wish): Promise<void> {
    const giveUp = new AbortController();
    one.running = giveUp;
    busy.add(one.rendition.hash);
    try {
      const failure = await bring(one, giveUp.signal);
      if (failure === undefined) verified.add(one.rendition.hash);
      else if (!giveUp.signal.aborted) fail(one, failure);
    } catch (error) {
      // The disk failed; the next try may find it mended.
      fail(one, isNoRoom(error) ? 'no-space' : 'unreachable');
    }
    one.running = undefined;
    busy.delete(one.rendition.hash);
    if (isClosed) return;
    parts.onChange();
    pump();
  }

  function fail(one: Wish, failure: NonNullable<Wish['failure']>): void {
    one.failure = failure;
    one.failures += 1;
    const isHurried = one.emergency || one.neededMs - parts.now().ms < 60_000;
    const backoff = isHurried ? hurriedBackoff : clipBackoff;
    one.retryAtMs = clock.monotonicMs() + retryDelayMs({ backoff, attempt: one.failures, fraction: random.fraction() });
  }

  /** Undefined when the verified file is here. */
  async function bring(one: Wish, signal: AbortSignal): Promise<Wish['failure']> {
    const { rendition } = one;
    const { hash } = rendition;
    if (present.has(hash)) {
      const rot = await rotOf(disk, hash);
      if (rot === undefined) return undefined;
      await disk.remove(clipPath(hash));
      present.delete(hash);
      parts.refusals.refused({ subject: `clip ${hash}`, reason: 'damaged on disk' });
      parts.onDamaged?.({ path: clipPath(hash), copy: undefined, reason: rot, lostBytes: rendition.sizeBytes });
    }
    if (!(await makeRoom(one))) return 'no-space';
    let toldMs = clock.monotonicMs();
    const outcome = await fetchClip({
      disk,
      source: parts.source,
      rendition,
      signal,
      onProgress(fraction) {
        one.fraction = fraction;
        if (clock.monotonicMs() - toldMs < 500) return;
        toldMs = clock.monotonicMs();
        parts.onChange();
      },
    });
    if (outcome.ok) {
      present.add(hash);
      return undefined;
    }
    if (outcome.reason === 'damaged') parts.refusals.refused({ subject: `clip ${hash}`, reason: 'damaged on the way' });
    return outcome.reason;
  }

  async function makeRoom(one: Wish): Promise<boolean> {
    const { freeBytes, totalBytes } = await disk.space();
    const missing = one.rendition.sizeBytes + reserveBytes({ totalBytes, isEmergency: one.emergency }) - freeBytes;
    const { names, freed } = await droppable(missing, one);
    // Nothing is dropped for what would not fit even so.
    const isShort = freed < missing;
    if (!isShort) await drop(names);
    parts.onSpace({ freeBytes: isShort ? freeBytes : freeBytes + freed, totalBytes, isShort });
    return !isShort;
  }

  /** What would go first, until so much is free. */
  async function droppable(missing: number, need: Need): Promise<{ names: string[]; freed: number }> {
    const there = missing > 0 ? await disk.list('clips') : [];
    const names: string[] = [];
    let freed = 0;
    for (const name of dropOrder({ names: there, wanted: wishes, need })) {
      if (freed >= missing) break;
      if (busy.has(hashOf(name))) continue;
      freed += (await disk.sizeBytes(`clips/${name}`)) ?? 0;
      names.push(name);
    }
    return { names, freed };
  }

  async function drop(names: readonly string[]): Promise<void> {
    for (const name of names) {
      await disk.remove(`clips/${name}`);
      present.delete(hashOf(name));
      verified.delete(hashOf(name));
    }
  }

  return {
    async giveWay(space) {
      const owed = owedBytes(space);
      if (owed === 0) return;
      const { names } = await droppable(owed, needOfRecords(parts.now().ms));
      await drop(names);
      if (names.length > 0) parts.onChange();
      pump();
    },

    want(clips) {
      const hashes = new Set<string>();
      const needs = clips.map(({ clip, neededMs, emergency }) => ({ clip, neededMs, emergency })).sort(compareNeed);
      for (const { clip, ...need } of needs) {
        const rendition = renditionFor(clip, parts.formats);
        if (rendition === undefined || hashes.has(rendition.hash)) continue;
        hashes.add(rendition.hash);
        wish(rendition, need);
      }
      for (const [hash, one] of wishes) {
        if (hashes.has(hash)) continue;
        one.running?.abort();
        wishes.delete(hash);
      }
      pump();
    },

    find(clip) {
      for (const format of parts.formats) {
        const rendition = renditionFor(clip, [format]);
        if (rendition !== undefined && verified.has(rendition.hash))
          return { state: 'here', path: disk.absolute(clipPath(rendition.hash)), rendition };
      }
      const rendition = renditionFor(clip, parts.formats);
      if (rendition === undefined) return { state: 'missing', reason: 'not-supported' };
      const one = wishes.get(rendition.hash);
      if (one?.failure === 'damaged') return { state: 'missing', reason: 'clip-damaged' };
      if (one === undefined || one.failure === 'no-space') return { state: 'missing', reason: 'clip-missing' };
      return { state: 'fetching', fraction: one.fraction, awaits: awaitedOf(one) };
    },

    retryNow() {
      for (const one of wishes.values()) {
        one.retryAtMs = 0;
        one.failures = 0;
      }
      pump();
    },

    close() {
      isClosed = true;
      cancel?.();
      for (const one of wishes.values()) one.running?.abort();
    },
  };
}

/** The hash in a file's name, whole or in part. */
function hashOf(name: string): string {
  return name.replace(/\.part$/, '');
}
