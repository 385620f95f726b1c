/** Is each thing that cannot be understood told with its row, its column and what to write instead? */
import { timetableMistakesMax } from '@loa/protocol/panel';
import { describe, expect, test } from 'vitest';
import { oneRow, readWell } from './workbook.ts';

const right = { Thứ: 'T2', Giờ: '5h15' };

describe('a cell', () => {
  test.each<[string, Record<string, string>, string, RegExp, RegExp]>([
    ['a day that does not exist', { Ngày: '31/11/2026', Giờ: '5h' }, 'Ngày', /Không có ngày “31\/11\/2026”/, /no date/],
    ['the month before the day', { Ngày: '11/27/2026', Giờ: '5h' }, 'Ngày', /có phải 27\/11/, /27\/11/],
    ['a date without its year', { Ngày: '27/11', Giờ: '5h' }, 'Ngày', /thiếu năm/, /lacks the year/],
    ['a slip of the year', { Ngày: '27/11/2062', Giờ: '5h' }, 'Ngày', /kiểm tra lại năm/, /Check the year/],
    ['a day that is over', { Ngày: '20/11/2026', Giờ: '5h' }, 'Ngày', /đã qua/, /is over/],
    ['no date at all', { Ngày: 'mai', Giờ: '5h' }, 'Ngày', /20\/11\/2026/, /20\/11\/2026/],
    ['another weekday', { Ngày: '27/11/2026', Thứ: 'Năm', Giờ: '5h' }, 'Thứ', /là thứ Sáu/, /a Friday/],
    [
      'a span with a date',
      { Ngày: '27/11/2026', 'Từ ngày': '1/12/2026', Giờ: '5h' },
      'Từ ngày',
      /không ghi Từ ngày/,
      /empty/,
    ],
    [
      'the last day first',
      { ...right, 'Từ ngày': '9/12/2026', 'Đến ngày': '8/12/2026' },
      'Đến ngày',
      /trước Từ ngày/,
      /before/,
    ],
    ['an end that is over', { ...right, 'Đến ngày': '1/11/2026' }, 'Đến ngày', /đã qua/, /is over/],
    ['two dates for an end', { ...right, 'Đến ngày': '1/12/2026; 2/12/2026' }, 'Đến ngày', /một ngày/, /one date/],
    [
      'a Monday that never comes',
      { ...right, 'Từ ngày': '24/11/2026', 'Đến ngày': '25/11/2026' },
      'Thứ',
      /không có lần phát/,
      /never/,
    ],
    ['no weekday', { Thứ: 'thứ tám', Giờ: '5h' }, 'Thứ', /T2-T6/, /Mon-Fri/],
    ['weekdays backwards', { Thứ: '6-2', Giờ: '5h' }, 'Thứ', /T2-T6/, /Mon-Fri/],
    ['two calendars', { Thứ: 'T2', 'Âm lịch': 'rằm', Giờ: '5h' }, 'Âm lịch', /hai dòng/, /two rows/],
    ['a lunar day 31', { 'Âm lịch': '31', Giờ: '5h' }, 'Âm lịch', /mùng 1, rằm/, /mùng 1, rằm/],
    ['no day', { Giờ: '5h', Ngày: '', Thứ: '' }, 'Ngày', /Chưa ghi ngày phát/, /days are missing/],
    ['no hour', { Thứ: 'T2', Giờ: '' }, 'Giờ', /Chưa ghi giờ/, /time is missing/],
    ['minute 75', { Thứ: 'T2', Giờ: '5h75' }, 'Giờ', /05:15/, /05:15/],
    ['hour 24', { Thứ: 'T2', Giờ: '24:00' }, 'Giờ', /05:15/, /05:15/],
    ['a bare number', { Thứ: 'T2', Giờ: '5' }, 'Giờ', /05:15/, /05:15/],
    ['two sessions', { Thứ: 'T2', Buổi: 'sáng, chiều' }, 'Buổi', /thành 2 dòng/, /2 rows/],
    ['an hour of another session', { Thứ: 'T2', Buổi: 'sáng', Giờ: '17h' }, 'Giờ', /không thuộc buổi/, /not lie/],
    ['two hours in a session', { Thứ: 'T2', Buổi: 'sáng', Giờ: '5h; 6h' }, 'Giờ', /một giờ/, /one time/],
    [
      'no place',
      { ...right, 'Nơi phát': 'Thôn 9' },
      'Nơi phát',
      /Không có nơi phát “Thôn 9” .*Thôn 3/,
      /no place “Thôn 9”/,
    ],
    [
      'a mistyped place',
      { ...right, 'Nơi phát': 'Xã Hàm Liên' },
      'Nơi phát',
      /Có phải là “Xã Hàm Liêm”/,
      /Did you mean/,
    ],
    [
      'one name of two places',
      { ...right, 'Nơi phát': 'Phú Lập' },
      'Nơi phát',
      /nhiều nơi: Thôn Phú Lập, Khu phố/,
      /several/,
    ],
    ['an emergency', { ...right, Loại: 'Khẩn cấp' }, 'Loại', /mục Khẩn cấp/, /page Emergency/],
    ['no class', { ...right, Loại: 'gấp' }, 'Loại', /thông thường hoặc ưu tiên/, /normal or priority/],
    ['none', { ...right, 'Số lần': '0' }, 'Số lần', /từ 1 đến 20/, /from 1 to 20/],
    ['too often', { ...right, 'Số lần': '21' }, 'Số lần', /từ 1 đến 20/, /from 1 to 20/],
    ['no title', { ...right, 'Tiêu đề': '' }, 'Tiêu đề', /Chưa ghi tiêu đề/, /title is missing/],
    ['a title as long as a text', { ...right, 'Tiêu đề': 'a '.repeat(101) }, 'Tiêu đề', /200 ký tự/, /200 characters/],
    [
      'neither title nor text',
      { ...right, 'Tiêu đề': '', 'Văn bản': '' },
      'Tiêu đề',
      /hãy xóa dòng này/,
      /delete the row/,
    ],
    ['nothing to air', { ...right, 'Văn bản': '' }, 'Văn bản', /Chưa có gì để phát/, /nothing to air/],
    ['a relay', { ...right, 'Tiêu đề': 'Tiếp âm VOV', 'Văn bản': '' }, 'Văn bản', /mục Buổi phát/, /sessions/],
    ['two sounds', { ...right, 'Tệp âm thanh': 'tin.mp3' }, 'Tệp âm thanh', /một trong hai/, /one of the two/],
    ['letters lost', { ...right, 'Văn bản': 'Th?ng b?o c?p ?i?n' }, 'Văn bản', /bị mất/, /lost/],
    ['a text of an hour', { ...right, 'Văn bản': 'Mời họp. '.repeat(3_000) }, 'Văn bản', /quá dài/, /too long/],
    ['a text of a megabyte', { ...right, 'Văn bản': 'a'.repeat(1_000_000) }, 'Văn bản', /32767/, /32767/],
  ])('with %s', (_, cells, column, vi, en) => {
    const { entries, mistakes } = readWell(oneRow(cells));
    expect(entries).toEqual([]);
    expect(mistakes).toHaveLength(1);
    expect(mistakes[0]).toMatchObject({ row: 2, column });
    expect(mistakes[0]?.vi).toMatch(vi);
    expect(mistakes[0]?.en).toMatch(en);
  });

  test('and all of one row at once', () => {
    const { mistakes } = readWell(oneRow({ Thứ: 'x', Giờ: 'x', 'Nơi phát': 'x', Loại: 'x', 'Số lần': 'x' }));
    expect(mistakes.map(({ column }) => column).sort()).toEqual(['Giờ', 'Loại', 'Nơi phát', 'Số lần', 'Thứ'].sort());
  });

  test('with twenty-one airings', () => {
    const times = Array.from({ length: 21 }, (_, minute) => `5h${10 + minute}`).join(';');
    expect(readWell(oneRow({ Thứ: 'T2', Giờ: times })).mistakes[0]?.vi).toMatch(/hơn 20 lần/);
  });
});

describe('a heading', () => {
  test('that nobody knows is told with the nearest known one, and the rows are read all the same', () => {
    const { entries, mistakes } = readWell(
      oneRow({ ...right, 'Nơi phat thanh': '', 'Nơi phátt': 'Thôn 3', 'Kinh phí': '1' }),
    );
    expect(entries).toHaveLength(1);
    expect(mistakes.map(({ row, column }) => [row, column])).toEqual([
      [1, 'Nơi phat thanh'],
      [1, 'Nơi phátt'],
      [1, 'Kinh phí'],
    ]);
    expect(mistakes[1]?.vi).toMatch(/Có phải là “Nơi phát”/);
    expect(mistakes[2]?.vi).toMatch(/Hãy xóa cột này/);
  });

  test('that is missing is told by its name, and no row is guessed at', () => {
    const { entries, mistakes } = readWell('Tiêu đề,Văn bản,Nơi phát\nHọp,Mời họp.,Thôn 3\n');
    expect(entries).toEqual([]);
    expect(mistakes.map(({ row, column }) => [row, column])).toEqual([
      [1, 'Ngày'],
      [1, 'Giờ'],
    ]);
  });

  test('that stands twice, or not at all above content', () => {
    const { mistakes } = readWell('Tiêu đề,Văn bản,Thứ,Giờ,Giờ phát,\nHọp,Mời họp.,T2,5h,6h,x\n');
    expect(mistakes.map(({ column }) => column)).toEqual(['Giờ phát', 'F']);
  });
});

test('the same row a second time is told with the first', () => {
  const csv = 'Tiêu đề,Văn bản,Thứ,Giờ\nHọp,Mời họp.,T2,5h\n\nHọp, Mời  họp. ,thứ hai,05:00\nHọp,Mời họp.,T3,5h\n';
  const { entries, mistakes } = readWell(csv);
  expect(entries.map(({ row }) => row)).toEqual([2, 5]);
  expect(mistakes).toMatchObject([{ row: 4, vi: expect.stringContaining('dòng 2') }]);
});

test('of many mistakes the first are told and the others counted', () => {
  const rows = Array.from({ length: 80 }, (_, index) => `Tin ${index},Nội dung,T9,5h`);
  const { mistakes } = readWell(`Tiêu đề,Văn bản,Thứ,Giờ\n${rows.join('\n')}`);
  expect(mistakes).toHaveLength(timetableMistakesMax);
  expect(mistakes.at(-1)?.vi).toMatch(/Còn 31 lỗi khác/);
});
