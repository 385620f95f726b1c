/** A lamp of the board: an LED of the kernel's (`/sys/class/leds`) or a line of its own below `/sys`. On or off only. */
import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';

export interface LampLine {
  /** Rejects when the lamp is not there, or not the agent's to switch. */
  set(isOn: boolean): Promise<void>;
}

export type LampAt = { kind: 'led'; name: string } | { kind: 'sysfs'; path: string };

/** The line of a lamp; nothing is touched before it is first set. `root` is where the kernel's tree lies, for tests. */
export function openLampLine(at: LampAt, { root = '/sys' }: { root?: string } = {}): LampLine {
  if (at.kind === 'sysfs') return { set: (isOn) => writeFile(at.path, isOn ? '1' : '0') };
  const folder = join(root, 'class/leds', at.name);
  let brightest: string | undefined;
  return {
    async set(isOn) {
      if (brightest === undefined) {
        // The kernel's own blinking would go on beside ours; an LED without triggers has no such file.
        await writeFile(join(folder, 'trigger'), 'none', { flag: 'r+' }).catch(() => undefined);
        const read = await readFile(join(folder, 'max_brightness'), 'utf8').catch(() => '');
        brightest = /^[1-9]\d*$/.test(read.trim()) ? read.trim() : '1';
      }
      await writeFile(join(folder, 'brightness'), isOn ? brightest : '0', { flag: 'r+' });
    },
  };
}
