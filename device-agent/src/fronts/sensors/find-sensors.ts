/** Looks once, at the start, what is fitted on this board. What is not there is not fitted, and no fault. */
import type { Now, Sensor } from '../../contracts.ts';
import type { BoardFiles } from '../../edges/board-files.ts';
import type { Damage } from '../../edges/damaged-file.ts';
import type { Disk } from '../../edges/disk.ts';
import { amplifierDraw, amplifierState } from './amplifier-state.ts';
import { findBattery } from './battery.ts';
import { clockHealth } from './clock-health.ts';
import { findDataUsed } from './data-used.ts';
import { findDiskWear } from './disk-wear.ts';
import { findDoor } from './door.ts';
import { findLinkWay } from './link-way.ts';
import { findMains } from './mains.ts';
import { findMemory } from './memory.ts';
import { findTemperature } from './temperature.ts';
import type { TextSource } from './text-source.ts';
import { findThrottling } from './throttling.ts';

/** What the settings name beyond what Linux shows by itself. */
export interface SensorSettings {
  mains: TextSource | undefined;
  battery: TextSource | undefined;
  signal: TextSource | undefined;
  door: TextSource | undefined;
}

/** What some sensors must know of the running agent: the time, and what it has switched. */
export interface SensorTime {
  now(): Now;
  /** Of the board's own clock against the server's; undefined until it is known. */
  driftPpm(): number | undefined;
  /** Civil month of an instant where the board stands. */
  monthOf(ms: number): string;
  /** As it was last switched. */
  amplifierOn(): boolean | undefined;
}

/** The sensors of a board; the time is handed in once there is a timekeeper. */
export interface Sensing {
  sensors: readonly Sensor[];
  useTime(time: SensorTime): void;
}

const untimed: SensorTime = {
  now: () => ({ ms: 0, trusted: false, boundMs: Number.POSITIVE_INFINITY }),
  driftPpm: () => undefined,
  monthOf: () => '1970-01',
  amplifierOn: () => undefined,
};

export async function findSensors(parts: {
  files: BoardFiles;
  disk: Disk;
  onDamaged: (damage: Damage) => void;
  settings: SensorSettings;
  residentBytes: () => number;
  /** Whether an amplifier is switched on this board. */
  hasSwitch: boolean;
  /** What its gauge says, mA; absent: not fitted. */
  currentMa?: (() => Promise<number | undefined>) | undefined;
}): Promise<Sensing> {
  const { files, disk, onDamaged, settings, hasSwitch, currentMa } = parts;
  let time = untimed;
  const found = await Promise.all([
    findMains({ files, source: settings.mains }),
    findBattery({ files, source: settings.battery }),
    findTemperature({ files }),
    findThrottling({ files }),
    findDiskWear({ files }),
    findMemory({ files, residentBytes: parts.residentBytes }),
    findLinkWay({ files, signal: settings.signal }),
    findDataUsed({ files, disk, onDamaged, now: () => time.now(), monthOf: (ms) => time.monthOf(ms) }),
    findDoor({ files, source: settings.door }),
  ]);
  return {
    sensors: [
      ...found.filter((sensor) => sensor !== undefined),
      clockHealth({
        files,
        now: () => time.now(),
        driftPpm: () => time.driftPpm(),
      }),
      ...(hasSwitch ? [amplifierState(() => time.amplifierOn())] : []),
      ...(currentMa === undefined ? [] : [amplifierDraw(currentMa)]),
    ],
    useTime(given) {
      time = given;
    },
  };
}
