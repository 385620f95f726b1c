/**
 * What the probes have learnt of this place, in one small file that is replaced whole. Nothing in it is sound: gains,
 * quiet levels, and whether a pilot was ever heard. A damaged file reads as empty: it is learnt again.
 */
import { z } from 'zod';
import type { HearingData, HearingMemory } from '../contracts.ts';
import type { Clock } from '../edges/clock.ts';
import type { Disk } from '../edges/disk.ts';

const path = 'hearing.json';

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
}): Promise<HearingMemory & { close(): Promise<void> }> {
  const { disk, clock } = parts;
  const data = await readData(disk);
  let isChanged = false;
  let cancel: (() => void) | undefined;

  async function write(): Promise<void> {
    cancel?.();
    cancel = undefined;
    if (!isChanged) return;
    isChanged = false;
    // A disk that refuses is told by whoever needs it; what is learnt here is learnt again.
    await disk.replace(path, JSON.stringify(data)).catch(() => undefined);
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

async function readData(disk: Disk): Promise<HearingData> {
  const bytes = await disk.read(path).catch(() => undefined);
  if (bytes === undefined) return nothingLearnt();
  try {
    const parsed = dataSchema.safeParse(JSON.parse(Buffer.from(bytes).toString('utf8')));
    return parsed.success ? parsed.data : nothingLearnt();
  } catch {
    return nothingLearnt();
  }
}

/** As a new board is. */
export function nothingLearnt(): HearingData {
  return { microphone: { recentGainsDb: [], hasHeardPilot: false }, gauges: {} };
}
