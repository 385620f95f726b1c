/**
 * `npm run chaos`: real servers and real boards under kill -9, bad lines, full disks and clocks that are set; what left
 * the boards is compared sample by sample with what was sent. Prints a line for each round and ends with 1 when a
 * promise was broken or a round could not be played, which is told apart; such a round keeps its folder.
 */
import { mkdir, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { playRound, type RoundKind, roundKinds } from './play-round.ts';

const { values } = parseArgs({
  options: {
    rounds: { type: 'string', default: '4' },
    minutes: { type: 'string' },
    seed: { type: 'string', default: '1' },
    only: { type: 'string' },
    'at-once': { type: 'string', default: '1' },
  },
});
const [rounds, seed, atOnce] = [Number(values.rounds), Number(values.seed), Number(values['at-once'])];
const minutes = values.minutes === undefined ? undefined : Number(values.minutes);
const kinds = roundKinds.filter((kind) => values.only === undefined || kind === values.only);
const isUnderstood = [rounds, seed, atOnce].every((figure) => Number.isInteger(figure) && figure > 0);
if (!isUnderstood || kinds.length === 0 || (minutes !== undefined && !(minutes > 0))) {
  console.error(
    `Usage: npm run chaos -- [--rounds 4] [--minutes 10] [--seed 1] [--only ${roundKinds.join('|')}] [--at-once 1]`,
  );
  process.exit(2);
}

const startedMs = performance.now();
const folder = await mkdtemp(join(tmpdir(), 'loa-chaos-'));
let next = 0;
let done = 0;
let skipped = 0;
let unplayed = 0;
let breached = 0;
let samples = 0;
let kills = 0;

await Promise.all(Array.from({ length: atOnce }, work));
const seconds = ((performance.now() - startedMs) / 1_000).toFixed(0);
console.log(
  `${done} rounds, ${breached} with a breach, ${unplayed} not played, ${skipped} skipped; ${kills} kills; ` +
    `${(samples / 48_000).toFixed(0)} s of sound compared sample by sample; ${seconds} s`,
);
if (breached + unplayed === 0) await rm(folder, { recursive: true, force: true });
else console.log(`What broke a promise or was not played is kept in ${folder}`);
process.exitCode = breached + unplayed === 0 ? 0 : 1;

async function work(): Promise<void> {
  while (isTimeLeft()) {
    const number = next;
    next += 1;
    const kind: RoundKind = kinds[number % kinds.length] ?? 'kill';
    const dir = join(folder, `${number + 1}-${kind}`);
    await mkdir(dir);
    const told = await playRound({ kind, seed: seed + number, dir });
    if (told.kind === 'skipped') {
      skipped += 1;
      console.log(`SKIPPED round ${number + 1} ${kind}: ${told.reason}`);
      continue;
    }
    if (told.kind === 'unplayed') {
      unplayed += 1;
      console.log(`NOT PLAYED round ${number + 1} ${kind} seed ${seed + number}: ${told.reason}`);
      continue;
    }
    done += 1;
    samples += told.samples;
    kills += told.kills;
    console.log(`round ${number + 1} ${kind} seed ${seed + number}: ${told.line}`);
    for (const line of told.wrong) console.log(`  BREACH ${line}`);
    if (told.wrong.length > 0) breached += 1;
    else await rm(dir, { recursive: true, force: true });
  }
}

function isTimeLeft(): boolean {
  if (minutes !== undefined) return performance.now() - startedMs < minutes * 60_000;
  return next < rounds;
}
