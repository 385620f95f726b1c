/**
 * What each device last told of its senses, written together and seldom: soon after something turned from yes to no, and
 * else every five minutes. Figures in between are live only; what a crash loses is told again by the next heartbeats.
 */
import type { Readings } from '@loa/protocol/device';
import type { Cancel } from '../../edges/clock.ts';
import { lots } from '../../keep/store/rows/programme.ts';
import type { WorkPorts } from '../contracts.ts';
import { readingStates } from '../reading-states.ts';

/** How old the written figures may be. */
export const readingsEveryMs = 5 * 60_000;
/** What is due is gathered for so long, so that thousands of devices after a power cut are few transactions. */
const gatherMs = 5_000;
/** Devices written in one transaction. */
const lotSize = 200;

export interface LastReadings {
  note(deviceId: string, told: { atMs: number; readings: Readings }): void;
  /** Writes all that is newer than what is written. */
  flush(): Promise<void>;
}

interface Known {
  atMs: number;
  readings: Readings;
  /** What is written, and when it was told; undefined before the first write of this run. */
  written: { atMs: number; states: string } | undefined;
}

export function createLastReadings(ports: Pick<WorkPorts, 'store' | 'clock' | 'log'>): LastReadings {
  /** At most one entry per device. */
  const known = new Map<string, Known>();
  let due = new Set<string>();
  let cancel: Cancel | undefined;

  async function write(deviceIds: readonly string[]): Promise<void> {
    for (const lot of lots(deviceIds, lotSize)) {
      const told = lot.flatMap((deviceId) => {
        const device = known.get(deviceId);
        return device === undefined ? [] : [{ deviceId, device, atMs: device.atMs, readings: device.readings }];
      });
      await ports.store.write(async (tx) => {
        for (const { deviceId, atMs, readings } of told) {
          await tx
            .updateTable('devices')
            .set({ readings: JSON.stringify(readings), readings_ms: atMs })
            .where('id', '=', deviceId)
            .execute();
        }
      });
      for (const { device, atMs, readings } of told) device.written = { atMs, states: readingStates(readings) };
    }
  }

  async function writeDue(): Promise<void> {
    cancel = undefined;
    const deviceIds = [...due];
    due = new Set();
    await write(deviceIds);
  }

  return {
    note: (deviceId, { atMs, readings }) => {
      const device: Known = known.get(deviceId) ?? { atMs, readings, written: undefined };
      known.set(deviceId, device);
      device.atMs = atMs;
      device.readings = readings;
      const { written } = device;
      // A clock that was set back must not hold the next write up.
      const isOld = written === undefined || Math.abs(atMs - written.atMs) >= readingsEveryMs;
      if (!isOld && written.states === readingStates(readings)) return;
      due.add(deviceId);
      cancel ??= ports.clock.setTimer(() => {
        writeDue().catch((error: unknown) =>
          ports.log('error', 'readings could not be written', { error: String(error) }),
        );
      }, gatherMs);
    },
    flush: async () => {
      cancel?.();
      cancel = undefined;
      due = new Set();
      await write([...known].filter(([, { atMs, written }]) => written?.atMs !== atMs).map(([deviceId]) => deviceId));
    },
  };
}
