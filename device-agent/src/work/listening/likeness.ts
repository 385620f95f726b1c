/** How alike two courses of level are, and at which delay: pure figures, no verdict. */

/** Below so much under its own loud parts a level counts as a pause: what is softer is not meant to be heard. */
const pauseDbs = [-36, -24, -14] as const;

/** A course of level, dB, one figure a frame; NaN where nothing is known. */
export type Course = Float32Array | readonly number[];

export interface Likeness {
  /** Frames by which the second is later. */
  lag: number;
  /** Correlation of the levels at that lag, −1…1; 0 when there was too little to compare. */
  likeness: number;
  /** dB of the second per dB of the first: below 1 where loud parts are squeezed. */
  slope: number;
}

/**
 * The delay at which `measured` follows `sent` best. `sent[i]` is compared with `measured[i + lag]`; `measured` must
 * begin at the same frame and go on beyond the end by the longest lag.
 */
export function bestLikeness(
  sent: Course,
  measured: (index: number) => number,
  { lagMin, lagMax, topDb }: { lagMin: number; lagMax: number; topDb: number },
): Likeness {
  let best: Likeness = { lag: 0, likeness: 0, slope: 0 };
  for (let lag = lagMin; lag <= lagMax; lag += 1) {
    for (const pauseDb of pauseDbs) {
      const found = correlation(sent, (index) => measured(index + lag), topDb + pauseDb);
      if (found.likeness > best.likeness) best = { lag, ...found };
    }
  }
  return best;
}

function correlation(
  sent: Course,
  measured: (index: number) => number,
  floorDb: number,
): { likeness: number; slope: number } {
  let count = 0;
  let [x1, y1, xx, yy, xy] = [0, 0, 0, 0, 0];
  for (let index = 0; index < sent.length; index += 1) {
    const y = measured(index);
    const given = sent[index] ?? Number.NaN;
    if (Number.isNaN(y) || Number.isNaN(given)) continue;
    const x = Math.max(given, floorDb);
    count += 1;
    x1 += x;
    y1 += y;
    xx += x * x;
    yy += y * y;
    xy += x * y;
  }
  if (count < 10) return { likeness: 0, slope: 0 };
  const [xVariance, yVariance] = [xx - (x1 * x1) / count, yy - (y1 * y1) / count];
  const covariance = xy - (x1 * y1) / count;
  if (xVariance / count < 0.25 || yVariance / count < 0.01) return { likeness: 0, slope: 0 };
  return { likeness: covariance / Math.sqrt(xVariance * yVariance), slope: covariance / xVariance };
}

/** The figure below which this share of the known ones lies; NaN without any. */
export function quantile(course: Iterable<number>, share: number): number {
  const known = [...course].filter((value) => !Number.isNaN(value)).sort((a, b) => a - b);
  return known[Math.min(known.length - 1, Math.floor(known.length * share))] ?? Number.NaN;
}
