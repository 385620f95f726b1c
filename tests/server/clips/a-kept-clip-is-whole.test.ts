/**
 * Is a clip that has a name always whole, and still there after a power cut at any step once `keep` has answered?
 */
import { createHash } from 'node:crypto';
import { openClipFolder } from '@loa/server/keep/clips/clip-folder.ts';
import { describe, expect, test } from 'vitest';
import { createDiskTwin } from '../../harness/server-disk-twin.ts';

const root = '/loa/clips';
const bytes = new TextEncoder().encode('âm thanh đã chuẩn bị '.repeat(50));
const hash = createHash('sha256').update(bytes).digest('hex');

async function readAll(stream: AsyncIterable<Uint8Array>): Promise<Uint8Array> {
  const parts: Uint8Array[] = [];
  for await (const part of stream) parts.push(part);
  return Uint8Array.from(Buffer.concat(parts));
}

describe('a kept clip is whole', () => {
  test('it is found by the hash of its bytes, sharded, all or in part', async () => {
    const disk = createDiskTwin();
    disk.place('/loa/work/prepared', bytes);
    const folder = await openClipFolder({ root, disk });
    expect(await folder.has(hash)).toBe(false);
    expect(await folder.keep('/loa/work/prepared')).toBe(hash);
    expect(folder.pathOf(hash)).toBe(`${root}/${hash.slice(0, 2)}/${hash}`);
    expect(await folder.sizeBytes(hash)).toBe(bytes.length);
    expect(await readAll(folder.openRange(hash))).toEqual(bytes);
    expect(await readAll(folder.openRange(hash, { startByte: 10, endByte: 19 }))).toEqual(bytes.slice(10, 20));
  });

  test('kept again, nothing changes and nothing is left over', async () => {
    const disk = createDiskTwin();
    disk.place('/loa/work/prepared', bytes);
    const folder = await openClipFolder({ root, disk });
    await folder.keep('/loa/work/prepared');
    const before = disk.files();
    expect(await folder.keep('/loa/work/prepared')).toBe(hash);
    await Promise.all([folder.keep('/loa/work/prepared'), folder.keep('/loa/work/prepared')]);
    expect(disk.files()).toEqual(before);
  });

  test('after the answer it survives a power cut', async () => {
    const disk = createDiskTwin();
    disk.place('/loa/work/prepared', bytes);
    await (await openClipFolder({ root, disk })).keep('/loa/work/prepared');
    disk.cutPower();
    const folder = await openClipFolder({ root, disk });
    expect(await readAll(folder.openRange(hash))).toEqual(bytes);
  });

  test('a power cut at any step leaves all of it or nothing, and keeping again mends it', async () => {
    for (let cutAt = 0; ; cutAt++) {
      const disk = createDiskTwin();
      disk.place('/loa/work/prepared', bytes);
      const folder = await openClipFolder({ root, disk });
      let step = 0;
      disk.beforeStep = () => {
        if (step++ === cutAt) throw new Error('power cut');
      };
      const answered = await folder.keep('/loa/work/prepared').then(
        () => true,
        () => false,
      );
      disk.beforeStep = () => {};
      disk.cutPower();
      const again = await openClipFolder({ root, disk });
      if (await again.has(hash)) expect(await readAll(again.openRange(hash))).toEqual(bytes);
      else expect(answered).toBe(false);
      expect(await again.keep('/loa/work/prepared')).toBe(hash);
      expect(disk.files()).toEqual([`${root}/${hash.slice(0, 2)}/${hash}`, '/loa/work/prepared']);
      if (answered) return expect(cutAt).toBeGreaterThan(4);
    }
  });

  test('a full disk leaves nothing half-way', async () => {
    const disk = createDiskTwin();
    disk.place('/loa/work/prepared', bytes);
    const folder = await openClipFolder({ root, disk });
    disk.beforeStep = (step) => {
      if (step === 'sync') throw Object.assign(new Error('no space'), { code: 'ENOSPC' });
    };
    await expect(folder.keep('/loa/work/prepared')).rejects.toThrow('no space');
    expect(disk.files()).toEqual(['/loa/work/prepared']);
  });

  test.each(['', 'abc', hash.toUpperCase(), `${hash}0`, `../${hash.slice(3)}`, `${hash.slice(1)}/`])(
    'nothing but a hash becomes a path: %j',
    async (name) => {
      const folder = await openClipFolder({ root, disk: createDiskTwin() });
      expect(() => folder.pathOf(name)).toThrow(TypeError);
      expect(() => folder.openRange(name)).toThrow(TypeError);
      await expect(folder.has(name)).rejects.toThrow(TypeError);
    },
  );
});
