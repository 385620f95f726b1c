/** The network interface that leads to the world: where the default route with the least metric goes. */
import type { BoardFiles } from '../../edges/board-files.ts';

/** Its name; undefined while there is no way out. */
export async function wayOut(files: BoardFiles): Promise<string | undefined> {
  const [, ...rows] = ((await files.read('/proc/net/route')) ?? '').split('\n');
  const ways = rows
    .map((row) => row.trim().split(/\s+/))
    .filter((cells) => cells[1] === '00000000' && /^[A-Za-z0-9@._-]{1,15}$/.test(cells[0] ?? ''))
    .sort((a, b) => Number(a[6] ?? 0) - Number(b[6] ?? 0));
  return ways[0]?.[0];
}
