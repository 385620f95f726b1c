/** Whether somebody has opened the cabinet: a contact that the settings name; 1 is open, a factor of −1 turns it round. */
import type { Sensor } from '../../contracts.ts';
import type { BoardFiles } from '../../edges/board-files.ts';
import { readSource, type TextSource } from './text-source.ts';

const everyMs = 1_000;

/** Undefined: not fitted. */
export async function findDoor(parts: {
  files: BoardFiles;
  source: TextSource | undefined;
}): Promise<Sensor | undefined> {
  const { files, source } = parts;
  if (source === undefined || (await readSource(files, source)) === undefined) return undefined;
  return {
    kind: 'door',
    everyMs,
    async read() {
      const value = await readSource(files, source);
      if (value === undefined) return undefined;
      return { doorOpen: source.factor < 0 ? value === 0 : value !== 0 };
    },
  };
}
