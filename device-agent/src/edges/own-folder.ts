/**
 * The agent's own folders: nobody else may look in, whoever made them and under whatever mask. What is not ours, or
 * shared by its nature as `/tmp` is, is left as it is.
 */
import { accessSync, chmodSync, constants, mkdirSync, statSync } from 'node:fs';
import { join, resolve } from 'node:path';

const stickyBit = 0o1000;

/** Makes the folder when it is missing, and closes it to others (0700). What cannot be done is said by who uses it. */
export function closeToOthers(folder: string): void {
  try {
    mkdirSync(folder, { recursive: true, mode: 0o700 });
    const { uid, mode } = statSync(folder);
    // Of root's, what stands at the top of the tree is everybody's (`/srv`).
    const isSystems = (mode & stickyBit) !== 0 || (uid === 0 && resolve(folder, '..') === '/');
    if (uid === process.getuid?.() && !isSystems && (mode & 0o077) !== 0) chmodSync(folder, 0o700);
  } catch {
    return;
  }
}

/** Whether this user may read what the agent keeps: `denied` is not the same as nothing being there. */
export function readAccess(folder: string): 'granted' | 'denied' | 'missing' {
  for (const [path, how] of [
    [folder, constants.R_OK | constants.X_OK],
    [join(folder, 'settings.json'), constants.R_OK],
  ] as const) {
    try {
      accessSync(path, how);
    } catch (error) {
      const code = error instanceof Error && 'code' in error ? error.code : '';
      if (code !== 'ENOENT') return 'denied';
      if (path === folder) return 'missing';
    }
  }
  return 'granted';
}
