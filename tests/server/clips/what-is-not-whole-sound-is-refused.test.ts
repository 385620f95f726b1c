/**
 * Is everything refused that is not sound, or not all of it, each with its own reason, and is nothing left on disk? No
 * file from outside is opened as anything but sound.
 */
import { readFile } from 'node:fs/promises';
import { createServer } from 'node:http';
import { machineDisk } from '@loa/server/edges/disk.ts';
import { clipRefusal, clipRefusalCodes } from '@loa/server/keep/clips/clip-refusals.ts';
import { prepareClip } from '@loa/server/keep/clips/prepare-clip.ts';
import { describe, expect, test } from 'vitest';
import { encodeFile, joined, noise, runFfmpeg, seededRandom, silence, sine, speechLike } from '../../harness/sound.ts';
import { wavBytes } from '../../harness/sound-files.ts';
import { openWorkshop } from './workshop.ts';

const workshop = await openWorkshop();
const speech = speechLike({ seconds: 3, seed: 5 });
const speechPath = await workshop.wav('speech.wav', speech);

async function encoded(name: string, options: readonly string[]): Promise<Buffer> {
  await encodeFile({ from: speechPath, to: workshop.path(name), options });
  return readFile(workshop.path(name));
}

const wav = wavBytes([speech]);
const mp3 = await encoded('whole.mp3', ['-c:a', 'libmp3lame', '-b:a', '64k', '-id3v2_version', '0']);
const plainMp3 = await encoded('plain.mp3', [
  '-c:a',
  'libmp3lame',
  '-b:a',
  '64k',
  '-id3v2_version',
  '0',
  '-write_xing',
  '0',
]);
const taggedMp3 = await encoded('tagged.mp3', ['-c:a', 'libmp3lame', '-b:a', '64k', '-metadata', 'title=Bản tin']);
const ogg = await encoded('whole.ogg', ['-c:a', 'libvorbis', '-page_duration', '200000']);
const m4a = await encoded('whole.m4a', ['-c:a', 'aac']);
const fastM4a = await encoded('fast.m4a', ['-c:a', 'aac', '-movflags', '+faststart']);
const flac = await encoded('whole.flac', ['-c:a', 'flac']);
const jpeg = await runFfmpeg(['-f', 'lavfi', '-i', 'testsrc=size=160x120', '-frames:v', '1', '-f', 'mjpeg', 'pipe:1']);
const webmBytes = await encoded('whole.webm', ['-c:a', 'libopus']);

const random = seededRandom(1);
const packed = Buffer.from(Array.from({ length: 50_000 }, () => Math.floor(random() * 256)));
const half = (bytes: Buffer) => bytes.subarray(0, Math.floor(bytes.length / 2) + 7);
const changed = (bytes: Buffer, change: (copy: Buffer) => void) => {
  const copy = Buffer.from(bytes);
  change(copy);
  return copy;
};
const damaged = (bytes: Buffer) => changed(bytes, (copy) => packed.copy(copy, Math.floor(copy.length / 2), 0, 3000));
const xingAt = Math.max(mp3.indexOf('Xing'), mp3.indexOf('Info'));
const hours = 4;
/** Multiplies the length in an `mvhd` or `mdhd` box. */
const stretch = (copy: Buffer, box: string) => {
  const times = copy.indexOf(box) + 4;
  copy.writeUInt32BE(copy.readUInt32BE(times + 12) * hours * 3600, times + 16);
};

const refused: Record<string, readonly [Uint8Array | string, string]> = {
  'an empty file': ['', 'not-audio'],
  'a text renamed .mp3': ['Ủy ban nhân dân xã thông báo: sáng mai cắt điện.\n'.repeat(200), 'not-audio'],
  'a text in UTF-16': [Buffer.from(`\ufeff${'Thông báo '.repeat(500)}`, 'utf16le'), 'not-audio'],
  'a picture renamed .mp3': [jpeg, 'not-audio'],
  'a Word file renamed .mp3': [Buffer.concat([Buffer.from('PK\x03\x04'), packed]), 'not-audio'],
  'packed data': [packed, 'not-audio'],
  'one byte': [Buffer.from([0xff]), 'not-audio'],
  zeros: [Buffer.alloc(100_000), 'not-audio'],
  'a playlist': ['#EXTM3U\n#EXT-X-TARGETDURATION:10\n#EXTINF:10,\nspeech.wav\n#EXT-X-ENDLIST\n', 'not-audio'],
  'a list of files to join': ["ffconcat version 1.0\nfile 'speech.wav'\n", 'not-audio'],
  'a session description': ['v=0\no=- 0 0 IN IP4 127.0.0.1\nc=IN IP4 127.0.0.1\nm=audio 5004 RTP/AVP 0\n', 'not-audio'],
  'raw samples': [wav.subarray(44), 'headerless'],
  'raw samples of a tone': [wavBytes([sine({ seconds: 1, hz: 440 })]).subarray(44), 'headerless'],
  'an MP3 that starts inside a frame': [plainMp3.subarray(501), 'headerless'],
  'a WAV cut off': [half(wav), 'truncated'],
  'a WAV of nothing but its header': [wav.subarray(0, 40), 'truncated'],
  'an MP3 cut off': [half(mp3), 'truncated'],
  'an MP3 without a declared length, cut inside a frame': [half(plainMp3), 'truncated'],
  'an MP3 cut inside its tag': [taggedMp3.subarray(0, 30), 'truncated'],
  'an Ogg cut off': [half(ogg), 'truncated'],
  'an M4A cut off': [half(m4a), 'truncated'],
  'an M4A with its index first, cut off': [half(fastM4a), 'truncated'],
  'a FLAC cut off': [half(flac), 'truncated'],
  'an MP3 damaged in the middle': [damaged(mp3), 'truncated'],
  'an Ogg damaged in the middle': [damaged(ogg), 'truncated'],
  'an Ogg with one changed byte': [
    changed(ogg, (copy) => copy.writeUInt8(copy.readUInt8(copy.length - 500) ^ 1, copy.length - 500)),
    'truncated',
  ],
  'a FLAC damaged in the middle': [damaged(flac), 'truncated'],
  'a WAV that claims hours': [wavBytes([speech], { declaredDataBytes: hours * 3600 * 96_000 }), 'length-mismatch'],
  'an MP3 that claims hours': [changed(mp3, (copy) => copy.writeUInt32BE(600_000, xingAt + 8)), 'length-mismatch'],
  'an M4A whose movie claims hours': [changed(m4a, (copy) => stretch(copy, 'mvhd')), 'length-mismatch'],
  'an M4A whose sound claims hours': [changed(m4a, (copy) => stretch(copy, 'mdhd')), 'length-mismatch'],
  'a WAV with sound after its declared end': [wavBytes([speech], { declaredDataBytes: 48_000 }), 'length-mismatch'],
  'a third of a second': [wavBytes([sine({ seconds: 0.3, hz: 440 })]), 'too-short'],
  'an hour of nothing at a hundred samples a second': [
    changed(wavBytes([sine({ seconds: 1, hz: 20, sampleRateHz: 48_000 })]), (copy) => {
      copy.writeUInt32LE(100, 24);
      copy.writeUInt32LE(100 * copy.readUInt16LE(32), 28);
    }),
    'too-coarse',
  ],
  silence: [wavBytes([silence({ seconds: 3 })]), 'silent'],
  'an open microphone in an empty room': [wavBytes([noise({ seconds: 3, levelDbfs: -62 })]), 'silent'],
  'clicks over silence': [
    wavBytes([joined(...[1, 2, 3].flatMap(() => [noise({ seconds: 0.001 }), silence({ seconds: 0.9 })]))]),
    'uneven',
  ],
};

describe('what is not whole sound is refused', () => {
  test.concurrent.each(Object.keys(refused))('%s', async (name) => {
    const [bytes, code] = refused[name] ?? ['', ''];
    const end = await workshop.prepare(await workshop.file(`${name}.mp3`, bytes));
    expect(end.ok ? 'taken' : end.refusal.code).toBe(code);
    expect(await workshop.leftIn(end.workDir)).toEqual([]);
  });

  test('a picture without sound, in a container that could hold some', async () => {
    const path = workshop.path('film.mp4');
    await runFfmpeg(['-f', 'lavfi', '-i', 'testsrc=size=64x64:duration=1', '-c:v', 'mpeg4', '-y', path]);
    const end = await workshop.prepare(path);
    expect(end.ok ? 'taken' : end.refusal.code).toBe('not-audio');
  });

  test('a Matroska recording that breaks off', async () => {
    const end = await workshop.prepare(await workshop.file('cut.webm', half(webmBytes)));
    expect(end.ok ? 'taken' : end.refusal.code).toBe('truncated');
  });

  test('longer than allowed, without decoding all of it', async () => {
    const workDir = await machineDisk.makeTemporaryFolder(workshop.folder);
    const path = await workshop.wav('long.wav', speechLike({ seconds: 20, sampleRateHz: 8000 }));
    let mostBytes = 0;
    const disk = {
      ...machineDisk,
      sizeBytes: async (file: string) => {
        const size = await machineDisk.sizeBytes(file);
        if (file.startsWith(workDir)) mostBytes = Math.max(mostBytes, size ?? 0);
        return size;
      },
    };
    const end = await prepareClip({ inputPath: path, workDir, ffmpeg: workshop.ffmpeg, disk, longestMs: 2000 });
    expect(end.ok ? 'taken' : end.refusal.code).toBe('too-long');
    expect(mostBytes / 4 / 48_000).toBeLessThan(8);
    expect(await workshop.leftIn(workDir)).toEqual([]);
  });

  test('more than 200 MB, without reading it', async () => {
    const disk = { ...machineDisk, sizeBytes: async () => 2 * 1024 ** 3 };
    const end = await prepareClip({
      inputPath: speechPath,
      workDir: workshop.folder,
      ffmpeg: workshop.ffmpeg,
      disk: { ...disk, list: async () => [] },
    });
    expect(end.ok ? 'taken' : end.refusal.code).toBe('too-large');
  });

  test('when the disk is nearly full', async () => {
    const workDir = await machineDisk.makeTemporaryFolder(workshop.folder);
    const disk = { ...machineDisk, freeBytes: async () => 1_000_000 };
    const end = await prepareClip({ inputPath: speechPath, workDir, ffmpeg: workshop.ffmpeg, disk });
    expect(end.ok ? 'taken' : end.refusal.code).toBe('disk-full');
  });

  test('a playlist inside a sound file name opens no connection', async () => {
    let visits = 0;
    const server = createServer((_, response) => {
      visits++;
      response.end();
    });
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    const address = server.address();
    const port = typeof address === 'object' && address !== null ? address.port : 0;
    for (const [index, text] of [
      `#EXTM3U\n#EXTINF:10,\nhttp://127.0.0.1:${port}/a.ts\n`,
      `ffconcat version 1.0\nfile http://127.0.0.1:${port}/a.wav\n`,
      `[playlist]\nFile1=http://127.0.0.1:${port}/a.mp3\n`,
    ].entries()) {
      const end = await workshop.prepare(await workshop.file(`list${index}.mp3`, text));
      expect(end.ok).toBe(false);
    }
    expect(visits).toBe(0);
    server.close();
  });

  test('every refusal says what to do in both languages', () => {
    for (const code of clipRefusalCodes) {
      const { vi, en, status } = clipRefusal(code);
      expect(vi.length).toBeGreaterThan(30);
      expect(en.length).toBeGreaterThan(30);
      expect(vi).toMatch(/Hãy|hãy/);
      expect(status).toBeGreaterThanOrEqual(400);
    }
    expect(clipRefusal('truncated', 'x'.repeat(10_000)).detail?.length).toBeLessThanOrEqual(500);
  });
});
