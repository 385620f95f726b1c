/** Shows the board's sign on its lamp, step by step; a sign that changes begins anew at the next step. Judges nothing. */
import type { Cancel, Clock } from '../../edges/clock.ts';
import type { LampLine } from '../../edges/lamp-line.ts';
import { type LampSign, lampCodes } from '../../work/signs/lamp-sign.ts';
import { type LampStep, patternOf } from './pattern.ts';

/** A lamp that cannot be switched is tried again after this. */
const retryMs = 60_000;

/** Lights the lamp until stopped; then it is dark. */
export function startLamp(parts: { clock: Clock; line: LampLine; sign: () => LampSign; log: (line: string) => void }): {
  stop(): Promise<void>;
} {
  const { clock, line } = parts;
  let isRunning = true;
  let cancel: Cancel = () => undefined;
  let shown: LampSign | undefined;
  let steps: readonly LampStep[] = [];
  let isOn: boolean | undefined;
  let hasFailed = false;

  async function step(): Promise<void> {
    const sign = parts.sign();
    const isOther = shown === undefined || lampCodes[sign].flashes !== lampCodes[shown].flashes;
    if (isOther || steps.length === 0) steps = patternOf(sign);
    shown = sign;
    const [next, ...rest] = steps;
    steps = rest;
    let forMs = next?.forMs ?? retryMs;
    try {
      if (next !== undefined && next.isOn !== isOn) await line.set(next.isOn);
      isOn = next?.isOn;
      hasFailed = false;
    } catch (error) {
      if (!hasFailed) parts.log(`The lamp cannot be switched: ${String(error)}`);
      hasFailed = true;
      isOn = undefined;
      forMs = retryMs;
    }
    if (isRunning) cancel = clock.setTimer(() => void step(), forMs);
  }

  void step();
  return {
    async stop() {
      isRunning = false;
      cancel();
      await line.set(false).catch(() => undefined);
    },
  };
}
