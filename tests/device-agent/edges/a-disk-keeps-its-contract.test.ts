/** One contract for the real disk and its simulated twin: what `Disk` promises, both keep. */
import { mkdtemp, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Disk } from '@loa/device-agent/edges/disk.ts';
import { openMachineDisk } from '@loa/device-agent/edges/machine-disk.ts';
import { afterEach, describe, expect, it } from 'vitest';
import { simulatedDisk } from '../../harness/simulated-disk.ts';

const text = (bytes: Uint8Array | undefined) => (bytes === undefined ? undefined : Buffer.from(bytes).toString());
const folders: string[] = [];
const disks: { close(): Promise<void> }[] = [];

async function openIn(folder: string): Promise<Disk> {
  const disk = await openMachineDisk(folder);
  disks.push(disk);
  return disk;
}

async function machine(): Promise<Disk> {
  const folder = await mkdtemp(join(tmpdir(), 'loa-disk-'));
  folders.push(folder);
  return openIn(join(folder, 'agent'));
}

afterEach(async () => {
  for (const disk of disks.splice(0)) await disk.close();
  for (const folder of folders.splice(0)) await rm(folder, { recursive: true, force: true });
});

describe.each([
  ['machine disk', machine],
  ['simulated disk', async () => simulatedDisk({ fraction: () => 0.5 })],
] as const)('%s', (_name, make: () => Promise<Disk>) => {
  it('tells a missing file from an empty one', async () => {
    const disk = await make();
    expect(await disk.read('a.json')).toBeUndefined();
    expect(await disk.sizeBytes('a.json')).toBeUndefined();
    expect(await disk.list('clips')).toEqual([]);
    expect(await disk.readAt('a.json', 0, 10)).toHaveLength(0);
    await disk.replace('a.json', '');
    expect(text(await disk.read('a.json'))).toBe('');
    expect(await disk.sizeBytes('a.json')).toBe(0);
    await disk.remove('a.json');
    await disk.remove('a.json');
    expect(await disk.read('a.json')).toBeUndefined();
  });

  it('appends where the file ends, also after it was replaced or renamed', async () => {
    const disk = await make();
    await disk.append('ledger', 'một\n');
    await disk.append('ledger', 'hai\n');
    await disk.replace('ledger', 'ba\n');
    await disk.append('ledger', 'bốn\n');
    expect(text(await disk.read('ledger'))).toBe('ba\nbốn\n');
    await disk.rename('ledger', 'old');
    await disk.append('ledger', 'năm\n');
    expect(text(await disk.read('ledger'))).toBe('năm\n');
    expect(text(await disk.read('old'))).toBe('ba\nbốn\n');
  });

  it('writes and reads at an offset, in a folder made on the way', async () => {
    const disk = await make();
    await disk.writeAt('clips/x.part', 0, Buffer.from('abcdef'));
    await disk.writeAt('clips/x.part', 4, Buffer.from('EFGH'));
    await disk.sync('clips/x.part');
    expect(text(await disk.readAt('clips/x.part', 3, 3))).toBe('dEF');
    expect(text(await disk.readAt('clips/x.part', 7, 100))).toBe('H');
    expect(await disk.readAt('clips/x.part', 100, 5)).toHaveLength(0);
    await disk.rename('clips/x.part', 'clips/x');
    expect(await disk.list('clips')).toEqual(['x']);
    expect((await disk.space()).freeBytes).toBeGreaterThan(0);
  });

  it('does not rename or sync what is not there', async () => {
    const disk = await make();
    await expect(disk.rename('no', 'where')).rejects.toThrow('ENOENT');
    await expect(disk.sync('no')).rejects.toThrow('ENOENT');
  });
});

describe('machine disk', () => {
  it('keeps the folder and its files from everybody else, and does not leave it', async () => {
    const folder = await mkdtemp(join(tmpdir(), 'loa-disk-'));
    folders.push(folder);
    const disk = await openIn(join(folder, 'agent'));
    await disk.replace('settings.json', 'secret');
    await disk.append('ledger', 'x');
    await disk.writeAt('clips/a', 0, Buffer.from('x'));
    const mode = async (path: string) => (await stat(join(folder, 'agent', path))).mode & 0o777;
    expect(await mode('.')).toBe(0o700);
    expect(await mode('clips')).toBe(0o700);
    for (const path of ['settings.json', 'ledger', 'clips/a']) expect(await mode(path)).toBe(0o600);
    for (const path of ['../out', '/etc/x', 'a/../../b', '', 'a//b', '.hidden', 'a\\b', 'a/b/c/d/e'])
      await expect(disk.replace(path, 'x')).rejects.toThrow('Not a path');
  });

  it('does not list what a power cut left half written', async () => {
    const folder = await mkdtemp(join(tmpdir(), 'loa-disk-'));
    folders.push(folder);
    const disk = await openIn(folder);
    await disk.replace('clips/a', 'x');
    await writeFile(join(folder, 'clips', 'b.unfinished'), 'half');
    expect(await disk.list('clips')).toEqual(['a']);
  });
});
