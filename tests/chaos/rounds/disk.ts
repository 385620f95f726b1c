/**
 * Each board's folder is a file system of its own that is filled to the last byte: under one while it fetches, under one
 * while it plays, under one before the start of what it holds and until after its end, with a kill -9 in it. What was
 * planned and there sounds, nothing sounds twice, a fault says why, and every report arrives once the disk is free.
 */
import { execFile } from 'node:child_process';
import { open, readdir, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { eventually } from '../../harness/town.ts';
import { askFor, prepareClip } from '../asks.ts';
import { type Played, pause, type RoundParts, until } from '../round.ts';

const run = promisify(execFile);
const sizeMb = 24;

/** Puts a small file system under each folder; gives how to take them away, or why it may not. */
export async function mountSmall(
  dirs: readonly string[],
): Promise<{ ok: true; unmount(): Promise<void> } | { ok: false; reason: string }> {
  const mounted: string[] = [];
  const unmount = async () => {
    for (const dir of mounted.splice(0)) await run('umount', ['-l', dir]).catch(() => undefined);
  };
  for (const dir of dirs) {
    try {
      await run('mount', ['-t', 'tmpfs', '-o', `size=${sizeMb}m,mode=0700`, 'loa-chaos', dir]);
      mounted.push(dir);
    } catch (error) {
      await unmount();
      return { ok: false, reason: String(error) };
    }
  }
  return { ok: true, unmount };
}

/** Fills a folder's file system to the last byte. */
async function fill(dir: string): Promise<void> {
  const hog = await open(join(dir, 'hog'), 'a');
  try {
    for (let size = 1 << 20; size > 0; size = Math.floor(size / 2)) {
      const piece = Buffer.alloc(size, 1);
      while (
        await hog.write(piece).then(
          ({ bytesWritten }) => bytesWritten === size,
          () => false,
        )
      );
    }
  } finally {
    await hog.close();
  }
}

const free = (dir: string) => rm(join(dir, 'hog'), { force: true });

export async function playDisk({ stage, chance, note }: RoundParts): Promise<Played> {
  const seed = chance.below(1_000_000);
  const [a, b, c] = await Promise.all(
    [6, 1, 1].map((seconds, index) => prepareClip(stage, { seconds, seed: seed + index })),
  );
  const [k1, k2, k3] = stage.boards;
  if (a === undefined || b === undefined || c === undefined) throw new Error('Three clips');
  if (k1 === undefined || k2 === undefined || k3 === undefined) throw new Error('Three boards');
  const late = { kind: 'start', lateMsMax: 60_000 } as const;
  // So many entries do not fit into what is left of a file's last block.
  const many = { count: 20, gapMs: 300 };
  await fill(k1.dir);
  const [fetching, playing, held] = await Promise.all([
    askFor(stage, { board: 'k1', prepared: a, afterMs: [12_000], late }),
    askFor(stage, { board: 'k2', prepared: b, afterMs: [12_000], late, resume: 'restart', repeat: many }),
    askFor(stage, {
      board: 'k3',
      prepared: c,
      afterMs: [12_000],
      late: { ...late, lateMsMax: 5_000 },
      repeat: many,
    }),
  ]);
  const startMs = playing.startsMs[0] ?? 0;
  fetching.owedMs.push(...fetching.startsMs);
  const underFetch = async () => {
    await until(startMs - chance.between(-6_000, 4_000));
    await free(k1.dir);
  };
  const underPlay = async () => {
    await until(startMs + chance.between(-200, 5_500));
    await fill(k2.dir);
    if (chance.isTrue(0.7)) {
      await until(startMs + chance.between(20_000, 27_000));
      k2.cutPower();
      note('k2 killed full');
    } else playing.owedMs.push(startMs);
    await until(startMs + 30_000);
    await free(k2.dir);
  };
  const underReport = async () => {
    const isThere = async () => (await readdir(join(k3.dir, 'clips'))).includes(held.clip.id);
    if (!(await eventually(isThere, 9_000, 100))) return note('k3 never held it');
    await pause(500);
    await fill(k3.dir);
    const isKilled = chance.isTrue(0.3);
    if (isKilled) {
      // A board that begins with a full disk must begin all the same.
      await until(startMs + chance.between(500, 24_000));
      k3.cutPower();
      note('k3 killed full');
    } else held.owedMs.push(...held.startsMs);
    await until(startMs + 32_000);
    await free(k3.dir);
  };
  await Promise.all([underFetch(), underPlay(), underReport()]);
  // Told at once where a clip found no room; a disk that is full for less than a minute is no fault by itself.
  return { asked: [fetching, playing, held], faultsOwed: [{ board: k1.name, codes: ['disk-nearly-full'] }] };
}
