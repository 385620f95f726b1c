/**
 * What a gauge says in quiet, and the line above which somebody sounds. Learnt slowly upwards and quickly downwards, and
 * never from what lies above the line, so that a foreign sound does not become what is usual. Pure.
 */

export interface QuietLine {
  /** Undefined until a few answers have come. */
  quiet: number | undefined;
  /** The first answers, from which the lowest count. */
  first: readonly number[];
}

/** So many answers before anything is believed of a gauge that is not known. */
export const firstAnswers = 10;

/** Shares of the way to a new answer: minutes upwards for a warm day, seconds downwards. */
const rising = 0.002;
const falling = 0.1;

/** Above the quiet level by this share, or by the gauge's own least rise, somebody sounds. */
const aboveShare = 0.25;

export function unknownQuiet(quiet?: number): QuietLine {
  return { quiet, first: [] };
}

/** The line; undefined while the quiet level is not known. */
export function lineOf({ quiet }: QuietLine, riseMin: number): number | undefined {
  return quiet === undefined ? undefined : quiet + Math.max(riseMin, aboveShare * Math.abs(quiet));
}

/** An answer while nothing is sent. */
export function hearQuiet(before: QuietLine, value: number, riseMin: number): QuietLine {
  const line = lineOf(before, riseMin);
  if (before.quiet === undefined || line === undefined) {
    const first = [...before.first, value];
    if (first.length < firstAnswers) return { ...before, first };
    // A lower quarter: of somebody's speech the pauses, of quiet the quiet.
    const sorted = [...first].sort((a, b) => a - b);
    return { quiet: sorted[Math.floor(first.length / 4)], first: [] };
  }
  if (value > line) return before;
  return { ...before, quiet: before.quiet + (value - before.quiet) * (value > before.quiet ? rising : falling) };
}
