/** Times and dates are those of the installation, whatever zone this computer is set to, and schedules read as sentences. */
import {
  civilDateOf,
  clockWords,
  dateWords,
  dayWords,
  instantWords,
  positionWords,
  spanWords,
} from '@loa/web/model/civil-time.ts';
import { sentenceOf } from '@loa/web/model/when-words.ts';
import { describe, expect, it } from 'vitest';
import { nowMs, sayEn, sayVi, timeZone } from './speech.ts';

const today = civilDateOf(nowMs, timeZone);

describe('an instant', () => {
  it.each(['America/New_York', 'Asia/Ho_Chi_Minh', 'Pacific/Kiritimati'])(
    'reads the same on a computer set to %s',
    (zone) => {
      const former = process.env.TZ;
      process.env.TZ = zone;
      expect(clockWords(nowMs, timeZone)).toBe('17:02');
      expect(instantWords(nowMs, { nowMs, timeZone, say: sayVi })).toBe('17:02');
      expect(dateWords(today, { today, say: sayVi })).toBe('thứ Sáu 27/11 (19/10 ÂL)');
      process.env.TZ = former;
    },
  );

  it('of another day carries its date', () => {
    const yesterdayMs = nowMs - 86_400_000;
    expect(instantWords(yesterdayMs, { nowMs, timeZone, say: sayVi })).toBe('17:02 thứ Năm 26/11');
    expect(instantWords(nowMs + 40 * 86_400_000, { nowMs, timeZone, say: sayEn })).toBe('17:02 Wednesday 6/1/2027');
  });

  it('is named by its day around midnight of the installation, not of Greenwich', () => {
    const lateMs = Date.parse('2026-11-27T23:59:00+07:00');
    const earlyMs = Date.parse('2026-11-28T00:01:00+07:00');
    expect(dayWords(civilDateOf(earlyMs, timeZone), { today: civilDateOf(lateMs, timeZone), say: sayVi })).toBe(
      'Ngày mai',
    );
    expect(dayWords(civilDateOf(lateMs, timeZone), { today: civilDateOf(earlyMs, timeZone), say: sayVi })).toBe(
      'Hôm qua',
    );
  });
});

it.each([
  [400, '1 giây'],
  [45_000, '45 giây'],
  [60_000, '1 phút'],
  [80_000, '1 phút 20 giây'],
  [7_500_000, '2 giờ 5 phút'],
  [3 * 86_400_000 + 65_000, '3 ngày'],
])('a span of %i ms is %s', (spanMs, words) => {
  expect(spanWords(spanMs, sayVi)).toBe(words);
});

it('a position in a sound is minutes and seconds', () => {
  expect(positionWords(727_900)).toBe('12:07');
});

describe('what will be aired is a sentence', () => {
  const say = (language: typeof sayVi, when: Parameters<typeof sentenceOf>[0]['whens'][number], repeatCount = 1) =>
    sentenceOf({ whens: [when], clusterCount: 8, repeatCount }, { today, say: language });

  it('once', () => {
    const when = { kind: 'once', date: '2026-11-27', time: '17:00' } as const;
    expect(say(sayVi, when)).toBe('Phát lúc 17:00 thứ Sáu 27/11 (19/10 ÂL), tại 8 cụm loa.');
    expect(say(sayVi, when, 2)).toBe('Phát lúc 17:00 thứ Sáu 27/11 (19/10 ÂL), tại 8 cụm loa, 2 lần liền.');
    expect(say(sayEn, when)).toBe('Plays at 17:00 on Friday 27/11 (lunar 19/10), at 8 speaker clusters.');
  });

  it('now', () => {
    expect(say(sayVi, { kind: 'now' })).toBe('Phát ngay bây giờ, tại 8 cụm loa.');
  });

  it('daily, with its days where they are not obvious', () => {
    const when = { kind: 'daily', time: '05:15' } as const;
    expect(say(sayVi, { ...when, from: '2026-11-27' })).toBe('Phát lúc 05:15 hằng ngày, tại 8 cụm loa.');
    expect(say(sayVi, { ...when, from: '2026-11-30', until: '2026-12-02' })).toBe(
      'Phát lúc 05:15 hằng ngày, từ thứ Hai 30/11 (22/10 ÂL), đến hết thứ Tư 2/12 (24/10 ÂL), tại 8 cụm loa.',
    );
  });

  it('weekly, with its weekdays in order', () => {
    expect(say(sayVi, { kind: 'weekly', from: '2026-11-01', weekdays: [7, 1, 3], time: '17:30' })).toBe(
      'Phát lúc 17:30 thứ Hai, thứ Tư, Chủ nhật hằng tuần, tại 8 cụm loa.',
    );
  });
});
