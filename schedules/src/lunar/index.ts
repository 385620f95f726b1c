/** The door of `lunar`: the Vietnamese calendar, its rules and its words. The astronomy behind it stays inside. */
export { civilDateOfLunar, type LunarDate, lunarDateOf, lunarRange, type NoCivilDate } from './lunar-date.ts';
export { civilDatesOf, type DateSpan, lunarWhenDates, nextLunarDate } from './lunar-dates.ts';
export {
  daysBeforeMax,
  type LackingPolicy,
  type LeapPolicy,
  type LunarRefusal,
  type LunarRule,
  type LunarWhen,
  lunarRuleRefusals,
  lunarWhenRefusals,
} from './lunar-rule.ts';
export { lunarRuleWords } from './lunar-rule-words.ts';
export {
  canChiYear,
  type LunarForm,
  type LunarLanguage,
  lunarDayWords,
  lunarMonthWords,
  lunarWords,
  lunarYearWords,
} from './lunar-words.ts';
