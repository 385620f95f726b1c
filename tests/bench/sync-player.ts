/**
 * One board of the spread's measurement: `node sync-player.ts <time server> <clip> <instants, epoch ms>`. The agent's own
 * timekeeper over a real WebSocket, its own decoder, player and ALSA output; what aplay would be fed goes to standard
 * output, as Snapcast's client does it with its file player.
 */
import { machineClock as clock } from '@loa/device-agent/edges/clock.ts';
import { findFfmpeg, type Program, runProgram } from '@loa/device-agent/edges/process.ts';
import { alsaSink } from '@loa/device-agent/fronts/player/alsa.ts';
import { ffmpegDecoder } from '@loa/device-agent/fronts/player/decoder.ts';
import { createPlayer } from '@loa/device-agent/fronts/player/player.ts';
import { createTimekeeper } from '@loa/device-agent/work/timekeeper/timekeeper.ts';
import { serverMessageSchema } from '@loa/protocol/device';
import { WebSocket } from 'ws';

const [url = '', path = '', instants = ''] = process.argv.slice(2);
const output: Program = {
  write(piece) {
    process.stdout.write(piece);
    return process.stdout.writableLength;
  },
  endInput: () => undefined,
  pause: () => undefined,
  resume: () => undefined,
  kill: () => undefined,
};
const timekeeper = createTimekeeper({ clock, clockKept: false, floorMs: () => 0, onChange: () => undefined });
const player = createPlayer({
  sink: alsaSink({ device: 'standard output', run: () => output, clock }),
  decode: ffmpegDecoder({ ffmpegPath: findFfmpeg(process.env), run: runProgram, clock }),
  clock,
  levels: { routineDb: 0, emergencyDb: 0 },
});
const socket = new WebSocket(url);
await new Promise((resolve) => socket.once('open', resolve));
socket.on('message', (text) => {
  const message = serverMessageSchema.parse(JSON.parse(String(text)));
  if (message.kind === 'time-answer') timekeeper.answered(message);
});
timekeeper.connected((sentMs) => socket.send(JSON.stringify({ kind: 'time-request', sentMs })));

for (const startMs of instants.split(',').map(Number)) {
  const waitMs = Math.max(0, startMs - 1_500 - Date.now());
  await new Promise((resolve) => setTimeout(resolve, waitMs));
  const result = await player.prepare({ path, fromMs: 0, level: 'routine' });
  if (!result.ok) throw new Error(JSON.stringify(result.evidence));
  const monotonicAt = (soundMs: number) => timekeeper.serverToMonotonic(startMs + soundMs);
  await result.prepared.startAt(timekeeper.serverToMonotonic(startMs), { monotonicAt }).ended;
}
await player.close();
timekeeper.close();
socket.close();
