/**
 * Only one server may work on a data folder: a second one would publish, judge and tidy beside the first. The claim is a
 * socket name that the machine itself takes back when the process ends, however it ends, so that no stale file is left
 * after kill -9. It holds on one Linux machine (one network namespace); elsewhere nothing is claimed.
 */
import { createHash } from 'node:crypto';
import { realpathSync } from 'node:fs';
import { createServer } from 'node:net';

/** True when the folder is now claimed, until this process ends; false while another process holds it. */
export function claimFolder(folder: string): Promise<boolean> {
  if (process.platform !== 'linux') return Promise.resolve(true);
  const name = createHash('sha256').update(realpathSync(folder)).digest('hex');
  const claim = createServer((socket) => socket.destroy());
  claim.unref();
  return new Promise((resolve, reject) => {
    claim.once('error', (error) => {
      if ('code' in error && error.code === 'EADDRINUSE') resolve(false);
      else reject(error);
    });
    // A name that begins with a zero byte is in Linux's abstract namespace: no file (unix(7)).
    claim.listen(`\0loa-${name}`, () => resolve(true));
  });
}
