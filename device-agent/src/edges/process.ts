/**
 * Other programs the agent runs (decoder, sound card feeder): started with a list of arguments, never through a shell.
 * A program that is missing, dies or hangs ends as a value, and none outlives the agent. Never throws for what the program did.
 */
import { spawn } from 'node:child_process';
import { createRequire } from 'node:module';
import { findOnPath, isExecutable } from './find-program.ts';
import { leashed } from './leashed.ts';

/** Kept of what a program says on standard error. */
const saidBytesMax = 2_000;

export interface ProgramOptions {
  command: string;
  args: readonly string[];
  /** Pieces of standard output; when absent it is thrown away. */
  onOutput?: (piece: Buffer) => void;
  /** What was written has all been read, after more of it waited than a pipe holds. */
  onDrain?: () => void;
  /** Called once when it is over and all output has been given. `exitCode` is null when it was killed or never ran. */
  onEnd: (end: { exitCode: number | null; said: string }) => void;
}

export interface Program {
  /** Of the system; absent when it never ran. */
  readonly pid?: number | undefined;
  /** To its standard input; gives how many bytes wait unread. */
  write(piece: Uint8Array): number;
  /** Nothing more will be written. */
  endInput(): void;
  /** Stops and continues reading its output, so that a fast decoder waits for a slow listener. */
  pause(): void;
  resume(): void;
  /** At once. */
  kill(): void;
}

export type RunProgram = (options: ProgramOptions) => Program;

/** The real thing. */
export const runProgram: RunProgram = (options) => {
  const { command, args } = leashed(options.command, options.args);
  const child = spawn(command, args, { stdio: ['pipe', 'pipe', 'pipe'], windowsHide: true });
  let said = '';
  let isOver = false;
  const end = (exitCode: number | null) => {
    if (isOver) return;
    isOver = true;
    options.onEnd({ exitCode, said: said.trim() });
  };
  child.on('error', (error) => {
    said = `${said} ${error.message}`;
    if (child.pid === undefined) end(null);
  });
  child.on('close', end);
  child.stdin.on('error', () => undefined);
  child.stdin.on('drain', () => options.onDrain?.());
  child.stdout.on('data', (piece: Buffer) => options.onOutput?.(piece));
  child.stderr.on('data', (piece: Buffer) => {
    said = (said + piece.toString()).slice(-saidBytesMax);
  });
  return {
    pid: child.pid,
    write(piece) {
      child.stdin.write(piece);
      return child.stdin.writableLength;
    },
    endInput: () => {
      child.stdin.end();
    },
    pause: () => child.stdout.pause(),
    resume: () => child.stdout.resume(),
    kill: () => {
      child.kill('SIGKILL');
    },
  };
};

/**
 * Where ffmpeg is: named by FFMPEG_PATH, on PATH, or brought by the demo's and tests' packages; undefined when nowhere.
 */
export function findFfmpeg(env: Readonly<Record<string, string | undefined>>): string | undefined {
  if (env.FFMPEG_PATH !== undefined && env.FFMPEG_PATH !== '') return env.FFMPEG_PATH;
  return findOnPath('ffmpeg', env.PATH ?? '') ?? bundledFfmpeg();
}

/** True when a program can be started: named by its path, or found on PATH. */
export function hasProgram(command: string, env: Readonly<Record<string, string | undefined>>): boolean {
  return command.includes('/') ? isExecutable(command) : findOnPath(command, env.PATH ?? '') !== undefined;
}

function bundledFfmpeg(): string | undefined {
  try {
    const found: unknown = createRequire(import.meta.url)('@ffmpeg-installer/ffmpeg');
    const path = typeof found === 'object' && found !== null && 'path' in found ? found.path : undefined;
    return typeof path === 'string' && isExecutable(path) ? path : undefined;
  } catch {
    return undefined;
  }
}
