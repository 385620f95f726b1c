/**
 * `npm run bench`: speed and size beside their floors, measured in one run, medians of several. Prints; never judges,
 * for machines differ and are noisy. `--agent` prints the packaged
 * agent's figures alone; `--sizes` also installs both lines of the README into empty folders and weighs
 * what was downloaded.
 */
import { execFile, execFileSync, spawn } from 'node:child_process';
import { cp, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { openTestTown } from '../harness/town.ts';
import { benchAgentSize } from './agent-size.ts';
import { idleDataLine, measureIdleData } from './idle-data.ts';
import { measurePlans } from './plans.ts';
import { measurePlayNow } from './play-now.ts';
import { measurePreview } from './preview.ts';
import { measureIdle, residentMb } from './processes.ts';
import { expansionLines, measureExpansion } from './recurrence.ts';
import { syncLines } from './sync.ts';

const run = promisify(execFile);
const root = join(import.meta.dirname, '../..');

if (process.argv.includes('--agent')) {
  await benchAgentSize(line);
  process.exit(0);
}

const previewed = measurePreview(20);
line(
  `preview of a commune's week, 60 clusters in 12 villages, ${previewed.lineCount} lines`,
  `${(previewed.plansMs + previewed.previewMs).toFixed(1)} ms (limit 50), of it ${previewed.plansMs.toFixed(1)} ms the plans of before and after`,
  `floor: its instants alone, once, ${previewed.floorMs.toFixed(1)} ms`,
);
const planned = measurePlans();
line(
  `a week's plans of ${planned.devices} devices from scratch, ${planned.items} items`,
  `${seconds(planned.allMs)} (limit 10 s), signing them ${seconds(planned.signMs)}`,
  `floor: the same bodies written as JSON, ${seconds(planned.floorMs)}`,
);
line(
  'the plans that a change in one commune touches, 80 devices',
  `${planned.communeMs.toFixed(0)} ms (limit 50)`,
  `floor: their share of all from scratch, ${((planned.allMs * 80) / planned.devices).toFixed(0)} ms`,
);
for (const [what, figure, floor] of expansionLines(measureExpansion())) line(what, figure, floor);
await benchAgentSize(line);
await startOfTown();
for (const told of await syncLines()) console.log(told);
line(...idleDataLine(await measureIdleData(4)));
if (process.argv.includes('--sizes')) await downloadSizes();

async function startOfTown(): Promise<void> {
  const floorMs = await medianOf(5, async () => {
    const from = performance.now();
    await run(process.execPath, ['-e', '']);
    return performance.now() - from;
  });
  const from = performance.now();
  const test = await openTestTown();
  const readyMs = performance.now() - from;
  const processes = test.town.clusterIds.length + 1;
  try {
    line(
      'npm start to a usable panel with 12 clusters in reach',
      seconds(readyMs),
      `floor: ${processes} empty node processes, one core each, ${seconds((floorMs * processes) / 2)}`,
    );

    const bare = spawn(process.execPath, ['-e', 'setInterval(() => {}, 1e6)']);
    await pause(1_000);
    const bareMb = residentMb(bare.pid ?? 0);
    bare.kill();
    const pids = test.town.clusterIds.map((id) => test.town.agent(id).pid ?? 0);
    const idle = await measureIdle(pids, 20_000);
    line(
      'agent resident, idle, median of 12',
      `${median(idle.map((each) => each.residentMb)).toFixed(0)} MB (limit 110)`,
      `floor: an empty node process, ${bareMb.toFixed(0)} MB`,
    );
    line(
      'agent processor, idle, median of 12',
      `${median(idle.map((each) => each.corePercent)).toFixed(2)} % of a core (limit 2)`,
      'floor: 0 %',
    );

    const { firstSampleMs, floorMs: fetchFloorMs } = await measurePlayNow(test, 5);
    line(
      '"play now" to first sample, clip prepared, median of 5 × 12 clusters',
      `${median(firstSampleMs).toFixed(0)} ms (limit 1000), worst ${Math.max(...firstSampleMs).toFixed(0)} ms`,
      `floor: one HTTP round trip and one decoder started, ${fetchFloorMs.toFixed(0)} ms`,
    );
  } finally {
    await test.close();
  }
}

async function downloadSizes(): Promise<void> {
  for (const [name, args] of [
    ['npm ci', []],
    ['npm ci --omit=dev', ['--omit=dev']],
  ] as const) {
    const folder = await mkdtemp(join(tmpdir(), 'loa-size-'));
    try {
      execFileSync('git', ['-C', root, 'checkout-index', '-a', `--prefix=${folder}/loa/`]);
      await cp(join(root, 'package-lock.json'), join(folder, 'loa/package-lock.json'));
      await run('npm', ['ci', ...args, '--cache', join(folder, 'cache'), '--no-audit', '--no-fund'], {
        cwd: join(folder, 'loa'),
      });
      const kib = (path: string): number => Number(execFileSync('du', ['-sk', path]).toString().split('\t')[0]);
      line(
        `${name}: downloaded`,
        `${(kib(join(folder, 'cache/_cacache/content-v2')) / 1024).toFixed(0)} MiB`,
        `unpacked ${(kib(join(folder, 'loa/node_modules')) / 1024).toFixed(0)} MiB`,
      );
    } finally {
      await rm(folder, { recursive: true, force: true });
    }
  }
}

function line(what: string, figure: string, floor: string): void {
  console.log(`${what}: ${figure}; ${floor}`);
}

function seconds(ms: number): string {
  return `${(ms / 1000).toFixed(1)} s`;
}

async function medianOf(times: number, measure: () => Promise<number>): Promise<number> {
  const figures: number[] = [];
  for (let n = 0; n < times; n += 1) figures.push(await measure());
  return median(figures);
}

function median(figures: readonly number[]): number {
  const sorted = [...figures].sort((a, b) => a - b);
  return sorted[sorted.length >> 1] ?? Number.NaN;
}

function pause(ms: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, ms));
}
