/**
 * How is a lunar rule said to the person who is about to save it? One sentence part in either language that names
 * every choice which changes a date: the days, the days ahead, the leap month, the day a month lacks. Pure text.
 */
import type { LeapPolicy, LunarRule } from './lunar-rule.ts';
import { type LunarLanguage, lunarDayWords, lunarMonthWords, lunarWords } from './lunar-words.ts';

/** The rule in words: `mùng 1 và rằm hằng tháng âm lịch`, `3 days before the last day of the lunar year`. */
export function lunarRuleWords(rule: LunarRule, language: LunarLanguage): string {
  const parts = [named(rule, language)];
  if (rule.kind === 'monthly' || rule.kind === 'month-end') parts.push(monthlyLeap[language][rule.leap ?? 'both']);
  if (rule.kind === 'yearly') parts.push(yearlyLeap[language][rule.leap ?? 'regular']);
  if (meansDay30(rule)) parts.push(lackingWords(rule, language));
  return ahead(rule.daysBefore ?? 0, language) + parts.filter((part) => part !== '').join(', ');
}

/** Said only where the rule departs from its default, since the default is what people expect. */
const monthlyLeap: Record<LunarLanguage, Record<LeapPolicy, string>> = {
  vi: { both: '', regular: 'không kể tháng nhuận', leap: 'năm nhuận thì lấy tháng nhuận' },
  en: { both: '', regular: 'leap months left out', leap: 'the leap month instead of the regular one' },
};

const yearlyLeap: Record<LunarLanguage, Record<LeapPolicy, string>> = {
  vi: { regular: '', leap: 'năm nhuận thì lấy tháng nhuận', both: 'cả tháng nhuận' },
  en: { regular: '', leap: 'the leap month instead of the regular one', both: 'the leap month as well' },
};

function named(rule: LunarRule, language: LunarLanguage): string {
  const isVi = language === 'vi';
  switch (rule.kind) {
    case 'monthly': {
      const days = list(
        [...new Set(rule.days)].sort((a, b) => a - b).map((day) => lunarDayWords(day, language)),
        language,
      );
      return isVi ? `${days} hằng tháng âm lịch` : `${days} of every lunar month`;
    }
    case 'yearly': {
      const date = { year: 0, month: rule.month, isLeapMonth: false, day: rule.day };
      if (isVi) return `${lunarWords(date, 'vi')} âm lịch hằng năm`;
      return `${lunarDayWords(rule.day, 'en')} of the ${lunarMonthWords(date, 'en')} every year`;
    }
    case 'month-end':
      return isVi ? 'ngày cuối tháng âm lịch (29 hoặc 30)' : 'last day of every lunar month (29th or 30th)';
    case 'year-end':
      return isVi ? 'ngày cuối năm âm lịch (29 hoặc 30 Chạp)' : 'last day of the lunar year (29 or 30 Chạp)';
  }
}

function ahead(daysBefore: number, language: LunarLanguage): string {
  if (daysBefore === 0) return '';
  if (language === 'vi') return `${daysBefore} ngày trước `;
  return `${daysBefore} ${daysBefore === 1 ? 'day' : 'days'} before the `;
}

function meansDay30(rule: LunarRule): boolean {
  return (rule.kind === 'monthly' && rule.days.includes(30)) || (rule.kind === 'yearly' && rule.day === 30);
}

function lackingWords(rule: LunarRule, language: LunarLanguage): string {
  const fallback = rule.kind === 'yearly' ? 'last-day' : 'skip';
  const lacking = ('lacking' in rule ? rule.lacking : undefined) ?? fallback;
  if (language === 'vi') return lacking === 'skip' ? 'tháng thiếu thì không phát' : 'tháng thiếu thì phát ngày 29';
  return lacking === 'skip' ? 'not in months of 29 days' : 'on the 29th in months of 29 days';
}

function list(items: readonly string[], language: LunarLanguage): string {
  const last = items.at(-1) ?? '';
  if (items.length < 2) return last;
  return `${items.slice(0, -1).join(', ')} ${language === 'vi' ? 'và' : 'and'} ${last}`;
}
