/**
 * When horns may sound in an area: the permitted hours, a civil-time rule that the server plans by and the device
 * judges every instant by again (DESIGN P8). Pure; handed the instant.
 */

/** One permitted span of the day, `from` included, `until` excluded; `24:00` is the end of the day. */
export interface PermittedSpan {
  weekdays: readonly number[];
  from: string;
  until: string;
}

/** The rule of one area. */
export interface HoursRule {
  timeZone: string;
  spans: readonly PermittedSpan[];
  /** Number of the document that decided it; empty for the cautious default. */
  document: string;
}

const everyDay = [1, 2, 3, 4, 5, 6, 7] as const;

/** What applies until an area has decided: 05:00–21:00 every day, our own cautious choice. */
export function cautiousHours(timeZone: string): HoursRule {
  return { timeZone, spans: [{ weekdays: everyDay, from: '05:00', until: '21:00' }], document: '' };
}

/** True when every instant of the span lies in permitted hours. A span across midnight is judged on both days. */
export function isPermitted(rule: HoursRule, span: { atMs: number; durationMs: number }): boolean {
  let atMs = span.atMs;
  const endMs = span.atMs + Math.max(1, span.durationMs);
  while (atMs < endMs) {
    const permittedUntilMs = permittedUntil(rule, atMs);
    if (permittedUntilMs === undefined) return false;
    atMs = permittedUntilMs;
  }
  return true;
}

/**
 * The instant up to which sound is permitted without a break from `atMs` on, or undefined when it is not permitted.
 * A device's clock gives fractions of a millisecond; they are cut.
 */
export function permittedUntil(rule: HoursRule, atMs: number): number | undefined {
  const zoned = Temporal.Instant.fromEpochMilliseconds(Math.floor(atMs)).toZonedDateTimeISO(rule.timeZone);
  const ends = rule.spans
    .filter((span) => span.weekdays.includes(zoned.dayOfWeek))
    .map((span) => ({ fromMs: instantOn(zoned, span.from), untilMs: instantOn(zoned, span.until) }))
    .filter((span) => atMs >= span.fromMs && atMs < span.untilMs)
    .map((span) => span.untilMs);
  return ends.length === 0 ? undefined : Math.max(...ends);
}

function instantOn(day: Temporal.ZonedDateTime, time: string): number {
  if (time === '24:00') return day.toPlainDate().add({ days: 1 }).toZonedDateTime(day.timeZoneId).epochMilliseconds;
  return day.toPlainDate().toZonedDateTime({ timeZone: day.timeZoneId, plainTime: Temporal.PlainTime.from(time) })
    .epochMilliseconds;
}
