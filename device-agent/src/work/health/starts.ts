/**
 * How often this board has begun in the last hour, across power cuts: a small file of its latest starts. More than a
 * few are a fault that a person should know of. Judges by the board's own uptime, since its clock may be wrong.
 */
import { z } from 'zod';
import type { Faults } from '../../contracts.ts';
import type { Clock } from '../../edges/clock.ts';
import type { Damage } from '../../edges/damaged-file.ts';
import type { Disk } from '../../edges/disk.ts';
import { regularly } from '../../edges/regularly.ts';
import { sealedFile } from '../../edges/sealed-file.ts';

/** More starts than these within `startsSpanMs` are too many. */
export const startsMax = 5;
export const startsSpanMs = 3_600_000;

/** Kept; more tell nothing new. */
const rememberedMax = 20;

const lookEveryMs = 60_000;
const fileSchema = z.array(z.object({ boot: z.string(), uptimeMs: z.number(), wallMs: z.number() }));

/** One start. */
export interface Start {
  boot: string;
  /** Of the board, when the agent started. */
  uptimeMs: number;
  wallMs: number;
}

/** How many of these lie within the last hour of `now`. Pure. */
export function countRecent(starts: readonly Start[], now: Start): number {
  return starts.filter((start) => ageMs(start, now) <= startsSpanMs).length;
}

/** At least the time this board has been on since; its clock adds what it was off, if it was kept. */
function ageMs(start: Start, now: Start): number {
  if (start.boot === now.boot) return now.uptimeMs - start.uptimeMs;
  return Math.max(now.uptimeMs, now.wallMs - start.wallMs);
}

/** Writes this start down and watches; a disk that refuses or rots, which is told, costs the count, not the start. */
export async function watchStarts(ports: {
  disk: Disk;
  clock: Clock;
  life: { boot: string; uptimeMs(): number };
  faults: Pick<Faults, 'signal'>;
  onDamaged: (damage: Damage) => void;
}): Promise<{ stop(): void }> {
  const { clock, life } = ports;
  const file = sealedFile({ ...ports, path: 'starts.json', schema: fileSchema });
  const here = (): Start => ({ boot: life.boot, uptimeMs: life.uptimeMs(), wallMs: clock.wallMs() });
  const starts = [...((await file.read()) ?? []), here()].slice(-rememberedMax);
  await file.write(starts).catch(() => undefined);
  return regularly(clock, lookEveryMs, () => {
    const count = countRecent(starts, here());
    ports.faults.signal('restarts-often', { bad: count > startsMax, evidence: { startsInLastHour: count } });
  });
}
