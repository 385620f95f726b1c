/**
 * Whether the agent is alive enough to be left running: its loop turns, its conductor comes to decisions, its disk
 * answers. Told to the supervisor as long as it is so; a hung agent is silent here, and then the supervisor ends it. A
 * disk that refuses is no reason: a worn card does not withhold a warning.
 */
import type { Clock } from '../../edges/clock.ts';
import type { Disk } from '../../edges/disk.ts';
import { regularly } from '../../edges/regularly.ts';

/** The disk is written to so often, to spare the card; a write that does not come back is noticed at each look. */
export const probeDiskEveryMs = 5 * 60_000;

/** A card that tidies up may take some seconds. */
export const diskAnswerMsMax = 60_000;

const probePath = 'alive';

export interface PulsePorts {
  clock: Clock;
  disk: Pick<Disk, 'replace'>;
  /** Makes the conductor think, and says when it last came to a decision, monotonic ms. */
  conductor: { reconsider(): void; thoughtMonotonicMs(): number };
  /** Half of what the supervisor waits, or less. */
  everyMs: number;
  /** All is well now. */
  onAlive: () => void;
  /** Once for each stretch of not being well; for the log. */
  onUnwell: (reason: string) => void;
}

/** Looks at once and then regularly. */
export function startPulse(ports: PulsePorts): { stop(): void } {
  const { clock } = ports;
  let askedMonotonicMs = Number.NEGATIVE_INFINITY;
  let isAsking = false;
  let told: string | undefined;

  function askDisk(): void {
    if (isAsking || clock.monotonicMs() - askedMonotonicMs < probeDiskEveryMs) return;
    isAsking = true;
    askedMonotonicMs = clock.monotonicMs();
    const answered = () => {
      isAsking = false;
    };
    ports.disk.replace(probePath, '').then(answered, answered);
  }

  return regularly(clock, ports.everyMs, () => {
    askDisk();
    const fromMs = clock.monotonicMs();
    ports.conductor.reconsider();
    const reason =
      ports.conductor.thoughtMonotonicMs() < fromMs
        ? 'the conductor comes to no decision'
        : isAsking && fromMs - askedMonotonicMs > diskAnswerMsMax
          ? 'the disk does not answer'
          : undefined;
    if (reason === undefined) ports.onAlive();
    else if (reason !== told) ports.onUnwell(reason);
    told = reason;
  });
}
