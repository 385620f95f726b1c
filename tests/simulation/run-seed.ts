/** One seed from founding to verdict: the same seed gives the same history. */
import { type Breach, type History, judgeHistory } from './checker.ts';
import { runScenario } from './scenario.ts';
import { openTown, type Town, type TownOptions } from './town.ts';

export interface SeedRun {
  seed: number;
  town: Town;
  history: History;
  breaches: Breach[];
}

/** Throws when a program of the town fails: that is a defect of its own. */
export async function runSeed(options: TownOptions): Promise<SeedRun> {
  const days = options.days ?? 1;
  const town = await openTown({ isCalm: true, ...options, days });
  await runScenario(town, { days });
  const history = town.history();
  return { seed: options.seed, town, history, breaches: judgeHistory(history) };
}
