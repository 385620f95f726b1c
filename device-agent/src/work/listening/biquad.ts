/** Second-order filters (Butterworth) over a stream of samples, one value at a time. Pure but for their own state. */

/** Normalised coefficients: `a0` is 1. */
export interface Coefficients {
  b0: number;
  b1: number;
  b2: number;
  a1: number;
  a2: number;
}

/** Lets pass what lies above `hz`. */
export function highPass(hz: number, rateHz: number): Coefficients {
  const { cosine, alpha } = anglesOf(hz, rateHz);
  const edge = (1 + cosine) / 2;
  return normalised({ b0: edge, b1: -2 * edge, b2: edge, cosine, alpha });
}

/** Lets pass what lies below `hz`. */
export function lowPass(hz: number, rateHz: number): Coefficients {
  const { cosine, alpha } = anglesOf(hz, rateHz);
  const edge = (1 - cosine) / 2;
  return normalised({ b0: edge, b1: 2 * edge, b2: edge, cosine, alpha });
}

export class Biquad {
  readonly #of: Coefficients;
  #first = 0;
  #second = 0;

  constructor(coefficients: Coefficients) {
    this.#of = coefficients;
  }

  pass(input: number): number {
    const { b0, b1, b2, a1, a2 } = this.#of;
    const output = b0 * input + this.#first;
    this.#first = b1 * input - a1 * output + this.#second;
    this.#second = b2 * input - a2 * output;
    return output;
  }

  /** After silence the state decays into figures so small that every processor slows down over them. */
  settle(): void {
    if (Math.abs(this.#first) < 1e-20) this.#first = 0;
    if (Math.abs(this.#second) < 1e-20) this.#second = 0;
  }
}

function anglesOf(hz: number, rateHz: number): { cosine: number; alpha: number } {
  const angle = (2 * Math.PI * Math.min(hz, rateHz * 0.49)) / rateHz;
  return { cosine: Math.cos(angle), alpha: Math.sin(angle) / Math.SQRT2 };
}

function normalised(raw: { b0: number; b1: number; b2: number; cosine: number; alpha: number }): Coefficients {
  const a0 = 1 + raw.alpha;
  return {
    b0: raw.b0 / a0,
    b1: raw.b1 / a0,
    b2: raw.b2 / a0,
    a1: (-2 * raw.cosine) / a0,
    a2: (1 - raw.alpha) / a0,
  };
}
