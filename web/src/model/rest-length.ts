/** How long a rest lasts, in the choices a person has, and the instant at which it ends. Pure. */

export const restLengths = ['two-hours', 'today', 'tomorrow', 'three-days'] as const;
export type RestLength = (typeof restLengths)[number];

const dayCounts: Record<Exclude<RestLength, 'two-hours'>, number> = { today: 1, tomorrow: 2, 'three-days': 3 };

/** Epoch ms; whole days end at midnight of the installation. */
export function restEndMs(length: RestLength, input: { nowMs: number; timeZone: string }): number {
  const now = Temporal.Instant.fromEpochMilliseconds(Math.trunc(input.nowMs)).toZonedDateTimeISO(input.timeZone);
  if (length === 'two-hours') return now.add({ hours: 2 }).epochMilliseconds;
  return now.toPlainDate().add({ days: dayCounts[length] }).toZonedDateTime(input.timeZone).epochMilliseconds;
}
