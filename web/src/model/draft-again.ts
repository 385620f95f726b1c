/**
 * The draft that a returned bulletin becomes again, so that its author mends only what was wrong: its words, sound,
 * places and times as they were. Pure. A text that was spoken can be written anew; a time that has passed is left out.
 */
import type { BulletinView, WhenForm } from '@loa/protocol/panel';
import { nextInstantOf } from '@loa/schedules';
import { civilDateOf } from './civil-time.ts';
import {
  type Draft,
  lateChoices,
  latePolicies,
  lunarKinds,
  lunarRuleOf,
  newDraft,
  type VersionDraft,
  whensMax,
} from './draft.ts';

interface Now {
  nowMs: number;
  timeZone: string;
}

export function draftAgain(bulletin: BulletinView, now: Now): Draft {
  const { clip, whens } = bulletin;
  const last = whens.at(-1);
  const fields = last === undefined ? undefined : fieldsOf(last, now);
  return {
    ...newDraft(now),
    title: bulletin.title,
    hasOwnTitle: true,
    ...(clip.text === undefined
      ? { source: 'kept' as const }
      : { source: 'text' as const, text: clip.text, spokenText: clip.text }),
    clipId: clip.id,
    versions: (bulletin.versions ?? []).map(({ language, clipId }): VersionDraft => ({ language, clipId })),
    class: bulletin.class === 'priority' ? 'priority' : 'normal',
    areaIds: bulletin.areaIds,
    clusterIds: bulletin.clusterIds ?? [],
    slot: bulletin.slot,
    repeatCount: bulletin.repeat.count,
    late: lateChoiceOf(bulletin.late),
    resume: bulletin.resume,
    ...(fields === undefined
      ? {}
      : {
          moreWhens: whens
            .slice(0, -1)
            .filter((when) => isToCome(when, now))
            .slice(0, whensMax - 1),
          ...fields,
        }),
  };
}

/** How the form holds a when; undefined for a lunar rule that it has no words for. */
function fieldsOf(when: WhenForm, now: Now): Partial<Draft> | undefined {
  if (when.kind === 'now') return { whenKind: 'now' };
  if (when.kind === 'rule') return { whenKind: 'rule', ruleText: when.text };
  const today = civilDateOf(now.nowMs, now.timeZone).toString();
  const begin = when.kind === 'once' ? when.date : when.from;
  const plain: Partial<Draft> = {
    whenKind: when.kind,
    date: begin < today ? today : begin,
    time: when.time.slice(0, 5),
    ...(when.kind === 'once' || when.until === undefined ? {} : { until: when.until }),
  };
  if (when.kind === 'weekly') return { ...plain, weekdays: when.weekdays };
  if (when.kind === 'monthly') return { ...plain, monthDays: when.days };
  if (when.kind !== 'lunar') return plain;
  const { rule } = when;
  const lunarMonth = rule.kind === 'yearly' ? rule.month : 1;
  const lunarDay = rule.kind === 'yearly' ? rule.day : 1;
  const daysBefore = rule.daysBefore ?? 0;
  const lunarKind = lunarKinds.find((kind) => {
    const made = lunarRuleOf({ lunarKind: kind, lunarMonth, lunarDay, daysBefore });
    return sorted(made) === sorted(rule);
  });
  return lunarKind === undefined ? undefined : { ...plain, lunarKind, lunarMonth, lunarDay, daysBefore };
}

/** The same text for the same fields, in whatever order they were named. */
function sorted(rule: object): string {
  return JSON.stringify(Object.entries(rule).sort(([a], [b]) => (a < b ? -1 : 1)));
}

function isToCome(when: WhenForm, now: Now): boolean {
  return when.kind === 'now' || nextInstantOf(when, now.timeZone, now.nowMs) !== undefined;
}

/** The choice that a policy was made by, else the usual one. */
function lateChoiceOf(late: BulletinView['late']): Draft['late'] {
  const isSame = (choice: Draft['late']) =>
    latePolicies[choice].kind === late.kind &&
    (late.kind !== 'start' || latePolicies[choice].lateMsMax === late.lateMsMax);
  return lateChoices.find(isSame) ?? 'start-5';
}
