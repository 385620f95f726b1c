/**
 * Which permitted hours hold at an area of the tree: those that its own decision and every decision above it allow
 * together. A decision below narrows; what it says beyond those above has no effect and is told as cut. Pure; compares
 * civil times, so all decisions must be of one zone.
 */
import { cautiousHours, type HoursRule, type PermittedSpan, permittedSpansMax } from './hours.ts';

/** What one area has decided. */
export interface HoursDecision {
  areaId: string;
  rule: HoursRule;
}

/** What an area decided and does not get. */
export interface HoursCut {
  areaId: string;
  /**
   * `beyond-above`: an area above does not permit these spans. `other-zone`: written for another zone than the topmost
   * decision, so nothing of it can be compared and nothing routine sounds there. `too-many-spans`: together they gave
   * more pieces than a rule may have; the last of the week are given up.
   */
  reason: 'beyond-above' | 'other-zone' | 'too-many-spans';
  spans: PermittedSpan[];
}

/** The longest text of document numbers, as the wire has it. */
export const documentLengthMax = 200;

/**
 * The hours that hold, from decisions nearest first. A decision that lies within those above holds as it is written,
 * under its own document; one that is cut holds in what is left, under all documents that shaped it. Without any, the
 * cautious default holds and `isDefault` is true.
 */
export function narrowHours(
  decisions: readonly HoursDecision[],
  timeZone: string,
): { rule: HoursRule; isDefault: boolean; cuts: HoursCut[] } {
  const [first, ...below] = decisions.toReversed();
  if (first === undefined) return { rule: cautiousHours(timeZone), isDefault: true, cuts: [] };
  const cuts: HoursCut[] = [];
  let rule = first.rule;
  for (const { areaId, rule: own } of below) {
    const narrowed = narrowOnce(rule, own);
    cuts.push(...narrowed.cuts.map((cut) => ({ areaId, ...cut })));
    rule = narrowed.rule;
  }
  return { rule, isDefault: false, cuts };
}

/** Seconds of a day, from and until, in order and without overlap. */
type Stretch = readonly [fromS: number, untilS: number];
/** Monday first. */
type Week = readonly (readonly Stretch[])[];

const dayS = 86_400;

function narrowOnce(above: HoursRule, own: HoursRule): { rule: HoursRule; cuts: Omit<HoursCut, 'areaId'>[] } {
  const document = joinDocuments([own.document, above.document]);
  if (own.timeZone !== above.timeZone) {
    const cut = { reason: 'other-zone' as const, spans: [...own.spans] };
    return { rule: { timeZone: above.timeZone, spans: [], document }, cuts: [cut] };
  }
  const [aboveWeek, ownWeek] = [weekOf(above), weekOf(own)];
  const beyond = spansOf(combine(aboveWeek, ownWeek, (inAbove, inOwn) => inOwn && !inAbove));
  if (beyond.length === 0) return { rule: own, cuts: [] };
  const spans = spansOf(combine(aboveWeek, ownWeek, (inAbove, inOwn) => inAbove && inOwn));
  const cuts: Omit<HoursCut, 'areaId'>[] = [{ reason: 'beyond-above', spans: beyond }];
  const surplus = spans.slice(permittedSpansMax);
  if (surplus.length > 0) cuts.push({ reason: 'too-many-spans', spans: surplus });
  return { rule: { timeZone: own.timeZone, spans: spans.slice(0, permittedSpansMax), document }, cuts };
}

/** Every document that has a say, nearest first, each once; cut where the wire has no room. */
export function joinDocuments(documents: readonly string[]): string {
  const text = [...new Set(documents.flatMap((each) => each.split('; ')))].filter((each) => each !== '').join('; ');
  return text.length <= documentLengthMax ? text : `${text.slice(0, documentLengthMax - 1)}…`;
}

function weekOf(rule: HoursRule): Week {
  return [1, 2, 3, 4, 5, 6, 7].map((weekday) =>
    merged(
      rule.spans
        .filter((span) => span.weekdays.includes(weekday))
        .map((span): Stretch => [secondsOf(span.from), secondsOf(span.until)]),
    ),
  );
}

function merged(stretches: readonly Stretch[]): Stretch[] {
  const found: Stretch[] = [];
  for (const [fromS, untilS] of stretches.filter((each) => each[0] < each[1]).sort((a, b) => a[0] - b[0])) {
    const last = found.at(-1);
    if (last === undefined || fromS > last[1]) found.push([fromS, untilS]);
    else found[found.length - 1] = [last[0], Math.max(last[1], untilS)];
  }
  return found;
}

function combine(a: Week, b: Week, isIn: (inA: boolean, inB: boolean) => boolean): Week {
  return a.map((dayA, index) => {
    const dayB = b[index] ?? [];
    const bounds = [...new Set([0, ...dayA.flat(), ...dayB.flat(), dayS])].sort((x, y) => x - y);
    const pieces = bounds.slice(1).map((untilS, at): Stretch => [bounds[at] ?? 0, untilS]);
    return merged(pieces.filter(([fromS]) => isIn(holds(dayA, fromS), holds(dayB, fromS))));
  });
}

function holds(day: readonly Stretch[], atS: number): boolean {
  return day.some(([fromS, untilS]) => atS >= fromS && atS < untilS);
}

/** Equal times of several weekdays are one span, in order of time, then of the first weekday. */
function spansOf(week: Week): PermittedSpan[] {
  const spans = new Map<string, { weekdays: number[]; from: string; until: string }>();
  week.forEach((day, index) => {
    for (const [fromS, untilS] of day) {
      const [from, until] = [timeOf(fromS), timeOf(untilS)];
      const span = spans.get(`${from} ${until}`) ?? { weekdays: [], from, until };
      span.weekdays.push(index + 1);
      spans.set(`${from} ${until}`, span);
    }
  });
  return [...spans.values()].sort(
    (a, b) => secondsOf(a.from) - secondsOf(b.from) || secondsOf(a.until) - secondsOf(b.until),
  );
}

function secondsOf(time: string): number {
  const [hours = 0, minutes = 0, seconds = 0] = time.split(':').map(Number);
  return hours * 3_600 + minutes * 60 + seconds;
}

function timeOf(s: number): string {
  const parts = [Math.floor(s / 3_600), Math.floor(s / 60) % 60, ...(s % 60 === 0 ? [] : [s % 60])];
  return parts.map((part) => String(part).padStart(2, '0')).join(':');
}
