/**
 * Does one upload leave room for the others? Preparations go one at a time, a bounded number waits, an emergency never
 * stands behind them, and a run of ffmpeg ends at its limit.
 */
import { machineClock } from '@loa/server/edges/clock.ts';
import { machineDisk } from '@loa/server/edges/disk.ts';
import { runProcess } from '@loa/server/edges/process.ts';
import { openClips } from '@loa/server/keep/clips/clips.ts';
import { createFfmpeg } from '@loa/server/keep/clips/ffmpeg.ts';
import { createPreparationQueue, waitingMax } from '@loa/server/keep/clips/preparation-queue.ts';
import { describe, expect, test } from 'vitest';
import { ffmpegForTests, speechLike } from '../../harness/sound.ts';
import { openWorkshop } from './workshop.ts';

const workshop = await openWorkshop();

/** A task that ends when told. */
function held() {
  let end = () => {};
  let started = false;
  const ended = new Promise<void>((resolve) => {
    end = resolve;
  });
  const task = async () => {
    started = true;
    await ended;
  };
  return { task, end: () => end(), started: () => started };
}
const settle = () => new Promise<void>((resolve) => setImmediate(resolve));

describe('one upload delays nobody', () => {
  test('one at a time, in order of arrival', async () => {
    const queue = createPreparationQueue();
    const [first, second] = [held(), held()];
    const runs = [queue.run('routine', first.task), queue.run('routine', second.task)];
    await settle();
    expect([first.started(), second.started()]).toEqual([true, false]);
    first.end();
    await settle();
    expect(second.started()).toBe(true);
    second.end();
    await Promise.all(runs);
  });

  test('an emergency starts beside a running upload and past a full queue', async () => {
    const queue = createPreparationQueue();
    const uploads = Array.from({ length: waitingMax + 1 }, held);
    const runs = uploads.map(({ task }) => queue.run('routine', task));
    const emergency = held();
    const answered = queue.run('emergency', emergency.task);
    await settle();
    expect(emergency.started()).toBe(true);
    emergency.end();
    expect((await answered).kind).toBe('done');
    for (const upload of uploads) upload.end();
    await Promise.all(runs);
  });

  test('an ordinary notice starts beside an hour of sound', async () => {
    const queue = createPreparationQueue();
    const [hour, notice] = [held(), held()];
    const runs = [queue.run('long', hour.task), queue.run('routine', notice.task)];
    await settle();
    expect([hour.started(), notice.started()]).toEqual([true, true]);
    for (const task of [hour, notice]) task.end();
    await Promise.all(runs);
  });

  test('when too many wait, the next is told to come again, and is taken once one has left', async () => {
    const queue = createPreparationQueue();
    const uploads = Array.from({ length: waitingMax + 1 }, held);
    const runs = uploads.map(({ task }) => queue.run('routine', task));
    expect((await queue.run('routine', held().task)).kind).toBe('busy');
    uploads[0]?.end();
    await settle();
    const late = held();
    late.end();
    const lateRun = queue.run('routine', late.task);
    for (const upload of uploads) upload.end();
    expect((await lateRun).kind).toBe('done');
    await Promise.all(runs);
  });

  test('a task that throws fails alone', async () => {
    const queue = createPreparationQueue();
    await expect(queue.run('routine', () => Promise.reject(new Error('broken')))).rejects.toThrow('broken');
    expect(await queue.run('routine', async () => 7)).toEqual({ kind: 'done', value: 7 });
  });

  test('ffmpeg is killed at its time limit and on request', async () => {
    const tools = await ffmpegForTests();
    let ring = () => {};
    const clock = {
      ...machineClock,
      setTimer: (run: () => void) => {
        ring = run;
        return () => {};
      },
    };
    const ffmpeg = createFfmpeg({ tools, clock, runProcess });
    const endless = {
      inputPath: '/dev/zero',
      inputOptions: ['-f', 's16le'],
      outputOptions: [],
      logLevel: 'error' as const,
      timeoutMs: 1000,
    };
    const timed = ffmpeg.run(endless);
    ring();
    expect((await timed).kind).toBe('timed-out');
    const abort = new AbortController();
    const stopped = ffmpeg.run({ ...endless, signal: abort.signal });
    abort.abort();
    expect((await stopped).kind).toBe('aborted');
    const again = ffmpeg.run({ ...endless, signal: AbortSignal.abort() });
    expect((await again).kind).toBe('aborted');
  });

  test('the room keeps what it accepts and leaves nothing behind, taken or refused', async () => {
    const scratch = workshop.path('scratch');
    const clips = await openClips({
      root: workshop.path('clips'),
      scratch,
      ffmpeg: workshop.ffmpeg,
      disk: machineDisk,
    });
    const inputPath = await workshop.wav('in.wav', speechLike({ seconds: 1 }));
    const ends = await Promise.all([
      clips.prepare({ inputPath }),
      clips.prepare({ inputPath, lane: 'emergency' }),
      clips.prepare({ inputPath: await workshop.file('text.mp3', 'không phải âm thanh') }),
    ]);
    expect(ends.map((end) => (end.ok ? 'taken' : end.refusal.code))).toEqual(['taken', 'taken', 'not-audio']);
    const [first, second] = ends;
    if (!first?.ok || !second?.ok) throw new Error('Both are sound');
    expect(second.clip).toEqual(first.clip);
    for (const { hash, sizeBytes } of first.clip.renditions) expect(await clips.folder.sizeBytes(hash)).toBe(sizeBytes);
    expect(await machineDisk.list(scratch)).toEqual([]);
    expect(await machineDisk.sizeBytes(inputPath)).toBeGreaterThan(0);
    expect(await machineDisk.list(workshop.path('clips/arriving'))).toEqual([]);
  });

  test('the room is busy when its queue is full', async () => {
    const blocked = held();
    const clips = await openClips({
      root: workshop.path('clips2'),
      scratch: workshop.path('scratch2'),
      ffmpeg: workshop.ffmpeg,
      disk: {
        ...machineDisk,
        makeTemporaryFolder: async (parent) => {
          await blocked.task();
          return machineDisk.makeTemporaryFolder(parent);
        },
      },
    });
    const inputPath = await workshop.file('empty.mp3', '');
    // Each is looked at before it is put in line, so which of them comes last is not said.
    const all = Array.from({ length: waitingMax + 2 }, () => clips.prepare({ inputPath }));
    const codeOf = (end: Awaited<(typeof all)[number]>) => (end.ok ? 'taken' : end.refusal.code);
    expect(codeOf(await Promise.race(all))).toBe('busy');
    blocked.end();
    expect((await Promise.all(all)).map(codeOf).filter((code) => code === 'busy')).toHaveLength(1);
  });
});
