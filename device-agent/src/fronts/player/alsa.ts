/**
 * A real sound card, through one long-lived `aplay` that is fed raw samples: spawning one for each clip costs 70 to 470
 * ms, and its pipe would hide half a second of sound, so the pacer writes no more than 100 ms ahead. When it dies it is
 * started again, and until it runs the output is missing.
 */
import type { Evidence } from '@loa/protocol/device';
import type { Cancel, Clock } from '../../edges/clock.ts';
import type { Program, RunProgram } from '../../edges/process.ts';
import { watchCard } from './card-watch.ts';
import { rateHz, samplesOf } from './pcm.ts';
import type { Sink } from './sink.ts';

/** The card's own buffer; sound begins when it holds this much. */
const cardBufferUs = 80_000;
const cardPeriodUs = 20_000;

/**
 * Silence written before a first sample whose instant is known, as long as it still is until then: the card counts the
 * time down, and a board that is busy at that instant is not late.
 */
const leadMs = 80;

/** More than this unread by aplay means that the card no longer takes sound. */
const unreadBytesMax = samplesOf(500) * 2;

/** A dead aplay is started again after this. */
const restartMs = 2_000;

/** An aplay that lives so long has opened its card. */
const openedMs = 1_500;

export function alsaSink(parts: {
  /** ALSA's name of the output, `default` or `plughw:1,0`. */
  device: string;
  run: RunProgram;
  clock: Clock;
  /** Samples that the card held by this process has sounded; absent: nobody can say. */
  readPlace?: ((pid: number, rateHz: number) => number | undefined) | undefined;
}): Sink {
  const { device, run, clock } = parts;
  let program: Program | undefined;
  let startedMs = 0;
  let said = '';
  let isClosed = false;
  let cancelRestart: Cancel = () => undefined;
  const watch = watchCard({
    clock,
    read: () => (program?.pid === undefined ? undefined : parts.readPlace?.(program.pid, rateHz)),
  });

  function start(): void {
    const format = ['-q', '-D', device, '-t', 'raw', '-f', 'S16_LE', '-r', String(rateHz), '-c', '1'];
    const buffer = [`--buffer-time=${cardBufferUs}`, `--period-time=${cardPeriodUs}`];
    startedMs = clock.monotonicMs();
    const own = run({
      command: 'aplay',
      args: [...format, ...buffer, '-'],
      onEnd(end) {
        if (program !== own) return;
        program = undefined;
        said = end.said === '' ? `aplay ended with ${end.exitCode}` : end.said;
        if (!isClosed) cancelRestart = clock.setTimer(start, restartMs);
      },
    });
    program = own;
  }

  start();
  return {
    name: 'alsa',
    startLeadMs: leadMs,
    write(block, { monotonicMs, isContiguous }) {
      if (program === undefined) throw new Error(`No sound card: ${said}`);
      if (!isContiguous) {
        watch.begin();
        const silence = new Int16Array(samplesOf(Math.max(0, Math.min(leadMs, monotonicMs - clock.monotonicMs()))));
        if (silence.length > 0) program.write(new Uint8Array(silence.buffer));
      }
      const unread = program.write(new Uint8Array(block.buffer, block.byteOffset, block.byteLength));
      if (unread <= unreadBytesMax) return;
      said = 'The sound card takes no sound';
      program.kill();
      throw new Error(said);
    },
    nextForCard: watch.next,
    rest: watch.end,
    output() {
      const present = program !== undefined && clock.monotonicMs() - startedMs >= openedMs;
      const evidence: Evidence = { player: 'alsa', device, ...(present ? {} : { reason: said.slice(0, 300) }) };
      return { present, evidence };
    },
    close() {
      isClosed = true;
      cancelRestart();
      watch.end();
      program?.kill();
    },
  };
}
