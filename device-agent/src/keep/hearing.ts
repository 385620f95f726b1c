/**
 * What the probes have learnt of this place, in one small file that is replaced whole. Nothing in it is sound: gains,
 * quiet levels, and whether a pilot was ever heard. A damaged file is told and counts for nothing: it is learnt again.
 */
import { z } from 'zod';
import type { HearingData, HearingMemory } from '../contracts.ts';
import type { Clock } from '../edges/clock.ts';
import type { Damage } from '../edges/damaged-file.ts';
import type { Disk } from '../edges/disk.ts';
import { sealedFile } from '../edges/sealed-file.ts';

/** Written so long after a change, so that what is learnt every second does not wear the card. */
const writeAfterMs = 3_600_000;

const figure = z.number().optional();
const dataSchema: z.ZodType<HearingData> = z.object({
  microphone: z.object({
    recentGainsDb: z.array(z.number()).max(5),
    referenceDb: figure,
    hasHeardPilot: z.boolean(),
  }),
  gauges: z.record(
    z.string(),
    z.object({ quietOn: figure, quietOff: figure, risePerSquare: figure, hasSeenPilot: z.boolean().optional() }),
  ),
});

/** Opens it; `close` writes what is not written yet. */
export async function openHearing(parts: {
  disk: Disk;
  clock: Clock;
  onDamaged: (damage: Damage) => void;
}): Promise<HearingMemory & { close(): Promise<void> }> {
  const { clock } = parts;
  const file = sealedFile({ ...parts, path: 'hearing.json', schema: dataSchema });
  const data = (await file.read()) ?? nothingLearnt();
  let isChanged = false;
  let cancel: (() => void) | undefined;

  async function write(): Promise<void> {
    cancel?.();
    cancel = undefined;
    if (!isChanged) return;
    isChanged = false;
    // A disk that refuses is told by whoever needs it; what is learnt here is learnt again.
    await file.write(data).catch(() => undefined);
  }

  return {
    read: () => data,
    update(change) {
      change(data);
      isChanged = true;
      cancel ??= clock.setTimer(() => void write(), writeAfterMs);
    },
    close: write,
  };
}

/** As a new board is. */
export function nothingLearnt(): HearingData {
  return { microphone: { recentGainsDb: [], hasHeardPilot: false }, gauges: {} };
}
