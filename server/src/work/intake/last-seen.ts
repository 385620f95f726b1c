/**
 * When each device was last heard and what it held, written together now and then: thousands of heartbeats are no
 * thousands of writes. What a crash loses is told again by the next hello.
 */
import type { Holds } from '@loa/protocol/device';
import type { Cancel } from '../../edges/clock.ts';
import { lots } from '../../keep/store/rows/programme.ts';
import type { WorkPorts } from '../contracts.ts';

/** How old the written picture may be. */
const writeEveryMs = 60_000;
/** Devices written in one transaction. */
const lotSize = 200;

export interface LastSeen {
  /** Remembered, and written within a minute. */
  note(deviceId: string, seen: { atMs: number; holds: Holds }): void;
  /** Writes what is remembered now. */
  flush(): Promise<void>;
}

export function createLastSeen(ports: Pick<WorkPorts, 'store' | 'clock' | 'log'>): LastSeen {
  /** At most one entry per device. */
  let waiting = new Map<string, { atMs: number; holds: Holds }>();
  let cancel: Cancel | undefined;

  async function flush(): Promise<void> {
    cancel?.();
    cancel = undefined;
    const seen = [...waiting];
    waiting = new Map();
    for (const lot of lots(seen, lotSize)) {
      await ports.store.write(async (tx) => {
        for (const [deviceId, { atMs, holds }] of lot) {
          await tx
            .updateTable('devices')
            .set({ last_seen_ms: atMs, holds: JSON.stringify(holds) })
            .where('id', '=', deviceId)
            .execute();
        }
      });
    }
  }

  return {
    note: (deviceId, seen) => {
      waiting.set(deviceId, seen);
      cancel ??= ports.clock.setTimer(() => {
        flush().catch((error: unknown) =>
          ports.log('error', 'last seen could not be written', { error: String(error) }),
        );
      }, writeEveryMs);
    },
    flush,
  };
}
