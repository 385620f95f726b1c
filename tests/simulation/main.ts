/**
 * `npm run simulate`: towns from many seeds, each held against the promises, on every core. Prints a line for each
 * failing seed with its breaches, progress now and then, and a summary; ends with 1 when a promise was broken.
 */
import { availableParallelism } from 'node:os';
import { parseArgs } from 'node:util';
import { Worker } from 'node:worker_threads';
import type { SeedAnswer, SeedAsk } from './seed-worker.ts';

/** Breaches shown of one seed; the rest are counted. */
const shownMax = 5;
/** A line of progress at least so often. */
const progressEveryMs = 10_000;

/** A world makes much that is soon forgotten: with room for it a tenth of the time is saved. */
const resourceLimits = { maxYoungGenerationSizeMb: 192 };

const { values } = parseArgs({
  options: {
    seeds: { type: 'string', default: '50' },
    from: { type: 'string', default: '1' },
    boards: { type: 'string', default: '6' },
    days: { type: 'string', default: '1' },
    threads: { type: 'string', default: String(availableParallelism()) },
    events: { type: 'boolean', default: false },
  },
});
const figures = {
  seeds: Number(values.seeds),
  from: Number(values.from),
  boards: Number(values.boards),
  threads: Number(values.threads),
};
const { seeds, from, boards, threads } = figures;
const days = Number(values.days);
if (!Object.values(figures).every((figure) => Number.isInteger(figure) && figure > 0) || !(days > 0)) {
  console.error('Usage: npm run simulate -- [--seeds 50] [--from 1] [--boards 6] [--days 1] [--threads 2] [--events]');
  process.exit(2);
}

const startedMs = performance.now();
let toldMs = startedMs;
let next = from;
let done = 0;
let sounds = 0;
const failed: number[] = [];

await Promise.all(Array.from({ length: Math.min(seeds, threads) }, () => work()));
failed.sort((a, b) => a - b);
console.log(
  `${seeds} towns of ${boards} boards over ${days} days: ${sounds} sounds, ${failed.length} seeds broke a promise` +
    `${failed.length === 0 ? '' : ` (${failed.join(', ')})`}, ${secondsSoFar()} s`,
);
process.exitCode = failed.length === 0 ? 0 : 1;

/** One thread's share: the next seed as soon as the former is judged. */
async function work(): Promise<void> {
  const worker = new Worker(new URL('./seed-worker.ts', import.meta.url), { resourceLimits });
  worker.on('error', (error) => {
    throw error;
  });
  while (next < from + seeds) {
    const ask: SeedAsk = { seed: next, boards, days };
    next += 1;
    tell(await answerOf(worker, ask));
  }
  await worker.terminate();
}

function answerOf(worker: Worker, ask: SeedAsk): Promise<SeedAnswer> {
  return new Promise((resolve) => {
    worker.once('message', resolve);
    worker.postMessage(ask);
  });
}

function tell({ seed, wrong, events, sounds: heard }: SeedAnswer): void {
  done += 1;
  sounds += heard;
  if (wrong.length > 0) {
    failed.push(seed);
    console.log(`seed ${seed}: ${wrong.length} breaches`);
    for (const line of wrong.slice(0, shownMax)) console.log(`  ${line}`);
    if (values.events) for (const line of events) console.log(`    ${line}`);
  }
  if (performance.now() - toldMs < progressEveryMs) return;
  toldMs = performance.now();
  console.log(`… ${done} of ${seeds} seeds, ${failed.length} failed, ${secondsSoFar()} s`);
}

function secondsSoFar(): string {
  return ((performance.now() - startedMs) / 1_000).toFixed(1);
}
