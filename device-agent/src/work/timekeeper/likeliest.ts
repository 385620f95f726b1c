/**
 * The line under which the ways there and the ways back look alike. Pure; knows no clock.
 *
 * A round trip measures two one-way delays against one unknown offset: moved one way it lengthens every way there and
 * shortens every way back by as much. Of a link whose jitter is the same in both directions, that offset is right under
 * which both are distributed alike. How they are distributed nobody says beforehand: where many came near the least
 * delay those weigh most, where jitter is bell-shaped all weigh the same. So the density is taken from the delays
 * themselves, smoothed, under the line known so far; the line that makes them likeliest is sought near it; and again.
 * (Adaptive maximum likelihood for a location, Stone 1975. On jitter that is spread evenly it halves the error of
 * weighing whole round trips.)
 */
import { type Line, possibleRate, rateDoubt, type Sample, wanderRate } from './line.ts';

/** Density and line are found by turns; further turns change less than a tenth of a millisecond. */
const turns = 3;
/** Fewer say nothing about how delays are spread. */
const samplesMin = 4;
/** Width of the smoothing, as a share of what suits a bell curve: narrower, so that a sharp least delay stays sharp. */
const sharpness = 0.5;
/** Narrower than this is the operating system's scheduling. */
const widthMsMin = 1;
/** Cells of the density for each width, and how far the smoothing reaches. */
const cellsPerWidth = 3;
const reachCells = 9;
/** The widest density kept: a delay beyond it counts as an accident. */
const cellsMax = 4_096;
/** An accident's share, so that one late answer cannot forbid a line. */
const accidentShare = 1e-3;
/** The search ends at this share of the width. */
const finest = 0.04;

const bell = Float64Array.from({ length: 2 * reachCells + 1 }, (_, index) =>
  Math.exp(-(((index - reachCells) / cellsPerWidth) ** 2) / 2),
);
const bellSum = bell.reduce((sum, part) => sum + part, 0);

const steps = [1, -1].flatMap((way) => [
  [way, 0],
  [0, way],
  [way, way],
  [way, -way],
]) as readonly (readonly [number, number])[];

/** Delays as measured if the offset of the newest sample were right: there, back, and the age of each (negative). */
interface Ways {
  there: Float64Array;
  back: Float64Array;
  dt: Float64Array;
}

/** A line nearer to the truth than `rough`, which it starts from; `rough` itself where there are too few samples. */
export function likeliest(samples: readonly Sample[], rough: Line): Line {
  const last = samples.at(-1);
  if (last === undefined || samples.length < samplesMin) return rough;
  const ways: Ways = {
    there: Float64Array.from(samples, (each) => each.offsetMs - last.offsetMs + each.delayMs / 2),
    back: Float64Array.from(samples, (each) => last.offsetMs - each.offsetMs + each.delayMs / 2),
    dt: Float64Array.from(samples, (each) => each.atMs - last.atMs),
  };
  let offsetMs = rough.offsetMs + rough.rate * (last.atMs - rough.refMs) - last.offsetMs;
  let rate = rough.rate;
  for (let turn = 0; turn < turns; turn += 1) {
    const density = densityUnder(ways, { offsetMs, rate });
    [offsetMs, rate] = climb(ways, density, [offsetMs, rate]);
  }
  return { refMs: last.atMs, offsetMs: last.offsetMs + offsetMs, rate: possibleRate(rate) };
}

interface Density {
  widthMs: number;
  /** Half the middle of the delays: where the search begins. */
  scaleMs: number;
  /** By sample: an old one says less of a clock that wanders. */
  weights: Float64Array;
  /** Logarithm of the density of a one-way delay. */
  logAt(delayMs: number): number;
}

function densityUnder({ there, back, dt }: Ways, { offsetMs, rate }: { offsetMs: number; rate: number }): Density {
  const count = dt.length;
  const delays = new Float64Array(2 * count);
  for (let index = 0; index < count; index += 1) {
    const atMs = offsetMs + rate * at(dt, index);
    delays[2 * index] = at(there, index) - atMs;
    delays[2 * index + 1] = at(back, index) + atMs;
  }
  const sorted = delays.slice().sort();
  const quantile = (share: number) => at(sorted, Math.floor(share * (sorted.length - 1)));
  const scaleMs = (quantile(0.75) - quantile(0.25)) / 1.34;
  // Silverman's rule, twice as wide for the cells, and sharpened.
  const widthMs = Math.max(widthMsMin, sharpness * 1.8 * scaleMs * sorted.length ** -0.2);
  const weights = dt.map((age) => 1 / (1 + ((age * wanderRate) / widthMs) ** 2));
  const cellMs = widthMs / cellsPerWidth;
  const lowMs = at(sorted, 0) - 4 * widthMs;
  const size = Math.min(cellsMax, Math.ceil((at(sorted, sorted.length - 1) + 4 * widthMs - lowMs) / cellMs) + 2);
  const cells = new Float64Array(size);
  let total = 0;
  for (let index = 0; index < delays.length; index += 1) {
    const place = (at(delays, index) - lowMs) / cellMs;
    const cell = Math.floor(place);
    if (cell + 1 >= size) continue;
    const weight = at(weights, index >> 1);
    cells[cell] = at(cells, cell) + weight * (cell + 1 - place);
    cells[cell + 1] = at(cells, cell + 1) + weight * (place - cell);
    total += weight;
  }
  const floor = accidentShare / (size * cellMs);
  const logs = new Float64Array(size);
  for (let cell = 0; cell < size; cell += 1) {
    let sum = 0;
    for (let reach = -reachCells; reach <= reachCells; reach += 1)
      sum += (cells[cell + reach] ?? 0) * at(bell, reach + reachCells);
    logs[cell] = Math.log(sum / (bellSum * total * cellMs) + floor);
  }
  const outside = Math.log(floor);
  return {
    widthMs,
    scaleMs,
    weights,
    logAt(delayMs) {
      const place = (delayMs - lowMs) / cellMs;
      const cell = Math.floor(place);
      if (cell < 0 || cell + 1 >= size) return outside;
      return at(logs, cell) * (cell + 1 - place) + at(logs, cell + 1) * (place - cell);
    },
  };
}

/** Up the likelihood from a beginning, in steps that are halved where none leads further up. */
function climb(ways: Ways, density: Density, from: readonly [number, number]): [number, number] {
  let [offsetMs, rate] = from;
  let best = likelihood(ways, density, from);
  let offsetStepMs = Math.max(density.scaleMs / 3, density.widthMs);
  let rateStep = 20e-6;
  while (offsetStepMs > density.widthMs * finest) {
    const found = steps.find(([onOffset, onRate]) => {
      const there: [number, number] = [offsetMs + onOffset * offsetStepMs, rate + onRate * rateStep];
      const value = likelihood(ways, density, there);
      if (value <= best + 1e-9) return false;
      best = value;
      [offsetMs, rate] = there;
      return true;
    });
    if (found !== undefined) continue;
    offsetStepMs /= 2;
    rateStep /= 2;
  }
  return [offsetMs, rate];
}

function likelihood(
  { there, back, dt }: Ways,
  { weights, logAt }: Density,
  [offsetMs, rate]: readonly [number, number],
): number {
  let sum = -(rate ** 2) / (2 * rateDoubt ** 2);
  for (let index = 0; index < dt.length; index += 1) {
    const atMs = offsetMs + rate * at(dt, index);
    sum += at(weights, index) * (logAt(at(there, index) - atMs) + logAt(at(back, index) + atMs));
  }
  return sum;
}

function at(values: Float64Array, index: number): number {
  return values[index] ?? Number.NaN;
}
