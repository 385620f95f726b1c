/** Whether the board is fed from the mains: what Linux says of a mains or USB supply, or a contact named in the settings. */
import type { Sensor } from '../../contracts.ts';
import type { BoardFiles } from '../../edges/board-files.ts';
import { suppliesOf } from './supplies.ts';
import { readSource, type TextSource } from './text-source.ts';

const everyMs = 2_000;

/** Undefined: not fitted. */
export async function findMains(parts: {
  files: BoardFiles;
  source: TextSource | undefined;
}): Promise<Sensor | undefined> {
  const { files, source } = parts;
  const folder = (await suppliesOf(files)).find(({ type }) => type === 'Mains' || type === 'USB')?.folder;
  const from =
    source ?? (folder === undefined ? undefined : ({ kind: 'file', path: `${folder}/online`, factor: 1 } as const));
  if (from === undefined || (await readSource(files, from)) === undefined) return undefined;
  return {
    kind: 'mains',
    everyMs,
    async read() {
      const value = await readSource(files, from);
      return value === undefined ? undefined : { mainsPresent: value > 0 };
    },
  };
}
