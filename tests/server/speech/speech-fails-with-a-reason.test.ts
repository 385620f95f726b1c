/**
 * Does a synthesiser that is missing, hangs, is silent, breaks or is asked too much end in a reason a person can act on,
 * and does it never run twice at once? A programmed stand-in for running programs; no real one is needed.
 */

import type { ProcessRequest, ProcessResult, RunProcess } from '@loa/server/edges/process.ts';
import { findSynthesiser } from '@loa/server/keep/speech/find-synthesiser.ts';
import { SPOKEN_LIMIT_CHARACTERS } from '@loa/server/keep/speech/synthesiser.ts';
import { joinWav } from '@loa/server/keep/speech/wav.ts';
import { describe, expect, test } from 'vitest';

const ended: ProcessResult = {
  exitCode: 0,
  stdout: Buffer.alloc(0),
  stderr: Buffer.alloc(0),
  timedOut: false,
  outputTruncated: false,
  startError: null,
};

function wav(sample: number): Buffer {
  const samples = new Uint8Array(Int16Array.from({ length: 2_205 }, () => sample).buffer);
  return Buffer.concat(joinWav([{ sampleRateHz: 22_050, channels: 1, samples }]) ?? []);
}

/** A synthesiser whose program answers the version question and then does as told. */
async function speaking(run: RunProcess, writeFails: (path: string) => boolean = () => false) {
  const written = new Map<string, number>();
  const asked: ProcessRequest[] = [];
  const synthesiser = await findSynthesiser({
    runProcess: async (request) => {
      if (request.args.includes('--version')) {
        return { ...ended, stdout: Buffer.from('eSpeak NG text-to-speech: 1.51  Data at: /usr/lib') };
      }
      asked.push(request);
      return run(request);
    },
    disk: {
      writeSynced: async (path, content) => {
        if (writeFails(path)) throw new Error('disk full');
        let sizeBytes = 0;
        for await (const chunk of content) sizeBytes += chunk.byteLength;
        written.set(path, sizeBytes);
      },
    },
  });
  return { synthesiser, written, asked };
}

describe('nothing is written, and the reason is told', () => {
  test.each([
    ['speech-timeout', { ...ended, exitCode: null, timedOut: true }],
    ['speech-failed', { ...ended, exitCode: 1, stderr: Buffer.from('The specified voice does not exist') }],
    ['speech-failed', { ...ended, exitCode: null, startError: 'ENOENT' }],
    ['speech-failed', { ...ended, stdout: wav(9_000), outputTruncated: true }],
    ['speech-failed', { ...ended, stdout: Buffer.from('not sound at all, but long enough for a header') }],
    ['speech-failed', { ...ended, stdout: wav(0) }],
  ])('%s', async (code, result) => {
    const { synthesiser, written } = await speaking(async () => result);
    const refusal = await synthesiser.speak({ text: 'Xin chào.', wavPath: '/a.wav' });
    expect(refusal).toMatchObject({ ok: false, code });
    expect(!refusal.ok && refusal.vi.length > 20 && refusal.en.length > 20).toBe(true);
    expect(written.size).toBe(0);
  });

  test('without any synthesiser the server says what to install', async () => {
    const synthesiser = await findSynthesiser({
      runProcess: async () => ({ ...ended, exitCode: null, startError: 'ENOENT' }),
      disk: { writeSynced: async () => {} },
    });
    const refusal = await synthesiser.speak({ text: 'Xin chào.', wavPath: '/a.wav' });
    expect(synthesiser.name).toBe('none');
    expect(refusal).toMatchObject({ ok: false, code: 'speech-missing' });
    expect(!refusal.ok && refusal.vi.includes('apt install espeak-ng')).toBe(true);
  });

  test('no words, or far too many, start no program', async () => {
    const { synthesiser, asked } = await speaking(async () => ({ ...ended, stdout: wav(9_000) }));
    expect(await synthesiser.speak({ text: ' .\n', wavPath: '/a.wav' })).toMatchObject({ code: 'empty-text' });
    const text = 'a'.repeat(SPOKEN_LIMIT_CHARACTERS + 1);
    expect(await synthesiser.speak({ text, wavPath: '/a.wav' })).toMatchObject({ code: 'text-too-long' });
    expect(asked).toEqual([]);
  });
});

test('only one program runs at a time, a few requests wait, and more are refused', async () => {
  const finish: (() => void)[] = [];
  const { synthesiser, written } = await speaking(
    () => new Promise((resolve) => finish.push(() => resolve({ ...ended, stdout: wav(9_000) }))),
  );
  const all = Array.from({ length: 20 }, (_, at) => synthesiser.speak({ text: 'Xin chào.', wavPath: `/${at}.wav` }));
  let started = 0;
  for (; started < finish.length || (await settled(all)) < all.length; started += 1) {
    await until(() => finish.length > started);
    expect(finish.length).toBe(started + 1);
    finish[started]?.();
    await until(() => written.size > started);
    await new Promise(setImmediate);
  }
  const results = await Promise.all(all);
  expect(results.filter((result) => !result.ok && result.code === 'speech-busy')).toHaveLength(11);
  expect(written.size).toBe(9);
});

test('a failed request does not hold up the next one', async () => {
  let run = 0;
  const { synthesiser } = await speaking(async () => {
    run += 1;
    return run === 1 ? { ...ended, exitCode: null, timedOut: true } : { ...ended, stdout: wav(9_000) };
  });
  const [first, second] = await Promise.all([
    synthesiser.speak({ text: 'Một.', wavPath: '/1.wav' }),
    synthesiser.speak({ text: 'Hai.', wavPath: '/2.wav' }),
  ]);
  expect([first.ok, second.ok]).toEqual([false, true]);
});

test('a file that cannot be written is an error of its own request only', async () => {
  const { synthesiser, written } = await speaking(
    async () => ({ ...ended, stdout: wav(9_000) }),
    (path) => path === '/full.wav',
  );
  const [first, second] = await Promise.allSettled([
    synthesiser.speak({ text: 'Một.', wavPath: '/full.wav' }),
    synthesiser.speak({ text: 'Hai.', wavPath: '/2.wav' }),
  ]);
  expect([first.status, second.status]).toEqual(['rejected', 'fulfilled']);
  expect([...written.keys()]).toEqual(['/2.wav']);
});

test('the text reaches the program as text, never as a command or as markup', async () => {
  const { synthesiser, asked } = await speaking(async () => ({ ...ended, stdout: wav(9_000) }));
  await synthesiser.speak({ text: '--help <break time="9999s"/> & $(id).', wavPath: '/a.wav' });
  expect(asked[0]?.args.join(' ')).not.toContain('help');
  expect(asked[0]?.stdin).toBe('<speak>--help  break time="9999s"/    $(id).<break time="1100ms"/></speak>');
});

async function settled(all: readonly Promise<unknown>[]): Promise<number> {
  let count = 0;
  for (const one of all) one.then(() => (count += 1));
  await new Promise(setImmediate);
  return count;
}

async function until(reached: () => boolean): Promise<void> {
  for (let turn = 0; turn < 1_000 && !reached(); turn += 1) await new Promise(setImmediate);
  expect(reached()).toBe(true);
}
