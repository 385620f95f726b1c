/**
 * What a change will make sound, shown before it is saved ("Xem trước 7 ngày"): for each group of clusters that hear the
 * same, every occurrence of the window with what becomes of it and why, who clashes with whom, what a clock change does
 * and how much air time is used. It assumes plans made by `planDevice`, and foretells them; it decides nothing.
 */
import { airUseOf, type CalendarDay, calendarOf, type DayUse } from './air-use.ts';
import type { Bulletin } from './bulletin.ts';
import { type Clash, clashesOf, plannedSpansOf } from './clash.ts';
import { type ClockChange, clockChangesOf } from './clock-change.ts';
import { type Alarm, type ForecastLine, forecast } from './forecast.ts';
import type { HoursRule } from './hours.ts';
import type { SoundingLaw } from './law.ts';
import { airTimeOf, clipLengths } from './length.ts';
import { type Permits, permitsByHours, type Span } from './permits.ts';
import type { DevicePlan } from './plan.ts';
import type { Window } from './recurrence.ts';
import { type Session, usualSessions } from './session.ts';

/** Clusters that hear the same, with the one plan they share. */
export interface PlannedClusters {
  clusterIds: readonly string[];
  plan: DevicePlan;
  law: SoundingLaw;
}

/** Everything that is planned before or after a change. */
export interface PlanSet {
  groups: readonly PlannedClusters[];
  /** Every bulletin that a plan names. */
  bulletins: ReadonlyMap<string, Bulletin>;
  /** Emergencies in force, or supposed ones; every group hears them. */
  alarms?: readonly Alarm[];
}

/** A line of the preview. */
export interface PreviewLine extends ForecastLine {
  /** It belongs to the draft. */
  isNew: boolean;
}

export interface GroupPreview {
  clusterIds: readonly string[];
  lines: PreviewLine[];
  /** Lines beyond `previewLinesMax`. */
  leftOutCount: number;
  clashes: Clash[];
  /** False when there are more clashes than are told. */
  isClashesComplete: boolean;
  airUse: DayUse[];
}

export interface Preview {
  groups: GroupPreview[];
  clockChanges: ClockChange[];
}

/** Lines told of one group: a week of ninety items a day. */
export const previewLinesMax = 630;

/**
 * The preview of a plan set over a window, at most `useDaysMax` days of it counted. `draftIds` are the bulletins that
 * the change brings or alters.
 */
export function preview(input: {
  after: PlanSet;
  window: Window;
  timeZone: string;
  draftIds: ReadonlySet<string>;
}): Preview {
  const { after, window, timeZone, draftIds } = input;
  const foretell = forecaster(after);
  const calendars = new Map<readonly Session[], CalendarDay[]>();
  const groups = after.groups.map((group): GroupPreview => {
    const lines = foretell(group).filter(({ atMs }) => atMs >= window.fromMs && atMs < window.untilMs);
    const { clashes, isComplete } = clashesOf(plannedSpansOf(group.plan, window));
    const sessions = group.law.sessions ?? usualSessions;
    const calendar = calendars.get(sessions) ?? calendarOf({ timeZone, window, sessions });
    calendars.set(sessions, calendar);
    const stretches = lines.flatMap(airStretches).sort((a, b) => a.fromMs - b.fromMs);
    return {
      clusterIds: group.clusterIds,
      lines: lines.slice(0, previewLinesMax).map((line) => ({
        ...line,
        ...plannedEnd(line, { bulletins: after.bulletins, sessions: group.law.sessions }),
        isNew: draftIds.has(line.bulletinId),
      })),
      leftOutCount: Math.max(0, lines.length - previewLinesMax),
      clashes,
      isClashesComplete: isComplete,
      airUse: airUseOf(calendar, { stretches, limits: group.law.limits }),
    };
  });
  return { groups, clockChanges: clockChangesOf(after.bulletins.values(), window) };
}

/** The forecast of each group of a set; the length of a clip is what its bulletin or session says. */
export function forecaster({ bulletins, alarms = [] }: Pick<PlanSet, 'bulletins' | 'alarms'>) {
  const lengthsFor = clipLengths(bulletins.values());
  const permitsOf = new Map<HoursRule, Permits>();
  return ({ plan, law }: Pick<PlannedClusters, 'plan' | 'law'>): ForecastLine[] => {
    const permits = permitsOf.get(law.hours) ?? permitsByHours(law.hours);
    permitsOf.set(law.hours, permits);
    return forecast({ plan, clipDurationsMs: lengthsFor(law.sessions), permits, alarms });
  };
}

/** Its gaps count as air time, an emergency inside it does not. */
function airStretches({ startMs, endMs, sounds, verdict }: ForecastLine): readonly Span[] {
  if (startMs === undefined || endMs === undefined || verdict === 'interrupted') return sounds;
  return [{ fromMs: startMs, untilMs: endMs }];
}

/** What was left out of a plan has a length too. */
function plannedEnd(
  { plannedEndMs, occurrence, atMs }: ForecastLine,
  named: { bulletins: ReadonlyMap<string, Bulletin>; sessions: readonly Session[] | undefined },
): { plannedEndMs?: number } {
  const lengthMs = plannedEndMs === undefined ? airTimeOf(occurrence, named) : undefined;
  return lengthMs === undefined ? {} : { plannedEndMs: atMs + lengthMs };
}
