/** How much memory the board could still give to programs, and how much the agent itself takes. */
import type { Sensor } from '../../contracts.ts';
import type { BoardFiles } from '../../edges/board-files.ts';

const everyMs = 15_000;

/** Undefined: not Linux. `residentBytes` is the agent's own. */
export async function findMemory(parts: {
  files: BoardFiles;
  residentBytes: () => number;
}): Promise<Sensor | undefined> {
  async function read() {
    const kilobytes = /^MemAvailable:\s+(\d+) kB$/m.exec((await parts.files.read('/proc/meminfo')) ?? '')?.[1];
    if (kilobytes === undefined) return undefined;
    return { memoryFreeBytes: Number(kilobytes) * 1024, residentBytes: parts.residentBytes() };
  }
  return (await read()) === undefined ? undefined : { kind: 'memory', everyMs, read };
}
