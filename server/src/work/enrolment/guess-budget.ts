/**
 * How many wrong claim codes the whole installation takes in a minute. The door bounds each address; this bounds what
 * many addresses together can guess.
 */

/** A province that is being enrolled mistypes a few a minute. */
const wrongPerMinuteMax = 600;
const minuteMs = 60_000;

export interface GuessBudget {
  isSpent(): boolean;
  countWrong(): void;
}

export function createGuessBudget(monotonicMs: () => number): GuessBudget {
  let minute = 0;
  let wrong = 0;
  const turn = () => {
    const now = Math.floor(monotonicMs() / minuteMs);
    if (now !== minute) wrong = 0;
    minute = now;
  };
  return {
    isSpent: () => {
      turn();
      return wrong >= wrongPerMinuteMax;
    },
    countWrong: () => {
      turn();
      wrong += 1;
    },
  };
}
