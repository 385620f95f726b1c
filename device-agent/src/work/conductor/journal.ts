/**
 * What the conductor writes down, in the order that neither loses nor doubles an ending: the ledger's 'ended' with the
 * report in it, the report into the outbox under a name it takes once, then 'reported'. A crash between any two is
 * made good at the next start. Decides nothing.
 */
import type { EndedEvent, Faults, Ledger, LedgerEntry, Outbox } from '../../contracts.ts';
import type { Clock } from '../../edges/clock.ts';
import { isNoRoom } from '../../edges/disk.ts';

/** A disk that refused is asked again after this. */
const writeRetryMs = 10_000;

/** So many writes wait for a disk that refuses; beyond it starts and whole plays go untold, endings never. */
const refusedMax = 1_000;

export interface Journal {
  /** Durable when it resolves; rejects when the disk refuses. */
  begin(entry: Extract<LedgerEntry, { kind: 'start' }>): Promise<void>;
  done(entry: Extract<LedgerEntry, { kind: 'done' }>): void;
  end(event: EndedEvent): void;
  /** Endings of an earlier boot whose report may not have reached the outbox. */
  recover(unreported: readonly Extract<LedgerEntry, { kind: 'ended' }>[]): void;
  /** The report that a play has begun; at most once for each play. */
  started(event: { occurrence: string; play: number; plannedMs: number; startedMs: number }): void;
  /** Resolves when nothing is being written; what waits for a disk that refused is not waited for. */
  idle(): Promise<void>;
}

export function createJournal(ports: { ledger: Ledger; outbox: Outbox; clock: Clock; faults: Faults }): Journal {
  const { ledger, outbox, clock, faults } = ports;
  const writing = new Set<Promise<void>>();
  let refusedCount = 0;

  /** Tried again until the disk takes it: an ending always, what else there is to tell within a bound. */
  function write(task: () => Promise<unknown>, { mustLast }: { mustLast: boolean }): void {
    const written: Promise<void> = task()
      .then(() => undefined)
      .catch((error: unknown) => {
        tellRefused(error);
        if (!mustLast && refusedCount >= refusedMax) return;
        refusedCount += 1;
        clock.setTimer(() => {
          refusedCount -= 1;
          write(task, { mustLast });
        }, writeRetryMs);
      })
      .finally(() => writing.delete(written));
    writing.add(written);
  }

  function tellRefused(error: unknown): void {
    const evidence = { refused: String(error).slice(0, 300) };
    if (isNoRoom(error)) faults.signal('disk-nearly-full', { bad: true, certain: true, evidence });
    else faults.signal('storage-damaged', { bad: true, evidence });
  }

  async function hand(event: EndedEvent): Promise<void> {
    await outbox.add(event, { once: `ended:${event.occurrence}` });
    await ledger.append({ kind: 'reported', occurrence: event.occurrence });
  }

  function end(event: EndedEvent): void {
    const entry: LedgerEntry = { kind: 'ended', occurrence: event.occurrence, atMs: event.endedMs, event };
    write(
      async () => {
        await ledger.append(entry);
        write(() => hand(event), { mustLast: true });
      },
      { mustLast: true },
    );
  }

  return {
    begin: (entry) =>
      ledger.append(entry).catch((error: unknown) => {
        tellRefused(error);
        throw error;
      }),
    done: (entry) => write(() => ledger.append(entry), { mustLast: false }),
    end,
    recover: (unreported) => {
      for (const { event } of unreported) write(() => hand(event), { mustLast: true });
    },
    started: ({ occurrence, play, plannedMs, startedMs }) =>
      write(
        () =>
          outbox.add(
            { kind: 'started', occurrence, play, plannedMs, startedMs: Math.round(startedMs) },
            { once: `started:${occurrence}:${play}` },
          ),
        { mustLast: false },
      ),
    async idle() {
      while (writing.size > 0) await Promise.all(writing);
    },
  };
}
