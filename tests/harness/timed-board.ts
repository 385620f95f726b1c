/**
 * A board that learns the time over a link with jitter and plays by it: the real timekeeper and the real player with
 * the file output, on a clock of its own that runs wrong. What it emitted can be read back in true time.
 */
import type { Playing } from '@loa/device-agent/contracts.ts';
import type { SoundFolder } from '@loa/device-agent/edges/sound-folder.ts';
import type { Decoding } from '@loa/device-agent/fronts/player/decoder.ts';
import { fileSink } from '@loa/device-agent/fronts/player/file.ts';
import { createPlayer } from '@loa/device-agent/fronts/player/player.ts';
import type { Sink } from '@loa/device-agent/fronts/player/sink.ts';
import { createTimekeeper, type TimekeeperRoom } from '@loa/device-agent/work/timekeeper/timekeeper.ts';
import { type TrueTime, trueZeroMs } from './true-time.ts';

/** How a link delays: one-way times, each drawn anew, and what the way there has more than the way back. */
export interface LinkTimes {
  oneWayMs: (random: () => number) => number;
  asymmetryMs?: number;
}

export interface TimedBoard {
  timekeeper: TimekeeperRoom;
  connect(): void;
  disconnect(): void;
  /** Round trips so far. */
  asked(): number;
  /** Server time as the board has it, minus what it is. */
  errorMs(): number;
  /** Starts the sound at an instant of the server, epoch ms. */
  play(sound: Int16Array, serverMs: number): Promise<() => Playing>;
  /** True instant (since true zero) of the first emitted sample louder than a tenth of full scale. */
  firstLoudMs(): number | undefined;
}

export function timedBoard(options: {
  time: TrueTime;
  random: () => number;
  rate: number;
  link: LinkTimes;
  /** How far the server's clock is set off; default 0. */
  serverOffMs?: () => number;
  /** Told of each block, with the true instant of its first sample, instead of recording it. */
  onBlock?: (trueMs: number) => void;
}): TimedBoard {
  const { time, random, link, onBlock } = options;
  const bootMs = Math.floor(random() * 1e6);
  const clock = time.clock({ rate: options.rate, bootMs });
  const half = (link.asymmetryMs ?? 0) / 2;
  const timekeeper = createTimekeeper({ clock, clockKept: false, floorMs: () => 0, onChange: () => undefined });
  const files = memoryFolder();
  const sink = onBlock === undefined ? fileSink({ folder: files.folder, clock }) : blockSink(clock.trueMs, onBlock);
  let asked = 0;
  let next: Int16Array = new Int16Array(0);
  const player = createPlayer({ sink, decode: () => clipOf(next), clock, levels: { routineDb: 0, emergencyDb: 0 } });

  function ask(sentMs: number): void {
    asked += 1;
    time.at(time.nowMs() + link.oneWayMs(random) + half, () => {
      // The server tells whole milliseconds.
      const serverMs = Math.floor(trueZeroMs + time.nowMs() + (options.serverOffMs?.() ?? 0));
      time.at(time.nowMs() + link.oneWayMs(random) - half, () =>
        timekeeper.answered({ kind: 'time-answer', sentMs, receivedMs: serverMs, answeredMs: serverMs }),
      );
    });
  }

  return {
    timekeeper,
    connect: () => timekeeper.connected(ask),
    disconnect: () => timekeeper.disconnected(),
    asked: () => asked,
    errorMs: () => timekeeper.monotonicToServer(clock.monotonicMs()) - (trueZeroMs + time.nowMs()),
    async play(sound, serverMs) {
      next = sound;
      const result = await player.prepare({ path: 'sound', fromMs: 0, level: 'routine' });
      if (!result.ok) throw new Error(result.reason);
      const monotonicAt = (soundMs: number) => timekeeper.serverToMonotonic(serverMs + soundMs);
      return () => result.prepared.startAt(timekeeper.serverToMonotonic(serverMs), { monotonicAt });
    },
    firstLoudMs() {
      const [line] = files.text('emitted.jsonl').split('\n');
      const { atMs = Number.NaN } = JSON.parse(line ?? '{}') as { atMs?: number };
      const samples = files.samples('emitted.pcm');
      const index = samples.findIndex((sample) => Math.abs(sample) > 3_276);
      return index < 0 ? undefined : clock.trueMs(atMs - trueZeroMs + bootMs + index / 48);
    },
  };
}

/** Already decoded. */
export function clipOf(sound: Int16Array): Decoding {
  let taken = 0;
  return {
    ready: Promise.resolve(true),
    take(count) {
      const part = sound.subarray(taken, taken + count);
      taken += part.length;
      return part;
    },
    state: () => (taken === sound.length ? 'ended' : 'running'),
    said: () => '',
    stop: () => undefined,
  };
}

function blockSink(trueMs: (monotonicMs: number) => number, onBlock: (trueMs: number) => void): Sink {
  return {
    name: 'blocks',
    startLeadMs: 100,
    write: (_block, { monotonicMs }) => onBlock(trueMs(monotonicMs)),
    rest: () => undefined,
    output: () => ({ present: true, evidence: {} }),
    close: () => undefined,
  };
}

function memoryFolder(): { folder: SoundFolder; text(name: string): string; samples(name: string): Int16Array } {
  const files = new Map<string, Buffer>();
  const bytesOf = (name: string) => files.get(name) ?? Buffer.alloc(0);
  return {
    text: (name) => bytesOf(name).toString(),
    samples: (name) => new Int16Array(Uint8Array.from(bytesOf(name)).buffer),
    folder: {
      make: () => undefined,
      lacking: () => undefined,
      append(name, piece) {
        const before = bytesOf(name);
        files.set(name, Buffer.concat([before, typeof piece === 'string' ? Buffer.from(piece) : piece]));
        return before.length;
      },
      read: (name, { offset, length }) => bytesOf(name).subarray(offset, offset + length),
      rename: () => undefined,
      remove: (name) => void files.delete(name),
    },
  };
}
