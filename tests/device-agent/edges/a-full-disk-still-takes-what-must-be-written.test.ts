/** A real file system filled to the last byte: ledger, outbox and open faults are still written whole, and nothing else is. */
import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { ballastBytes, ballastStepBytes } from '@loa/device-agent/edges/ballast.ts';
import { openMachineDisk } from '@loa/device-agent/edges/machine-disk.ts';
import { openFaultsFile, openFaultsPaths } from '@loa/device-agent/keep/open-faults.ts';
import { afterEach, expect, test } from 'vitest';

const folder = mkdtempSync(join(tmpdir(), 'loa-full-'));
const isMounted = mount();
if (!isMounted) console.warn('SKIPPED: no small file system may be mounted here, so a full disk is not tried');

afterEach(() => {
  if (isMounted) execFileSync('umount', ['-l', folder]);
  rmSync(folder, { recursive: true, force: true });
});

test.runIf(isMounted)(
  'ledger and open faults are written on a disk without a free byte, and what was torn is cut off',
  async () => {
    const disk = await openMachineDisk(folder, { vital: ['ledger', ...openFaultsPaths] });
    expect(statSync(join(folder, 'ballast')).size).toBe(ballastBytes);
    await disk.append('ledger', 'one\n');
    fill();
    await expect(disk.append('other', 'x'.repeat(10_000))).rejects.toThrow(/ENOSPC/);
    const long = `${'x'.repeat(20_000)}\n`;
    await disk.append('ledger', long);
    await disk.replace('ledger', `one\n${long}two\n`);
    expect(Buffer.from((await disk.read('ledger')) ?? []).toString()).toBe(`one\n${long}two\n`);
    expect(statSync(join(folder, 'ballast')).size).toBeGreaterThanOrEqual(ballastBytes - 2 * ballastStepBytes);

    const fault = { kind: 'fault-opened', fault: 'ab', code: 'disk-nearly-full', sinceMs: 1, evidence: {} } as const;
    await openFaultsFile(disk).write([fault]);
    expect(await openFaultsFile(disk).read()).toEqual([fault]);

    rmSync(join(folder, 'hog'));
    await disk.space();
    expect(statSync(join(folder, 'ballast')).size).toBe(ballastBytes);
    await disk.close();
  },
);

function mount(): boolean {
  try {
    execFileSync('mount', ['-t', 'tmpfs', '-o', 'size=16m', 'loa-test', folder], { stdio: 'ignore' });
    return true;
  } catch {
    return false;
  }
}

function fill(): void {
  for (let size = 1 << 20; size > 0; size >>= 1) {
    try {
      for (;;) writeFileSync(join(folder, 'hog'), Buffer.alloc(size, 1), { flag: 'a' });
    } catch {
      // The next piece is smaller.
    }
  }
}
