/**
 * Opens and clears this board's faults and hands each change on to be told once, also across restarts. Judges nothing
 * itself; the tables beside it do.
 */
import { type DeviceFaultCode, deviceFaultCodes, type ReportEvent } from '@loa/protocol/device';
import type { Faults, Outbox, Timekeeper } from '../../contracts.ts';
import type { Cancel, Clock } from '../../edges/clock.ts';
import type { Random } from '../../edges/random.ts';
import { createFaultNews } from './fault-news.ts';
import { elapse, elapsesAtMs, type FaultChange, type FaultState, hear, type Signal } from './fault-state.ts';
import { patience } from './patience.ts';

/** The event that opened a fault, as it is kept while the fault is open. */
export type OpenFault = Extract<ReportEvent, { kind: 'fault-opened' }>;

/** Where open faults outlive a restart. */
export interface OpenFaultsFile {
  read(): Promise<OpenFault[]>;
  /** Durable when it resolves. */
  write(open: readonly OpenFault[]): Promise<void>;
}

export interface RunningFaults extends Faults {
  /** Takes up what was open; signals before are heard too. */
  start(): Promise<void>;
  open(): readonly OpenFault[];
  stop(): Promise<void>;
}

export function createFaults(ports: {
  clock: Clock;
  time: Pick<Timekeeper, 'now'>;
  random: Random;
  outbox: Outbox;
  file: OpenFaultsFile;
}): RunningFaults {
  const { clock, outbox, file } = ports;
  const states = new Map<DeviceFaultCode, FaultState>(deviceFaultCodes.map((code) => [code, { phase: 'well' }]));
  const open = new Map<DeviceFaultCode, OpenFault>();
  const news = createFaultNews({ clock, outbox, file, open: () => [...open.values()] });
  let isRunning = false;
  let cancelTimer: Cancel = () => undefined;

  function stateOf(code: DeviceFaultCode): FaultState {
    return states.get(code) ?? { phase: 'well' };
  }

  function step(code: DeviceFaultCode, certain: boolean): void {
    const nowMs = clock.monotonicMs();
    const { state, change } = elapse(stateOf(code), { patience: patience[code], nowMs, certain });
    states.set(code, state);
    if (change !== undefined) tell(code, change);
  }

  function tell(code: DeviceFaultCode, change: FaultChange): void {
    if (change.kind === 'clear') tellCleared(code, change);
    else tellOpened(code, change);
  }

  function tellOpened(code: DeviceFaultCode, change: Extract<FaultChange, { kind: 'open' }>): void {
    const sinceMs = Math.round(ports.time.now().ms - (clock.monotonicMs() - change.sinceMs));
    const fault = Buffer.from(ports.random.bytes(8)).toString('hex');
    const opened: OpenFault = { kind: 'fault-opened', fault, code, sinceMs, evidence: change.evidence };
    open.set(code, opened);
    news.tell(opened);
  }

  function tellCleared(code: DeviceFaultCode, { evidence }: { evidence: OpenFault['evidence'] }): void {
    const opened = open.get(code);
    if (opened === undefined) return;
    open.delete(code);
    news.tell({ kind: 'fault-cleared', fault: opened.fault, code, evidence });
  }

  function rearm(): void {
    cancelTimer();
    const instants = deviceFaultCodes.flatMap((code) => elapsesAtMs(stateOf(code), patience[code]) ?? []);
    if (instants.length === 0 || !isRunning) return;
    cancelTimer = clock.setTimer(
      () => {
        for (const code of deviceFaultCodes) step(code, false);
        rearm();
      },
      Math.min(...instants) - clock.monotonicMs(),
    );
  }

  return {
    async start() {
      for (const opened of await file.read()) {
        open.set(opened.code, opened);
        states.set(opened.code, { phase: 'open' });
        news.tell(opened);
      }
      isRunning = true;
      rearm();
    },
    signal(code, signal: Signal) {
      const before = stateOf(code);
      states.set(code, hear(before, signal, clock.monotonicMs()));
      if (!isRunning) return;
      step(code, signal.bad && signal.certain === true);
      if (stateOf(code).phase !== before.phase) rearm();
    },
    open: () => [...open.values()],
    async stop() {
      isRunning = false;
      cancelTimer();
      await news.stop();
    },
  };
}
