/**
 * Does running another program always end, and as a value? Real child processes of Node itself, so that the test needs
 * nothing installed.
 */

import { runProcess } from '@loa/server/edges/process.ts';
import { describe, expect, test } from 'vitest';

const node = (script: string) => ({ command: process.execPath, args: ['-e', script], timeoutMs: 20_000 });

describe('a program run by the server', () => {
  test('gives back its exit code and both outputs', async () => {
    const result = await runProcess(
      node("process.stdout.write('ra'); process.stderr.write('lỗi'); process.exitCode = 3"),
    );
    expect(result).toMatchObject({ exitCode: 3, timedOut: false, outputTruncated: false, startError: null });
    expect(result.stdout.toString()).toBe('ra');
    expect(result.stderr.toString()).toBe('lỗi');
  });

  test('receives its standard input whole, also when larger than a pipe', async () => {
    const stdin = 'ă'.repeat(500_000);
    const result = await runProcess({
      ...node(
        "let n = 0; process.stdin.on('data', (d) => (n += d.length)).on('end', () => process.stdout.write(String(n)))",
      ),
      stdin,
    });
    expect(result.stdout.toString()).toBe(String(Buffer.byteLength(stdin)));
  });

  test('that never reads its input ends all the same', async () => {
    const result = await runProcess({ ...node('process.exit(0)'), stdin: Buffer.alloc(5_000_000) });
    expect(result).toMatchObject({ exitCode: 0, timedOut: false });
  });

  test('that hangs and ignores SIGTERM is killed at its limit', async () => {
    const result = await runProcess({
      ...node("process.on('SIGTERM', () => {}); process.stdout.write('up'); setInterval(() => {}, 1000)"),
      timeoutMs: 1_500,
    });
    expect(result).toMatchObject({ exitCode: null, timedOut: true });
    expect(result.stdout.toString()).toBe('up');
  });

  test('that floods its output is cut at the limit and still finishes', async () => {
    const result = await runProcess({
      ...node("for (let i = 0; i < 200; i++) process.stdout.write('x'.repeat(10000))"),
      outputLimitBytes: 1_000,
    });
    expect(result).toMatchObject({ exitCode: 0, outputTruncated: true });
    expect(result.stdout.length).toBe(1_000);
  });

  test('that leaves a grandchild holding its pipes does not hold the caller', async () => {
    const result = await runProcess(
      node(
        "const c = require('node:child_process').spawn(process.execPath, ['-e', 'setTimeout(() => {}, 6000)'], { stdio: 'inherit', detached: true }); c.unref(); process.exit(0)",
      ),
    );
    expect(result).toMatchObject({ exitCode: 0, timedOut: false });
  });

  test('that is not installed is a value that says so', async () => {
    const result = await runProcess({ command: 'loa-no-such-program', args: [], timeoutMs: 5_000, stdin: 'x' });
    expect(result).toMatchObject({ exitCode: null, startError: 'ENOENT', timedOut: false });
  });

  test('ends when its caller aborts', async () => {
    const abort = new AbortController();
    const running = runProcess({ ...node('setInterval(() => {}, 1000)'), signal: abort.signal });
    abort.abort();
    expect(await running).toMatchObject({ exitCode: null, timedOut: false });
  });

  test('receives its arguments untouched by any shell', async () => {
    const result = await runProcess({
      command: process.execPath,
      args: ['-e', 'process.stdout.write(process.argv[1])', '$(id); "x" *'],
      timeoutMs: 20_000,
    });
    expect(result.stdout.toString()).toBe('$(id); "x" *');
  });
});
