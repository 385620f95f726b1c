/** What processes cost, as Linux tells in /proc. */
import { readFileSync } from 'node:fs';

/** Linux counts processor time in hundredths of a second. */
const ticksPerSecond = 100;

/** Resident memory of a process. */
export function residentMb(pid: number): number {
  const kib = /^VmRSS:\s+(\d+) kB/m.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1];
  return Number(kib) / 1024;
}

/** Memory and share of one core of each process over a span in which nothing is asked of them. */
export async function measureIdle(
  pids: readonly number[],
  spanMs: number,
): Promise<{ residentMb: number; corePercent: number }[]> {
  const before = pids.map(processorSeconds);
  await new Promise((resolve) => setTimeout(resolve, spanMs));
  return pids.map((pid, index) => ({
    residentMb: residentMb(pid),
    corePercent: ((processorSeconds(pid) - (before[index] ?? 0)) / (spanMs / 1000)) * 100,
  }));
}

function processorSeconds(pid: number): number {
  const fields = readFileSync(`/proc/${pid}/stat`, 'utf8').split(') ')[1]?.split(' ') ?? [];
  return (Number(fields[11]) + Number(fields[12])) / ticksPerSecond;
}
