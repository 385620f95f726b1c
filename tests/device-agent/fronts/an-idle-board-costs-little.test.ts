/**
 * A board to which nothing happens costs at most 2 MB a day, a change is told as soon as ever, and a server that does
 * not offer beats is told everything as before. By hand-moved time; `bench/idle-data.ts` measures real lines.
 */
import type { Network } from '@loa/device-agent/edges/network.ts';
import { type Account, nextWord } from '@loa/device-agent/fronts/link/beats.ts';
import { createSocketPath } from '@loa/device-agent/fronts/link/socket-path.ts';
import { openOutbox } from '@loa/device-agent/keep/outbox.ts';
import { createTimekeeper } from '@loa/device-agent/work/timekeeper/timekeeper.ts';
import {
  beatMs,
  type DeviceMessage,
  deviceMessageSchema,
  type Holds,
  heartbeatAgainMs,
  heartbeatMs,
  type Progress,
  type Readings,
  type ServerMessage,
} from '@loa/protocol/device';
import { describe, expect, it } from 'vitest';
import { manualClock, settle } from '../../harness/manual-clock.ts';
import { simulatedDisk } from '../../harness/simulated-disk.ts';
import { issuedMs } from '../installation.ts';

const dayMs = 86_400_000;
/** TLS 1.3 record (header, content type, tag), IP and TCP headers without options. */
const recordBytes = 22;
const segmentBytes = 40;
/** A frame header with the client's mask, and without. */
const frameBytes = { up: 6, down: 2 };

const longHolds: Holds = {
  keys: 3,
  plan: { epoch: 2, number: 1_234_567 },
  hours: { epoch: 2, number: 1_234_568 },
  orders: Object.fromEntries(
    ['cum-01', 'thon-22933-3', 'xa-22933', 'huyen-599', 'tinh-68'].map((id) => [id, { epoch: 2, number: 1_234_569 }]),
  ),
};
const readings: Readings = {
  mainsPresent: true,
  batteryVolts: 13.21,
  temperatureC: 51.5,
  isThrottled: false,
  memoryFreeBytes: 201_326_592,
  diskFreeBytes: 20_132_659_200,
  diskTotalBytes: 30_132_659_200,
  diskWearPercent: 10,
  linkKind: 'mobile',
  linkSignalDbm: -87,
  dataUsedBytes: 12_345_678,
  clockDriftPpm: 12.3456,
  doorOpen: false,
  residentBytes: 83_000_000,
  uptimeS: 123_456,
};

/** A board on its link to a server that the test plays; every frame is weighed. */
async function board(offeredMs: number | undefined) {
  const clock = manualClock({ wallMs: issuedMs });
  const state = { holds: longHolds, progress: [] as Progress[], behind: 0, buffered: 0 };
  const said: { kind: DeviceMessage['kind']; atMs: number; bytes: number; message: DeviceMessage }[] = [];
  let bytes = 0;
  let hear: (text: string) => void = () => undefined;
  const startMs = clock.monotonicMs();
  const weigh = (text: string, way: 'up' | 'down') => {
    // With its acknowledgement, which travels alone where nothing else is to be said.
    bytes += Buffer.byteLength(text) + frameBytes[way] + recordBytes + 2 * segmentBytes;
  };
  const say = (message: ServerMessage) => {
    weigh(JSON.stringify(message), 'down');
    hear(JSON.stringify(message));
  };
  const network: Network = {
    http: () => Promise.reject(new Error('no')),
    openMqtt: () => Promise.reject(new Error('no')),
    async openSocket(opening) {
      hear = opening.onText;
      return {
        send(text) {
          weigh(text, 'up');
          const message = deviceMessageSchema.parse(JSON.parse(text));
          said.push({ kind: message.kind, atMs: clock.monotonicMs() - startMs, bytes: text.length, message });
          if (message.kind !== 'time-request') return;
          const atMs = clock.wallMs();
          clock.setTimer(
            () => say({ kind: 'time-answer', sentMs: message.sentMs, receivedMs: atMs, answeredMs: atMs }),
            40,
          );
        },
        bufferedBytes: () => state.buffered,
        close: () => opening.onClosed('closed by us'),
      };
    },
  };
  const timekeeper = createTimekeeper({ clock, clockKept: false, floorMs: () => issuedMs, onChange: () => undefined });
  const random = { fraction: () => 0.5, bytes: (count: number) => new Uint8Array(count).fill(5) };
  const outbox = await openOutbox({
    disk: simulatedDisk({ fraction: () => 0.5 }),
    random,
    now: timekeeper.now,
    onDamaged: () => undefined,
  });
  const path = createSocketPath({
    ...{ network, clock, outbox, timekeeper, agentVersion: '0.1.0', boot: 'boot-1' },
    door: { token: async () => ({ token: 't', expiresAt: new Date(issuedMs).toISOString() }), spoil: () => undefined },
    board: {
      capabilities: { formats: ['ogg-opus'], probes: [], stream: false, clockKept: true, deviceKind: 'receiver' },
      description: 'test',
    },
    holds: () => state.holds,
    progress: () => state.progress,
    readings: () => readings,
    onBehind: () => (state.behind += 1),
    refusals: { refused: ({ reason }) => expect.unreachable(reason) },
  });
  await path.open(() => undefined);
  say({ kind: 'welcome', storedSeq: 0, ...(offeredMs === undefined ? {} : { beatMs: offeredMs }) });
  await settle();
  return {
    clock,
    state,
    said,
    path,
    say,
    bytes: () => bytes,
    kindsSince: (fromMs: number) => said.filter(({ atMs }) => atMs >= fromMs).map(({ kind }) => kind),
    nowMs: () => clock.monotonicMs() - startMs,
    stop: () => timekeeper.close(),
  };
}

describe('an idle board', () => {
  it('says it is there every 15 s and everything every ten minutes, for less than 2 MB a day in all', async () => {
    const { clock, said, bytes, stop } = await board(beatMs);
    const hours = 2;
    await clock.advance(hours * 3_600_000);
    const kinds = said.map(({ kind }) => kind);
    expect(kinds[0]).toBe('hello');
    const heartbeats = said.filter(({ kind }) => kind === 'heartbeat');
    expect(heartbeats.length).toBeLessThanOrEqual((hours * 3_600_000) / heartbeatAgainMs + 2);
    // Figures that do not move are told once.
    const withReadings = heartbeats.filter(({ message }) => message.kind === 'heartbeat' && message.readings);
    expect(withReadings.length).toBeLessThanOrEqual(1);
    const gaps = said.slice(1).map(({ atMs }, index) => atMs - (said[index]?.atMs ?? 0));
    expect(Math.max(...gaps)).toBeLessThanOrEqual(beatMs);
    const perDay = (bytes() * dayMs) / (hours * 3_600_000);
    // Beside it: an MQTT ping a minute and its answer, and ten times a day both paths anew, 20 kB each (measured).
    const pings = (dayMs / 60_000) * (2 * (2 + frameBytes.up + recordBytes) + 3 * segmentBytes);
    expect(perDay + pings + 10 * 20_000).toBeLessThan(2_000_000);
    expect(perDay).toBeGreaterThan(500_000);
    stop();
  });

  it('tells a change within 250 ms, and one that nobody announces with the next word', async () => {
    const { clock, state, path, kindsSince, nowMs, stop } = await board(beatMs);
    await clock.advance(125_000);
    const changedMs = nowMs();
    state.holds = { ...longHolds, plan: { epoch: 2, number: 2_000_000 } };
    path.heartbeatSoon();
    await clock.advance(250);
    expect(kindsSince(changedMs)).toEqual(['heartbeat']);
    const silentMs = nowMs();
    state.progress = [{ occurrence: 'b@1', phase: 'queued' }];
    await clock.advance(beatMs);
    expect(kindsSince(silentMs)).toContain('heartbeat');
    stop();
  });

  it('says what it holds as soon as it is asked, and has its way down looked at', async () => {
    const { clock, state, say, kindsSince, nowMs, stop } = await board(beatMs);
    await clock.advance(100_000);
    const askedMs = nowMs();
    for (let time = 0; time < 50; time += 1) say({ kind: 'say-holds' });
    await clock.advance(300);
    expect(kindsSince(askedMs)).toEqual(['heartbeat']);
    expect(state.behind).toBe(50);
    stop();
  });

  it('owes what it could not say on a line that did not move', async () => {
    const { clock, state, path, kindsSince, nowMs, stop } = await board(beatMs);
    await clock.advance(61_000);
    state.buffered = 100_000;
    state.holds = { ...longHolds, keys: 4 };
    const stuckMs = nowMs();
    path.heartbeatSoon();
    await clock.advance(30_000);
    expect(kindsSince(stuckMs)).toEqual([]);
    state.buffered = 0;
    await clock.advance(heartbeatMs);
    expect(kindsSince(stuckMs)).toContain('heartbeat');
    stop();
  });
});

describe('a board at work', () => {
  it('is told of every five seconds while it sounds', async () => {
    const { clock, state, path, said, nowMs, stop } = await board(beatMs);
    await clock.advance(61_000);
    const fromMs = nowMs();
    state.progress = [{ occurrence: 'b@1', phase: 'playing', fraction: 0.1 }];
    path.progressSoon();
    await clock.advance(60_000);
    const told = said.filter(({ kind, atMs }) => kind === 'heartbeat' && atMs > fromMs);
    expect(told.length).toBeGreaterThanOrEqual(11);
    stop();
  });

  it('speaks as before to a server that offers no beats', async () => {
    const { clock, said, stop } = await board(undefined);
    await clock.advance(60_000);
    expect(said.filter(({ kind }) => kind === 'heartbeat')).toHaveLength(60_000 / heartbeatMs);
    expect(said.map(({ kind }) => kind)).not.toContain('beat');
    stop();
  });
});

describe('the next word', () => {
  const account: Account = {
    holds: { keys: 1, orders: {} },
    clock: { trusted: true, offsetMs: 10, boundMs: 20 },
    progress: [{ occurrence: 'a', phase: 'downloading', fraction: 0.4 }],
  };
  const word = (present: Partial<Account>, over: { nowMs?: number; lastFrameMs?: number } = {}) =>
    nextWord({
      told: { ...account, atMs: 0 },
      present: { ...account, ...present },
      ...{ nowMs: 12_000, lastFrameMs: 10_000, beatMs: 15_000, ...over },
    });
  it.each<[string, Partial<Account>, ReturnType<typeof nextWord>]>([
    ['nothing changed', {}, { kind: 'beat', delayMs: 13_000 }],
    ['something is held', { holds: { keys: 2, orders: {} } }, { kind: 'heartbeat', delayMs: 0 }],
    ['trust was lost', { clock: { ...account.clock, trusted: false } }, { kind: 'heartbeat', delayMs: 0 }],
    ['the clock moved a little', { clock: { ...account.clock, offsetMs: 200 } }, { kind: 'beat', delayMs: 13_000 }],
    ['the clock moved', { clock: { ...account.clock, offsetMs: 300 } }, { kind: 'heartbeat', delayMs: 0 }],
    ['the bound grew', { clock: { ...account.clock, boundMs: 200 } }, { kind: 'heartbeat', delayMs: 0 }],
    ['a download came on', { progress: [] }, { kind: 'heartbeat', delayMs: 0 }],
  ])('when %s', (_name, present, expected) => {
    expect(word(present)).toEqual(expected);
  });
  it('is everything again after ten minutes', () => {
    expect(word({}, { nowMs: heartbeatAgainMs, lastFrameMs: heartbeatAgainMs - 5_000 }).kind).toBe('heartbeat');
  });
});
