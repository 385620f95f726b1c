/**
 * What the mock has planned for the coming week: bulletins at their own times, those placed in a session behind its tune,
 * a village's clusters later than the others. Lays nothing out as the law does.
 */
import type { PlannedAiring, TimetableView } from '@loa/protocol/panel';
import { airTimeMs, occurrenceId } from '@loa/schedules';
import type { Call } from './call.ts';
import { timeZone } from './town.ts';

const dayMs = 86_400_000;
/** A placed one begins so long after its session, and on some clusters later still. */
const afterTuneMs = 30 * 60_000 + 44_000;
const laterMs = 31 * 60_000;
const tuneMs = 21_000;
const relayMs = 15 * 60_000;

function timetable({ world, person }: Call): TimetableView {
  const nowMs = world.nowMs();
  const window = { fromMs: nowMs, untilMs: nowMs + 7 * dayMs };
  const placed = world.startsIn({ ...window, fromMs: nowMs - dayMs }).flatMap(({ bulletin, occurrence, atMs }) => {
    const clusterCount = world.reach(person, bulletin.areaIds).clusters + (bulletin.clusterIds?.length ?? 0);
    if (bulletin.class === 'emergency' || bulletin.isOffered || clusterCount === 0) return [];
    const { id: bulletinId, title, class: of, areaIds, clusterIds, slot } = bulletin;
    const startMs = slot === undefined ? atMs : atMs + afterTuneMs;
    const lastMs = slot === undefined ? startMs : startMs + laterMs;
    const lengthMs = airTimeMs({ clipDurationMs: bulletin.clip.durationMs, repeat: bulletin.repeat });
    const line: PlannedAiring = {
      ...{ occurrence, bulletinId, title, class: of, slot, isPart: false, areaIds, clusterIds, clusterCount },
      ...{ at: iso(startMs), lastAt: iso(lastMs), until: iso(lastMs + lengthMs) },
    };
    return [line];
  });
  const airings = [...placed, ...morningParts({ nowMs, clusterCount: world.reach(person, ['ham-thang']).clusters })]
    .filter(({ at }) => Date.parse(at) >= window.fromMs && Date.parse(at) < window.untilMs)
    .sort((a, b) => Date.parse(a.at) - Date.parse(b.at));
  return { from: iso(window.fromMs), until: iso(window.untilMs), airings, leftOutCount: 0 };
}

/** The tune and the relay of the morning that the town begins with. */
function morningParts({ nowMs, clusterCount }: { nowMs: number; clusterCount: number }): PlannedAiring[] {
  if (clusterCount === 0) return [];
  const today = Temporal.Instant.fromEpochMilliseconds(nowMs).toZonedDateTimeISO(timeZone).toPlainDate();
  return Array.from({ length: 8 }, (_, index) => today.add({ days: index })).flatMap((date) =>
    (
      [
        ['p-1', 'Nhạc hiệu', '05:00', tuneMs],
        ['p-2', 'Đài tỉnh', '05:30', relayMs],
      ] as const
    ).map(([bulletinId, title, time, lengthMs]) => {
      const atMs = date.toZonedDateTime({ timeZone, plainTime: time }).epochMilliseconds;
      return {
        ...{ occurrence: occurrenceId(bulletinId, atMs), bulletinId, title, class: 'normal' as const, isPart: true },
        ...{ at: iso(atMs), lastAt: iso(atMs), until: iso(atMs + lengthMs), clusterCount, areaIds: ['ham-thang'] },
      };
    }),
  );
}

function iso(atMs: number): string {
  return new Date(Math.round(atMs)).toISOString();
}

/** The timetable of the next seven days. */
export const plannedAnswers = { timetable };
