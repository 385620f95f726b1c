/** The power supplies Linux knows of this board. */
import type { BoardFiles } from '../../edges/board-files.ts';

const root = '/sys/class/power_supply';

/** Each with its folder and what it is: `Mains`, `USB`, `Battery`, `UPS`. */
export async function suppliesOf(files: BoardFiles): Promise<{ folder: string; type: string }[]> {
  const names = await files.list(root);
  return Promise.all(
    names.map(async (name) => ({ folder: `${root}/${name}`, type: (await files.read(`${root}/${name}/type`)) ?? '' })),
  );
}
