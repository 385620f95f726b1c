/**
 * A recording program for simulated time: hears, late and softer, what it is told that the horn emits, and gives it in
 * pieces of 100 ms as `arecord` does. Stands for `runProgram`.
 */
import type { Clock } from '@loa/device-agent/edges/clock.ts';
import type { Program, ProgramOptions, RunProgram } from '@loa/device-agent/edges/process.ts';
import { seededRandom } from './sound-signals.ts';

const rateHz = 48_000;
const pieceMs = 100;

/** From the card to the microphone: −12 dB. */
const hornGain = 0.25;

export interface MicrophoneTwin {
  run: RunProgram;
  /** What the horn emits, as 16-bit samples from an instant on. */
  emits(samples: Int16Array, atMs: number): void;
  /** What was asked for so far, and how many record now. */
  started(): number;
  recording(): number;
  /** It goes away in the middle. */
  die(): void;
  /** It stays away. */
  setBroken(isBroken: boolean): void;
}

export function microphoneTwin({ clock, delayMs = 120 }: { clock: Clock; delayMs?: number }): MicrophoneTwin {
  const random = seededRandom(7);
  const emitted: { samples: Int16Array; atMs: number }[] = [];
  const alive = new Set<{ end: (exitCode: number | null) => void }>();
  let starts = 0;
  let isBroken = false;

  function heardAt(fromMs: number): Buffer {
    const count = (pieceMs * rateHz) / 1000;
    const piece = Buffer.alloc(count * 2);
    for (let index = 0; index < count; index += 1) {
      const nowMs = fromMs + (index * 1000) / rateHz - delayMs;
      let value = (random() * 2 - 1) * 30;
      for (const { samples, atMs } of emitted) {
        const place = Math.round(((nowMs - atMs) * rateHz) / 1000);
        if (place >= 0 && place < samples.length) value += hornGain * (samples[place] ?? 0);
      }
      piece.writeInt16LE(Math.max(-32_768, Math.min(32_767, Math.round(value))), index * 2);
    }
    return piece;
  }

  function start(options: ProgramOptions): Program {
    starts += 1;
    let isOver = false;
    const own = {
      end(exitCode: number | null) {
        if (isOver) return;
        isOver = true;
        alive.delete(own);
        options.onEnd({ exitCode, said: exitCode === null ? '' : 'arecord: device is gone' });
      },
    };
    alive.add(own);
    if (isBroken) clock.setTimer(() => own.end(1), 50);
    const give = () => {
      if (isOver) return;
      options.onOutput?.(heardAt(clock.monotonicMs() - pieceMs));
      clock.setTimer(give, pieceMs);
    };
    clock.setTimer(give, 2 * pieceMs);
    return {
      write: () => 0,
      endInput: () => undefined,
      pause: () => undefined,
      resume: () => undefined,
      kill: () => own.end(null),
    };
  }

  return {
    run: start,
    emits: (samples, atMs) => {
      emitted.push({ samples, atMs });
    },
    started: () => starts,
    recording: () => alive.size,
    die: () => {
      for (const one of alive) one.end(1);
    },
    setBroken: (is) => {
      isBroken = is;
      if (is) for (const one of alive) one.end(1);
    },
  };
}
