/**
 * How does the server run another program? One program, its arguments as a list (never a shell line), optional bytes
 * for its standard input, a time limit after which it is killed, and a bound on what is kept of its output. It may
 * assume nothing about the program: one that is missing, hangs, floods its output or closes its input early all end
 * as a value. It never throws for what the program did and never leaves one running past its limit or its own end.
 */

import { spawn } from 'node:child_process';
import { leashed } from './leashed.ts';

/** What is kept of each output stream when the caller names no limit: error texts, not sound. */
const OUTPUT_LIMIT_BYTES = 1024 * 1024;

/** After the gentle signal a program gets this long to clean up before it is killed outright. */
const KILL_GRACE_MS = 1_000;

/** After its end a grandchild may still hold the pipes open; waiting longer than this would hang the caller. */
const PIPE_GRACE_MS = 1_000;

/** One run of one program. */
export type ProcessRequest = {
  /** Program name (looked up on PATH) or absolute path. */
  command: string;
  args: readonly string[];
  /** Written to standard input, which is then closed. Default: standard input is empty. */
  stdin?: string | Uint8Array;
  /** Time limit for the whole run, in milliseconds. The program gets SIGTERM, then SIGKILL one second later. */
  timeoutMs: number;
  /** Kept of each of stdout and stderr, in bytes; the rest is read and dropped. Default 1 MiB. */
  outputLimitBytes?: number;
  /** Variables laid over the server's own environment. */
  env?: Readonly<Record<string, string>>;
  /** Working folder. Default: the server's. */
  cwd?: string;
  /** Aborting kills the program at once; the result then has `exitCode: null`. */
  signal?: AbortSignal;
};

/** How the run ended. */
export type ProcessResult = {
  /** The program's exit code; `null` when it was killed by a signal or could not be started. */
  exitCode: number | null;
  /** The first `outputLimitBytes` of each stream. */
  stdout: Buffer;
  stderr: Buffer;
  /** True when the time limit ended the run. */
  timedOut: boolean;
  /** True when bytes of stdout or stderr were dropped at the limit. */
  outputTruncated: boolean;
  /** Why the program could not be started (`ENOENT`: not installed; `EACCES`: not executable); else `null`. */
  startError: string | null;
};

/** Runs one program to its end. Always resolves. */
export type RunProcess = (request: ProcessRequest) => Promise<ProcessResult>;

/** The real thing: a child process of this server. */
export const runProcess: RunProcess = (request) =>
  new Promise((resolve) => {
    const limitBytes = request.outputLimitBytes ?? OUTPUT_LIMIT_BYTES;
    const stdout = keepFirst(limitBytes);
    const stderr = keepFirst(limitBytes);
    let timedOut = false;
    let startError: string | null = null;
    let settled = false;

    const { command, args } = leashed(request.command, request.args);
    const child = spawn(command, args, {
      stdio: ['pipe', 'pipe', 'pipe'],
      windowsHide: true,
      ...(request.cwd === undefined ? {} : { cwd: request.cwd }),
      ...(request.env === undefined ? {} : { env: { ...process.env, ...request.env } }),
    });

    const timers: NodeJS.Timeout[] = [];
    const killNow = () => child.kill('SIGKILL');
    const settle = (exitCode: number | null) => {
      if (settled) return;
      settled = true;
      for (const timer of timers) clearTimeout(timer);
      request.signal?.removeEventListener('abort', killNow);
      child.stdout.destroy();
      child.stderr.destroy();
      resolve({
        exitCode,
        stdout: stdout.bytes(),
        stderr: stderr.bytes(),
        timedOut,
        outputTruncated: stdout.truncated() || stderr.truncated(),
        startError,
      });
    };

    timers.push(
      setTimeout(() => {
        timedOut = true;
        child.kill('SIGTERM');
        timers.push(setTimeout(killNow, KILL_GRACE_MS));
      }, request.timeoutMs),
    );
    child.stdout.on('data', stdout.take);
    child.stderr.on('data', stderr.take);
    child.on('error', (error: NodeJS.ErrnoException) => {
      if (child.pid !== undefined) return;
      startError = error.code ?? error.message;
      settle(null);
    });
    child.on('exit', (exitCode) => timers.push(setTimeout(() => settle(exitCode), PIPE_GRACE_MS)));
    child.on('close', (exitCode) => settle(exitCode));
    request.signal?.addEventListener('abort', killNow, { once: true });
    if (request.signal?.aborted) killNow();

    // A program that ends before it has read everything breaks the pipe; its exit code already tells the story.
    child.stdin.on('error', () => {});
    child.stdin.end(request.stdin);
  });

function keepFirst(limitBytes: number) {
  const chunks: Buffer[] = [];
  let keptBytes = 0;
  let dropped = false;
  return {
    take: (chunk: Buffer) => {
      const room = limitBytes - keptBytes;
      if (chunk.length > room) dropped = true;
      if (room <= 0) return;
      const kept = chunk.length > room ? chunk.subarray(0, room) : chunk;
      chunks.push(kept);
      keptBytes += kept.length;
    },
    bytes: () => Buffer.concat(chunks),
    truncated: () => dropped,
  };
}
