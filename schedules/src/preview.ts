/**
 * What a change will make sound, shown before it is saved ("Xem trước 7 ngày"): for each group of clusters that hear the
 * same, every occurrence of the window with what becomes of it and why, who clashes with whom, what a clock change does
 * and how much air time is used. It assumes plans made by `planDevice`, and foretells them; it decides nothing.
 */
import { type AirLimits, airUseOf, type CalendarDay, calendarOf, type DaySession, type DayUse } from './air-use.ts';
import { airTimeMs, type Bulletin } from './bulletin.ts';
import { type Clash, clashesOf } from './clash.ts';
import { type ClockChange, clockChangesOf } from './clock-change.ts';
import { type Alarm, type ForecastLine, forecast } from './forecast.ts';
import type { Permits } from './permits.ts';
import type { DevicePlan } from './plan.ts';
import type { Window } from './recurrence.ts';

/** Clusters that hear the same, with the one plan they share. */
export interface PlannedClusters {
  clusterIds: readonly string[];
  plan: DevicePlan;
  permits: Permits;
  sessions?: readonly DaySession[];
  limits?: AirLimits;
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

const noSessions: readonly DaySession[] = [];

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
  const calendars = new Map<readonly DaySession[], CalendarDay[]>();
  const groups = after.groups.map((group): GroupPreview => {
    const lines = foretell(group).filter(({ atMs }) => atMs >= window.fromMs && atMs < window.untilMs);
    const { clashes, isComplete } = clashesOf(plannedSpans(group, { window, bulletins: after.bulletins }));
    const sessions = group.sessions ?? noSessions;
    const calendar = calendars.get(sessions) ?? calendarOf({ timeZone, window, sessions });
    calendars.set(sessions, calendar);
    const sounds = lines.flatMap((line) => line.sounds).sort((a, b) => a.fromMs - b.fromMs);
    return {
      clusterIds: group.clusterIds,
      lines: lines.slice(0, previewLinesMax).map((line) => ({
        ...line,
        ...plannedEnd(line, after.bulletins),
        isNew: draftIds.has(line.bulletinId),
      })),
      leftOutCount: Math.max(0, lines.length - previewLinesMax),
      clashes,
      isClashesComplete: isComplete,
      airUse: airUseOf(calendar, { sounds, limits: group.limits ?? {} }),
    };
  });
  return { groups, clockChanges: clockChangesOf(after.bulletins.values(), window) };
}

/** The forecast of each group of a set; the length of a clip is what its bulletin says. */
export function forecaster({ bulletins, alarms = [] }: Pick<PlanSet, 'bulletins' | 'alarms'>) {
  const clipDurationsMs = new Map<string, number>();
  for (const { clipId, clipDurationMs } of bulletins.values()) clipDurationsMs.set(clipId, clipDurationMs);
  return ({ plan, permits }: Pick<PlannedClusters, 'plan' | 'permits'>): ForecastLine[] =>
    forecast({ plan, clipDurationsMs, permits, alarms });
}

/** What was left out of a plan has a length too: its bulletin's. */
function plannedEnd(
  { plannedEndMs, bulletinId, atMs }: ForecastLine,
  bulletins: ReadonlyMap<string, Bulletin>,
): { plannedEndMs?: number } {
  const bulletin = bulletins.get(bulletinId);
  if (plannedEndMs !== undefined || bulletin === undefined) return {};
  return { plannedEndMs: atMs + airTimeMs(bulletin) };
}

function plannedSpans(
  { plan }: PlannedClusters,
  { window, bulletins }: { window: Window; bulletins: ReadonlyMap<string, Bulletin> },
) {
  return plan.items.flatMap((item) => {
    const bulletin = bulletins.get(item.bulletinId);
    if (bulletin === undefined || item.atMs < window.fromMs || item.atMs >= window.untilMs) return [];
    return [{ ...item, plannedEndMs: item.atMs + airTimeMs(bulletin) }];
  });
}
