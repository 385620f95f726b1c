/** kill -9 of a program ends what it has started too, though that neither writes to it nor reads from it. */
import { spawn } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { eventually } from '../../harness/town.ts';

const isLeashable = existsSync('/usr/bin/setpriv');
if (!isLeashable) console.warn('SKIPPED: no setpriv of util-linux here, so programs are not tied to who starts them');

const starters = {
  agent: `import { runProgram } from ${source('@loa/device-agent/edges/process.ts')};
    const { pid } = runProgram({ command: 'sleep', args: ['600'], onEnd() {} });
    console.log(pid);`,
  server: `import { readFileSync } from 'node:fs';
    import { runProcess } from ${source('@loa/server/edges/process.ts')};
    void runProcess({ command: 'sleep', args: ['600'], timeoutMs: 600_000 });
    console.log(readFileSync('/proc/self/task/' + process.pid + '/children', 'utf8'));`,
};

test.runIf(isLeashable).each(Object.entries(starters))('of the %s', async (_name, script) => {
  const starter = spawn(process.execPath, ['--input-type=module', '-e', script], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const [said] = await new Promise<[Buffer]>((resolve) =>
    starter.stdout.once('data', (piece: Buffer) => resolve([piece])),
  );
  const pid = Number(said.toString());
  expect(pid).toBeGreaterThan(0);
  expect(await eventually(async () => commandOf(pid).startsWith('sleep'), 5_000, 20)).toBe(true);
  starter.kill('SIGKILL');
  const isGone = await eventually(async () => commandOf(pid) === '', 5_000, 20);
  if (!isGone) process.kill(pid, 'SIGKILL');
  expect(isGone).toBe(true);
});

function source(name: string): string {
  return JSON.stringify(import.meta.resolve(name));
}

/** Empty when it has ended, also while nobody has asked for its end yet. */
function commandOf(pid: number): string {
  try {
    return readFileSync(`/proc/${pid}/cmdline`, 'utf8');
  } catch {
    return '';
  }
}
