/**
 * Does a Vietnamese text really become sound? The npm synthesiser always, the system's espeak-ng where there is one, both
 * through the same contract: the WAV is read back and measured. Prints how many seconds of speech one second of work gives.
 */

import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { machineDisk } from '@loa/server/edges/disk.ts';
import { runProcess } from '@loa/server/edges/process.ts';
import { findSynthesiser } from '@loa/server/keep/speech/find-synthesiser.ts';
import { spokenText } from '@loa/server/keep/speech/spoken/spoken-text.ts';
import { type PcmSound, peakOf, readWav } from '@loa/server/keep/speech/wav.ts';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { isFull } from '../../harness/full.ts';

const NOTICE = 'UBND xã Hàm Thắng mời bà con họp lúc 17h30 ngày 20/11/2026 tại nhà văn hóa thôn.';

/** A part holds about ten of them: three parts, or five. */
const longSentences = isFull ? 50 : 25;

/** Syllables a second between which Vietnamese speech over loudspeakers lies, pauses included. */
const SLOWEST_SYLLABLES_PER_S = 2;
const FASTEST_SYLLABLES_PER_S = 4.5;

let folder = '';
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'loa-speech-'));
});
afterAll(() => rm(folder, { recursive: true, force: true }));

async function soundOf(wavPath: string): Promise<PcmSound> {
  const sound = readWav(await readFile(wavPath));
  if (sound === null) throw new Error('no WAV was written');
  return sound;
}

const durationS = (sound: PcmSound) => sound.samples.byteLength / 2 / sound.channels / sound.sampleRateHz;

/** Loudness of the sound while it sounds, as root mean square relative to full scale. */
function levelDbfs(sound: PcmSound): number {
  const view = new DataView(sound.samples.buffer, sound.samples.byteOffset, sound.samples.byteLength);
  let sum = 0;
  for (let at = 0; at + 1 < sound.samples.byteLength; at += 2) sum += (view.getInt16(at, true) / 32_768) ** 2;
  return 10 * Math.log10(sum / (sound.samples.byteLength / 2));
}

const systemHasIt = (await runProcess({ command: 'espeak-ng', args: ['--version'], timeoutMs: 10_000 })).exitCode === 0;
if (!systemHasIt) console.warn('NOT TESTED: the espeak-ng of the system, because there is none on PATH');

describe.each([
  { which: 'WebAssembly', systemCommand: 'loa-no-such-program' },
  ...(systemHasIt ? [{ which: 'system', systemCommand: 'espeak-ng' }] : []),
])('espeak-ng ($which)', ({ which, systemCommand }) => {
  const find = (voice: 'vi' | 'vi-vn-x-south' = 'vi') =>
    findSynthesiser({ runProcess, disk: machineDisk, systemCommand, voice });

  test('speaks a notice at an announcer’s pace, audibly', { timeout: 60_000 }, async () => {
    const synthesiser = await find();
    expect(synthesiser.name).toMatch(which === 'system' ? /^espeak-ng \d/ : /^espeak-ng \(WebAssembly\) \d/);
    const text = spokenText(NOTICE);
    const wavPath = join(folder, `${which}-notice.wav`);
    expect(await synthesiser.speak({ text, wavPath })).toEqual({ ok: true });
    const sound = await soundOf(wavPath);
    const syllablesPerS = text.split(/\s+/u).length / durationS(sound);
    expect(sound).toMatchObject({ sampleRateHz: 22_050, channels: 1 });
    expect(syllablesPerS).toBeGreaterThan(SLOWEST_SYLLABLES_PER_S);
    expect(syllablesPerS).toBeLessThan(FASTEST_SYLLABLES_PER_S);
    expect(peakOf(sound)).toBeGreaterThan(5_000);
    expect(levelDbfs(sound)).toBeGreaterThan(-35);
  });

  test('speaks a long text whole, part after part', { timeout: 120_000 }, async () => {
    const synthesiser = await find();
    const speak = async (sentences: number) => {
      const wavPath = join(folder, `${which}-${sentences}.wav`);
      const text = Array.from({ length: sentences }, () => spokenText(NOTICE)).join('\n');
      const startedMs = performance.now();
      expect(await synthesiser.speak({ text, wavPath })).toEqual({ ok: true });
      return { seconds: durationS(await soundOf(wavPath)), workMs: performance.now() - startedMs };
    };
    const one = await speak(1);
    const long = await speak(longSentences);
    expect(long.seconds / one.seconds).toBeGreaterThan(longSentences * 0.98);
    expect(long.seconds / one.seconds).toBeLessThan(longSentences * 1.02);
    console.log(
      `espeak-ng (${which}): ${long.seconds.toFixed(0)} s of speech in ${long.workMs.toFixed(0)} ms, ` +
        `${((1000 * long.seconds) / long.workMs).toFixed(0)} s a second; one sentence in ${one.workMs.toFixed(0)} ms`,
    );
  });

  test('has a southern voice that sounds different', { timeout: 60_000 }, async () => {
    const [north, south] = [await find('vi'), await find('vi-vn-x-south')];
    const paths = { north: join(folder, `${which}-north.wav`), south: join(folder, `${which}-south.wav`) };
    expect(await north.speak({ text: 'Xin chào bà con.', wavPath: paths.north })).toEqual({ ok: true });
    expect(await south.speak({ text: 'Xin chào bà con.', wavPath: paths.south })).toEqual({ ok: true });
    const [a, b] = [await soundOf(paths.north), await soundOf(paths.south)];
    expect(Buffer.from(a.samples).equals(Buffer.from(b.samples))).toBe(false);
  });
});
