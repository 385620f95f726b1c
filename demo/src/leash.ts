/**
 * Loaded into each program of the town before its own first line: ends it when the launcher is gone, however that
 * happened. Without it a launcher killed with -9 leaves thirteen programs behind, and the next start would put a second
 * agent on every folder. The programs know nothing of it; their standard input is the leash.
 */
import { isMainThread } from 'node:worker_threads';

if (isMainThread) {
  process.stdin.once('close', () => process.kill(process.pid, 'SIGTERM'));
  process.stdin.on('error', () => undefined);
  process.stdin.resume();
  if ('unref' in process.stdin && typeof process.stdin.unref === 'function') process.stdin.unref();
}
