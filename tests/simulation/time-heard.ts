/**
 * When one start of a board heard the server's time, and so for how long its clock had run alone at any instant: what a
 * clock may honestly be wrong by at a sound's start is judged by what was heard before it, not by what came since.
 */
import type { Span } from './history.ts';

/** A board that hears the time asks again so soon; only longer silences are remembered. */
const usualMs = 60_000;
/** After a silence so much is heard again before the estimate has left what it said meanwhile. */
const recoversMs = 120_000;

export class TimeHeard {
  /** When the time was first and last to be had. */
  firstMs: number | undefined;
  lastMs: number | undefined;
  /** Some a day: as many as the link was cut. */
  readonly #silences: Span[] = [];

  heard(atMs: number): void {
    this.firstMs ??= atMs;
    if (this.lastMs !== undefined && atMs - this.lastMs > usualMs)
      this.#silences.push({ fromMs: this.lastMs, untilMs: atMs });
    this.lastMs = atMs;
  }

  /** For how long the clock had run alone, or had just done so; 0 where it heard the time as usual, undefined before. */
  aloneMs(atMs: number): number | undefined {
    if (this.firstMs === undefined || this.lastMs === undefined || this.firstMs > atMs) return undefined;
    const silence = this.#silences.findLast(({ fromMs, untilMs }) => fromMs <= atMs && atMs < untilMs + recoversMs);
    if (silence !== undefined) return Math.min(silence.untilMs, atMs) - silence.fromMs;
    return Math.max(0, atMs - this.lastMs);
  }
}
