/** How full the battery behind the board is: as Linux says it, or a charge in percent that the settings name. */
import type { Sensor } from '../../contracts.ts';
import type { BoardFiles } from '../../edges/board-files.ts';
import { suppliesOf } from './supplies.ts';
import { numberIn, readSource, type TextSource } from './text-source.ts';

const everyMs = 10_000;

/** Undefined: not fitted. */
export async function findBattery(parts: {
  files: BoardFiles;
  source: TextSource | undefined;
}): Promise<Sensor | undefined> {
  const { files, source } = parts;
  const folder = (await suppliesOf(files)).find(({ type }) => type === 'Battery' || type === 'UPS')?.folder;

  async function read() {
    if (source !== undefined) return answer(await readSource(files, source), undefined);
    const percent = numberIn(await files.read(`${folder}/capacity`));
    const microvolts = numberIn(await files.read(`${folder}/voltage_now`));
    return answer(percent, microvolts === undefined ? undefined : microvolts / 1_000_000);
  }

  if ((source === undefined && folder === undefined) || (await read()) === undefined) return undefined;
  return { kind: 'battery', everyMs, read };
}

function answer(percent: number | undefined, volts: number | undefined) {
  if (percent === undefined && volts === undefined) return undefined;
  return {
    ...(percent === undefined ? {} : { batteryPercent: percent }),
    ...(volts === undefined ? {} : { batteryVolts: volts }),
  };
}
