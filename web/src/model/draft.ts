/**
 * A notice being written: what the form holds, kept across reloads, and what becomes of it when it is sent. Pure. The
 * draft may be half filled; only a whole one makes a request, else the first thing still missing is named.
 */
import { type BulletinRequest, type PreviewRequest, type WhenForm, whenSchema } from '@loa/protocol/panel';
import { type LunarRule, nextInstantOf, type SessionSlot, sessionSlots, setOfRule } from '@loa/schedules';
import { z } from 'zod';
import type { TextKey } from '../text/say.ts';
import { civilDateOf, clockWords } from './civil-time.ts';
import { mayHaveSlot, slotTimes } from './slots.ts';

/** How the sound comes about: spoken from a text, from a file, or one that was made before. */
export const sources = ['text', 'file', 'kept'] as const;
export type Source = (typeof sources)[number];

/** Times of one notice; the wire allows more, a person does not oversee more. */
export const whensMax = 8;

/** The lunar days officers ask for: the 1st and the 15th, one of them, the last of a month or year, one date a year. */
export const lunarKinds = ['first-and-full', 'first', 'full', 'month-end', 'year-end', 'yearly'] as const;
export type LunarKind = (typeof lunarKinds)[number];

/** Languages with recordings of their own beside the Vietnamese. */
export const otherLanguages = ['cjm', 'kpm', 'rog'] as const;
export type OtherLanguage = (typeof otherLanguages)[number];

/** What becomes of an airing that could not start in time: up to so many minutes late, given up, or joined. */
export const lateChoices = ['start-5', 'start-15', 'start-60', 'join', 'skip'] as const;
export type LateChoice = (typeof lateChoices)[number];

/** And of one that an emergency interrupted. */
export const resumeChoices = ['drop', 'restart', 'resume'] as const;
export type ResumeChoice = (typeof resumeChoices)[number];

/** What each of these choices is on the wire. */
export const latePolicies: Record<LateChoice, NonNullable<BulletinRequest['late']>> = {
  'start-5': { kind: 'start', lateMsMax: 5 * 60_000 },
  'start-15': { kind: 'start', lateMsMax: 15 * 60_000 },
  'start-60': { kind: 'start', lateMsMax: 60 * 60_000 },
  join: { kind: 'join', lateMsMax: 0 },
  skip: { kind: 'skip', lateMsMax: 1_000 },
};

const versionDraftSchema = z.object({ language: z.enum(otherLanguages), clipId: z.string() });
export type VersionDraft = z.infer<typeof versionDraftSchema>;

export const draftSchema = z.object({
  title: z.string().max(200),
  /** True once a person has written the title; until then it follows the text. */
  hasOwnTitle: z.boolean(),
  source: z.enum(sources),
  text: z.string().max(200_000),
  /** The text the clip was spoken from; the clip is out of date once the text differs. */
  spokenText: z.string().optional(),
  clipId: z.string().optional(),
  /** The same in other languages, as recordings. */
  versions: z.array(versionDraftSchema).max(3).default([]),
  class: z.enum(['normal', 'priority']).default('normal'),
  areaIds: z.array(z.string()),
  /** Single clusters beside the areas. */
  clusterIds: z.array(z.string()).default([]),
  /** Times settled already; the fields below hold one more. */
  moreWhens: z
    .array(whenSchema)
    .max(whensMax - 1)
    .default([]),
  whenKind: z.enum(['now', 'once', 'daily', 'weekly', 'monthly', 'lunar', 'rule']),
  /** The session it is wanted in; `slotOf` says whether the pattern lets it count. */
  slot: z.enum(sessionSlots).optional(),
  /** RFC 5545 text of the pattern `rule`. */
  ruleText: z.string().default(''),
  date: z.string(),
  until: z.string().optional(),
  time: z.string(),
  weekdays: z.array(z.literal([1, 2, 3, 4, 5, 6, 7])),
  /** Days of the month, −1 for the last one. */
  monthDays: z.array(z.int()).default([]),
  /** What of the lunar calendar is meant; `yearly` uses `lunarMonth` and `lunarDay`. */
  lunarKind: z.enum(lunarKinds).default('first-and-full'),
  lunarMonth: z.int().min(1).max(12).default(1),
  lunarDay: z.int().min(1).max(30).default(1),
  daysBefore: z.int().min(0).max(30).default(0),
  repeatCount: z.int().min(1).max(20),
  late: z.enum(lateChoices).default('start-5'),
  resume: z.enum(resumeChoices).default('drop'),
});
export type Draft = z.infer<typeof draftSchema>;

/** Silence between plays in a row. */
export const repeatGapMs = 2_000;

/** Morning, noon and afternoon sessions as most communes hold them. */
export const usualTimes = ['05:15', '11:00', '17:00', '17:30'] as const;

interface Now {
  nowMs: number;
  timeZone: string;
}

/** A new draft: spoken, once, at the next usual session. */
export function newDraft(now: Now): Draft {
  const today = civilDateOf(now.nowMs, now.timeZone);
  const time = usualTimes.find((usual) => usual > clockWords(now.nowMs, now.timeZone));
  return {
    title: '',
    hasOwnTitle: false,
    source: 'text',
    text: '',
    versions: [],
    class: 'normal',
    areaIds: [],
    clusterIds: [],
    moreWhens: [],
    whenKind: 'once',
    ruleText: '',
    date: (time === undefined ? today.add({ days: 1 }) : today).toString(),
    time: time ?? usualTimes[0],
    weekdays: [],
    monthDays: [],
    lunarKind: 'first-and-full',
    lunarMonth: 1,
    lunarDay: 1,
    daysBefore: 0,
    repeatCount: 1,
    late: 'start-5',
    resume: 'drop',
  };
}

/** A remembered draft, or undefined when it cannot be read; a date that has passed becomes today. */
export function parseDraft(text: string | undefined, now: Now): Draft | undefined {
  if (text === undefined) return undefined;
  try {
    const draft = draftSchema.parse(JSON.parse(text));
    const today = civilDateOf(now.nowMs, now.timeZone).toString();
    return draft.date < today ? { ...draft, date: today } : draft;
  } catch {
    return undefined;
  }
}

/** Every when of a draft, each once; empty while the one in the fields is incomplete. */
export function whensOf(draft: Draft): WhenForm[] {
  const current = whenOf(draft);
  const slot = slotOf(draft);
  if (current === undefined) return [];
  return distinct([...draft.moreWhens, current].map((when) => (slot === undefined ? when : atSlot(when, slot))));
}

/** The session a draft is placed in: none as soon as one of its times is "now" or a rule, which have their own hour. */
export function slotOf(draft: Draft): SessionSlot | undefined {
  return mayHaveSlot(draft) ? draft.slot : undefined;
}

function atSlot(when: WhenForm, slot: SessionSlot): WhenForm {
  return 'time' in when ? { ...when, time: slotTimes[slot] } : when;
}

/** The draft with the time in its fields settled, so that another can be filled in: the next usual time of day. */
export function withWhenSettled(draft: Draft): Draft {
  const current = whenOf(draft);
  if (current === undefined) return draft;
  const time = usualTimes.find((usual) => usual > draft.time) ?? usualTimes[0];
  const whenKind = draft.whenKind === 'now' || draft.whenKind === 'rule' ? 'once' : draft.whenKind;
  return { ...draft, moreWhens: distinct([...draft.moreWhens, current]), whenKind, time };
}

/** The draft without one of its settled times. */
export function withoutWhen(draft: Draft, when: WhenForm): Draft {
  return { ...draft, moreWhens: draft.moreWhens.filter((each) => each !== when) };
}

/** The when in the fields of a draft, or undefined while it is incomplete. */
export function whenOf(draft: Draft): WhenForm | undefined {
  const until = draft.until === undefined || draft.until === '' ? {} : { until: draft.until };
  const slot = slotOf(draft);
  const time = slot === undefined ? draft.time : slotTimes[slot];
  const whens: Record<Draft['whenKind'], unknown> = {
    now: { kind: 'now' },
    once: { kind: 'once', date: draft.date, time },
    daily: { kind: 'daily', from: draft.date, ...until, time },
    weekly: { kind: 'weekly', from: draft.date, ...until, weekdays: draft.weekdays, time },
    monthly: { kind: 'monthly', from: draft.date, ...until, days: draft.monthDays, time },
    lunar: { kind: 'lunar', from: draft.date, ...until, rule: lunarRuleOf(draft), time },
    rule: { kind: 'rule', text: draft.ruleText.trim() },
  };
  const parsed = whenSchema.safeParse(whens[draft.whenKind]);
  return parsed.success ? parsed.data : undefined;
}

/** The lunar rule that the fields of a draft mean. */
export function lunarRuleOf(draft: Pick<Draft, 'lunarKind' | 'lunarMonth' | 'lunarDay' | 'daysBefore'>): LunarRule {
  const ahead = draft.daysBefore === 0 ? {} : { daysBefore: draft.daysBefore };
  const days: Partial<Record<LunarKind, number[]>> = { 'first-and-full': [1, 15], first: [1], full: [15] };
  if (draft.lunarKind === 'yearly') return { kind: 'yearly', month: draft.lunarMonth, day: draft.lunarDay, ...ahead };
  if (draft.lunarKind === 'month-end' || draft.lunarKind === 'year-end') return { kind: draft.lunarKind, ...ahead };
  return { kind: 'monthly', days: days[draft.lunarKind] ?? [], ...ahead };
}

/** Before and after these times of day people sleep, whatever is permitted. */
const nightUntil = '05:00';
const nightFrom = '21:00';

/** The times of day of a draft at which people sleep: to be asked about once more before it is sent. */
export function nightTimesOf(draft: Draft): string[] {
  return nightTimesIn(whensOf(draft));
}

/** The same of whens. */
export function nightTimesIn(whens: readonly WhenForm[]): string[] {
  const times = whens.flatMap((when) => ('time' in when ? [when.time.slice(0, 5)] : []));
  return [...new Set(times.filter((time) => time < nightUntil || time >= nightFrom))];
}

/** True when the clip says what the text says. */
export function isClipCurrent(draft: Draft): boolean {
  return draft.clipId !== undefined && (draft.source !== 'text' || draft.spokenText === draft.text);
}

/**
 * The first thing still missing, as a step (1 content, 2 place, 3 time) and a sentence; undefined when whole.
 * `isFromAbove`: it goes down to communes.
 */
export function missingIn(
  draft: Draft,
  input: { timeZone: string; nowMs: number; isFromAbove?: boolean },
): { step: 1 | 2 | 3; words: TextKey } | undefined {
  if (draft.clipId === undefined) {
    const isWritten = draft.source === 'text' && draft.text.trim() !== '';
    return { step: 1, words: isWritten ? 'compose.missing.speak' : 'compose.missing.clip' };
  }
  if (!isClipCurrent(draft)) return { step: 1, words: 'compose.missing.current' };
  if (draft.title.trim() === '') return { step: 1, words: 'compose.missing.title' };
  if (draft.areaIds.length + draft.clusterIds.length === 0) return { step: 2, words: 'compose.missing.areas' };
  if (draft.whenKind === 'weekly' && draft.weekdays.length === 0) return { step: 3, words: 'compose.missing.weekdays' };
  if (draft.whenKind === 'monthly' && draft.monthDays.length === 0)
    return { step: 3, words: 'compose.missing.month-days' };
  if (whenOf(draft) === undefined) return { step: 3, words: 'compose.missing.when' };
  if (draft.whenKind === 'rule' && setOfRule(draft.ruleText.trim(), input.timeZone) === undefined)
    return { step: 3, words: 'compose.missing.rule' };
  if (input.isFromAbove && draft.class === 'normal' && whensOf(draft).some(({ kind }) => kind === 'now'))
    return { step: 3, words: 'compose.missing.offered-now' };
  const isAhead = (each: WhenForm) =>
    each.kind === 'now' || nextInstantOf(each, input.timeZone, input.nowMs) !== undefined;
  if (whensOf(draft).every(isAhead)) return undefined;
  return { step: 3, words: slotOf(draft) === undefined ? 'compose.missing.future' : 'compose.missing.slot-over' };
}

/** The request of a whole draft; throws when something is missing. */
export function requestOf(draft: Draft, requestId: string): BulletinRequest {
  const whens = whensOf(draft);
  if (draft.clipId === undefined || whens.length === 0) throw new Error('A draft that is not whole was sent');
  return {
    requestId,
    title: draft.title.trim(),
    ...soughtOf(draft),
    clipId: draft.clipId,
    areaIds: draft.areaIds,
    whens,
  };
}

/** What beside sound, areas and times a request says of a draft; what it leaves to the default is not named. */
function soughtOf(draft: Draft) {
  const slot = slotOf(draft);
  return {
    class: draft.class,
    ...(draft.clusterIds.length === 0 ? {} : { clusterIds: [...draft.clusterIds].sort() }),
    ...(slot === undefined ? {} : { slot }),
    ...(draft.versions.length === 0 ? {} : { versions: draft.versions }),
    repeat: { count: draft.repeatCount, gapMs: repeatGapMs },
    ...(draft.late === 'start-5' ? {} : { late: latePolicies[draft.late] }),
    ...(draft.resume === 'drop' ? {} : { resume: draft.resume }),
  };
}

/** What a preview is asked with, or undefined while sound, places or times are missing. */
export function previewRequestOf(draft: Draft): PreviewRequest | undefined {
  const whens = whensOf(draft);
  const { clipId, areaIds, clusterIds } = draft;
  if (clipId === undefined || areaIds.length + clusterIds.length === 0 || whens.length === 0) return undefined;
  return { ...soughtOf(draft), clipId, areaIds: [...areaIds].sort(), whens };
}

/** A title from the first line of a text, cut at a word. */
export function titleFrom(text: string): string {
  const line = text.trim().split('\n')[0]?.trim() ?? '';
  if (line.length <= 80) return line;
  const cut = line.slice(0, 80);
  return `${cut.slice(0, Math.max(20, cut.lastIndexOf(' ')))}…`;
}

function distinct(whens: readonly WhenForm[]): WhenForm[] {
  return [...new Map(whens.map((when) => [JSON.stringify(when), when])).values()];
}
