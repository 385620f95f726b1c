/**
 * A station taken over by the real player: its sound leaves from the planned instant to the planned end, never more
 * than seconds old; where it breaks off the clip sounds, once. Real HTTP, real ffmpeg, real time; limits that depend on
 * the machine are ten times what they should be.
 */
import { machineClock as clock } from '@loa/device-agent/edges/clock.ts';
import { behindMsMax } from '@loa/device-agent/fronts/player/live.ts';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { amplitudeOf, excerpt, rmsDbfs } from '../../harness/sound.ts';
import { endless, sends } from '../../harness/station.ts';
import {
  bench,
  clip,
  clipMs,
  closeRelayBench,
  emitted,
  encodings,
  openRelayBench,
  programme,
  secondAt,
  station,
  taken,
  toneDbfs,
} from './relay-bench.ts';

beforeAll(openRelayBench);
afterAll(closeRelayBench);

describe.concurrent('a station', () => {
  test.each(Object.keys(encodings))(
    'in %s sounds from the planned instant to the planned end, as it was sent',
    async (kind) => {
      const live = await station(sends(programme(`steps ${kind}`)));
      const { end, sound, offMs, tookMs } = await taken(await bench(), { url: live.url, lengthMs: 3_000 });
      expect(end).toMatchObject({ how: 'completed', relayed: { reconnects: 0, clipMs: 0 } });
      expect(end.relayed?.fellBack).toBeUndefined();
      expect(end.relayed?.soundedMs).toBeGreaterThan(2_000);
      console.log(`${kind}: first sample ${offMs.toFixed(1)} ms from its instant, over after ${tookMs.toFixed(0)} ms`);
      expect(Math.abs(offMs)).toBeLessThan(1_000);
      expect(Math.abs(tookMs - 3_000)).toBeLessThan(1_000);
      expect(Math.abs(rmsDbfs(excerpt(sound, { fromMs: 200, untilMs: 2_000 })) - toneDbfs)).toBeLessThan(0.5);
      const seconds = [0, 500, 1_000, 1_500].map((ms) => secondAt(sound, ms));
      expect(seconds.every((second, index) => index === 0 || second >= (seconds[index - 1] ?? 0))).toBe(true);
      expect(seconds.every((second) => typeof second === 'number' && second >= 0 && second < 24)).toBe(true);
    },
  );

  test('that was called long before its instant, and sent much at once, is joined where it is', async () => {
    const burstSeconds = 8;
    let calledMs = Number.NaN;
    const live = await station((...call) => {
      calledMs = clock.monotonicMs();
      sends(programme('steps mp3'), { burstSeconds })(...call);
    });
    const { sound, atMs } = await taken(await bench(), { url: live.url, lengthMs: 3_000, beforeMs: 4_000 });
    const sentSeconds = burstSeconds + (atMs - calledMs) / 1_000;
    const second = secondAt(sound, 50);
    console.log(`sent ${sentSeconds.toFixed(1)} s, sounding second ${second}`);
    expect(typeof second === 'number' && (sentSeconds - second) * 1_000).toBeLessThan(behindMsMax);
  });

  test('that sends faster than anybody listens is read no faster than that', async () => {
    const { bytes, mediaType } = programme('steps mp3');
    let taken: () => number = () => 0;
    const live = await station((_call, response) => {
      const { socket } = response;
      taken = () => socket?.bytesWritten ?? 0;
      endless(response.writeHead(200, { 'content-type': mediaType }), bytes);
    });
    const { player } = await bench();
    const result = await player.prepare({ fromMs: 0, level: 'routine', relay: { url: live.url, patienceMs: 20_000 } });
    if (!result.ok) throw new Error(result.reason);
    await new Promise((resolve) => setTimeout(resolve, 2_000));
    console.log(`${(taken() / 1_048_576).toFixed(1)} MB taken`);
    // What the sockets themselves hold, and the burst that is let through.
    expect(taken()).toBeLessThan(16 * 1_048_576);
    result.prepared.discard();
  });

  test('that breaks off is called again and sounds on, until the planned end', async () => {
    const first = sends(programme('steps mp3'), { endSeconds: 4 });
    const again = sends({
      ...programme('steps mp3'),
      bytes: programme('steps mp3').bytes.subarray(80_000),
      seconds: 14,
    });
    const live = await station((call, ...rest) => (call === 1 ? first : again)(call, ...rest));
    const { end, sound } = await taken(await bench(), { url: live.url, lengthMs: 8_000 });
    expect(end).toMatchObject({ how: 'completed', relayed: { reconnects: 1, clipMs: 0 } });
    expect(live.calls()).toBe(2);
    expect(secondAt(sound, 500)).toBeLessThan(5);
    expect(secondAt(sound, end.emittedMs - 500)).toBeGreaterThan(9);
  });

  test('that breaks off for good gives way to the clip, from its beginning, once, within the time that is left', async () => {
    const live = await station((call, response, request) => {
      if (call === 1) sends(programme('steps mp3'), { endSeconds: 4 })(call, response, request);
      else response.writeHead(404).end();
    });
    const { end, sound, tookMs } = await taken(await bench({ awayMsMax: 2_000 }), { url: live.url, lengthMs: 30_000 });
    expect(end).toMatchObject({ how: 'completed', relayed: { fellBack: 'refused', said: 'HTTP 404' } });
    expect(end.relayed?.soundedMs).toBeGreaterThan(1_500);
    expect(end.relayed?.clipMs).toBeCloseTo(clipMs, 0);
    expect(tookMs).toBeLessThan(29_000);
    expect(live.calls()).toBeGreaterThan(2);
    expect(secondAt(sound, end.emittedMs - clipMs + 100)).toBe('clip');
    expect(secondAt(sound, end.emittedMs - clipMs - 300)).not.toBe('clip');
  });

  test('whose clip has no more time sounds no longer than planned', async () => {
    const live = await station((_call, response) => response.writeHead(503).end());
    const { end, tookMs } = await taken(await bench(), { url: live.url, lengthMs: 700, patienceMs: 500 });
    expect(end.how).toBe('completed');
    expect(end.emittedMs).toBeGreaterThan(100);
    expect(end.emittedMs).toBeLessThan(721);
    expect(tookMs).toBeLessThan(5_000);
  });

  test('that sends silence is given up', async () => {
    const live = await station(sends(programme('silence mp3')));
    const { end } = await taken(await bench({ silentMsMax: 3_000 }), { url: live.url, lengthMs: 20_000 });
    expect(end).toMatchObject({ how: 'completed', relayed: { fellBack: 'silent' } });
    expect(end.relayed?.clipMs).toBeCloseTo(clipMs, 0);
  });

  test('an emergency silences it, is not made softer, and the station is joined again where it is', async () => {
    const live = await station(sends(programme('steps mp3')));
    const { player, path } = await bench();
    const asked = {
      path: clip,
      fromMs: 0,
      level: 'routine',
      gainDb: -12,
      relay: { url: live.url, patienceMs: 20_000 },
    } as const;
    const first = await player.prepare(asked);
    if (!first.ok) throw new Error(first.reason);
    const sounding = first.prepared.startAt(0, { untilMonotonicMs: clock.monotonicMs() + 60_000 });
    await sounding.started;
    await new Promise((resolve) => setTimeout(resolve, 800));
    const stopped = await sounding.stop();
    const alarm = await player.prepare({ path: clip, fromMs: 0, level: 'emergency' });
    if (!alarm.ok) throw new Error(alarm.reason);
    const alarmed = await alarm.prepared.startAt(0).ended;
    const second = await player.prepare(asked);
    if (!second.ok) throw new Error(second.reason);
    const again = await second.prepared.startAt(0, { untilMonotonicMs: clock.monotonicMs() + 1_000 }).ended;
    const sound = await emitted(path);
    const alarmMs = stopped.emittedMs + 100;
    expect(secondAt(sound, alarmMs)).toBe('clip');
    expect(rmsDbfs(excerpt(sound, { fromMs: alarmMs, untilMs: alarmMs + 1_000 }))).toBeCloseTo(toneDbfs, 1);
    for (const fromMs of [100, stopped.emittedMs + alarmed.emittedMs + 100])
      expect(Math.abs(rmsDbfs(excerpt(sound, { fromMs, untilMs: fromMs + 500 })) - (toneDbfs - 12))).toBeLessThan(0.5);
    expect(again).toMatchObject({ how: 'completed', relayed: { clipMs: 0 } });
    expect(live.calls()).toBe(2);
  });

  test('a recording behind the address sounds from its beginning, and is not begun again', async () => {
    const { bytes, mediaType } = programme('steps mp3');
    const part = bytes.subarray(0, 24_000);
    const live = await station((_call, response) => {
      response.writeHead(200, { 'content-type': mediaType, 'content-length': part.length }).end(part);
    });
    const { end, sound } = await taken(await bench(), { url: live.url, lengthMs: 30_000, beforeMs: 2_000 });
    expect(live.calls()).toBe(1);
    expect([300, 1_300].map((ms) => secondAt(sound, ms))).toEqual([0, 1]);
    expect(end.relayed).toMatchObject({ fellBack: 'ended', reconnects: 0 });
    expect(end.relayed?.soundedMs).toBeGreaterThan(2_700);
    expect(end.relayed?.soundedMs).toBeLessThan(3_300);
  });
});

test('a clip that is to sound softer is softer by exactly that, and the next one is not', async () => {
  const { player, path } = await bench();
  for (const gainDb of [0, -12, undefined]) {
    const result = await player.prepare({ path: clip, fromMs: 0, level: 'routine', gainDb });
    if (!result.ok) throw new Error(result.reason);
    await result.prepared.startAt(0).ended;
  }
  const alarm = await player.prepare({ path: clip, fromMs: 0, level: 'emergency', gainDb: -12 });
  if (!alarm.ok) throw new Error(alarm.reason);
  await alarm.prepared.startAt(0).ended;
  const sound = await emitted(path);
  const levels = [0, 1, 2, 3].map((place) =>
    rmsDbfs(excerpt(sound, { fromMs: place * clipMs, untilMs: (place + 1) * clipMs })),
  );
  for (const [place, offDb] of [0, -12, 0, 0].entries())
    expect(Math.abs((levels[place] ?? 0) - toneDbfs - offDb)).toBeLessThan(0.5);
  expect(amplitudeOf(-12)).toBeCloseTo(0.2512, 3);
});
