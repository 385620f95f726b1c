/**
 * The program on the pole begins here. It only makes room on a small board, then hands over: what has been compiled once
 * is kept in the agent's own folder, and the process begins anew from that, without the TypeScript compiler and with a
 * small young generation (measured idle: 116 MB resident without, 85 MB with). Same process id, same open files.
 */
import { existsSync } from 'node:fs';
import { enableCompileCache, flushCompileCache } from 'node:module';
import { dirname, resolve } from 'node:path';
import { closeToOthers } from './edges/own-folder.ts';

const [, program = '', ...args] = process.argv;
const isToRun = args.length === 0 || args[0] === 'run';

// Whatever it and its programs make is its own, also where no unit file says so.
process.umask(0o077);
if (isToRun && process.env.NODE_COMPILE_CACHE === undefined) await beginAnew();
const { runProgram } = await import('./program.ts');
const running = runProgram(args);
// Now, since a board ends by losing power more often than by being told.
if (isToRun) flushCompileCache();
await running;

async function beginAnew(): Promise<void> {
  // Below the agent's folder and nowhere else: whoever can write there can change what this program does.
  const compiled = resolve(process.env.LOA_AGENT_DIR ?? 'agent-data', 'compiled');
  if (existsSync(compiled)) closeToOthers(compiled);
  else {
    closeToOthers(dirname(compiled));
    closeToOthers(compiled);
    enableCompileCache(compiled);
    await import('./program.ts');
    flushCompileCache();
  }
  const argv = [process.execPath, ...process.execArgv, '--max-semi-space-size=1', program, ...args];
  process.execve?.(process.execPath, argv, { ...process.env, NODE_COMPILE_CACHE: compiled });
}
