/**
 * Tells each change of a fault once, in order: an opened fault is on disk before it is reported, a cleared one leaves the
 * disk after. What the disk would not take is told as soon as it does; a full disk costs no fault. Judges nothing.
 */
import type { ReportEvent } from '@loa/protocol/device';
import type { Outbox } from '../../contracts.ts';
import type { Cancel, Clock } from '../../edges/clock.ts';
import type { OpenFault, OpenFaultsFile } from './faults.ts';

/** A disk that refused is asked again after this. */
export const newsRetryMs = 10_000;

/** Changes that wait for the disk; beyond it those that opened and cleared meanwhile are left out, the oldest first. */
export const newsWaitingMax = 128;

export type FaultNews = OpenFault | Extract<ReportEvent, { kind: 'fault-cleared' }>;

export function createFaultNews(ports: {
  clock: Clock;
  outbox: Outbox;
  file: OpenFaultsFile;
  /** What is open now. */
  open: () => readonly OpenFault[];
}): { tell(event: FaultNews): void; stop(): Promise<void> } {
  const { clock, outbox, file } = ports;
  let waiting: FaultNews[] = [];
  /** On its way to the disk: it may be there already. */
  let inHand: FaultNews | undefined;
  let isFileBehind = false;
  let isStopped = false;
  let telling: Promise<void> | undefined;
  let cancelRetry: Cancel = () => undefined;

  function go(): void {
    telling ??= tellAll();
  }

  async function tellAll(): Promise<void> {
    cancelRetry();
    const refused = new Set<FaultNews>();
    const isNext = (event: FaultNews) => ![...refused].some(({ fault }) => fault === event.fault);
    for (let event = waiting.find(isNext); event !== undefined; event = waiting.find(isNext)) {
      const own = event;
      inHand = own;
      try {
        await tellOne(own);
        waiting = waiting.filter((other) => other !== own);
      } catch {
        // Of a full disk a fault of its own tells; what clears this one waits behind it, the others do not.
        refused.add(own);
      }
      inHand = undefined;
    }
    if (isFileBehind) await keep();
    telling = undefined;
    if ((refused.size > 0 || isFileBehind) && !isStopped) cancelRetry = clock.setTimer(go, newsRetryMs);
    if (waiting.some(isNext)) go();
  }

  async function tellOne(event: FaultNews): Promise<void> {
    // A disk that refuses the file must not keep the fault from being told.
    if (event.kind === 'fault-opened') await keep();
    await outbox.add(event, { once: `${event.kind}:${event.fault}` });
    if (event.kind === 'fault-cleared') await keep();
  }

  /** Never rejects: what the disk refuses is written with the next change, or the next try. */
  async function keep(): Promise<void> {
    isFileBehind = await file.write([...ports.open()]).then(
      () => false,
      () => true,
    );
  }

  return {
    tell(event) {
      waiting = withinBound([...waiting, event], inHand);
      go();
    },
    async stop() {
      isStopped = true;
      cancelRetry();
      await telling;
      // What waits is tried once more; nobody would know of it after a restart.
      if (waiting.length > 0 || isFileBehind) await tellAll();
    },
  };
}

/** At most one change of each code has no partner here, so that there is always a pair to leave out. */
function withinBound(waiting: FaultNews[], inHand: FaultNews | undefined): FaultNews[] {
  if (waiting.length <= newsWaitingMax) return waiting;
  const cleared = new Set(waiting.flatMap((event) => (event.kind === 'fault-cleared' ? [event.fault] : [])));
  const oldest = waiting.find(
    (event) => event.kind === 'fault-opened' && cleared.has(event.fault) && event.fault !== inHand?.fault,
  );
  return oldest === undefined ? waiting : waiting.filter(({ fault }) => fault !== oldest.fault);
}
