/**
 * How long the preview of one commune's week takes: 60 clusters in 12 villages, 20 bulletins a day, plans of before and
 * after made anew, beside its floor, the expansion of the same bulletins and nothing else.
 */
import {
  type Bulletin,
  cautiousHours,
  changedClusters,
  changeWindowMs,
  occurrencesOf,
  type PlanSet,
  permitsByHours,
  planDevice,
  preview,
} from '@loa/schedules';

const timeZone = 'Asia/Ho_Chi_Minh';
const fromMs = Date.parse('2026-11-25T00:00:00+07:00');
const window = { fromMs, untilMs: fromMs + 7 * 86_400_000 };
const hours = cautiousHours(timeZone);

export interface PreviewFigures {
  /** Plans of twelve villages before and after. */
  plansMs: number;
  /** Lines, clashes, air time, and who sounds differently within a day. */
  previewMs: number;
  /** The bulletins' instants alone, once. */
  floorMs: number;
  lineCount: number;
}

/** Medians of `times` runs in this process, the first few left out. */
export function measurePreview(times: number): PreviewFigures {
  const bulletins = Array.from({ length: 20 }, (_, index) => bulletinOf(index));
  const before = bulletins.slice(0, -1);
  const figures = Array.from({ length: times + 5 }, () => {
    const started = performance.now();
    const expanded = bulletins.map((one) => occurrencesOf(one, window)).length;
    const expandedAt = performance.now();
    const was = planSetOf(before);
    const is = planSetOf(bulletins);
    const plannedAt = performance.now();
    const shown = preview({ after: is, window, timeZone, draftIds: new Set(['b19']) });
    const changed = changedClusters({ before: was, after: is, window: { fromMs, untilMs: fromMs + changeWindowMs } });
    const lineCount = shown.groups.reduce((sum, group) => sum + group.lines.length, 0);
    if (expanded === 0 || changed.length === 0) throw new Error('The draft changes nothing');
    return {
      floorMs: expandedAt - started,
      plansMs: plannedAt - expandedAt,
      previewMs: performance.now() - plannedAt,
      lineCount,
    };
  }).slice(5);
  const median = (of: (one: PreviewFigures) => number) =>
    figures.map(of).sort((a, b) => a - b)[times >> 1] ?? Number.NaN;
  return {
    plansMs: median((one) => one.plansMs),
    previewMs: median((one) => one.previewMs),
    floorMs: median((one) => one.floorMs),
    lineCount: median((one) => one.lineCount),
  };
}

function planSetOf(bulletins: readonly Bulletin[]): PlanSet {
  const permits = permitsByHours(hours);
  return {
    bulletins: new Map(bulletins.map((one) => [one.id, one])),
    groups: Array.from({ length: 12 }, (_, village) => ({
      clusterIds: Array.from({ length: 5 }, (_, cluster) => `c${village}-${cluster}`),
      plan: planDevice({ bulletins, areaIds: ['commune', `v${village}`], law: { hours }, window }),
      permits,
    })),
  };
}

/** Two sessions a day of short items that follow one another, some of one village only, every fifth in another's way. */
function bulletinOf(index: number): Bulletin {
  const minute = (index % 10) * 4 - (index % 5 === 4 ? 2 : 0);
  return {
    id: `b${index}`,
    class: index % 4 === 0 ? 'priority' : 'normal',
    areaIds: index % 3 === 1 ? [`v${index % 12}`, 'v3'] : ['commune'],
    clipId: `clip${index}`,
    clipDurationMs: 220_000,
    whens: [
      { kind: 'daily', from: '2026-01-01', time: `${index < 10 ? '05' : '17'}:${String(minute).padStart(2, '0')}` },
    ],
    late: { kind: 'start', lateMsMax: 120_000 },
    resume: 'resume',
    repeat: { count: 1, gapMs: 0 },
    timeZone,
    acceptedNumber: index,
  };
}
