/** Does each way in which offices write days, hours and places come out as what they meant? One row, one cell at a time. */
import { whenSchema } from '@loa/protocol/panel';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { oneRow, read, readWell, today } from './workbook.ts';

function entryOf(cells: Readonly<Record<string, string>>) {
  const { entries, mistakes } = readWell(oneRow(cells));
  expect(mistakes).toEqual([]);
  expect(entries).toHaveLength(1);
  return entries[0];
}

describe('a date', () => {
  test.each([
    ['27/11/2026', ['2026-11-27']],
    ['2026-11-27', ['2026-11-27']],
    ['27-11-2026', ['2026-11-27']],
    ['27.11.26', ['2026-11-27']],
    ['Thứ Sáu, 27/11/2026', ['2026-11-27']],
    ['ngày 27 tháng 11 năm 2026', ['2026-11-27']],
    ['27-Nov-26', ['2026-11-27']],
    ['27/11/2026 00:00:00', ['2026-11-27']],
    ['27/11/2026; 1/12/2026', ['2026-11-27', '2026-12-01']],
  ])('%s', (written, dates) => {
    expect(entryOf({ Ngày: written, Giờ: '5h15' })?.whens).toEqual(
      dates.map((date) => ({ kind: 'once', date, time: '05:15' })),
    );
  });

  test('beside the weekday that it is', () => {
    expect(entryOf({ Ngày: '27/11/2026', Thứ: 'Sáu', Giờ: '5h15' })?.whens).toEqual([
      { kind: 'once', date: '2026-11-27', time: '05:15' },
    ]);
  });

  test('from one day to another without weekdays is every day between them', () => {
    expect(entryOf({ 'Từ ngày': '1/12/2026', 'Đến ngày': '7/12/2026', Giờ: '5h15' })?.whens).toEqual([
      { kind: 'daily', from: '2026-12-01', until: '2026-12-07', time: '05:15' },
    ]);
  });
});

describe('weekdays', () => {
  test.each<[string, number[]]>([
    ['Hai', [1]],
    ['thứ hai', [1]],
    ['Thứ Tư', [3]],
    ['T2, T4', [1, 3]],
    ['2,4,6', [1, 3, 5]],
    ['2-4-6', [1, 3, 5]],
    ['2-6', [1, 2, 3, 4, 5]],
    ['T2-T7', [1, 2, 3, 4, 5, 6]],
    ['Hai – Sáu', [1, 2, 3, 4, 5]],
    ['thứ hai đến thứ bảy', [1, 2, 3, 4, 5, 6]],
    ['từ thứ 2 đến thứ 6', [1, 2, 3, 4, 5]],
    ['Từ 5 đến 7', [4, 5, 6]],
    ['T7, Chủ nhật', [6, 7]],
    ['CN', [7]],
    ['thứ 3 và thứ 5', [2, 4]],
    ['Thứ Năm hằng tuần', [4]],
    ['T2-T4, CN', [1, 2, 3, 7]],
    ['Mon-Fri', [1, 2, 3, 4, 5]],
    ['Thu, Sat', [4, 6]],
    ['cuối tuần', [6, 7]],
  ])('%s', (written, weekdays) => {
    expect(entryOf({ Thứ: written, Giờ: '17:00' })?.whens).toEqual([
      { kind: 'weekly', from: today, weekdays, time: '17:00' },
    ]);
  });

  test.each(['hằng ngày', 'Hàng ngày', 'cả tuần', 'T2-CN', 'daily'])('%s is every day', (written) => {
    expect(entryOf({ Thứ: written, Giờ: '17:00', 'Đến ngày': '31/12/2026' })?.whens).toEqual([
      { kind: 'daily', from: today, until: '2026-12-31', time: '17:00' },
    ]);
  });
});

describe('lunar days', () => {
  test.each<[string, object[]]>([
    ['mùng 1', [{ kind: 'monthly', days: [1] }]],
    ['rằm', [{ kind: 'monthly', days: [15] }]],
    ['1 và 15', [{ kind: 'monthly', days: [1, 15] }]],
    ['mùng một, rằm', [{ kind: 'monthly', days: [1, 15] }]],
    ['Rằm, mồng 1 hằng tháng (âm lịch)', [{ kind: 'monthly', days: [1, 15] }]],
    ['cuối tháng', [{ kind: 'month-end' }]],
    ['14; cuối tháng', [{ kind: 'monthly', days: [14] }, { kind: 'month-end' }]],
    ['30 Chạp', [{ kind: 'yearly', month: 12, day: 30 }]],
    ['giao thừa', [{ kind: 'year-end' }]],
    ['mùng 3 Tết', [{ kind: 'yearly', month: 1, day: 3 }]],
    ['10/3', [{ kind: 'yearly', month: 3, day: 10 }]],
    ['rằm tháng Bảy', [{ kind: 'yearly', month: 7, day: 15 }]],
    ['15 tháng 8 âm lịch', [{ kind: 'yearly', month: 8, day: 15 }]],
    ['rằm tháng Giêng', [{ kind: 'yearly', month: 1, day: 15 }]],
  ])('%s', (written, rules) => {
    expect(entryOf({ 'Âm lịch': written, Giờ: '05:30' })?.whens).toEqual(
      rules.map((rule) => ({ kind: 'lunar', from: today, rule, time: '05:30' })),
    );
  });
});

describe('hours', () => {
  test.each([
    ['05:15', ['05:15']],
    ['5h15', ['05:15']],
    ['5g15', ['05:15']],
    ['5 giờ 15', ['05:15']],
    ['5 giờ 15 phút', ['05:15']],
    ['17h', ['17:00']],
    ['5 giờ chiều', ['17:00']],
    ['17 giờ chiều', ['17:00']],
    ['12 giờ trưa', ['12:00']],
    ['1 giờ trưa', ['13:00']],
    ['5:15 PM', ['17:15']],
    ['12:05 AM', ['00:05']],
    ['lúc 5h', ['05:00']],
    ['05:00 - 05:30', ['05:00']],
    ['5h00 đến 5h30', ['05:00']],
    ['05:15; 17:00', ['05:15', '17:00']],
    ['5h15 và 17h', ['05:15', '17:00']],
    ['05:15:30', ['05:15:30']],
  ])('%s', (written, times) => {
    expect(entryOf({ Thứ: 'CN', Giờ: written })?.whens.map((when) => 'time' in when && when.time)).toEqual(times);
  });
});

describe('sessions', () => {
  test.each([
    ['sáng', 'morning', '05:00'],
    ['Buổi trưa', 'noon', '11:00'],
    ['CHIỀU', 'evening', '17:00'],
    ['evening', 'evening', '17:00'],
  ])('%s needs no hour', (written, slot, time) => {
    const entry = entryOf({ Thứ: 'CN', Buổi: written });
    expect(entry).toMatchObject({ slot, whens: [{ time }] });
  });

  test('keeps the hour that stands beside it', () => {
    expect(entryOf({ Thứ: 'CN', Buổi: 'sáng', Giờ: '5h20' })).toMatchObject({
      slot: 'morning',
      whens: [{ time: '05:20' }],
    });
  });
});

describe('places', () => {
  test.each([
    ['', ['c23095']],
    ['Toàn xã', ['c23095']],
    ['toan xa', ['c23095']],
    ['Cả xã Hàm Liêm', ['c23095']],
    ['tất cả', ['c23095']],
    ['Hàm Liêm', ['c23095']],
    ['23095', ['c23095']],
    ['Thôn 3; Thôn 5', ['t3', 't5']],
    ['thon 3, thon 5', ['t3', 't5']],
    ['Thôn 3; 5', ['t3', 't5']],
    ['Thôn 3 và Thôn 5', ['t3', 't5']],
    ['Thôn Phú Lập', ['phu-lap']],
    ['Hàm Chính', ['g2']],
    ['Địa bàn Hàm Chính', ['g2']],
  ])('%s', (written, areaIds) => {
    expect(entryOf({ Thứ: 'CN', Giờ: '17:00', 'Nơi phát': written })?.areaIds).toEqual(areaIds);
  });
});

describe('class and count', () => {
  test.each([
    ['', '', 'normal', 1],
    ['Thông thường', '2', 'normal', 2],
    ['ƯU TIÊN', '3 lần', 'priority', 3],
    ['priority', 'x20', 'priority', 20],
  ] as const)('%s, %s', (kind, count, expected, repeatCount) => {
    expect(entryOf({ Thứ: 'CN', Giờ: '17:00', Loại: kind, 'Số lần': count })).toMatchObject({
      class: expected,
      repeatCount,
    });
  });
});

describe('headings', () => {
  test.each([
    'Nội dung phát,Nội dung đọc,Ngày phát,Giờ phát',
    'TIÊU ĐỀ,VĂN BẢN,NGÀY,GIỜ',
    'tieu de,van ban,ngay,gio',
    'Tiêu đề (Nội dung phát),Văn bản (Nội dung đọc),Ngày (dd/mm/yyyy),Giờ:',
    'Tiêu đề,Nội dung,Ngày,Thời gian',
    'Title,Text,Date,Time',
  ])('%s', (headings) => {
    const { entries, mistakes } = readWell(`${headings}\nHọp thôn,Mời bà con đến họp.,27/11/2026,5h15\n`);
    expect(mistakes).toEqual([]);
    expect(entries).toEqual([
      {
        row: 2,
        title: 'Họp thôn',
        text: 'Mời bà con đến họp.',
        areaIds: ['c23095'],
        whens: [{ kind: 'once', date: '2026-11-27', time: '05:15' }],
        class: 'normal',
        repeatCount: 1,
      },
    ]);
  });

  test('stand below the names of office and table, again on the next page, beside columns that the office keeps for itself', () => {
    const { entries, mistakes } = readWell(
      'UBND XÃ HÀM LIÊM,,,,\nLỊCH PHÁT THANH TUẦN 48,,,,\n\nSTT,Tiêu đề,Văn bản,Thứ,Giờ,Ghi chú\n1,Họp,Mời họp.,T2,5h,x\nSTT,Tiêu đề,Văn bản,Thứ,Giờ,Ghi chú\n2,Rác,Thu rác.,T3,5h,\n3,,,,,\n',
    );
    expect(mistakes).toEqual([]);
    expect(entries.map(({ row, title }) => [row, title])).toEqual([
      [5, 'Họp'],
      [7, 'Rác'],
    ]);
  });

  test('a recording is found by its name, not by its path', () => {
    const csv = 'Tiêu đề,Tệp âm thanh,Thứ,Giờ\nTin,C:\\Ghi am\\Bản tin tiếng Chăm.mp3,T2,5h\n';
    expect(readWell(csv).entries[0]).toMatchObject({ clipTitle: 'Bản tin tiếng Chăm.mp3' });
  });
});

test('whatever stands in the cells, the answer is entries that the panel takes or mistakes with a row', () => {
  const word = fc.constantFrom(
    ...[
      'T2-T6',
      'hằng ngày',
      '29/2/2027',
      '31/12/2026',
      'mùng 1',
      '30',
      '5h15',
      '24:00',
      'sáng',
      'Thôn 3',
      ';',
      '-',
      'và',
      '0',
      '99',
    ],
  );
  const cell = fc.oneof(
    fc.string({ unit: 'binary', maxLength: 30 }),
    fc.array(word, { maxLength: 4 }).map((words) => words.join(' ')),
  );
  const names = [
    'Ngày',
    'Thứ',
    'Âm lịch',
    'Từ ngày',
    'Đến ngày',
    'Giờ',
    'Buổi',
    'Nơi phát',
    'Loại',
    'Số lần',
    'Tiêu đề',
    'Văn bản',
  ];
  fc.assert(
    fc.property(fc.array(cell, { minLength: names.length, maxLength: names.length }), (cells) => {
      const result = read(oneRow(Object.fromEntries(names.map((name, index) => [name, cells[index] ?? '']))));
      // A character that no text has makes the whole file none, and without any cell it is empty.
      if (!result.ok) expect(['timetable-not-a-sheet', 'timetable-empty']).toContain(result.refusal.code);
      if (!result.ok) return;
      const { entries, mistakes } = result.value;
      expect(entries.length + Math.min(1, mistakes.length)).toBe(1);
      for (const when of entries.flatMap(({ whens }) => whens)) expect(whenSchema.safeParse(when).success).toBe(true);
      for (const mistake of mistakes) expect(mistake.vi.length * mistake.en.length).toBeGreaterThan(0);
    }),
    { numRuns: 100 },
  );
});
