/** The supervisor hears of life only while the loop turns, the conductor decides and the disk answers; starts are counted. */
import { spawnSync } from 'node:child_process';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { diskAnswerMsMax, startPulse } from '@loa/device-agent/work/health/pulse.ts';
import { countRecent, startsMax, watchStarts } from '@loa/device-agent/work/health/starts.ts';
import { expect, test } from 'vitest';
import { type ManualClock, manualClock } from '../../harness/manual-clock.ts';
import { simulatedDisk } from '../../harness/simulated-disk.ts';
import { issuedMs } from '../installation.ts';

function pulseOn(clock: ManualClock) {
  const board = { thinks: true, disk: 'answers' as 'answers' | 'refuses' | 'hangs', alive: 0, unwell: [] as string[] };
  let thought = clock.monotonicMs();
  const pulse = startPulse({
    clock,
    disk: {
      replace: () => {
        if (board.disk === 'hangs') return new Promise(() => undefined);
        return board.disk === 'refuses' ? Promise.reject(new Error('EROFS')) : Promise.resolve();
      },
    },
    conductor: {
      reconsider: () => {
        if (board.thinks) thought = clock.monotonicMs();
      },
      thoughtMonotonicMs: () => thought,
    },
    everyMs: 30_000,
    onAlive: () => {
      board.alive += 1;
    },
    onUnwell: (reason) => board.unwell.push(reason),
  });
  return { board, pulse };
}

test('a well agent is heard at every look', async () => {
  const clock = manualClock({ wallMs: issuedMs });
  const { board } = pulseOn(clock);
  await clock.advance(600_000);
  expect(board.alive).toBe(21);
  expect(board.unwell).toEqual([]);
});

test('a conductor that comes to no decision is not, and it is logged once', async () => {
  const clock = manualClock({ wallMs: issuedMs });
  const { board } = pulseOn(clock);
  await clock.advance(1_000);
  board.thinks = false;
  await clock.advance(120_000);
  expect(board).toMatchObject({ alive: 1, unwell: ['the conductor comes to no decision'] });
});

test('nor is one whose disk does not come back; a disk that refuses is answered for', async () => {
  const clock = manualClock({ wallMs: issuedMs });
  const { board } = pulseOn(clock);
  board.disk = 'refuses';
  await clock.advance(300_000);
  expect(board.unwell).toEqual([]);
  board.disk = 'hangs';
  await clock.advance(300_000 + diskAnswerMsMax + 60_000);
  expect(board.unwell).toEqual(['the disk does not answer']);
  const before = board.alive;
  await clock.advance(300_000);
  expect(board.alive).toBe(before);
});

test.each<[string, { boot: string; uptimeMs: number; wallMs: number }[], number]>([
  ['of this boot, by its own uptime', [{ boot: 'b', uptimeMs: 60_000, wallMs: 0 }], 1],
  ['of this boot, long ago', [{ boot: 'b', uptimeMs: 0, wallMs: issuedMs }], 0],
  ['of a boot before, just now', [{ boot: 'a', uptimeMs: 9e9, wallMs: issuedMs - 3_601_000 }], 0],
])('a start %s', (_name, starts, count) => {
  expect(countRecent(starts, { boot: 'b', uptimeMs: 3_650_000, wallMs: issuedMs })).toBe(count);
});

test('more than five starts within an hour open a fault, across power cuts, and an hour of rest ends it', async () => {
  const clock = manualClock({ wallMs: issuedMs });
  const disk = simulatedDisk({ fraction: () => 0.5 });
  const signals: boolean[] = [];
  const faults = { signal: (_code: string, { bad }: { bad: boolean }) => void signals.push(bad) };
  for (let start = 1; start <= startsMax + 1; start += 1) {
    const begunMs = clock.monotonicMs();
    const life = { boot: `boot-${start}`, uptimeMs: () => clock.monotonicMs() - begunMs };
    const watch = await watchStarts({
      disk,
      clock,
      life,
      faults,
      onDamaged: () => expect.unreachable('a cut is no damage'),
    });
    expect(signals.at(-1)).toBe(start > startsMax);
    if (start <= startsMax) watch.stop();
    await clock.advance(120_000);
    if (start <= startsMax) disk.reboot();
  }
  await clock.advance(3_600_000);
  expect(signals.at(-1)).toBe(false);
});

test('it begins anew under its supervisor by ending, and by itself where nobody would begin it', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'loa-anew-'));
  const edge = join(import.meta.dirname, '../../../device-agent/src/edges/supervisor.ts');
  const program = join(folder, 'anew.ts');
  await writeFile(
    program,
    `import { writeSync } from 'node:fs';
import { openSupervisor } from '${edge}';
writeSync(1, process.pid + ' ' + process.argv.slice(2) + '\\n');
const supervisor = openSupervisor(process.env);
const isSecond = process.env.BEGUN === '1';
process.env.BEGUN = '1';
supervisor.leave(isSecond ? 'end' : 'anew');
`,
  );
  const { INVOCATION_ID: _id, NOTIFY_SOCKET: _socket, ...env } = process.env;
  const alone = spawnSync(process.execPath, [program, 'run'], { env, encoding: 'utf8' });
  const [first, second, ...more] = alone.stdout.trim().split('\n');
  expect(first).toMatch(/^\d+ run$/);
  expect(second).toBe(first);
  expect(more).toEqual([]);
  expect(alone.status).toBe(0);
  const supervised = spawnSync(process.execPath, [program, 'run'], {
    env: { ...env, INVOCATION_ID: 'x' },
    encoding: 'utf8',
  });
  expect(supervised.status).toBe(85);
  await rm(folder, { recursive: true, force: true });
});
