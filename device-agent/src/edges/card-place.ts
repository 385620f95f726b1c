/**
 * How many samples a sound card has really sounded, as the Linux kernel counts them for the process that opened it.
 * Nothing where there is none to be seen: no card of this process, another system, or a kernel that hides it.
 */
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

/** A board has a handful; more are not looked through. */
const outputsMax = 64;

/**
 * Samples at `rateHz` sounded since the card last began, by the output that process `pid` holds; `root` is ALSA's
 * folder in /proc.
 */
export function readCardPlace(pid: number, rateHz: number, root = '/proc/asound'): number | undefined {
  try {
    for (const folder of outputFolders(root)) {
      const status = readFileSync(join(root, folder, 'status'), 'utf8');
      if (field(status, 'owner_pid') !== pid || !/^state: RUNNING$/m.test(status)) continue;
      const frames = field(status, 'hw_ptr');
      const cardRateHz = field(readFileSync(join(root, folder, 'hw_params'), 'utf8'), 'rate');
      if (frames === undefined || cardRateHz === undefined || cardRateHz === 0) return undefined;
      return (frames * rateHz) / cardRateHz;
    }
  } catch {
    // A card that is pulled while it is read is no card.
  }
  return undefined;
}

/** `card0/pcm0p/sub0` and the like. */
function outputFolders(root: string): string[] {
  const below = (folder: string, pattern: RegExp) =>
    readdirSync(join(root, folder))
      .filter((name) => pattern.test(name))
      .map((name) => join(folder, name));
  return below('', /^card\d+$/)
    .flatMap((card) => below(card, /^pcm\d+p$/))
    .flatMap((pcm) => below(pcm, /^sub\d+$/))
    .slice(0, outputsMax);
}

function field(text: string, name: string): number | undefined {
  const found = new RegExp(`^${name}\\s*: (\\d+)`, 'm').exec(text)?.[1];
  return found === undefined ? undefined : Number(found);
}
