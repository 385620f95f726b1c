/** Does a workbook say what a person sees in Excel: its dates, hours, merged cells, its visible sheet, its cached results? */
import { momentOf, showsMoment } from '@loa/server/keep/timetable/excel-moment.ts';
import { describe, expect, test } from 'vitest';
import writeXlsxFile from 'write-excel-file/node';
import { readWell, refusalOf, sheetRow, today, workbookOf, workbookParts, zipOf } from './workbook.ts';

const headings = ['Tiêu đề', 'Văn bản', 'Ngày', 'Thứ', 'Giờ', 'Nơi phát', 'Số lần'];
/** Style 1 shows a date, 2 a time of day, 3 a format of the file's own. */
const styles =
  '<numFmts><numFmt numFmtId="164" formatCode="[$-42A]dddd, dd/mm/yyyy"/></numFmts>' +
  '<cellStyleXfs><xf numFmtId="14"/></cellStyleXfs>' +
  '<cellXfs><xf numFmtId="0"/><xf numFmtId="14"/><xf numFmtId="20"/><xf numFmtId="164"/></cellXfs>';
const number = (value: string | number, style = 0) => `<c s="${style}"><v>${value}</v></c>`;

test('a real workbook of another program, with dates, numbers and several rows', async () => {
  const file = await writeXlsxFile([
    headings.map((value) => ({ value })),
    [
      { value: 'Họp thôn' },
      { value: 'Mời bà con đến họp.\nĐúng giờ.' },
      { value: new Date(Date.UTC(2026, 10, 27)), format: 'dd/mm/yyyy' },
      null,
      { value: 5.25 / 24, format: 'hh:mm' },
      { value: 'Thôn 3' },
      { value: 2 },
    ],
    [{ value: 'Thu rác' }, { value: 'Thu rác.' }, null, { value: 'T2-T7' }, { value: '17h' }, null, null],
  ]).toBuffer();
  expect(readWell(file)).toEqual({
    entries: [
      {
        row: 2,
        title: 'Họp thôn',
        text: 'Mời bà con đến họp.\nĐúng giờ.',
        areaIds: ['t3'],
        whens: [{ kind: 'once', date: '2026-11-27', time: '05:15' }],
        class: 'normal',
        repeatCount: 2,
      },
      {
        row: 3,
        title: 'Thu rác',
        text: 'Thu rác.',
        areaIds: ['c23095'],
        whens: [{ kind: 'weekly', from: today, weekdays: [1, 2, 3, 4, 5, 6], time: '17:00' }],
        class: 'normal',
        repeatCount: 1,
      },
    ],
    mistakes: [],
  });
});

describe('numbers as days', () => {
  test.each([
    [1, false, '1900-01-01'],
    [59, false, '1900-02-28'],
    [60, false, undefined],
    [61, false, '1900-03-01'],
    [46_353, false, '2026-11-27'],
    [44_891, true, '2026-11-27'],
    [46_353.999_999_9, false, '2026-11-28'],
  ])('%d (1904: %s) is %s', (serial, is1904, date) => {
    expect(momentOf(serial, { is1904, isShown: true })?.date).toBe(date);
  });

  test.each([
    [0.218_75, '05:15'],
    [5 / 24 + 20 / 1_440, '05:20'],
    [0.708_333_333_333_333, '17:00'],
    [46_353.25, '06:00'],
    [0.999_999_99, '00:00'],
  ])('%d says the hour %s', (serial, time) => {
    expect(momentOf(serial, { is1904: false, isShown: true })?.time).toBe(time);
  });

  test.each([-1, Number.NaN, Number.POSITIVE_INFINITY, 1e12])('%d is neither', (serial) => {
    expect(momentOf(serial, { is1904: false, isShown: true })).toBeUndefined();
  });

  test.each([
    ['dd/mm/yyyy', true],
    ['h:mm AM/PM', true],
    ['[h]:mm', true],
    ['General', false],
    ['0.00', false],
    ['#,##0 "đồng một ngày"', false],
    ['[Red]0', false],
    ['@', false],
  ])('the format %s shows a moment: %s', (code, shows) => {
    expect(showsMoment(code)).toBe(shows);
  });

  test('of a workbook since 1904, in a format of its own, and as plain numbers', () => {
    const rows = [
      sheetRow(1, headings),
      sheetRow(2, ['A', 'Nội dung.', number(44_891, 3), undefined, number(0.218_75, 2)]),
      sheetRow(3, ['B', 'Nội dung.', number(44_891), undefined, number(0.218_75)]),
    ].join('');
    const { entries, mistakes } = readWell(workbookOf({ rows, styles, workbookPr: 'date1904="1"' }));
    expect(mistakes).toEqual([]);
    expect(entries.map(({ whens }) => whens)).toEqual([
      [{ kind: 'once', date: '2026-11-27', time: '05:15' }],
      [{ kind: 'once', date: '2026-11-27', time: '05:15' }],
    ]);
  });
});

test('weekdays that Excel turned into a date are told as that', () => {
  const rows = sheetRow(1, headings) + sheetRow(2, ['A', 'Nội dung.', undefined, number(46_175, 1), '5h']);
  expect(readWell(workbookOf({ rows, styles })).mistakes).toMatchObject([
    { row: 2, column: 'Thứ', vi: expect.stringMatching(/tự đổi ô này thành ngày.*T2-T6/) },
  ]);
});

test('one date merged over the rows of its day holds for each of them', () => {
  const rows =
    sheetRow(1, headings) +
    sheetRow(2, ['A', 'Nội dung.', '27/11/2026', undefined, '5h']) +
    sheetRow(3, ['B', 'Nội dung.', undefined, undefined, '6h']) +
    sheetRow(4, ['C', 'Nội dung.', undefined, undefined, '7h']);
  const { entries, mistakes } = readWell(
    workbookOf({ rows, merges: '<mergeCells><mergeCell ref="C2:C3"/></mergeCells>' }),
  );
  expect(entries.map(({ row, whens }) => [row, whens])).toEqual([
    [2, [{ kind: 'once', date: '2026-11-27', time: '05:00' }]],
    [3, [{ kind: 'once', date: '2026-11-27', time: '06:00' }]],
  ]);
  expect(mistakes.map(({ row }) => row)).toEqual([4]);
});

test('a heading in two lines', () => {
  const rows =
    sheetRow(3, ['Ngày', 'Giờ', 'Nội dung', undefined]) +
    sheetRow(4, [undefined, undefined, 'Tiêu đề', 'Văn bản']) +
    sheetRow(5, ['27/11/2026', '5h', 'Họp', 'Mời họp.']);
  const merges = '<mergeCells><mergeCell ref="A3:A4"/><mergeCell ref="B3:B4"/><mergeCell ref="C3:D3"/></mergeCells>';
  const { entries, mistakes } = readWell(workbookOf({ rows, merges }));
  expect(mistakes).toEqual([]);
  expect(entries).toMatchObject([{ row: 5, title: 'Họp', text: 'Mời họp.' }]);
});

describe('cells', () => {
  const filled = (cell: string, shared: readonly string[] = []) =>
    workbookOf({
      rows: sheetRow(1, headings) + sheetRow(2, [cell, 'Nội dung.', '27/11/2026', undefined, '5h']),
      sharedTexts: shared,
    });

  test.each([
    ['a shared text', '<c t="s"><v>1</v></c>', 'Họp thôn'],
    ['a text in several styles, its phonetic reading left out', '<c t="s"><v>2</v></c>', 'Họp xã'],
    [
      'the cached result of a formula, never the formula',
      '<c t="str"><f>WEBSERVICE("http://x")</f><v>Họp tổ</v></c>',
      'Họp tổ',
    ],
    ['a number', number('2026'), '2026'],
    ['an escaped line break', '<c t="s"><v>3</v></c>', 'Họp khu'],
  ])('%s', (_, cell, title) => {
    const shared = [
      '<t>x</t>',
      '<t>Họp thôn</t>',
      '<r><rPr><b/></rPr><t xml:space="preserve">Họp </t></r><r><t>xã</t></r><rPh><t>đọc</t></rPh>',
      '<t>Họp_x000D_\nkhu</t>',
    ];
    expect(readWell(filled(cell, shared)).entries).toMatchObject([{ title }]);
  });

  test.each([
    ['an error', '<c t="e"><f>A9</f><v>#REF!</v></c>', /lỗi công thức/],
    ['a formula that was never calculated', '<c><f>A9</f></c>', /chưa có kết quả/],
  ])('%s is told', (_, cell, vi) => {
    expect(readWell(filled(cell)).mistakes).toMatchObject([
      { row: 2, column: 'Tiêu đề', vi: expect.stringMatching(vi) },
    ]);
  });
});

describe('sheets', () => {
  const rows = sheetRow(1, headings) + sheetRow(2, ['Họp', 'Mời họp.', '27/11/2026', undefined, '5h']);

  test('one with instructions before the timetable is passed over', () => {
    expect(readWell(workbookOf({ rows, firstSheet: '' })).entries).toHaveLength(1);
  });

  test('a hidden one is never read', () => {
    const parts = workbookParts({ rows, firstSheet: 'state="hidden"' });
    const hidden = parts.find(({ name }) => name === 'xl/worksheets/sheet2.xml');
    const visible = { name: 'xl/worksheets/sheet2.xml', body: '<worksheet><sheetData/></worksheet>' };
    const swapped = parts.map((part) => {
      if (part.name === 'xl/worksheets/sheet1.xml') return { ...part, body: hidden?.body ?? '' };
      return part.name === visible.name ? visible : part;
    });
    expect(refusalOf(zipOf(swapped))).toBe('timetable-empty');
  });

  test('with prefixed names, sizes in 64 bits, and macros beside them', () => {
    const parts = workbookParts({ rows }).map((part) => ({ ...part, isWide: true }));
    const prefixed = parts.map((part) =>
      part.name === 'xl/worksheets/sheet2.xml'
        ? {
            ...part,
            body: String(part.body)
              .replace(/<(\/?)(?=[a-z])/g, '<$1x:')
              .replace('xmlns=', 'xmlns:x='),
          }
        : part,
    );
    const file = zipOf([...prefixed, { name: 'xl/vbaProject.bin', body: 'macro' }]);
    expect(readWell(file).entries).toMatchObject([{ title: 'Họp' }]);
  });
});
