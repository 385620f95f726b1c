/**
 * People's decisions of who goes first ("Ai phát trước"), applied to a plan: what comes second begins when the first is
 * over, all its versions together. Pure. A turn is ignored where one of the two is not planned, where they are not
 * planned on one civil day, where the second would begin on another day than its own, and where an earlier listed turn
 * already makes the first wait for the second: circles are never closed.
 */
import { civilDayAt } from './civil-days.ts';
import type { SoundingLaw } from './law.ts';
import { gapMsDefault } from './session.ts';
import { judgeAlone, type Verdict } from './verdict.ts';

/** A bulletin's versions at one time, as far as they are planned. */
interface Run {
  verdicts: Verdict[];
  readonly date: string;
  /** Those before it. */
  readonly after: Run[];
}

/** The verdicts with what has to wait moved to its new instant and judged there by itself; never moved to an earlier one. */
export function takeTurns(law: SoundingLaw, verdicts: readonly Verdict[]): readonly Verdict[] {
  const { turns = [] } = law;
  if (turns.length === 0) return verdicts;
  const { timeZone } = law.hours;
  const runs = runsOf(verdicts, timeZone);
  for (const turn of turns) {
    const first = runs.get(turn.first);
    const second = runs.get(turn.second);
    if (first === undefined || second === undefined || first.date !== second.date) continue;
    if (!waitsFor(first, second)) second.after.push(first);
  }
  const settled = new Set<Run>();
  for (const run of runs.values()) settle(run);
  return [...verdicts.filter(({ reason }) => reason !== undefined), ...[...settled].flatMap((run) => run.verdicts)];

  function settle(run: Run): void {
    if (settled.has(run)) return;
    settled.add(run);
    const endsMs = run.after.map((first) => {
      settle(first);
      return endOf(first);
    });
    const startMs = Math.min(...run.verdicts.map(({ candidate }) => candidate.atMs));
    const laterMs = Math.max(0, Math.max(...endsMs) + gapMsDefault - startMs);
    if (laterMs === 0 || civilDayAt(timeZone, startMs + laterMs).date !== run.date) return;
    run.verdicts = run.verdicts.map(({ candidate }) =>
      judgeAlone(law, { ...candidate, atMs: candidate.atMs + laterMs }),
    );
  }
}

/** By the name of each of their occurrences. */
function runsOf(verdicts: readonly Verdict[], timeZone: string): Map<string, Run> {
  const byRun = new Map<string, Verdict[]>();
  for (const verdict of verdicts) {
    if (verdict.reason !== undefined) continue;
    const list = byRun.get(verdict.candidate.run) ?? [];
    list.push(verdict);
    byRun.set(verdict.candidate.run, list);
  }
  const runs = new Map<string, Run>();
  for (const list of byRun.values()) {
    const startMs = Math.min(...list.map(({ candidate }) => candidate.atMs));
    const run: Run = { verdicts: list, date: civilDayAt(timeZone, startMs).date, after: [] };
    for (const { candidate } of list) runs.set(candidate.occurrence, run);
  }
  return runs;
}

/** True for itself too. */
function waitsFor(run: Run, other: Run): boolean {
  const seen = new Set([run]);
  for (const each of seen) for (const before of each.after) seen.add(before);
  return seen.has(other);
}

/** The end of what still sounds of it. */
function endOf({ verdicts }: Run): number {
  const sounding = verdicts.filter(({ reason }) => reason === undefined);
  return Math.max(Number.NEGATIVE_INFINITY, ...sounding.map(({ candidate }) => candidate.atMs + candidate.durationMs));
}
