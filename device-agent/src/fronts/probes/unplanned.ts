/**
 * Looks every second whether the amplifier drives while this board sends nothing: a foreign station on its frequency, a
 * microphone left open, a hum. Learns meanwhile what quiet looks like. Not while something is sent, nor until the
 * amplifier has settled after it.
 */
import type { Evidence } from '@loa/protocol/device';
import type { Gauge, HearingMemory } from '../../contracts.ts';
import type { Clock } from '../../edges/clock.ts';
import { regularly } from '../../edges/regularly.ts';
import { hearQuiet, lineOf, type QuietLine, unknownQuiet } from '../../work/listening/quiet-line.ts';

export const lookEveryMs = 1_000;

/** Speech pauses: one answer above the line speaks for so many looks. */
const looksHeld = 4;

/** After the amplifier was switched its current is nobody's sound. */
const settlingMs = 3_000;

/** After a sound, where nothing says how long the amplifier holds itself on. */
export const holdMsDefault = 30_000;

export interface UnplannedAnswer {
  bad: boolean;
  evidence: Evidence;
}

export function watchUnplanned(ports: {
  clock: Clock;
  gauge: Gauge;
  memory: HearingMemory;
  /** Something is being sent, or an amplifier is being warmed up for it. */
  isSounding: () => boolean;
  /** Where the amplifier's power is switched: whether it is on. Undefined: not known. */
  isAmplifierOn?: (() => boolean | undefined) | undefined;
  /** So long after a sound nothing is judged; default `holdMsDefault`. */
  holdMs?: number | undefined;
  onAnswer: (answer: UnplannedAnswer) => void;
}): { stop(): void } {
  const { clock, gauge, memory } = ports;
  const holdMs = ports.holdMs ?? holdMsDefault;
  const remembered = memory.read().gauges[gauge.kind];
  const lines: Record<'quietOn' | 'quietOff', QuietLine> = {
    quietOn: unknownQuiet(remembered?.quietOn),
    quietOff: unknownQuiet(remembered?.quietOff),
  };
  let state: 'quietOn' | 'quietOff' | undefined;
  let settledAtMs = clock.monotonicMs() + settlingMs;
  let judgedAtMs = Number.NEGATIVE_INFINITY;
  let looksLeft = 0;
  /** Looks in a row that were bad; a suspicion that a sound of ours interrupts is dropped. */
  let badLooks = 0;
  let loudest = 0;

  function begun(nowMs: number): void {
    if (badLooks > 0 && badLooks < 6) ports.onAnswer({ bad: false, evidence: {} });
    badLooks = 0;
    looksLeft = 0;
    settledAtMs = nowMs + settlingMs;
    judgedAtMs = nowMs + holdMs;
  }

  async function look(): Promise<void> {
    if (ports.isSounding()) return begun(clock.monotonicMs());
    const value = await gauge.read();
    const nowMs = clock.monotonicMs();
    if (ports.isSounding()) return begun(nowMs);
    const now = ports.isAmplifierOn?.() === false ? 'quietOff' : 'quietOn';
    if (now !== state) {
      if (state !== undefined) settledAtMs = nowMs + settlingMs;
      state = now;
    }
    if (value === undefined || nowMs < settledAtMs) return;
    judge(value, now, nowMs);
  }

  function judge(value: number, now: 'quietOn' | 'quietOff', nowMs: number): void {
    const line = lineOf(lines[now], gauge.riseMin);
    learn(value, now);
    if (line === undefined || nowMs < judgedAtMs) return;
    if (value > line) {
      looksLeft = looksHeld;
      loudest = badLooks === 0 ? value : Math.max(loudest, value);
    }
    const bad = looksLeft > 0;
    looksLeft = Math.max(0, looksLeft - 1);
    badLooks = bad ? badLooks + 1 : 0;
    const evidence: Evidence = bad
      ? { probe: gauge.kind, value: rounded(loudest), line: rounded(line), quiet: rounded(lines[now].quiet ?? 0) }
      : { probe: gauge.kind, value: rounded(value), line: rounded(line) };
    ports.onAnswer({ bad, evidence });
  }

  function learn(value: number, now: 'quietOn' | 'quietOff'): void {
    const after = hearQuiet(lines[now], value, gauge.riseMin);
    lines[now] = after;
    const known = memory.read().gauges[gauge.kind]?.[now];
    const { quiet } = after;
    if (quiet === undefined || (known !== undefined && Math.abs(known - quiet) < gauge.riseMin / 10)) return;
    memory.update((data) => {
      data.gauges[gauge.kind] = { ...data.gauges[gauge.kind], [now]: rounded(quiet) };
    });
  }

  return regularly(clock, lookEveryMs, look);
}

function rounded(value: number): number {
  return Number(value.toPrecision(4));
}
