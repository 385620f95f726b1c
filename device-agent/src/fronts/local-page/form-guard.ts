/**
 * What keeps strangers off the form: a seal that only a page of this board carries, and a bounded number of tries. Holds
 * two numbers and a key; nothing that a flood could fill.
 */
import { createHmac, timingSafeEqual } from 'node:crypto';
import type { Clock } from '../../edges/clock.ts';
import type { Random } from '../../edges/random.ts';

/** A form is good for this long, and as long again at most. */
export const sealLifeMs = 10 * 60_000;

/** Tries at once, and how soon one more is granted: a person mistypes, a machine guesses. */
export const triesMax = 6;
export const tryEveryMs = 20_000;

export interface FormGuard {
  seal(): string;
  isSealed(seal: string): boolean;
  /** Takes one try; false when there is none left. */
  take(): boolean;
}

export function createFormGuard(parts: { clock: Clock; random: Random }): FormGuard {
  const { clock } = parts;
  const key = parts.random.bytes(32);
  let tries = triesMax;
  let sinceMs = clock.monotonicMs();

  const period = () => Math.floor(clock.monotonicMs() / sealLifeMs);
  const sealOf = (number: number) => createHmac('sha256', key).update(String(number)).digest('hex').slice(0, 32);

  return {
    seal: () => sealOf(period()),
    isSealed(seal) {
      if (!/^[0-9a-f]{32}$/.test(seal)) return false;
      const isOf = (number: number) => timingSafeEqual(Buffer.from(seal), Buffer.from(sealOf(number)));
      return isOf(period()) || isOf(period() - 1);
    },
    take() {
      const granted = Math.floor((clock.monotonicMs() - sinceMs) / tryEveryMs);
      sinceMs += granted * tryEveryMs;
      tries = Math.min(triesMax, tries + granted);
      if (tries === 0) return false;
      tries -= 1;
      return true;
    },
  };
}
