/**
 * `npm run simulate`: towns from many seeds, each held against the promises. Prints a line for each failing seed with its
 * breaches, progress now and then, and a summary; ends with 1 when a promise was broken.
 */
import { parseArgs } from 'node:util';
import { runSeed } from './run-seed.ts';

/** Breaches shown of one seed; the rest are counted. */
const shownMax = 5;
/** A line of progress at least so often. */
const progressEveryMs = 10_000;

const { values } = parseArgs({
  options: {
    seeds: { type: 'string', default: '50' },
    from: { type: 'string', default: '1' },
    boards: { type: 'string', default: '6' },
    days: { type: 'string', default: '1' },
    events: { type: 'boolean', default: false },
  },
});
const [seeds, from, boards, days] = [values.seeds, values.from, values.boards, values.days].map(Number);
if (![seeds, from, boards, days].every((value) => value !== undefined && Number.isFinite(value) && value > 0)) {
  console.error('Usage: npm run simulate -- [--seeds 50] [--from 1] [--boards 6] [--days 1] [--events]');
  process.exit(2);
}

const startedMs = performance.now();
let toldMs = startedMs;
const failed: number[] = [];
let emissions = 0;
const first = from ?? 1;
for (let seed = first; seed < first + (seeds ?? 0); seed += 1) {
  const wrong = await breachesOf(seed);
  if (wrong.length > 0) {
    failed.push(seed);
    console.log(`seed ${seed}: ${wrong.length} breaches`);
    for (const line of wrong.slice(0, shownMax)) console.log(`  ${line}`);
  }
  if (performance.now() - toldMs > progressEveryMs) {
    toldMs = performance.now();
    console.log(`… ${seed - first + 1} of ${seeds} seeds, ${failed.length} failed, ${secondsSoFar()} s`);
  }
}
console.log(
  `${seeds} towns of ${boards} boards over ${days} days: ${emissions} sounds, ${failed.length} seeds broke a promise` +
    `${failed.length === 0 ? '' : ` (${failed.join(', ')})`}, ${secondsSoFar()} s`,
);
process.exitCode = failed.length === 0 ? 0 : 1;

async function breachesOf(seed: number): Promise<string[]> {
  try {
    const run = await runSeed({ seed, boards: boards ?? 6, days: days ?? 1 });
    emissions += run.history.emissions.length;
    if (values.events && run.breaches.length > 0) for (const line of run.town.events) console.log(`    ${line}`);
    return run.breaches.map(({ promise, what }) => `${promise} ${what}`);
  } catch (error) {
    return [`a program failed: ${error instanceof Error ? (error.stack ?? error.message) : String(error)}`];
  }
}

function secondsSoFar(): string {
  return ((performance.now() - startedMs) / 1_000).toFixed(1);
}
