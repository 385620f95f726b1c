/**
 * How much of its promised life the board's eMMC has used, in steps of ten percent (JEDEC JESD84-B51, device life time
 * estimation: 0x01 is up to 10 %, 0x0b is beyond it). A plain SD card tells nothing: not fitted.
 */
import type { Sensor } from '../../contracts.ts';
import type { BoardFiles } from '../../edges/board-files.ts';

const root = '/sys/block';
const everyMs = 3_600_000;

/** Undefined: not fitted. */
export async function findDiskWear({ files }: { files: BoardFiles }): Promise<Sensor | undefined> {
  const disks = (await files.list(root)).filter((name) => /^mmcblk\d+$/.test(name));

  async function read() {
    const texts = await Promise.all(disks.map((name) => files.read(`${root}/${name}/device/life_time`)));
    const steps = texts
      .flatMap((text) => (text ?? '').match(/0x[0-9a-f]+/gi) ?? [])
      .map((hex) => Number.parseInt(hex, 16));
    const known = steps.filter((step) => step >= 1 && step <= 11);
    return known.length === 0 ? undefined : { diskWearPercent: Math.min(100, Math.max(...known) * 10) };
  }

  return (await read()) === undefined ? undefined : { kind: 'disk-wear', everyMs, read };
}
