/**
 * Faults that the server judges from outside: at most one of a code is open per device, opened and cleared by whoever
 * has seen the condition come or go. Knows which are open also across a restart.
 */
import { type ServerFaultCode, serverFaultCodes } from '@loa/protocol/device';
import type { Selectable } from 'kysely';
import { newId } from '../../edges/random.ts';
import type { FaultsTable } from '../../keep/store/schema.ts';
import type { SignalFault, WorkPorts } from '../contracts.ts';

export interface ServerFaults {
  /** Reads which faults are open. */
  load(): Promise<void>;
  /** `sinceMs` is when the condition began, now when not given. */
  signal(signal: Parameters<SignalFault>[0] & { sinceMs?: number | undefined }): Promise<void>;
  isOpen(deviceId: string, code: ServerFaultCode): boolean;
  /** Clears what is open of devices that are no more: one that was replaced is nobody's fault. */
  clearOthers(deviceIds: ReadonlySet<string>): Promise<void>;
}

export function createServerFaults(
  ports: Pick<WorkPorts, 'store' | 'clock' | 'random'> & {
    clusterOf(deviceId: string): string | undefined;
    faultsChanged(rows: readonly Selectable<FaultsTable>[]): void;
  },
): ServerFaults {
  const { store, clock } = ports;
  const open = new Set<string>();

  async function clear(deviceId: string, code: ServerFaultCode): Promise<void> {
    const rows = await store.write((tx) =>
      tx
        .updateTable('faults')
        .set({ cleared_ms: clock.nowMs() })
        .where('device_id', '=', deviceId)
        .where('fault', '=', code)
        .where('cleared_ms', 'is', null)
        .returningAll()
        .execute(),
    );
    ports.faultsChanged(rows);
  }

  async function raise(signal: Parameters<ServerFaults['signal']>[0]): Promise<void> {
    const { deviceId, code, evidence } = signal;
    const clusterId = ports.clusterOf(deviceId);
    if (clusterId === undefined) throw new Error(`A fault of a device that is not enrolled: ${deviceId}`);
    const row: Selectable<FaultsTable> = {
      id: newId(ports.random, 'f'),
      fault: code,
      device_id: deviceId,
      cluster_id: clusterId,
      code,
      judged_by: 'server',
      opened_ms: signal.sinceMs ?? clock.nowMs(),
      cleared_ms: null,
      evidence: JSON.stringify(evidence),
    };
    await store.write((tx) => tx.insertInto('faults').values(row).execute());
    ports.faultsChanged([row]);
  }

  return {
    load: async () => {
      const rows = await store.read((db) =>
        db
          .selectFrom('faults')
          .select(['device_id', 'code'])
          .where('judged_by', '=', 'server')
          .where('cleared_ms', 'is', null)
          .execute(),
      );
      for (const row of rows) open.add(keyOf(row.device_id, row.code));
    },
    signal: async (signal) => {
      const { deviceId, code, present } = signal;
      const key = keyOf(deviceId, code);
      if (present === open.has(key)) return;
      // Noted first, so that a second signal in the meantime does not write it twice.
      if (present) open.add(key);
      else open.delete(key);
      try {
        await (present ? raise(signal) : clear(deviceId, code));
      } catch (error) {
        if (present) open.delete(key);
        else open.add(key);
        throw error;
      }
    },
    isOpen: (deviceId, code) => open.has(keyOf(deviceId, code)),
    async clearOthers(deviceIds) {
      for (const key of [...open]) {
        const [deviceId = '', code] = key.split(' ');
        const known = serverFaultCodes.find((one) => one === code);
        if (deviceIds.has(deviceId) || known === undefined) continue;
        open.delete(key);
        await clear(deviceId, known).catch((error: unknown) => {
          open.add(key);
          throw error;
        });
      }
    },
  };
}

function keyOf(deviceId: string, code: string): string {
  return `${deviceId} ${code}`;
}
