/**
 * Is a clip named by its content alone? The same file prepared twice gives the same bytes, whatever its name and tags.
 */
import { createHash } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { describe, expect, test } from 'vitest';
import { encodeFile, joined, noise, speechLike } from '../../harness/sound.ts';
import { openWorkshop } from './workshop.ts';

const workshop = await openWorkshop();

describe('the same sound gets the same hash', () => {
  test('twice the same upload, under another name', async () => {
    const speech = speechLike({ seconds: 2 });
    const first = await workshop.prepared(await workshop.wav('one.wav', speech));
    const second = await workshop.prepared(await workshop.wav('hai.bin', speech));
    expect(second.clip).toEqual(first.clip);
    expect(first.clip.hash).toBe(first.clip.renditions[0]?.hash);
  });

  test('also when the sound has to be evened out', async () => {
    const bang = joined(
      speechLike({ seconds: 2, levelDbfs: -45 }),
      noise({ seconds: 0.1, levelDbfs: 0 }),
      speechLike({ seconds: 2, levelDbfs: -40, seed: 2 }),
    );
    const path = await workshop.wav('bang.wav', bang);
    expect((await workshop.prepared(path)).clip).toEqual((await workshop.prepared(path)).clip);
  });

  test('tags of the source do not reach the clip', async () => {
    const from = await workshop.wav('plain.wav', speechLike({ seconds: 2, seed: 3 }));
    const [bare, tagged] = [workshop.path('bare.flac'), workshop.path('tagged.flac')];
    await encodeFile({ from, to: bare });
    await encodeFile({ from, to: tagged, options: ['-metadata', 'title=Xã Hàm Thắng', '-metadata', 'artist=UBND'] });
    expect((await workshop.prepared(tagged)).clip.renditions).toEqual((await workshop.prepared(bare)).clip.renditions);
  });

  test('a name is the SHA-256 of the bytes, and other sound has another', async () => {
    const { clip, files } = await workshop.prepared(await workshop.wav('noise.wav', noise({ seconds: 1 })));
    for (const [index, path] of [files.ogg, files.mp3].entries()) {
      const bytes = await readFile(path);
      expect(createHash('sha256').update(bytes).digest('hex')).toBe(clip.renditions[index]?.hash);
      expect(bytes.length).toBe(clip.renditions[index]?.sizeBytes);
    }
    const other = await workshop.prepared(await workshop.wav('noise2.wav', noise({ seconds: 1, seed: 2 })));
    expect(other.clip.hash).not.toBe(clip.hash);
  });
});
