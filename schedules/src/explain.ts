/**
 * Why something did or did not sound at an instant on a device: the forecast of its plan, asked afterwards, beside what
 * the device has told. Pure; it explains from what it is handed and guesses nothing.
 */
import type { ForecastLine } from './forecast.ts';
import type { Outcome, OutcomeReason } from './outcome.ts';

/** What a device has told of the end of an occurrence. */
export interface Recorded {
  outcome: Outcome;
  reason?: OutcomeReason | undefined;
  startedMs?: number | undefined;
  endedMs: number;
}

/** One occurrence that concerns the instant. */
export interface Explained {
  line: ForecastLine;
  /** By the forecast it sounds at the instant. */
  soundsThen: boolean;
  recorded?: Recorded;
  /** As foretold; otherwise than foretold, for the recorded reason; or nothing told yet. */
  verdict: 'as-foretold' | 'otherwise' | 'not-told';
}

export interface Explanation {
  /** By instant; empty when nothing was planned for it. */
  concerned: Explained[];
  /** The nearest that sounds before and after, by the forecast. */
  previous?: ForecastLine;
  next?: ForecastLine;
}

/** An omission does not know its length; it concerns this much from its instant on. */
const omittedSpanMs = 30 * 60_000;

/** The explanation of one instant, from a forecast of the plan in force then. */
export function explain(input: {
  lines: readonly ForecastLine[];
  atMs: number;
  recorded: ReadonlyMap<string, Recorded>;
}): Explanation {
  const { lines, atMs, recorded } = input;
  const concerned = lines.filter((line) => isConcerned(line, recorded.get(line.occurrence), atMs));
  const previous = lines.findLast((line) => line.endMs !== undefined && line.endMs <= atMs);
  const next = lines.find((line) => line.startMs !== undefined && line.startMs > atMs);
  return {
    concerned: concerned.map((line) => explainLine(line, recorded.get(line.occurrence), atMs)),
    ...(previous === undefined ? {} : { previous }),
    ...(next === undefined ? {} : { next }),
  };
}

function isConcerned(line: ForecastLine, told: Recorded | undefined, atMs: number): boolean {
  const untilMs = Math.max(line.plannedEndMs ?? line.atMs + omittedSpanMs, line.endMs ?? 0);
  const hasSounded = told?.startedMs !== undefined && told.startedMs <= atMs && atMs < told.endedMs;
  return hasSounded || (line.atMs <= atMs && atMs < untilMs);
}

function explainLine(line: ForecastLine, told: Recorded | undefined, atMs: number): Explained {
  const soundsThen = line.sounds.some(({ fromMs, untilMs }) => fromMs <= atMs && atMs < untilMs);
  if (told === undefined) {
    // What is not in the plan is never told of.
    return { line, soundsThen, verdict: line.outcome === undefined ? 'as-foretold' : 'not-told' };
  }
  const isSame = foldProbe(told.outcome) === line.outcome;
  return { line, soundsThen, recorded: told, verdict: isSame ? 'as-foretold' : 'otherwise' };
}

/** Whether a probe could confirm it is not the forecast's business. */
function foldProbe(outcome: Outcome): Outcome {
  return outcome === 'confirmed' || outcome === 'silent' ? 'played' : outcome;
}
