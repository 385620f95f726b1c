/** "Hôm nay" in a notice that repeats is questioned; in one that does not, or inside another word, it is not. */
import type { TimetableEntry } from '@loa/protocol/panel';
import { namesManyDays, passingRows, passingWordsIn } from '@loa/web/model/passing-words.ts';
import { describe, expect, it } from 'vitest';

describe('words that pass with the day', () => {
  it.each<[string, string[]]>([
    ['Hôm nay UBND xã mời bà con họp lúc 19h30.', ['hôm nay']],
    ['Mời bà con đi tiêm phòng vào SÁNG  MAI, ngày mai và sáng mai', ['sáng mai', 'ngày mai']],
    ['Tối nay\ncó mưa lớn'.normalize('NFD'), ['tối nay']],
    ['Ngày 25/11/2026 họp thôn', []],
    ['Bà Mai, ông Kia ở thôn Nay', []],
    ['chợ phiên thứ Hai hằng tuần', []],
    ['', []],
  ])('%s', (text, words) => {
    expect(passingWordsIn(text)).toEqual(words);
  });

  it('a long text takes no time to speak of', () => {
    const startedMs = performance.now();
    expect(passingWordsIn('ngày '.repeat(40_000))).toEqual([]);
    expect(performance.now() - startedMs).toBeLessThan(1_000);
  });
});

describe('rows of a spreadsheet', () => {
  const once = { kind: 'once', date: '2026-11-28', time: '05:00' } as const;
  const daily = { kind: 'daily', from: '2026-11-28', time: '05:00' } as const;
  const row = (number: number, text: string, whens: TimetableEntry['whens'] = [daily]) => ({
    row: number,
    title: 'Tiêu đề',
    text,
    whens,
  });

  it('are named when they repeat and say such words; one that is said once is not', () => {
    const entries = [
      row(2, 'Chiều nay họp thôn, mời bà con'),
      row(3, 'Hôm nay cắt điện', [once]),
      row(4, 'Thứ Hai hằng tuần có chợ phiên'),
      row(5, 'Ngày mai và hôm nay, chiều nay', [once, { ...once, date: '2026-11-29' }]),
      { row: 6, title: 'Lịch tuần này', whens: [daily] },
    ];
    expect(passingRows(entries)).toEqual({
      rows: [2, 5, 6],
      words: ['chiều nay', 'ngày mai', 'hôm nay', 'tuần này'],
    });
  });

  it('two times of one day are one day', () => {
    expect(namesManyDays([once, { ...once, time: '17:00' }, { kind: 'now' }])).toBe(false);
  });
});
