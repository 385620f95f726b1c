/**
 * How does a program end with the one that started it, also when that is killed outright? The kernel sees to it
 * (`prctl(2)`, PR_SET_PDEATHSIG), asked by util-linux's `setpriv`, which then becomes the program: same process id.
 * Without it a decoder that hangs, or an encoder from file to file, would go on alone; a program that writes to or reads
 * from our pipe ends by itself. Where `setpriv` is missing or another one (BusyBox), programs run as they are.
 */
import { spawnSync } from 'node:child_process';
import { findOnPath, isExecutable } from './find-program.ts';

const setpriv = '/usr/bin/setpriv';
const leash = ['--pdeathsig', 'KILL', '--'];

let canLeash: boolean | undefined;

/** What to spawn instead. A command that cannot be found or run is left as it is, so that it fails as itself. */
export function leashed(command: string, args: readonly string[]): { command: string; args: string[] } {
  const path = command.includes('/') ? command : findOnPath(command, process.env.PATH ?? '');
  if (path === undefined || !isExecutable(path)) return { command, args: [...args] };
  canLeash ??= isExecutable(setpriv) && spawnSync(setpriv, [...leash, setpriv, '--version']).status === 0;
  return canLeash ? { command: setpriv, args: [...leash, command, ...args] } : { command, args: [...args] };
}
