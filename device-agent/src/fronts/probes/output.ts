/** Asks the output itself, every two seconds, whether sound can leave; passes the answer on and judges nothing. */
import type { OutputState, Player } from '../../contracts.ts';
import type { Cancel, Clock } from '../../edges/clock.ts';
import { regularly } from '../../edges/regularly.ts';

/** Two answers within the four seconds in which a broken output is to be known. */
export const outputEveryMs = 2_000;

/** An output that is being opened is asked again after this by whoever waits to know, and so long at most. */
const openingEveryMs = 200;
const openingMsMax = 10_000;

/** An output that does not answer counts as missing after this, and is asked again. */
const answerMsMax = 5_000;

export interface OutputAnswer extends OutputState {
  /** It was found stuck since it was asked before. */
  wasStuck: boolean;
}

export function watchOutput(ports: {
  clock: Clock;
  player: Pick<Player, 'output'>;
  onAnswer: (answer: OutputAnswer) => void;
  /** Default `outputEveryMs`. */
  everyMs?: number | undefined;
}): { stop(): void } {
  let isRunning = true;
  let stuckCount = 0;

  async function ask(): Promise<void> {
    let cancelLate: Cancel = () => undefined;
    const late = new Promise<OutputState>((resolve) => {
      const mute = { present: false, evidence: { reason: 'output-mute' } };
      cancelLate = ports.clock.setTimer(() => resolve(mute), answerMsMax);
    });
    const failed = (error: unknown): OutputState => ({
      present: false,
      evidence: { reason: String(error).slice(0, 300) },
    });
    const answer = await Promise.race([ports.player.output().catch(failed), late]);
    cancelLate();
    const { count } = answer.stuck ?? { count: stuckCount };
    const wasStuck = count > stuckCount;
    stuckCount = count;
    if (isRunning) ports.onAnswer({ ...answer, wasStuck });
  }

  const watch = regularly(ports.clock, ports.everyMs ?? outputEveryMs, ask);
  return {
    stop() {
      isRunning = false;
      watch.stop();
    },
  };
}

/** Its word once it is known, for somebody who asks once: not while it is being opened. */
export async function settledOutput({
  clock,
  player,
}: {
  clock: Clock;
  player: Pick<Player, 'output'>;
}): Promise<OutputState> {
  for (const untilMs = clock.monotonicMs() + openingMsMax; ; ) {
    const answer = await player.output();
    if (answer.isOpening !== true || clock.monotonicMs() >= untilMs) return answer;
    await new Promise<void>((resolve) => clock.setTimer(resolve, openingEveryMs));
  }
}
