/** A board's fault room over memory: what it reports, and a restart that forgets all but the file of open faults. */
import type { Clock } from '@loa/device-agent/edges/clock.ts';
import { createFaults, type OpenFault, type RunningFaults } from '@loa/device-agent/work/faults/faults.ts';
import type { DeviceFaultCode, Evidence, ReportEvent } from '@loa/protocol/device';

export interface FaultBench {
  /** The same object over all restarts. */
  readonly faults: Pick<RunningFaults, 'signal'>;
  readonly reports: readonly ReportEvent[];
  open(): readonly OpenFault[];
  evidenceOf(code: DeviceFaultCode): Evidence | undefined;
  /** `opened` and `cleared` of a code, in order. */
  course(code: DeviceFaultCode): ('opened' | 'cleared')[];
  restart(): Promise<void>;
  setDisk(disk: 'good' | 'full'): void;
  stop(): Promise<void>;
}

export async function openFaultBench(clock: Clock): Promise<FaultBench> {
  const reports: ReportEvent[] = [];
  const names = new Set<string>();
  let kept: readonly OpenFault[] = [];
  let disk: 'good' | 'full' = 'good';
  let drawn = 0;
  const take = () => {
    if (disk === 'full') throw new Error('ENOSPC: no space left on device');
  };

  async function boot(): Promise<RunningFaults> {
    const faults = createFaults({
      clock,
      time: { now: () => ({ ms: clock.wallMs(), trusted: true, boundMs: 1 }) },
      random: {
        bytes: (count) => {
          drawn += 1;
          return Uint8Array.from({ length: count }, (_, index) => (index < 4 ? drawn >> (8 * index) : 0));
        },
        fraction: () => 0.5,
      },
      outbox: {
        async add(event, { once } = {}) {
          if (once !== undefined && names.has(once)) return;
          take();
          if (once !== undefined) names.add(once);
          reports.push(event);
        },
      },
      file: {
        read: async () => [...kept],
        async write(open) {
          take();
          kept = [...open];
        },
      },
    });
    await faults.start();
    return faults;
  }

  let running = await boot();
  return {
    faults: { signal: (code, signal) => running.signal(code, signal) },
    reports,
    open: () => running.open(),
    evidenceOf: (code) => running.open().find((fault) => fault.code === code)?.evidence,
    course: (code) =>
      reports.flatMap((event) => {
        if (event.kind === 'fault-opened' && event.code === code) return ['opened' as const];
        return event.kind === 'fault-cleared' && event.code === code ? ['cleared' as const] : [];
      }),
    async restart() {
      await running.stop();
      running = await boot();
    },
    setDisk: (next) => {
      disk = next;
    },
    stop: () => running.stop(),
  };
}
