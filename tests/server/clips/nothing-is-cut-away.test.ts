/**
 * Is all of the source in the clip, from its first moment to its last, at the right place? Stretches of the source are
 * searched for in what the renditions decode to.
 */
import { readFile } from 'node:fs/promises';
import { describe, expect, test } from 'vitest';
import { isFull } from '../../harness/full.ts';
import {
  decodeMono,
  durationMsOf,
  encodeFile,
  excerpt,
  findOffset,
  joined,
  noise,
  peakDbfs,
  rmsDbfs,
  runFfmpeg,
  silence,
  sine,
  speechLike,
  withGain,
} from '../../harness/sound.ts';
import { openWorkshop } from './workshop.ts';

const workshop = await openWorkshop();
const sampleRateHz = 8000;
const speech = speechLike({ seconds: 2, seed: 7 });
const speechPath = await workshop.wav('speech.wav', speech);

/** The first and last half second of what went in, found in what came out; the offsets differ by at most 50 ms. */
async function expectComplete(sourcePath: string, renditionPath: string, likenessMin = 0.8) {
  const source = await decodeMono(sourcePath, { sampleRateHz });
  const rendition = await decodeMono(renditionPath, { sampleRateHz });
  const lengthMs = durationMsOf(source);
  expect(Math.abs(durationMsOf(rendition) - lengthMs)).toBeLessThanOrEqual(50);
  for (const fromMs of [0, lengthMs / 2, lengthMs - 560]) {
    const needle = excerpt(source, { fromMs, untilMs: fromMs + 500 });
    const found = findOffset({ needle, haystack: rendition });
    expect(found.likeness).toBeGreaterThan(likenessMin);
    expect(Math.abs(found.offsetMs - fromMs)).toBeLessThanOrEqual(50);
  }
}

const formats: Record<string, readonly string[]> = {
  'speech.mp3': ['-c:a', 'libmp3lame', '-b:a', '128k'],
  'vbr.mp3': ['-c:a', 'libmp3lame', '-q:a', '6', '-ar', '44100'],
  'plain.mp3': ['-c:a', 'libmp3lame', '-write_xing', '0', '-id3v2_version', '0', '-ar', '22050'],
  'opus.ogg': ['-c:a', 'libopus', '-b:a', '48k'],
  'vorbis.ogg': ['-c:a', 'libvorbis', '-ar', '44100'],
  'speech.m4a': ['-c:a', 'aac', '-b:a', '96k', '-metadata', 'title=Thông báo'],
  'speech.aac': ['-c:a', 'aac', '-f', 'adts'],
  'speech.flac': ['-c:a', 'flac'],
  'speech.aiff': ['-c:a', 'pcm_s16be'],
  'speech.au': ['-c:a', 'pcm_mulaw', '-ar', '16000'],
  'speech.caf': ['-c:a', 'pcm_s16le'],
  'float.wav': ['-c:a', 'pcm_f32le'],
  'adpcm.wav': ['-c:a', 'adpcm_ms'],
  'speech.webm': ['-c:a', 'libopus'],
  'speech.wma': ['-c:a', 'wmav2'],
};

/** What offices send every week; the others are proven by `npm run test:full`, and counted as skipped before. */
const everyday = ['speech.mp3', 'opus.ogg', 'speech.m4a', 'float.wav'];
const rarer = Object.keys(formats).filter((name) => !everyday.includes(name));

async function expectKept(name: string): Promise<void> {
  const sourcePath = workshop.path(name);
  await encodeFile({ from: speechPath, to: sourcePath, options: formats[name] ?? [] });
  const { clip, files } = await workshop.prepared(sourcePath);
  // Formats without a note of their encoder's padding are longer than what was encoded: the file itself is the source.
  await expectComplete(sourcePath, files.ogg);
  await expectComplete(sourcePath, files.mp3);
  expect(Math.abs(clip.durationMs - durationMsOf(speech))).toBeLessThanOrEqual(150);
}

describe('nothing is cut away', () => {
  test.concurrent.each(everyday)('%s', expectKept);
  (isFull ? test.concurrent : test.skip).each(rarer)('%s', expectKept);

  test('AMR from an old phone', async () => {
    const encoders = (await runFfmpeg(['-encoders'])).toString();
    const encoder = ['libopencore_amrnb', 'amr_nb'].find((name) => encoders.includes(` ${name} `));
    if (encoder === undefined) return console.warn('NOT CHECKED: this ffmpeg cannot write AMR');
    const sourcePath = workshop.path('phone.amr');
    await encodeFile({ from: speechPath, to: sourcePath, options: ['-c:a', encoder, '-ar', '8000', '-ac', '1'] });
    const { files } = await workshop.prepared(sourcePath);
    await expectComplete(sourcePath, files.ogg);
  });

  test('silence before, within and after the words stays', async () => {
    const pause = silence({ seconds: 2 });
    const source = joined(pause, speechLike({ seconds: 1 }), pause, speechLike({ seconds: 1, seed: 2 }), pause);
    const { clip, files } = await workshop.prepared(await workshop.wav('pauses.wav', source));
    expect(Math.abs(clip.durationMs - 8000)).toBeLessThanOrEqual(50);
    const rendition = await decodeMono(files.ogg, { sampleRateHz });
    const words = await decodeMono(workshop.path('pauses.wav'), { sampleRateHz });
    for (const fromMs of [2000, 5000]) {
      const needle = excerpt(words, { fromMs, untilMs: fromMs + 1000 });
      expect(Math.abs(findOffset({ needle, haystack: rendition }).offsetMs - fromMs)).toBeLessThanOrEqual(50);
    }
  });

  test('a sound in the very last milliseconds is still there, also behind the limiter', async () => {
    const last = sine({ seconds: 0.004, hz: 1000, levelDbfs: -6 });
    const source = joined(speech, silence({ seconds: 0.1 }), last);
    const { files } = await workshop.prepared(await workshop.wav('last.wav', source));
    for (const path of [files.ogg, files.mp3]) {
      const rendition = await decodeMono(path);
      const tail = excerpt(rendition, { fromMs: durationMsOf(rendition) - 15 });
      expect(peakDbfs(tail)).toBeGreaterThan(-20);
    }
  });

  test('a soft voice under a bang stays at its place and is heard', async () => {
    const soft = withGain(speech, -40);
    const source = joined(soft, noise({ seconds: 0.1, levelDbfs: 0 }), soft);
    const { files } = await workshop.prepared(await workshop.wav('bang.wav', source));
    const rendition = await decodeMono(files.ogg, { sampleRateHz });
    const voice = await decodeMono(speechPath, { sampleRateHz });
    for (const fromMs of [500, 2600]) {
      const heard = excerpt(rendition, { fromMs: fromMs - 100, untilMs: fromMs + 1100 });
      const needle = excerpt(voice, { fromMs: fromMs % 2100, untilMs: (fromMs % 2100) + 1000 });
      const found = findOffset({ needle, haystack: heard });
      expect(found.likeness).toBeGreaterThan(0.6);
      expect(Math.abs(found.offsetMs - 100)).toBeLessThanOrEqual(50);
      expect(rmsDbfs(heard)).toBeGreaterThan(-28);
    }
  });

  test('a video gives its sound, the default one of several', async () => {
    const other = await workshop.wav('other.wav', speechLike({ seconds: 3, seed: 99 }));
    const sourcePath = workshop.path('meeting.mkv');
    await runFfmpeg([
      ...['-f', 'lavfi', '-i', 'testsrc=size=64x64:rate=5:duration=4', '-i', other, '-i', speechPath],
      ...['-map', '0:v', '-map', '1:a', '-map', '2:a', '-c:v', 'mpeg4', '-c:a', 'flac'],
      ...['-disposition:a:0', '0', '-disposition:a:1', 'default', '-y', sourcePath],
    ]);
    const { clip, files } = await workshop.prepared(sourcePath);
    expect(clip.source.codec).toBe('flac');
    await expectComplete(speechPath, files.ogg);
  });

  test('a WAV that states no length is read to its end', async () => {
    const sourcePath = await workshop.wav('piped.wav', speech, { declaredDataBytes: 0xffffffff });
    await expectComplete(speechPath, (await workshop.prepared(sourcePath)).files.ogg);
  });

  test('a header that tells too short a length does not shorten the clip', async () => {
    const whole = workshop.path('whole.mp3');
    await encodeFile({ from: speechPath, to: whole, options: ['-c:a', 'libmp3lame', '-id3v2_version', '0'] });
    const bytes = await readFile(whole);
    const mark = Math.max(bytes.indexOf('Xing'), bytes.indexOf('Info'));
    bytes.writeUInt32BE(20, mark + 8);
    const { files } = await workshop.prepared(await workshop.file('modest.mp3', bytes));
    await expectComplete(speechPath, files.ogg);
    await expectComplete(speechPath, files.mp3);
  });
});
