/**
 * How many bytes the board has moved over its way out in this civil month, both ways: the kernel's counters, added up
 * across restarts in a small file. A counter that starts anew counts from nothing; a month begins only by a clock that
 * is trusted; what moved while the agent did not look, in a boot of its own, is not known and not guessed.
 */
import { z } from 'zod';
import type { Now, Sensor } from '../../contracts.ts';
import type { BoardFiles } from '../../edges/board-files.ts';
import type { Damage } from '../../edges/damaged-file.ts';
import type { Disk } from '../../edges/disk.ts';
import { sealedFile } from '../../edges/sealed-file.ts';
import { wayOut } from './interface.ts';
import { numberIn } from './text-source.ts';

const everyMs = 60_000;
/** On disk at most so often: a lost quarter of an hour of counting is no harm, a worn card is. */
const keptEveryMs = 15 * 60_000;

const keptSchema = z.object({
  month: z.string().regex(/^\d{4}-\d{2}$/),
  usedBytes: z.number().min(0),
  /** The counter when it was looked at last, and of which interface and boot. */
  counterBytes: z.number().min(0),
  name: z.string(),
  boot: z.string(),
});
type Kept = z.infer<typeof keptSchema>;

/** Undefined: not Linux. `monthOf` gives the civil month (`2026-11`) of an instant where the board stands. */
export async function findDataUsed(parts: {
  files: BoardFiles;
  disk: Disk;
  now: () => Now;
  monthOf: (ms: number) => string;
  /** A damaged file is a month that begins anew. */
  onDamaged: (damage: Damage) => void;
}): Promise<Sensor | undefined> {
  const { files } = parts;
  const boot = (await files.read('/proc/sys/kernel/random/boot_id')) ?? '';
  if ((await files.read('/proc/net/route')) === undefined) return undefined;
  const file = sealedFile({ ...parts, path: 'data-used.json', schema: keptSchema });
  let kept = await file.read();
  let keptMs = Number.NEGATIVE_INFINITY;

  async function counterOf(name: string): Promise<number | undefined> {
    const folder = `/sys/class/net/${name}/statistics`;
    const received = numberIn(await files.read(`${folder}/rx_bytes`));
    const sent = numberIn(await files.read(`${folder}/tx_bytes`));
    return received === undefined || sent === undefined ? undefined : received + sent;
  }

  return {
    kind: 'data-used',
    everyMs,
    async read() {
      const { ms, trusted } = parts.now();
      const name = await wayOut(files);
      const counterBytes = name === undefined ? undefined : await counterOf(name);
      if (name === undefined || counterBytes === undefined || !trusted) return told(kept);
      const before = kept;
      kept = counted(before, { month: parts.monthOf(ms), counterBytes, name, boot });
      const isDue = before?.month !== kept.month || before.boot !== boot || Math.abs(ms - keptMs) >= keptEveryMs;
      if (isDue) {
        keptMs = ms;
        await file.write(kept).catch(() => undefined);
      }
      return told(kept);
    },
  };
}

/** What has been used after another look; pure. */
export function counted(before: Kept | undefined, seen: Omit<Kept, 'usedBytes'>): Kept {
  const isSame = before !== undefined && before.name === seen.name && before.boot === seen.boot;
  const isGoingOn = isSame && seen.counterBytes >= before.counterBytes;
  // Another boot or a counter that began anew: all it says has moved since. Another interface: what it says is its own.
  const isAnew = before !== undefined && before.boot !== seen.boot;
  const movedBytes = isGoingOn ? seen.counterBytes - before.counterBytes : isSame || isAnew ? seen.counterBytes : 0;
  const usedBytes =
    before?.month === seen.month ? before.usedBytes + movedBytes : before === undefined ? 0 : movedBytes;
  return { ...seen, usedBytes };
}

function told(kept: Kept | undefined) {
  return kept === undefined ? undefined : { dataUsedBytes: kept.usedBytes };
}
