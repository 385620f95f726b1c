/**
 * What the board knew of the time, for the next process of the same boot: an agent that is killed or updated while the
 * network is away goes on by what it had learnt. Another boot learns anew: nobody knows how long the board was off.
 */
import { z } from 'zod';
import type { ClockMemory, TimeSample } from '../contracts.ts';
import type { Damage } from '../edges/damaged-file.ts';
import type { Disk } from '../edges/disk.ts';
import { sealedFile } from '../edges/sealed-file.ts';

/** More than a timekeeper holds. */
const samplesMax = 512;

const schema = z.object({
  boot: z.string().min(1),
  /** Instant by the clock that all processes of the boot share, server time minus it, and round trip; ms. */
  samples: z.array(z.tuple([z.number(), z.number(), z.number().min(0)])).max(samplesMax),
});

/** Opens the memory of a process that began at `startedMs` of the boot. A disk that refuses costs the memory alone. */
export async function openClockMemory(parts: {
  disk: Disk;
  life: { boot: string; startedMs: number };
  onDamaged: (damage: Damage) => void;
}): Promise<ClockMemory> {
  const { boot, startedMs } = parts.life;
  const file = sealedFile({ ...parts, path: 'clock.json', schema });
  const held = await file.read();
  const ofThisBoot = held !== undefined && held.boot === boot ? held.samples : [];
  let last = Promise.resolve();
  return {
    samples: ofThisBoot.map(([atMs, offsetMs, delayMs]) => ({
      atMs: atMs - startedMs,
      offsetMs: offsetMs + startedMs,
      delayMs,
    })),
    keep(samples: readonly TimeSample[]) {
      if (boot === '') return last;
      const told = samples
        .slice(-samplesMax)
        .map(({ atMs, offsetMs, delayMs }): [number, number, number] => [
          atMs + startedMs,
          offsetMs - startedMs,
          delayMs,
        ]);
      last = last.then(() => file.write({ boot, samples: told })).catch(() => undefined);
      return last;
    },
  };
}
