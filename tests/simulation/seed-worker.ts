/** A thread that runs the seeds it is handed, one after the other, and tells what became of each. */
import { parentPort } from 'node:worker_threads';
import { z } from 'zod';
import { runSeed } from './run-seed.ts';

const askSchema = z.object({ seed: z.number(), boards: z.number(), days: z.number() });
export type SeedAsk = z.infer<typeof askSchema>;

export interface SeedAnswer {
  seed: number;
  /** Breaches in words, or the failure of a program of the town. */
  wrong: string[];
  /** What befell the town. */
  events: string[];
  sounds: number;
}

parentPort?.on('message', (message: unknown) => {
  void answer(askSchema.parse(message)).then((found) => parentPort?.postMessage(found));
});

async function answer(ask: SeedAsk): Promise<SeedAnswer> {
  const { seed } = ask;
  try {
    const { breaches, history, town } = await runSeed(ask);
    const wrong = breaches.map(({ promise, what }) => `${promise} ${what}`);
    return { seed, wrong, events: wrong.length === 0 ? [] : town.events, sounds: history.emissions.length };
  } catch (error) {
    const failure = error instanceof Error ? (error.stack ?? error.message) : String(error);
    return { seed, wrong: [`a program failed: ${failure}`], events: [], sounds: 0 };
  }
}
