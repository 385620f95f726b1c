/**
 * An amplifier for simulated time: its current (mA) or line level (mV) follows what is sent to it, or what somebody else
 * feeds into it, through the inertia of its supply, with a converter's noise on top.
 */
import type { Gauge } from '@loa/device-agent/contracts.ts';
import type { Clock } from '@loa/device-agent/edges/clock.ts';
import { seededRandom } from './sound-signals.ts';

export interface AmplifierTwin extends Gauge {
  /** Full-scale mean square at an instant of what drives it; the louder of our own and a foreign one counts. */
  drivenBy(squareAt: (monotonicMs: number) => number): void;
  setOn(isOn: boolean): void;
  isOn(): boolean;
  /** The converter does not answer. */
  setBroken(isBroken: boolean): void;
  /** No longer drives, whatever is sent. */
  setDead(isDead: boolean): void;
}

export function amplifierTwin(options: {
  clock: Clock;
  kind?: Gauge['kind'];
  quiet?: number;
  /** Rise at a mean square of 1. */
  full?: number;
  noise?: number;
  seed?: number;
}): AmplifierTwin {
  const { clock, kind = 'amplifier-current', quiet = 80, full = 8_000, noise = 1.5 } = options;
  const random = seededRandom(options.seed ?? 1);
  let squareAt: (monotonicMs: number) => number = () => 0;
  let isOn = true;
  let isBroken = false;
  let isDead = false;

  /** The supply's capacitors average over a third of a second. */
  function drive(): number {
    const nowMs = clock.monotonicMs();
    let [sum, weights] = [0, 0];
    for (let agoMs = 0; agoMs < 1_000; agoMs += 50) {
      const weight = Math.exp(-agoMs / 300);
      sum += weight * squareAt(nowMs - agoMs);
      weights += weight;
    }
    return sum / weights;
  }

  return {
    kind,
    riseMin: 10,
    async read() {
      if (isBroken) return undefined;
      const hiss = (random() + random() - 1) * noise;
      if (!isOn) return Math.max(0, 2 + hiss / 4);
      return quiet + hiss + (isDead ? 0 : full * drive());
    },
    drivenBy: (by) => {
      squareAt = by;
    },
    setOn: (is) => {
      isOn = is;
    },
    isOn: () => isOn,
    setBroken: (is) => {
      isBroken = is;
    },
    setDead: (is) => {
      isDead = is;
    },
  };
}
