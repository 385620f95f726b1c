/**
 * Which devices are out of reach: those that have been silent for 40 seconds, judged with patience, so that neither a
 * lost heartbeat nor a restart of the server raises an alarm; cleared by the first frame. What MQTT says is evidence;
 * where it still has the device when the dead would long have been noticed, only the way of the reports is broken.
 */
import type { Presence } from '@loa/protocol/device';
import { instantText } from '../../keep/store/rows/column.ts';
import type { WorkPorts } from '../contracts.ts';
import type { ServerFaults } from './server-faults.ts';

/**
 * Silence after which a device is out of reach: two beats of `beatMs` and ten seconds, so that one lost is no alarm.
 * Looked at every 5 s, it is shown within 45 s (60 s are promised).
 */
export const silentAfterMs = 40_000;
/** After a start of the server devices have so long to come back. */
export const graceMs = 90_000;

/**
 * Silence after which MQTT's word that the device is there counts: it asks every 60 s, misses a device after one and a
 * half of these (MQTT 3.1.1 §3.1.2.10), and has half a minute to say so.
 */
export const missedByMqttMs = 120_000;

export interface Reach {
  /** A frame has come. */
  heard(deviceId: string): Promise<void>;
  /** Judges every device; call it every few seconds. */
  judge(): Promise<void>;
}

export function createReach(
  ports: Pick<WorkPorts, 'clock'> & {
    faults: ServerFaults;
    /** Devices with the last sign of life that is known; null for one that has never spoken. */
    devices(): readonly { deviceId: string; lastSeenMs: number | null }[];
    witnessOf(deviceId: string): Presence | undefined;
  },
): Reach {
  const { clock, faults } = ports;
  const startedMs = clock.monotonicMs();
  /** By device, on the monotonic clock. */
  const heardMs = new Map<string, number>();

  return {
    heard: async (deviceId) => {
      heardMs.set(deviceId, clock.monotonicMs());
      for (const code of ['report-path-dead', 'out-of-reach'] as const) {
        if (faults.isOpen(deviceId, code)) await faults.signal({ deviceId, code, present: false, evidence: {} });
      }
    },
    judge: async () => {
      const nowMs = clock.monotonicMs();
      if (nowMs - startedMs < graceMs) return;
      const devices = ports.devices();
      await faults.clearOthers(new Set(devices.map(({ deviceId }) => deviceId)));
      for (const { deviceId, lastSeenMs } of devices) {
        const lastMs = heardMs.get(deviceId);
        if (lastMs === undefined && lastSeenMs === null) continue;
        const silentMs = nowMs - (lastMs ?? startedMs);
        const witness = ports.witnessOf(deviceId);
        if (silentMs >= missedByMqttMs) {
          const present = witness?.online ?? false;
          await faults.signal({ deviceId, code: 'report-path-dead', present, evidence: { mqtt: 'online' } });
        }
        if (silentMs < silentAfterMs || faults.isOpen(deviceId, 'out-of-reach')) continue;
        const evidence = {
          mqtt: witness === undefined ? 'unknown' : witness.online ? 'online' : 'offline',
          ...(lastSeenMs === null ? {} : { lastSeenAt: instantText(lastSeenMs) }),
        };
        const sinceMs = lastSeenMs ?? undefined;
        await faults.signal({ deviceId, code: 'out-of-reach', present: true, evidence, sinceMs });
      }
    },
  };
}
