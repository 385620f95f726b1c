/**
 * What does the wall clock of a zone show, and when does it first show a civil moment? Stretches of constant offset are
 * read from the zone data once and kept, so that expansion pays an addition per start. Pure: the same zone always
 * answers the same; the host's own zone plays no part.
 */
import type { CivilSeconds } from './civil-day.ts';

/** Half-open stretch of instants in epoch seconds with one offset from UTC. */
interface Stretch {
  fromSeconds: number;
  untilSeconds: number;
  offsetSeconds: number;
}

/** Zones kept at once: a province uses one, a test a dozen. The oldest leaves first. */
const clocksMax = 32;
const clocks = new Map<string, ZoneClock>();

/** The zone's clock, or undefined when there is no such IANA zone. Bare offsets such as `+07:00` are no zones. */
export function zoneClockOf(timeZone: string): ZoneClock | undefined {
  const kept = clocks.get(timeZone);
  if (kept !== undefined) return kept;
  const clock = openZoneClock(timeZone);
  if (clock === undefined) return undefined;
  const oldest = clocks.keys().next().value;
  if (clocks.size >= clocksMax && oldest !== undefined) clocks.delete(oldest);
  clocks.set(timeZone, clock);
  return clock;
}

function openZoneClock(timeZone: string): ZoneClock | undefined {
  if (!/^[A-Za-z][A-Za-z0-9_+/-]{0,63}$/.test(timeZone)) return undefined;
  try {
    return new ZoneClock(new Temporal.ZonedDateTime(0n, timeZone).timeZoneId);
  } catch (error) {
    if (error instanceof RangeError) return undefined;
    throw error;
  }
}

export class ZoneClock {
  readonly timeZone: string;
  readonly #stretches: Stretch[] = [];
  #last: Stretch = { fromSeconds: 0, untilSeconds: 0, offsetSeconds: 0 };

  constructor(timeZone: string) {
    this.timeZone = timeZone;
  }

  /** The civil moment at an instant. Epoch seconds in; parts of a second are cut by the caller. */
  civilAt(epochSeconds: number): CivilSeconds {
    return epochSeconds + this.#stretchAt(epochSeconds).offsetSeconds;
  }

  /** Epoch seconds of the first time the clock shows a civil moment; undefined when a change of the clock skips it. */
  firstShown(civil: CivilSeconds): number | undefined {
    const last = this.#last;
    const guess = civil - last.offsetSeconds;
    const changeMax = 86_400 * 2;
    if (guess - changeMax >= last.fromSeconds && guess < last.untilSeconds) return guess;
    let stretch = this.#stretchAt(civil - changeMax);
    while (civil - stretch.offsetSeconds >= stretch.untilSeconds) stretch = this.#stretchAt(stretch.untilSeconds);
    const shown = civil - stretch.offsetSeconds;
    return shown < stretch.fromSeconds ? undefined : shown;
  }

  /** The latest civil moment first shown at or before an instant: what an UNTIL in UTC means on this clock. */
  lastShownBy(epochSeconds: number): CivilSeconds {
    const stretch = this.#stretchAt(epochSeconds);
    const civil = epochSeconds + stretch.offsetSeconds;
    if (this.firstShown(civil) === epochSeconds) return civil;
    const before = this.#stretchAt(stretch.fromSeconds - 1);
    return stretch.fromSeconds - 1 + before.offsetSeconds;
  }

  #stretchAt(epochSeconds: number): Stretch {
    if (epochSeconds >= this.#last.fromSeconds && epochSeconds < this.#last.untilSeconds) return this.#last;
    let found = this.#stretches.find((each) => epochSeconds >= each.fromSeconds && epochSeconds < each.untilSeconds);
    if (found === undefined) {
      found = readStretch(this.timeZone, epochSeconds);
      this.#stretches.push(found);
    }
    this.#last = found;
    return found;
  }
}

function readStretch(timeZone: string, epochSeconds: number): Stretch {
  const zoned = Temporal.Instant.fromEpochMilliseconds(epochSeconds * 1_000).toZonedDateTimeISO(timeZone);
  const next = zoned.getTimeZoneTransition('next');
  const previous = zoned.add({ nanoseconds: 1 }).getTimeZoneTransition('previous');
  return {
    fromSeconds: previous === null ? Number.NEGATIVE_INFINITY : previous.epochMilliseconds / 1_000,
    untilSeconds: next === null ? Number.POSITIVE_INFINITY : next.epochMilliseconds / 1_000,
    offsetSeconds: zoned.offsetNanoseconds / 1e9,
  };
}
