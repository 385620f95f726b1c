/** The limits of an area while a person writes them: each is inherited, or decided here with its document. Pure. */
import type { LawChange, LawView } from '@loa/protocol/panel';
import { type WeekdayNumber, weekdayNumbers } from '../civil-time.ts';
import { weekdaysIn } from './hours-draft.ts';
import { lacking, type Settled, settled } from './settled.ts';

/** `isOwn` false: as above; the rest of the form is kept while it is so. */
export interface LimitDraft<T> {
  isOwn: boolean;
  value: T;
  document: string;
}

/** Numbers as they are typed. */
export interface LimitsDraft {
  sessionsPerDayMax: LimitDraft<string>;
  sessionMinutesMax: LimitDraft<string>;
  weekdays: LimitDraft<WeekdayNumber[]>;
  restsOnHolidays: LimitDraft<boolean>;
}

export type LimitName = keyof LimitsDraft;

export const limitNames: readonly LimitName[] = [
  'sessionsPerDayMax',
  'sessionMinutesMax',
  'weekdays',
  'restsOnHolidays',
];

/** The largest numbers the server takes. */
const numberMax = { sessionsPerDayMax: 24, sessionMinutesMax: 1_440 } as const;

export function limitsDraftOf(law: Pick<LawView, 'own' | 'holds'>): LimitsDraft {
  const own = law.own.limits ?? {};
  const { holds } = law;
  const of = <T>(name: LimitName, value: T): LimitDraft<T> => ({
    isOwn: own[name] !== undefined,
    value,
    document: own[name]?.document ?? '',
  });
  const sessions = own.sessionsPerDayMax ?? holds.limits.sessionsPerDayMax;
  const minutes = own.sessionMinutesMax ?? holds.limits.sessionMinutesMax;
  const weekdays = own.weekdays ?? holds.limits.weekdays;
  return {
    sessionsPerDayMax: of('sessionsPerDayMax', String(sessions?.value ?? 3)),
    sessionMinutesMax: of('sessionMinutesMax', String(minutes?.value ?? 45)),
    weekdays: of('weekdays', weekdays === undefined ? [...weekdayNumbers] : weekdaysIn(weekdays.value)),
    restsOnHolidays: of('restsOnHolidays', own.restsOnHolidays?.value ?? true),
  };
}

export function limitsChangeOf(areaId: string, draft: LimitsDraft): Settled<LawChange> {
  for (const name of ['sessionsPerDayMax', 'sessionMinutesMax'] as const) {
    const { isOwn, value } = draft[name];
    const isFine = /^\d{1,4}$/.test(value) && Number(value) <= numberMax[name];
    if (isOwn && !isFine) return lacking(`law.missing.${name}`, { max: numberMax[name] });
  }
  if (draft.weekdays.isOwn && draft.weekdays.value.length === 0) return lacking('law.missing.weekdays');
  if (limitNames.some((name) => draft[name].isOwn && draft[name].document.trim() === '')) {
    return lacking('law.missing.limit-document');
  }
  if (limitNames.every((name) => !draft[name].isOwn)) return settled({ kind: 'limits', areaId, limits: null });
  const { sessionsPerDayMax, sessionMinutesMax, weekdays, restsOnHolidays } = draft;
  const limits = {
    ...(sessionsPerDayMax.isOwn
      ? { sessionsPerDayMax: decided(sessionsPerDayMax, Number(sessionsPerDayMax.value)) }
      : {}),
    ...(sessionMinutesMax.isOwn
      ? { sessionMinutesMax: decided(sessionMinutesMax, Number(sessionMinutesMax.value)) }
      : {}),
    ...(weekdays.isOwn ? { weekdays: decided(weekdays, weekdays.value) } : {}),
    ...(restsOnHolidays.isOwn ? { restsOnHolidays: decided(restsOnHolidays, restsOnHolidays.value) } : {}),
  };
  return settled({ kind: 'limits', areaId, limits });
}

function decided<T>(draft: { document: string }, value: T): { value: T; document: string } {
  return { value, document: draft.document.trim() };
}
