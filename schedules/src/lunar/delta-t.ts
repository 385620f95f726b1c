/**
 * How far does the even time of astronomy run ahead of the earth's rotation? ΔT = TT − UT, after the polynomials of
 * Espenak and Meeus (NASA/TP-2006-214141, "Polynomial expressions for Delta T"), for 1900–2200. Past years are
 * observed; future ones are a forecast (the one for 2026 is 6 s above what was since observed, for 2100 nobody knows
 * within half a minute), which is why a new moon within a minute of midnight can still move by a day far ahead.
 */

const pieces: readonly { untilYear: number; originYear: number; coefficients: readonly number[] }[] = [
  { untilYear: 1920, originYear: 1900, coefficients: [-2.79, 1.494119, -0.0598939, 0.0061966, -0.000197] },
  { untilYear: 1941, originYear: 1920, coefficients: [21.2, 0.84493, -0.0761, 0.0020936] },
  { untilYear: 1961, originYear: 1950, coefficients: [29.07, 0.407, -1 / 233, 1 / 2547] },
  { untilYear: 1986, originYear: 1975, coefficients: [45.45, 1.067, -1 / 260, -1 / 718] },
  {
    untilYear: 2005,
    originYear: 2000,
    coefficients: [63.86, 0.3345, -0.060374, 0.0017275, 0.000651814, 0.00002373599],
  },
  { untilYear: 2050, originYear: 2000, coefficients: [62.92, 0.32217, 0.005589] },
];

/** ΔT in seconds at a decimal year. */
export function deltaTSeconds(year: number): number {
  const piece = pieces.find(({ untilYear }) => year < untilYear);
  if (piece !== undefined) return polynomial(piece.coefficients, year - piece.originYear);
  const parabola = -20 + 32 * ((year - 1820) / 100) ** 2;
  return year < 2150 ? parabola - 0.5628 * (2150 - year) : parabola;
}

/** Σ coefficient[n]·xⁿ. */
export function polynomial(coefficients: readonly number[], x: number): number {
  return coefficients.reduceRight((sum, coefficient) => sum * x + coefficient, 0);
}
