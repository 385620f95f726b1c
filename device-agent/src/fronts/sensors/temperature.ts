/** How hot the board is: the hottest of Linux's thermal zones. */
import type { Sensor } from '../../contracts.ts';
import type { BoardFiles } from '../../edges/board-files.ts';
import { numberIn } from './text-source.ts';

const root = '/sys/class/thermal';
const everyMs = 10_000;
/** A zone that says less or more is broken: no silicon runs there. */
const plausibleC = { least: -40, most: 150 };

/** Undefined: not fitted. */
export async function findTemperature({ files }: { files: BoardFiles }): Promise<Sensor | undefined> {
  const zones = (await files.list(root)).filter((name) => name.startsWith('thermal_zone'));

  async function read() {
    const texts = await Promise.all(zones.map((zone) => files.read(`${root}/${zone}/temp`)));
    const degrees = texts.flatMap((text) => {
      const thousandths = numberIn(text);
      return thousandths === undefined ? [] : [thousandths / 1_000];
    });
    const good = degrees.filter((degree) => degree >= plausibleC.least && degree <= plausibleC.most);
    return good.length === 0 ? undefined : { temperatureC: Math.max(...good) };
  }

  return (await read()) === undefined ? undefined : { kind: 'temperature', everyMs, read };
}
