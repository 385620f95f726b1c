/** Asks the output itself, every two seconds, whether sound can leave; passes the answer on and judges nothing. */

import type { Evidence } from '@loa/protocol/device';
import type { Player } from '../../contracts.ts';
import type { Cancel, Clock } from '../../edges/clock.ts';

/** Two answers within the four seconds in which a broken output is to be known. */
export const outputEveryMs = 2_000;

/** An output that does not answer is asked again after this and counts as missing. */
const answerMsMax = 5_000;

export function watchOutput(ports: {
  clock: Clock;
  player: Pick<Player, 'output'>;
  onAnswer: (answer: { present: boolean; evidence: Evidence }) => void;
}): { stop(): void } {
  const { clock, player, onAnswer } = ports;
  let isRunning = true;
  let cancel: Cancel = () => undefined;

  async function ask(): Promise<void> {
    let cancelLate: Cancel = () => undefined;
    const late = new Promise<{ present: boolean; evidence: Evidence }>((resolve) => {
      cancelLate = clock.setTimer(
        () => resolve({ present: false, evidence: { reason: 'The output does not answer' } }),
        answerMsMax,
      );
    });
    const failed = (error: unknown) => ({ present: false, evidence: { reason: String(error).slice(0, 300) } });
    const answer = await Promise.race([player.output().catch(failed), late]);
    cancelLate();
    if (!isRunning) return;
    onAnswer(answer);
    cancel = clock.setTimer(() => void ask(), outputEveryMs);
  }

  void ask();
  return {
    stop() {
      isRunning = false;
      cancel();
    },
  };
}
