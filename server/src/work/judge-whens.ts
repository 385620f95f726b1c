/**
 * Whether a bulletin's times make sense: do they lie ahead, does any day fit them, would at least one airing fall into
 * the permitted hours of one addressed area, and how long does it matter to planning? Pure; handed the instant.
 */
import {
  airTimeMs,
  areaChain,
  type Bulletin,
  bulletinIdOf,
  civilDayAt,
  createAddresses,
  endOfSet,
  type HoursRule,
  type LawBook,
  lawAt,
  nextInstantOf,
  type OmissionReason,
  parseRecurrenceSet,
  planDevice,
  type StandingCluster,
  setOfRule,
  type When,
  type Window,
} from '@loa/schedules';
import type { AreaTree } from '../keep/store/rows/area-tree.ts';
import { accept, type Refusal, type Result, refuse } from '../refusal.ts';
import { outsidePermittedHours, ruleRefused, workRefusal } from './refusals.ts';

const dayMs = 86_400_000;

/** Nobody schedules a first airing so far ahead on purpose. */
const aheadMsMax = 3_653 * dayMs;

/** Starts of each when that are held against the hours: hours repeat by the week, and seven starts meet what they can meet. */
const startsTried = 7;

/** The wire's bound on one item's length. */
const airTimeMsMax = 6 * 3_600_000 - 60_000;

/** What an emergency may push back, or a clock change move: planning forgets a bulletin only that much later. */
const forgetSlackMs = dayMs;

/** Accepts with the first start, or refuses with what is wrong. */
export function judgeWhens(options: {
  bulletin: Bulletin;
  areas: AreaTree;
  book: LawBook;
  /** The addressed clusters. */
  standing: readonly StandingCluster[];
  nowMs: number;
}): Result<{ firstMs: number }> {
  const { bulletin, nowMs } = options;
  const timely = judgeStarts(bulletin, nowMs);
  if (!timely.ok) return timely;
  const firsts = timely.value;
  // A bulletin that is placed in a session may sound at another time of the day that its when names.
  const aroundMs = bulletin.slot === undefined ? 0 : dayMs;
  const windows = triedStarts(bulletin, firsts).map((atMs) => ({
    fromMs: atMs - aroundMs,
    untilMs: atMs + aroundMs + 1,
  }));
  const silence = silenceOf({ ...options, windows });
  return silence === undefined ? accept({ firstMs: Math.min(...firsts) }) : refuse(silenceRefused(silence));
}

/** The first start of every when, and "now"; or what is wrong with the times taken by themselves. */
export function judgeStarts(bulletin: Bulletin, nowMs: number): Result<number[]> {
  const { timeZone, slot } = bulletin;
  // One that is placed in a session may go behind what already sounds there, whatever hour its when names.
  const fromMs = slot === undefined ? nowMs : civilDayAt(timeZone, nowMs).fromMs;
  const starts = bulletin.whens.map((when) => judgeWhen(when, { timeZone, nowMs: fromMs }));
  const bad = starts.find((start) => !start.ok);
  if (bad !== undefined && !bad.ok) return bad;
  if (airTimeMs(bulletin) > airTimeMsMax) return refuse(workRefusal('air-time-too-long'));
  const firsts = starts.flatMap((start) => (start.ok ? [start.value] : []));
  if (bulletin.nowAtMs !== undefined) firsts.push(bulletin.nowAtMs);
  if (Math.min(...firsts) > nowMs + aheadMsMax) return refuse(workRefusal('too-far-ahead'));
  return accept(firsts);
}

/** The instant after which planning may forget the bulletin, or null when it repeats without end. */
export function lastMsOf(bulletin: Bulletin): number | null {
  const ends = bulletin.whens.map((when) => lastStartMs(when, bulletin.timeZone));
  if (ends.includes(null)) return null;
  const starts = [...ends.filter((end) => end !== null), bulletin.nowAtMs ?? 0];
  return Math.max(...starts) + airTimeMs(bulletin) + bulletin.late.lateMsMax + forgetSlackMs;
}

function judgeWhen(when: When, options: { timeZone: string; nowMs: number }): Result<number> {
  const { timeZone, nowMs } = options;
  if (when.kind === 'rule') {
    const parsed = parseRecurrenceSet(when.text, { timeZone });
    if (!parsed.ok) return refuse(ruleRefused(parsed));
  } else if (when.kind !== 'once' && when.until !== undefined && when.until < when.from) {
    return refuse(workRefusal('until-before-from'));
  }
  const nextMs = nextInstantOf(when, timeZone, nowMs);
  if (nextMs !== undefined) return accept(nextMs);
  const hadOne = nextInstantOf(when, timeZone, 0) !== undefined;
  return refuse(workRefusal(hadOne ? 'past-time' : 'never-fires'));
}

/** The first few starts of every when, and "now". */
function triedStarts(bulletin: Bulletin, firsts: readonly number[]): number[] {
  const found = new Set(firsts);
  for (const when of bulletin.whens) {
    let nextMs = nextInstantOf(when, bulletin.timeZone, Math.min(...firsts));
    for (let count = 0; count < startsTried && nextMs !== undefined; count += 1) {
      found.add(nextMs);
      nextMs = nextInstantOf(when, bulletin.timeZone, nextMs + 1);
    }
  }
  return [...found].sort((a, b) => a - b);
}

function lastStartMs(when: When, timeZone: string): number | null {
  if (when.kind === 'once') return nextInstantOf(when, timeZone, 0) ?? 0;
  if (when.kind === 'rule') {
    const set = setOfRule(when.text, timeZone);
    const end = set === undefined ? undefined : endOfSet(set);
    return end?.kind === 'last' ? end.atMs : end?.kind === 'endless' ? null : 0;
  }
  if (when.until === undefined) return null;
  return Temporal.PlainDate.from(when.until).add({ days: 1 }).toZonedDateTime(timeZone).epochMilliseconds;
}

/** Why nothing of a bulletin would ever sound. */
interface Silence {
  places: string[];
  reasons: ReadonlySet<OmissionReason>;
}

function silenceRefused({ places, reasons }: Silence): Refusal {
  if (reasons.has('outside-permitted-hours')) return outsidePermittedHours(places);
  if (reasons.has('resting')) return workRefusal('all-resting');
  if (reasons.has('session-full')) return workRefusal('session-full');
  return workRefusal(reasons.size > 0 ? 'silent-day' : 'past-time');
}

/** The areas with their hours, when nothing of the bulletin is permitted in any of them; else undefined. */
function silenceOf(options: {
  bulletin: Bulletin;
  areas: AreaTree;
  book: LawBook;
  standing: readonly StandingCluster[];
  windows: readonly Window[];
  nowMs: number;
}): Silence | undefined {
  const { areas, book, windows } = options;
  const bulletin = { ...options.bulletin, createdMs: options.nowMs };
  const isOnlyNow = bulletin.whens.length === 0;
  const reasons = new Set<OmissionReason>();
  const addressesOf = createAddresses(areas);
  const judged = new Set<string>();
  const places = new Set<string>();
  for (const cluster of options.standing) {
    const { areaId, id: clusterId } = cluster;
    const addresses = addressesOf(cluster);
    // Rests and days off pass; what they silence is told by the preview, and is no reason to refuse a timetable.
    const whole = lawAt(book, { areas, areaId, clusterId, addresses }).law;
    const { hours, exceptions, sessions } = whole;
    const law = isOnlyNow ? whole : { hours, exceptions, sessions };
    const deciding = areaChain(areas, areaId).find((id) => areas.get(id)?.hours != null) ?? areaId;
    places.add(`${areas.get(deciding)?.name ?? deciding} (${hoursText(hours)})`);
    const key = JSON.stringify(law);
    if (judged.has(key)) continue;
    judged.add(key);
    for (const window of windows) {
      const plan = planDevice({ bulletins: [bulletin], areaIds: bulletin.areaIds, clusterId, law, window });
      if (plan.items.some((item) => item.bulletinId === bulletin.id)) return undefined;
      for (const { reason, occurrence } of plan.omitted)
        if (bulletinIdOf(occurrence) === bulletin.id) reasons.add(reason);
    }
  }
  return { places: [...places], reasons };
}

function hoursText(rule: HoursRule): string {
  const spans = rule.spans.map(({ weekdays, from, until }) => {
    const days = weekdays.length === 7 ? '' : ` ${weekdays.map((day) => (day === 7 ? 'CN' : `T${day + 1}`)).join(' ')}`;
    return `${from}–${until}${days}`;
  });
  return spans.length === 0 ? '—' : [...new Set(spans)].join(', ');
}
