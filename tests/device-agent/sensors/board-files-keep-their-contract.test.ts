/** The kernel's files and small programs: one contract, for the real ones and for the twin that other tests use. */
import { chmod, mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { type BoardFiles, machineBoardFiles } from '@loa/device-agent/edges/board-files.ts';
import { machineClock } from '@loa/device-agent/edges/clock.ts';
import { runProgram } from '@loa/device-agent/edges/process.ts';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { boardFilesTwin } from '../../harness/board-files-twin.ts';

let folder: string;
const kinds: Record<string, { files: BoardFiles; root: string }> = {};

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'loa-board-files-'));
  const texts = { 'supply/BAT0/capacity': '81\n', 'supply/AC/online': '1\n', long: 'x'.repeat(100_000) };
  for (const [path, text] of Object.entries(texts)) {
    await mkdir(dirname(join(folder, path)), { recursive: true });
    await writeFile(join(folder, path), text);
  }
  for (const [name, body] of Object.entries({ says: 'echo "-71 dBm"', fails: 'echo 5; exit 3' })) {
    await writeFile(join(folder, name), `#!/bin/sh\n${body}\n`);
    await chmod(join(folder, name), 0o755);
  }
  kinds.machine = { files: machineBoardFiles({ run: runProgram, wait: machineClock.setTimer }), root: folder };
  const twin = boardFilesTwin(Object.fromEntries(Object.entries(texts).map(([path, text]) => [`/twin/${path}`, text])));
  twin.program('/twin/says', '-71 dBm\n');
  kinds.twin = { files: twin, root: '/twin' };
});
afterAll(() => rm(folder, { recursive: true, force: true }));

describe.each(['machine', 'twin'])('%s', (name) => {
  const of = () => kinds[name] ?? expect.fail('not there');

  test('reads trimmed text, at most 16 kB of it', async () => {
    const { files, root } = of();
    expect(await files.read(`${root}/supply/BAT0/capacity`)).toBe('81');
    expect((await files.read(`${root}/long`))?.length).toBe(16_384);
  });

  test('what is not there, or is a folder, is undefined and empty', async () => {
    const { files, root } = of();
    expect(await files.read(`${root}/none`)).toBeUndefined();
    expect(await files.read(`${root}/supply`)).toBeUndefined();
    expect(await files.list(`${root}/none`)).toEqual([]);
  });

  test('lists names in order', async () => {
    const { files, root } = of();
    expect(await files.list(`${root}/supply`)).toEqual(['AC', 'BAT0']);
  });

  test('a program says its line, or nothing when it fails or is not there', async () => {
    const { files, root } = of();
    expect(await files.ask(`${root}/says`)).toBe('-71 dBm');
    expect(await files.ask(`${root}/fails`)).toBeUndefined();
    expect(await files.ask(`${root}/none`)).toBeUndefined();
  });
});
