/**
 * A commune's standing day, heard at the poles: signature tune, a live station taken over, the notice in each place's
 * own languages and at each cluster's own volume, closing tune. Real programs, a real stream, the captured sound. Takes
 * two minutes of real time, so `npm run test:full` alone runs it.
 */
import { spawn } from 'node:child_process';
import { createServer, type Server } from 'node:http';
import { createRequire } from 'node:module';
import type { AddressInfo } from 'node:net';
import type { LawChange } from '@loa/protocol/panel';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { previewOf, requestId, soon, uploadSound } from '../harness/bulletins.ts';
import { isFull } from '../harness/full.ts';
import { heardBetween, soundingsOf } from '../harness/pole.ts';
import { excerpt, rmsDbfs, type Sound, sine, speechLike } from '../harness/sound.ts';
import { eventually, openTestTown, type TestTown } from '../harness/town.ts';

const commune = 'c23089';
const relayMs = 60_000;
const gapMs = 2_000;

describe.skipIf(!isFull)('a standing day', () => {
  let town: TestTown;
  let station: Server;

  beforeAll(async () => {
    station = await openStation();
    town = await openTestTown();
  });

  afterAll(async () => {
    await town?.close();
    station?.close();
  });

  test('sounds part by part at its instant, in the languages and at the volume of each place', {
    timeout: 300_000,
  }, async () => {
    const { officer } = town;
    const clusters = (await officer.call('reach', { body: { areaIds: [commune] } })).clusterIds;
    const [soft = '', cham = '', plain = ''] = clusters;
    const tune = await uploadSound(officer, sine({ seconds: 3, hz: 880 }), 'Nhạc hiệu');
    const notice = speechLike({ seconds: 6, seed: 301 });
    const inCham = speechLike({ seconds: 5, seed: 302 });
    const clip = await uploadSound(officer, notice, 'Thông báo');
    const chamClip = await uploadSound(officer, inCham, 'Tiếng Chăm');
    const begin = Temporal.Instant.fromEpochMilliseconds(soon(85_000).atMs)
      .toZonedDateTimeISO('Asia/Ho_Chi_Minh')
      .round({ smallestUnit: 'minute', roundingMode: 'floor' });
    const date = begin.toPlainDate().toString();
    const from = begin.toPlainTime().toString({ smallestUnit: 'minute' });
    const { port } = station.address() as AddressInfo;
    const change = async (wanted: LawChange) =>
      await officer.call('makeChange', { body: { requestId: requestId(), change: wanted } });
    await change({ kind: 'volume', clusterId: soft, volume: [{ from: '00:00', until: '24:00', volumePercent: 50 }] });
    await change({ kind: 'languages', clusterId: cham, languages: ['cjm', 'vi'] });
    await change({
      kind: 'sessions',
      areaId: commune,
      sessions: [
        {
          name: 'Buổi thử',
          weekdays: [1, 2, 3, 4, 5, 6, 7],
          from,
          until: '24:00',
          slot: 'evening',
          gapMs,
          parts: [
            { kind: 'tune', title: 'Nhạc hiệu', clipId: tune.id },
            {
              kind: 'relay',
              title: 'Đài thử',
              clipId: tune.id,
              url: `http://127.0.0.1:${port}/live.mp3`,
              lengthMs: relayMs,
            },
            { kind: 'bulletins', from: 'all' },
            { kind: 'tune', title: 'Nhạc kết', clipId: tune.id },
          ],
        },
      ],
    });
    await officer.call('acceptBulletin', {
      body: {
        requestId: requestId(),
        title: 'Thông báo',
        clipId: clip.id,
        versions: [{ language: 'cjm', clipId: chamClip.id }],
        areaIds: [commune],
        whens: [{ kind: 'once', date, time: '17:00' }],
        slot: 'evening',
      },
    });
    const fromMs = begin.epochMilliseconds;
    const relayAtMs = fromMs + tune.durationMs + gapMs;
    const noticeAtMs = relayAtMs + relayMs + gapMs;
    const endMs = noticeAtMs + clip.durationMs + chamClip.durationMs + tune.durationMs + 4 * gapMs;
    await eventually(async () => Date.now() > endMs + 8_000, endMs + 20_000 - Date.now());

    const hear = (clusterId: string, span: { fromMs: number; untilMs: number }) =>
      heardBetween(town.town.soundDir(clusterId), span);
    const played = await previewOf(officer, clip);
    const playedCham = await previewOf(officer, chamClip);
    const startOf = (found: { startedMs: number }[]) =>
      found.map(({ startedMs }) => Math.round(startedMs - noticeAtMs));
    const noticeAt = async (clusterId: string, sound: Sound) =>
      startOf(soundingsOf(sound, await hear(clusterId, { fromMs: noticeAtMs - 3_000, untilMs: endMs + 6_000 })));

    const relay = await hear(plain, { fromMs: relayAtMs + 3_000, untilMs: relayAtMs + relayMs - 1_000 });
    const relayDbfs = rmsDbfs(relay.sound);
    expect(relayDbfs, 'the station is heard').toBeGreaterThan(-30);
    expect(rmsDbfs(excerpt(relay.sound, { fromMs: 40_000, untilMs: 50_000 })), 'to its end').toBeGreaterThan(-30);
    const [vi] = await noticeAt(plain, played);
    expect(Math.abs(vi ?? Number.NaN)).toBeLessThanOrEqual(1_000);
    expect(await noticeAt(plain, playedCham), 'no Cham where nobody asked for it').toEqual([]);
    const [first] = await noticeAt(cham, playedCham);
    const [second] = await noticeAt(cham, played);
    expect(Math.abs(first ?? Number.NaN)).toBeLessThanOrEqual(1_000);
    expect(Math.abs((second ?? Number.NaN) - chamClip.durationMs - gapMs)).toBeLessThanOrEqual(1_000);
    const level = async (clusterId: string) =>
      rmsDbfs((await hear(clusterId, { fromMs: noticeAtMs, untilMs: noticeAtMs + clip.durationMs })).sound);
    const softerDb = (await level(plain)) - (await level(soft));
    console.log(
      `relay ${relayDbfs.toFixed(1)} dBFS; notice ${vi} ms from its instant; Cham ${first} ms, then Vietnamese; 50 % is ${softerDb.toFixed(1)} dB softer`,
    );
    expect(softerDb).toBeGreaterThan(5);
    expect(softerDb).toBeLessThan(7);
    const airings = await officer.call('listAirings', {
      query: { from: new Date(fromMs - 5_000).toISOString(), until: new Date(endMs).toISOString() },
    });
    const outcomes = airings.flatMap(({ title, targets }) => targets.map(({ outcome }) => `${title}: ${outcome}`));
    expect(new Set(outcomes)).toEqual(
      new Set(['Nhạc hiệu: confirmed', 'Đài thử: confirmed', 'Thông báo: confirmed', 'Nhạc kết: confirmed']),
    );
  });
});

/** A station that sends a tone as MP3 in real time, to whoever listens. */
async function openStation(): Promise<Server> {
  const { path } = createRequire(import.meta.url)('@ffmpeg-installer/ffmpeg') as { path: string };
  const server = createServer((_request, response) => {
    const sender = spawn(
      path,
      [
        '-re',
        '-f',
        'lavfi',
        '-i',
        'sine=frequency=600:sample_rate=48000',
        '-af',
        'volume=12dB',
        '-f',
        'mp3',
        '-b:a',
        '96k',
        'pipe:1',
      ],
      { stdio: ['ignore', 'pipe', 'ignore'] },
    );
    response.writeHead(200, { 'content-type': 'audio/mpeg' });
    sender.stdout.pipe(response);
    response.on('close', () => sender.kill('SIGKILL'));
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', () => resolve()));
  return server;
}
