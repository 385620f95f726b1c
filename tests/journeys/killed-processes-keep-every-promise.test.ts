/**
 * kill -9 of the real processes at the worst instants: an agent in the middle of a clip, a server between "accepted"
 * and the start. Nothing accepted is lost, nothing sounds twice, every report is stored once.
 */

import { execFile } from 'node:child_process';
import { readdir, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { occurrenceId } from '@loa/schedules';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { endedAiring, requestId, soon, untilPhase, uploadSound } from '../harness/bulletins.ts';
import { emittedMsBetween, heardBetween, soundingsOf } from '../harness/pole.ts';
import { speechLike } from '../harness/sound.ts';
import { eventually, openTestTown, type TestTown, untilReachable } from '../harness/town.ts';

const run = promisify(execFile);
const serverMain = fileURLToPath(import.meta.resolve('@loa/server/main.ts'));

let town: TestTown;

beforeAll(async () => {
  town = await openTestTown();
});
afterAll(async () => {
  await town?.close();
});

test('an agent killed in the middle of a clip sounds nothing twice and tells one outcome', async () => {
  const sound = speechLike({ seconds: 14, seed: 41 });
  const clip = await uploadSound(town.department, sound, 'interrupted');
  const { date, time, atMs } = soon(8_000);
  const bulletin = await town.department.call('acceptBulletin', {
    body: {
      class: 'priority',
      requestId: requestId(),
      title: 'Bị cắt điện',
      clipId: clip.id,
      areaIds: ['c23059'],
      whens: [{ kind: 'once', date, time }],
    },
  });
  const occurrence = occurrenceId(bulletin.id, atMs);
  const { clusterIds } = await town.department.call('reach', { body: { areaIds: ['c23059'] } });
  const victim = clusterIds[0] ?? '';
  expect(
    await untilPhase(town.department, { occurrence, clusterIds: [victim], phase: 'playing', withinMs: 60_000 }),
  ).toBe(true);
  await new Promise((resolve) => setTimeout(resolve, 2_000));
  town.town.agent(victim).kill();

  const ended = await endedAiring(town.department, occurrence, 90_000);
  const target = (id: string) => ended.targets.find((each) => each.clusterId === id);
  expect(target(victim)).toMatchObject({ outcome: 'partial', reason: 'interrupted-by-restart' });
  for (const id of clusterIds.slice(1)) expect(target(id)?.outcome, id).toBe('confirmed');
  const span = { fromMs: atMs - 1_000, untilMs: atMs + 40_000 };
  const head = { ...sound, samples: sound.samples.subarray(0, 48_000) };
  expect(soundingsOf(head, await heardBetween(town.town.soundDir(victim), span), 0.7)).toHaveLength(1);
  expect(await emittedMsBetween(town.town.soundDir(victim), span)).toBeLessThan(14_000);
});

test('a server killed between "accepted" and the start has lost nothing', async () => {
  const sound = speechLike({ seconds: 5, seed: 42 });
  const clip = await uploadSound(town.department, sound, 'kept');
  const { date, time, atMs } = soon(14_000);
  const bulletin = await town.department.call('acceptBulletin', {
    body: {
      class: 'priority',
      requestId: requestId(),
      title: 'Máy chủ mất điện',
      clipId: clip.id,
      areaIds: ['p68'],
      whens: [{ kind: 'once', date, time }],
    },
  });
  town.town.server.kill();
  await new Promise((resolve) => setTimeout(resolve, 1_500));
  await untilReachable(town, 12);
  const ended = await endedAiring(town.department, occurrenceId(bulletin.id, atMs), 90_000);
  expect(ended.targets.map((each) => each.outcome)).toEqual(Array(12).fill('confirmed'));
  const lastStartMs = Math.max(...ended.targets.map(({ startedAt }) => Date.parse(startedAt ?? '')));
  for (const clusterId of town.town.clusterIds) {
    const span = { fromMs: atMs - 2_000, untilMs: lastStartMs + 12_000 };
    const heard = await heardBetween(town.town.soundDir(clusterId), span);
    expect(soundingsOf(sound, heard), clusterId).toHaveLength(1);
  }
});

test('every report is stored once, and every stream is without a gap', async () => {
  const db = new DatabaseSync(await databasePath(), { readOnly: true });
  const streams = db
    .prepare('select device_id, stream, count(*) as n, max(seq) as last from reports group by 1, 2')
    .all();
  expect(streams.length).toBeGreaterThanOrEqual(12);
  for (const { n, last } of streams) expect(n).toBe(last);
  const doubled = db
    .prepare(
      `select device_id, json_extract(report, '$.event.occurrence') as occurrence, count(*) as n from reports
       where json_extract(report, '$.event.kind') = 'ended' group by 1, 2 having count(*) > 1`,
    )
    .all();
  expect(doubled).toEqual([]);
  db.close();
});

test('a server restored from a backup made while it ran raises its epoch and is obeyed without a visit', async () => {
  const backup = join(town.dir, 'backup');
  const env = { ...process.env, LOA_DATA_DIR: join(town.dir, 'server'), LOA_MODE: 'demo' };
  const server = (...args: string[]) => run(process.execPath, [serverMain, ...args], { env });
  const epochBefore = epochOf(await databasePath());
  await server('backup', backup);

  // What comes after the backup is unknown to the restored server; devices hold its newer numbers all the same.
  const clip = await uploadSound(town.department, speechLike({ seconds: 3, seed: 43 }), 'after the backup');
  await town.department.call('acceptBulletin', {
    body: {
      class: 'priority',
      requestId: requestId(),
      title: 'Sau bản sao lưu',
      clipId: clip.id,
      areaIds: ['p68'],
      whens: [{ kind: 'daily', from: soon(86_400_000).date, time: '08:00' }],
    },
  });
  await town.town.server.stop();
  await rm(join(town.dir, 'server'), { recursive: true });
  await server('restore', backup);
  expect(epochOf(await databasePath())).toBeGreaterThan(epochBefore);
  town.town.server.start();

  expect(
    await eventually(() => town.department.signIn('so', town.passwords.get('so') ?? '').then(() => true), 60_000),
  ).toBe(true);
  await untilReachable(town, 12);
  const sound = speechLike({ seconds: 4, seed: 44 });
  const obeyed = await uploadSound(town.department, sound, 'obeyed');
  const { date, time, atMs } = soon(10_000);
  const bulletin = await town.department.call('acceptBulletin', {
    body: {
      class: 'priority',
      requestId: requestId(),
      title: 'Sau khôi phục',
      clipId: obeyed.id,
      areaIds: ['p68'],
      whens: [{ kind: 'once', date, time }],
    },
  });
  const ended = await endedAiring(town.department, occurrenceId(bulletin.id, atMs), 90_000);
  expect(ended.targets.map((each) => each.outcome)).toEqual(Array(12).fill('confirmed'));
});

async function databasePath(): Promise<string> {
  const name = (await readdir(join(town.dir, 'server'))).find((each) => /\.(db|sqlite)$/.test(each)) ?? '';
  return join(town.dir, 'server', name);
}

function epochOf(path: string): number {
  const db = new DatabaseSync(path, { readOnly: true });
  try {
    return Number(db.prepare('select epoch from installation').get()?.epoch);
  } finally {
    db.close();
  }
}
