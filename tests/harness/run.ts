/**
 * `npm test`: format and lint, types, and every test; ends in one line with what passed and what failed. What runs real
 * processes mostly waits for them, so it goes on beside the rest and is shown after it. A check that cannot run counts
 * as failed. `npm run test:full`, or `--full`, takes the long inputs where `npm test` takes short ones (`full.ts`).
 */
import { spawn } from 'node:child_process';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { z } from 'zod';

const root = join(import.meta.dirname, '../..');
const bin = (name: string): string => join(root, 'node_modules/.bin', name);

const countsSchema = z.object({
  numPassedTests: z.int(),
  numFailedTests: z.int(),
  numPendingTests: z.int(),
  numFailedTestSuites: z.int(),
});

interface Counts {
  passed: number;
  failed: number;
  skipped: number;
}

const total: Counts = { passed: 0, failed: 0, skipped: 0 };
const startedMs = performance.now();

// Two towns start some fifty programs of the same modules: each is compiled once, not by every program anew.
const compiled = await mkdtemp(join(tmpdir(), 'loa-compiled-'));
process.env.NODE_COMPILE_CACHE = compiled;
if (process.argv.includes('--full')) process.env.LOA_TEST_FULL = '1';

const beside = vitest(['running'], 'pipe');
add(await check('format and lint', [bin('biome'), 'check', '.']));
add(await check('types', [bin('tsc'), '--noEmit', '-p', 'tsconfig.json']));
add(await check('types of the panel', [bin('tsc'), '--noEmit', '-p', 'web/tsconfig.json']));
add(await vitest(['sharing', 'rooms'], 'inherit'));
add(await beside);
await rm(compiled, { recursive: true, force: true });

console.log(`\nTook ${((performance.now() - startedMs) / 1000).toFixed(0)} s.`);
const skipped = total.skipped > 0 ? `, ${total.skipped} skipped` : '';
console.log(`${total.passed} passed, ${total.failed} failed${skipped}`);
process.exit(total.failed > 0 ? 1 : 0);

function add(counts: Counts): void {
  total.passed += counts.passed;
  total.failed += counts.failed;
  total.skipped += counts.skipped;
}

async function check(name: string, command: readonly string[]): Promise<Counts> {
  const { exitCode } = await run(command, 'inherit');
  console.log(`${exitCode === 0 ? 'passed' : 'FAILED'}: ${name}`);
  return { passed: exitCode === 0 ? 1 : 0, failed: exitCode === 0 ? 0 : 1, skipped: 0 };
}

async function vitest(projects: readonly string[], output: 'inherit' | 'pipe'): Promise<Counts> {
  const folder = await mkdtemp(join(tmpdir(), 'loa-test-'));
  const report = join(folder, 'counts.json');
  try {
    const args = ['run', '--config', 'tests/vitest.config.ts', ...projects.flatMap((name) => ['--project', name])];
    const { exitCode, text } = await run(
      [bin('vitest'), ...args, '--reporter=default', '--reporter=json', `--outputFile.json=${report}`],
      output,
    );
    process.stdout.write(text);
    const counts = countsSchema.parse(JSON.parse(await readFile(report, 'utf8')));
    const isBrokenOutsideTests = exitCode !== 0 && counts.numFailedTests === 0;
    return {
      passed: counts.numPassedTests,
      failed: counts.numFailedTests + (isBrokenOutsideTests ? Math.max(1, counts.numFailedTestSuites) : 0),
      skipped: counts.numPendingTests,
    };
  } catch (error) {
    console.error(`The tests of ${projects.join(' and ')} left no count: ${String(error)}`);
    return { passed: 0, failed: 1, skipped: 0 };
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

function run(
  [file, ...args]: readonly string[],
  output: 'inherit' | 'pipe',
): Promise<{ exitCode: number; text: string }> {
  return new Promise((resolve) => {
    const child = spawn(file ?? '', args, { cwd: root, stdio: ['ignore', output, output] });
    let text = '';
    for (const stream of [child.stdout, child.stderr]) {
      stream?.on('data', (chunk: Buffer) => {
        text += chunk.toString();
      });
    }
    child.once('error', (error) => resolve({ exitCode: 127, text: `${text}${String(error)}\n` }));
    child.once('close', (code) => resolve({ exitCode: code ?? 1, text }));
  });
}
