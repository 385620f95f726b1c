/**
 * Gives back what starting or a sound needed and waiting does not: compiled code, parsed sources, the room around them. A
 * board of 256 MB runs more than the agent.
 */
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';

/** Collects everything that can be collected; takes some tens of milliseconds, so not while something is about to sound. */
export function handBackMemory(): void {
  setFlagsFromString('--expose-gc');
  const collect: unknown = runInNewContext('gc');
  if (typeof collect === 'function') collect({ type: 'major', execution: 'sync', flavor: 'last-resort' });
}
