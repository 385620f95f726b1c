/**
 * Do the machine's disk and its twin in memory behave alike? One contract, run against both.
 */
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type Disk, machineDisk } from '@loa/server/edges/disk.ts';
import { afterAll, describe, expect, test } from 'vitest';
import { createDiskTwin } from '../../harness/server-disk-twin.ts';

const real = await mkdtemp(join(tmpdir(), 'loa-disk-'));
afterAll(() => rm(real, { recursive: true, force: true }));

const disks: readonly { name: string; disk: Disk; root: string }[] = [
  { name: 'the machine', disk: machineDisk, root: real },
  { name: 'its twin', disk: createDiskTwin(), root: '/twin' },
];

async function* chunks(...parts: string[]) {
  for (const part of parts) yield new TextEncoder().encode(part);
}
const read = async (disk: Disk, path: string, range?: { startByte: number; endByte?: number }) => {
  const parts: Uint8Array[] = [];
  for await (const part of disk.openStream(path, range)) parts.push(part);
  return Buffer.concat(parts).toString();
};

describe.each(disks)('$name', ({ disk, root }) => {
  const folder = `${root}/a/b`;

  test('writes whole, reads whole and in part', async () => {
    await disk.makeFolder(folder);
    await disk.makeFolder(folder);
    await disk.writeSynced(`${folder}/one`, chunks('xin ', 'chào'));
    expect(await disk.sizeBytes(`${folder}/one`)).toBe(9);
    expect(await read(disk, `${folder}/one`)).toBe('xin chào');
    expect(await read(disk, `${folder}/one`, { startByte: 4 })).toBe('chào');
    expect(await read(disk, `${folder}/one`, { startByte: 0, endByte: 2 })).toBe('xin');
    const part = await disk.readAt({ path: `${folder}/one`, offset: 4, length: 100 });
    expect(new TextDecoder().decode(part)).toBe('chào');
  });

  test('never writes over a file, but renames over one', async () => {
    await expect(disk.writeSynced(`${folder}/one`, chunks('khác'))).rejects.toThrow();
    await disk.writeSynced(`${folder}/two`, chunks('khác'));
    await disk.rename({ from: `${folder}/two`, to: `${folder}/one` });
    await disk.syncFolder(folder);
    expect(await read(disk, `${folder}/one`)).toBe('khác');
    expect(await disk.sizeBytes(`${folder}/two`)).toBeUndefined();
  });

  test('gives a file a second name, but never over another', async () => {
    await disk.linkOrCopy({ from: `${folder}/one`, to: `${folder}/second` });
    expect(await read(disk, `${folder}/second`)).toBe('khác');
    await expect(disk.linkOrCopy({ from: `${folder}/one`, to: `${folder}/second` })).rejects.toThrow();
    await expect(disk.linkOrCopy({ from: `${folder}/none`, to: `${folder}/third` })).rejects.toThrow();
    await disk.remove(`${folder}/second`);
    expect(await read(disk, `${folder}/one`)).toBe('khác');
  });

  test('a source that fails half-way rejects', async () => {
    async function* failing() {
      yield new Uint8Array(3);
      throw new Error('source gone');
    }
    await expect(disk.writeSynced(`${folder}/half`, failing())).rejects.toThrow('source gone');
    await disk.remove(`${folder}/half`);
  });

  test('names what is in a folder, and nothing of a missing one', async () => {
    expect(await disk.list(folder)).toEqual(['one']);
    expect(await disk.list(`${root}/a`)).toEqual(['b']);
    expect(await disk.list(`${root}/nowhere`)).toEqual([]);
    expect(await disk.sizeBytes(`${root}/nowhere/file`)).toBeUndefined();
    expect(await disk.sizeBytes(folder)).toBeUndefined();
  });

  test('temporary places are new each time', async () => {
    const [one, two] = [await disk.makeTemporaryFolder(folder), await disk.makeTemporaryFolder(folder)];
    expect(one).not.toBe(two);
    expect(disk.temporaryPath(folder)).not.toBe(disk.temporaryPath(folder));
  });

  test('removes a folder with all in it, and what is not there', async () => {
    await disk.remove(`${root}/a`);
    await disk.remove(`${root}/a`);
    expect(await disk.list(`${root}/a`)).toEqual([]);
  });

  test('a missing file is an error of the stream', async () => {
    await expect(read(disk, `${root}/nowhere`)).rejects.toThrow();
  });

  test('says how much is free', async () => {
    expect(await disk.freeBytes(root)).toBeGreaterThan(0);
  });
});
