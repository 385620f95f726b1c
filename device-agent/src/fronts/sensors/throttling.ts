/**
 * Whether the board slows itself or lacks voltage, as the firmware of a Raspberry Pi says: bit 0 undervoltage now, 1
 * frequency capped, 2 throttled, 3 soft temperature limit (raspberrypi.com, `vcgencmd get_throttled`). Other boards:
 * the alarm of the `rpi_volt` kind of monitor.
 */
import type { Sensor } from '../../contracts.ts';
import type { BoardFiles } from '../../edges/board-files.ts';

const firmware = '/sys/devices/platform/soc/soc:firmware/get_throttled';
const monitors = '/sys/class/hwmon';
const everyMs = 2_000;

/** Undefined: not fitted. */
export async function findThrottling({ files }: { files: BoardFiles }): Promise<Sensor | undefined> {
  if (bitsIn(await files.read(firmware)) !== undefined)
    return {
      kind: 'throttling',
      everyMs,
      async read() {
        const bits = bitsIn(await files.read(firmware));
        return bits === undefined ? undefined : { isUndervolted: (bits & 1) !== 0, isThrottled: (bits & 0b1110) !== 0 };
      },
    };
  for (const name of await files.list(monitors)) {
    if ((await files.read(`${monitors}/${name}/name`)) !== 'rpi_volt') continue;
    const alarm = `${monitors}/${name}/in0_lcrit_alarm`;
    return {
      kind: 'throttling',
      everyMs,
      async read() {
        const text = await files.read(alarm);
        return text === '0' || text === '1' ? { isUndervolted: text === '1' } : undefined;
      },
    };
  }
  return undefined;
}

function bitsIn(text: string | undefined): number | undefined {
  return text !== undefined && /^(0x)?[0-9a-f]+$/i.test(text) ? Number.parseInt(text, 16) : undefined;
}
