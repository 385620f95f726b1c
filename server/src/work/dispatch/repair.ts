/**
 * Who is behind, and what is done about it: what a device says it holds is compared with what is published for it; a
 * topic that stays behind is published again, and after some tries a fault opens until the device has caught up. Works
 * only when a device speaks; never waits, never relies on the broker's memory.
 */
import {
  behindAfterMs,
  compareSequence,
  type Holds,
  repairTriesMax,
  type Sequence,
  topics,
} from '@loa/protocol/device';
import type { Clock } from '../../edges/clock.ts';
import type { Log, SignalFault } from '../contracts.ts';

/** What a device says it holds; `areaIds` are those whose orders it listens to. */
export interface Held {
  deviceId: string;
  areaIds: readonly string[];
  holds: Holds;
}

export interface Repair {
  /** Told on every hello and heartbeat what the device holds. */
  repair(device: Held): Promise<void>;
  /** Whether something newer is published for it. From the first such look on its lag counts. */
  isBehind(device: Held): boolean;
}

/** How often a topic is still published for a device whose fault is open: seldom, in case it has been mended. */
const hopelessAgainMs = 60_000;
/**
 * How long a device must have been behind before it is a fault. When server or broker come back, a device's two paths
 * return apart, each within half a minute: until its MQTT is there it cannot hold what was published meanwhile.
 */
export const acceptWithinMs = 45_000;

interface Lag {
  /** What it should hold; a newer document starts the patience anew. */
  wanted: string;
  sinceMs: number;
  /** When it was first found behind, or the broker last did not take a repeat. */
  firstMs: number;
  /** Repeats that the broker took; what it refuses is no fault of the device. */
  tries: number;
}

export function createRepair(ports: {
  clock: Clock;
  log: Log;
  publishedOf(topic: string): Sequence | undefined;
  /** How many newer documents were published so far. */
  publications(): number;
  keySetNumber(): number;
  publishAgain(topic: string): Promise<void>;
  signalFault: SignalFault;
}): Repair {
  /** By device, then topic; a device that holds everything has no entry. */
  const lags = new Map<string, Map<string, Lag>>();
  /** When a topic was last published again: an area's topic reaches everybody, so one repeat serves all. */
  const againMs = new Map<string, number>();
  /** Topics that the broker did not take when they were last repeated. */
  const untaken = new Set<string>();
  const complained = new Set<string>();
  /** What a device was found to hold all of, as long as nothing else is published: most looks find nothing new. */
  const upToDate = new Map<string, { holds: Holds; areaIds: string; publications: number; keys: number }>();

  function holdsAll({ deviceId, areaIds, holds }: Held): boolean {
    const known = upToDate.get(deviceId);
    return (
      known?.holds === holds &&
      known.publications === ports.publications() &&
      known.keys === ports.keySetNumber() &&
      known.areaIds === areaIds.join(' ')
    );
  }

  function behind(device: Held): { topic: string; wanted: string; held: string }[] {
    const { deviceId, holds } = device;
    const held: [string, Sequence | undefined][] = [
      [topics.plan(deviceId), holds.plan],
      [topics.hours(deviceId), holds.hours],
      [topics.deviceOrders(deviceId), holds.orders[deviceId]],
      ...device.areaIds.map((id): [string, Sequence | undefined] => [topics.areaOrders(id), holds.orders[id]]),
    ];
    const found = held.flatMap(([topic, has]) => {
      const wanted = ports.publishedOf(topic);
      if (wanted === undefined || (has !== undefined && compareSequence(has, wanted) === 0)) return [];
      return [{ topic, wanted: sequenceText(wanted), held: sequenceText(has) }];
    });
    const keys = ports.keySetNumber();
    if (holds.keys < keys) found.push({ topic: topics.keys(), wanted: String(keys), held: String(holds.keys) });
    return found;
  }

  async function repeat(topic: string): Promise<void> {
    try {
      await ports.publishAgain(topic);
      untaken.delete(topic);
    } catch (error) {
      untaken.add(topic);
      ports.log('warn', 'a document could not be published again', { topic, error: String(error) });
    }
  }

  /** Every topic that is late, with the lag known of it or a new one; what has been caught up is forgotten. */
  function note(deviceId: string, late: ReturnType<typeof behind>): Map<string, Lag> {
    const nowMs = ports.clock.monotonicMs();
    const former = lags.get(deviceId);
    const present = new Map<string, Lag>();
    for (const { topic, wanted } of late) {
      const known = former?.get(topic);
      present.set(topic, known?.wanted === wanted ? known : { wanted, sinceMs: nowMs, firstMs: nowMs, tries: 0 });
    }
    if (present.size > 0) lags.set(deviceId, present);
    else lags.delete(deviceId);
    return present;
  }

  async function repair(device: Held): Promise<void> {
    const { deviceId } = device;
    const nowMs = ports.clock.monotonicMs();
    const late = behind(device);
    const present = note(deviceId, late);
    let worst: (typeof late)[number] | undefined;
    for (const { topic, wanted, held } of late) {
      const lag = present.get(topic);
      if (lag === undefined) continue;
      if (nowMs - lag.sinceMs < behindAfterMs) continue;
      if (lag.tries >= repairTriesMax) {
        if (nowMs - lag.firstMs >= acceptWithinMs) worst = { topic, wanted, held };
        if (nowMs - lag.sinceMs < hopelessAgainMs) continue;
      }
      lag.tries += 1;
      lag.sinceMs = nowMs;
      if (nowMs - (againMs.get(topic) ?? Number.NEGATIVE_INFINITY) >= behindAfterMs) {
        againMs.set(topic, nowMs);
        await repeat(topic);
      }
      if (untaken.has(topic)) {
        lag.tries -= 1;
        lag.firstMs = nowMs;
      }
    }
    if (worst !== undefined && !complained.has(deviceId)) {
      complained.add(deviceId);
      await ports.signalFault({ deviceId, code: 'documents-not-accepted', present: true, evidence: { ...worst } });
    } else if (present.size === 0) {
      complained.delete(deviceId);
      await ports.signalFault({ deviceId, code: 'documents-not-accepted', present: false, evidence: {} });
    }
  }

  return {
    repair,
    isBehind(device) {
      const { deviceId, areaIds, holds } = device;
      if (holdsAll(device)) return false;
      const late = behind(device);
      note(deviceId, late);
      if (late.length > 0) upToDate.delete(deviceId);
      else
        upToDate.set(deviceId, {
          holds,
          areaIds: areaIds.join(' '),
          publications: ports.publications(),
          keys: ports.keySetNumber(),
        });
      return late.length > 0;
    },
  };
}

function sequenceText(sequence: Sequence | undefined): string {
  return sequence === undefined ? 'none' : `${sequence.epoch}.${sequence.number}`;
}
