/**
 * What the server's time is, from round trips: a straight line through the samples, where one that came back quickly
 * weighs more than one that was held up, and a fresh one more than an old one. Pure; knows no clock.
 *
 * A round trip of delay d says that the offset lies within ±d/2 of its middle. Among samples of one line the shortest
 * ones are nearest to the truth: what d exceeds the shortest by was waiting, on one side or the other. So a sample's
 * doubt grows with its excess, and with its age by what a quartz may wander. The rate of the board's clock is expected
 * to be near zero until the samples say otherwise.
 */

/** One exchange. `atMs` is the agent's monotonic clock in the middle of it; `offsetMs` server minus monotonic then. */
export interface Sample {
  atMs: number;
  offsetMs: number;
  delayMs: number;
}

/** server = monotonic + offsetMs + rate × (monotonic − refMs). */
export interface Line {
  refMs: number;
  offsetMs: number;
  rate: number;
}

/** Samples of the last two hours: one a minute, and some bursts. */
export const recentMax = 192;
const recentMs = 2 * 3_600_000;

/** Older ones are thinned to the quickest of every ten minutes, for the rate: a day of them. */
export const anchorsMax = 144;
const anchorMs = 10 * 60_000;

/** Doubt in a perfect sample: the operating system's scheduling. */
const floorDoubtMs = 2;
/** Waiting time on one side alone, evenly spread: excess / 2 / √3. */
const excessDoubt = 0.29;
/** The shortest sample waited too; as much as the quickest fifth differ among themselves is taken for its excess. */
const shareAtBest = 0.2;
/** How far a quartz wanders from its straight line with temperature. */
const wanderRate = 2e-6;
/** What a board's clock usually runs wrong by (one sigma). */
const rateDoubt = 30e-6;
/** No quartz is worse; a steeper line is an accident of the samples. */
const rateMax = 300e-6;

/** Growth of the bound with the age of the last sample: 50 ppm, the rate that a board may run wrong by unnoticed. */
export const boundRate = 50e-6;

/** The samples with one more, bounded; the oldest first. */
export function withSample(samples: readonly Sample[], sample: Sample): Sample[] {
  const all = [...samples, sample];
  const recent = all.filter(({ atMs }) => atMs > sample.atMs - recentMs).slice(-recentMax);
  const oldestRecentMs = recent[0]?.atMs ?? sample.atMs;
  const spans = Map.groupBy(
    all.filter(({ atMs }) => atMs < oldestRecentMs),
    ({ atMs }) => Math.floor(atMs / anchorMs),
  );
  const anchors = [...spans.values()].map((span) => span.reduce((a, b) => (b.delayMs < a.delayMs ? b : a)));
  return [...anchors.slice(-anchorsMax), ...recent];
}

/** The line through the samples, weighed as of the newest; undefined without samples. */
export function lineThrough(samples: readonly Sample[]): Line | undefined {
  const last = samples.at(-1);
  if (last === undefined) return undefined;
  const delays = Float64Array.from(samples, ({ delayMs }) => delayMs).sort();
  const shortestMs = delays[0] ?? 0;
  const spreadMs = (delays[Math.ceil(delays.length * shareAtBest) - 1] ?? shortestMs) - shortestMs;
  let weight = 0;
  let t = 0;
  let y = 0;
  let tt = 0;
  let ty = 0;
  for (const { atMs, offsetMs, delayMs } of samples) {
    const excessMs = (delayMs - shortestMs + spreadMs) * excessDoubt;
    const wanderMs = (last.atMs - atMs) * wanderRate;
    const w = 1 / (floorDoubtMs ** 2 + excessMs ** 2 + wanderMs ** 2);
    const dt = atMs - last.atMs;
    const dy = offsetMs - last.offsetMs;
    weight += w;
    t += w * dt;
    y += w * dy;
    tt += w * dt * dt;
    ty += w * dt * dy;
  }
  const prior = 1 / rateDoubt ** 2;
  const slope = (weight * ty - t * y) / (weight * (tt + prior) - t * t);
  const rate = Math.max(-rateMax, Math.min(rateMax, slope));
  return { refMs: last.atMs, offsetMs: last.offsetMs + (y - rate * t) / weight, rate };
}

/** Server time of an instant of the monotonic clock. */
export function serverAt(line: Line, monotonicMs: number): number {
  return monotonicMs + line.offsetMs + line.rate * (monotonicMs - line.refMs);
}

/** The instant of the monotonic clock at which the server's time is `serverMs`. */
export function monotonicAt(line: Line, serverMs: number): number {
  return line.refMs + (serverMs - line.refMs - line.offsetMs) / (1 + line.rate);
}

/**
 * How far from the truth the line can be at `nowMs`, as long as the board runs wrong by less than `boundRate`: each
 * sample allows half its delay and what its age adds around its own offset; the line may differ from that. Infinite
 * without samples.
 */
export function boundAt(samples: readonly Sample[], line: Line, nowMs: number): number {
  const offsetMs = serverAt(line, nowMs) - nowMs;
  let boundMs = Number.POSITIVE_INFINITY;
  for (const sample of samples) {
    const allowedMs = sample.delayMs / 2 + Math.abs(nowMs - sample.atMs) * boundRate;
    boundMs = Math.min(boundMs, allowedMs + Math.abs(offsetMs - sample.offsetMs));
  }
  return boundMs;
}
