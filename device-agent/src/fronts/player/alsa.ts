/**
 * A real sound card, through one long-lived `aplay` that is fed raw samples: spawning one for each clip costs 70 to 470
 * ms, and its pipe would hide half a second of sound, so the pacer writes no more than 100 ms ahead. When it dies it is
 * started again, and until then the output is missing. When it takes no more sound it is killed, told as stuck, and
 * started again. What is being opened or replaced is not known yet, and said to be neither there nor missing.
 */
import type { Evidence } from '@loa/protocol/device';
import type { Cancel, Clock } from '../../edges/clock.ts';
import type { Program, RunProgram } from '../../edges/process.ts';
import { watchCard } from './card-watch.ts';
import { msOf, rateHz, samplesOf } from './pcm.ts';
import type { Sink } from './sink.ts';

/** The card's own buffer; sound begins when it holds this much. */
const cardBufferUs = 80_000;
const cardPeriodUs = 20_000;
const periodSamples = samplesOf(cardPeriodUs / 1_000);

/**
 * Silence written before a first sample whose instant is known, as long as it still is until then: the card counts the
 * time down, and a board that is busy at that instant is not late.
 */
const leadMs = 80;

/** More than this unread by aplay means that the card no longer takes sound. */
const unreadBytesMax = samplesOf(500) * 2;

/** A dead aplay is started again after this. */
const restartMs = 2_000;

/** One that hangs in its card's driver does not even die; so long the card is left to it, then another one tries. */
const undyingMs = 30_000;

/** An aplay that lives so long has opened its card; until then nobody knows. */
const openedMs = 1_500;

/** A stuck one dies and the next one starts within this; later the output is missing besides. */
const replacedMs = restartMs + 3_000;

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
  /** Killed, and not gone yet. */
  let dying: Program | undefined;
  let startedMs = 0;
  /** Since a whole period was written last. */
  let writtenSamples = 0;
  let said = '';
  let givenUpMs = Number.NEGATIVE_INFINITY;
  let stuck: { count: number; evidence: Evidence } | undefined;
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
    writtenSamples = 0;
    const own = run({
      command: 'aplay',
      args: [...format, ...buffer, '-'],
      onEnd(end) {
        if (own === program) said = end.said === '' ? `aplay ended with ${end.exitCode}` : end.said;
        else if (own !== dying) return;
        program = undefined;
        dying = undefined;
        restartIn(restartMs);
      },
    });
    program = own;
  }

  function restartIn(delayMs: number): void {
    cancelRestart();
    if (!isClosed) cancelRestart = clock.setTimer(start, delayMs);
  }

  function giveUp(own: Program, unreadBytes: number): void {
    said = 'The sound card takes no sound';
    givenUpMs = clock.monotonicMs();
    const unreadMs = Math.round(msOf(unreadBytes / 2));
    stuck = { count: (stuck?.count ?? 0) + 1, evidence: { player: 'alsa', device, reason: said, unreadMs } };
    program = undefined;
    dying = own;
    own.kill();
    restartIn(undyingMs);
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
        writtenSamples += silence.length;
      }
      writtenSamples = (writtenSamples + block.length) % periodSamples;
      const unread = program.write(new Uint8Array(block.buffer, block.byteOffset, block.byteLength));
      if (unread <= unreadBytesMax) return;
      giveUp(program, unread);
      throw new Error(said);
    },
    nextForCard: watch.next,
    rest() {
      watch.end();
      // aplay hands on whole periods only: without silence behind it the end of a sound would stay in it, and sound
      // before the next one. One period more, since a card may round the size that it was asked for.
      const silence = 2 * periodSamples - writtenSamples;
      program?.write(new Uint8Array(silence * 2));
      writtenSamples = 0;
    },
    output() {
      const nowMs = clock.monotonicMs();
      const isRunning = program !== undefined;
      const present = isRunning && nowMs - startedMs >= openedMs;
      const isOpening = !present && (isRunning || nowMs - givenUpMs < replacedMs);
      const reason = present || said === '' ? {} : { reason: said.slice(0, 300) };
      return { present, isOpening, evidence: { player: 'alsa', device, ...reason }, stuck };
    },
    close() {
      isClosed = true;
      cancelRestart();
      watch.end();
      program?.kill();
      dying?.kill();
    },
  };
}
