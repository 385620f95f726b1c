/**
 * Is the right ffmpeg taken, and is the one of 2018 kept away from strangers' files?
 */
import { runProcess } from '@loa/server/edges/process.ts';
import { locateFfmpeg } from '@loa/server/keep/clips/locate-ffmpeg.ts';
import { describe, expect, test } from 'vitest';
import { ffmpegForTests } from '../../harness/sound.ts';

const { ffmpegPath, ffprobePath } = await ffmpegForTests();
const noPath = { PATH: '/nowhere' };

describe('which ffmpeg is used', () => {
  test('the bundled one where nothing else is, outside production', async () => {
    const located = await locateFfmpeg({ env: noPath, production: false, runProcess });
    expect(located).toMatchObject({ ok: true, tools: { origin: { ffmpeg: 'bundled', ffprobe: 'bundled' } } });
  });

  test('in production the bundled one is refused, with what to do', async () => {
    const located = await locateFfmpeg({ env: noPath, production: true, runProcess });
    expect(located.ok ? '' : located.reason).toMatch(/too old.*FFMPEG_PATH/);
  });

  test('a configured one comes before all others', async () => {
    const env = { PATH: '/nowhere', FFMPEG_PATH: ffmpegPath, FFPROBE_PATH: ffprobePath };
    const located = await locateFfmpeg({ env, production: true, runProcess });
    expect(located).toMatchObject({ ok: true, tools: { ffmpegPath, origin: { ffmpeg: 'configured' } } });
  });

  test('a configured one that does not run is an error, not passed over', async () => {
    const env = { ...process.env, FFMPEG_PATH: '/nowhere/ffmpeg' };
    const located = await locateFfmpeg({ env, production: false, runProcess });
    expect(located.ok ? '' : located.reason).toMatch(/FFMPEG_PATH is \/nowhere\/ffmpeg/);
  });

  test('one that cannot encode Opus and MP3 is named as such', async () => {
    const located = await locateFfmpeg({
      env: { PATH: '/somewhere' },
      production: true,
      runProcess: async () => ({
        exitCode: 0,
        stdout: Buffer.from(' A..... aac  AAC\n A..... libmp3lame  MP3\n'),
        stderr: Buffer.alloc(0),
        timedOut: false,
        outputTruncated: false,
        startError: null,
      }),
    });
    expect(located.ok ? '' : located.reason).toMatch(/libopus/);
    expect(located.ok ? '' : located.reason).not.toMatch(/libmp3lame/);
  });
});
