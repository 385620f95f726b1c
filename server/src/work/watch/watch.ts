/**
 * What happens by itself as time passes: airings get their rows, silent ones become unknown, silent devices are out of
 * reach, expired emergencies leave their documents, windows roll, old things are forgotten. All timers of the work layer
 * that outlive a call stand here.
 */
import type { Presence } from '@loa/protocol/device';
import type { Selectable } from 'kysely';
import type { Cancel } from '../../edges/clock.ts';
import type { AiringsTable, FaultsTable } from '../../keep/store/schema.ts';
import type { DeviceIdentity, Expectation, SignalFault, WorkPorts } from '../contracts.ts';
import { createExpectedAirings } from './expected-airings.ts';
import { prune } from './prune.ts';
import { createReach } from './reach.ts';
import { createServerFaults } from './server-faults.ts';
import { judgeSilent, judgeWithdrawn, type UndecidedPorts } from './undecided.ts';
import { judgeUntold, type UntoldPorts } from './untold.ts';

/** How often each chore is done. */
const every = {
  reachMs: 5_000,
  /** Rows are made a quarter of an hour ahead, and 60 s is promised for the unknown. */
  airingsMs: 10_000,
  /** A device that is back has minutes to tell what it knows. */
  untoldMs: 30_000,
  /** Devices judge an expiry by themselves; the document follows. */
  emergenciesMs: 30_000,
  /** New days come into view. */
  reconsiderMs: 10 * 60_000,
  /** Windows roll daily; hourly looks spread it and mend what failed. */
  sweepMs: 3_600_000,
  pruneMs: 86_400_000,
} as const;

/** What is done more often than this keeps the pace of whoever made the watch. */
const oftenMs = 60_000;

export interface WatchPorts
  extends Pick<WorkPorts, 'store' | 'clock' | 'random' | 'log' | 'watchPace'>,
    Pick<UndecidedPorts & UntoldPorts, 'linkOf' | 'areasOf'> {
  devices(): readonly (DeviceIdentity & { lastSeenMs: number | null })[];
  witnessOf(deviceId: string): Presence | undefined;
  /** Planner's and emergencies'. */
  sweepPlans(): Promise<void>;
  refreshOrders(): Promise<void>;
  /** The live picture's. */
  airingsChanged(rows: readonly Selectable<AiringsTable>[]): void;
  faultsChanged(rows: readonly Selectable<FaultsTable>[]): void;
  expected(expectations: readonly Expectation[]): void;
}

export interface Watch {
  /** Catches up with what passed while the server was down, then keeps watching. */
  start(): Promise<void>;
  /** Stops the timers; resolves when what is being done is done. */
  stop(): Promise<void>;
  /** Bulletins or devices have changed: what is expected is computed anew. */
  reconsider(): Promise<void>;
  /** A frame of the device has come. */
  heard(deviceId: string): Promise<void>;
  signalFault: SignalFault;
}

export function createWatch(ports: WatchPorts): Watch {
  const { clock } = ports;
  const clusterOf = (deviceId: string) => ports.devices().find((device) => device.deviceId === deviceId)?.clusterId;
  const faults = createServerFaults({ ...ports, clusterOf });
  const reach = createReach({ ...ports, faults });
  const airings = createExpectedAirings(ports);
  const timers = new Map<string, Cancel>();
  const running = new Map<string, Promise<void>>();
  let isStopped = false;

  /** Does a chore again and again; the next turn waits for the present one, and a failure is tried again then. */
  function keepDoing(name: string, everyMs: number, chore: () => Promise<void>): void {
    const turn = async () => {
      await chore().catch((error: unknown) => {
        ports.log('error', 'a chore failed and will be tried again', { name, error: String(error) });
      });
      if (!isStopped) wait();
    };
    const wait = () => {
      const begin = () => running.set(name, turn());
      timers.set(name, clock.setTimer(begin, everyMs < oftenMs ? everyMs * (ports.watchPace ?? 1) : everyMs));
    };
    wait();
  }

  return {
    start: async () => {
      await faults.load();
      await airings.reconsider();
      keepDoing('reach', every.reachMs, reach.judge);
      keepDoing('airings', every.airingsMs, async () => {
        await airings.makeDue();
        await judgeSilent(ports);
        await judgeWithdrawn(ports);
      });
      keepDoing('untold', every.untoldMs, () => judgeUntold(ports));
      keepDoing('emergencies', every.emergenciesMs, ports.refreshOrders);
      keepDoing('reconsider', every.reconsiderMs, airings.reconsider);
      keepDoing('sweep', every.sweepMs, ports.sweepPlans);
      keepDoing('prune', every.pruneMs, () => prune(ports));
    },
    stop: async () => {
      isStopped = true;
      for (const cancel of timers.values()) cancel();
      await Promise.all(running.values());
    },
    reconsider: airings.reconsider,
    heard: reach.heard,
    signalFault: faults.signal,
  };
}
