/** Does a CSV come out the same however it was coded and parted, also in the letters of old fonts? */
import { timetableTemplate } from '@loa/web/model/timetable-template.ts';
import { describe, expect, test } from 'vitest';
import { toTcvn3, toVni } from '../speech/old-codes.ts';
import { readWell, today } from './workbook.ts';

const lines = [
  ['Tiêu đề', 'Văn bản', 'Thứ', 'Giờ', 'Nơi phát'],
  ['Họp thôn', 'Mời bà con đến hội trường, đúng giờ; mang theo sổ.', 'Thứ Hai', '05:15', 'Thôn 3'],
  ['Thu gom rác thải', 'Để rác trước nhà "trước sáu giờ".', 'hằng ngày', '17h', 'Toàn xã'],
];
const expected = [
  {
    row: 2,
    title: 'Họp thôn',
    text: 'Mời bà con đến hội trường, đúng giờ; mang theo sổ.',
    areaIds: ['t3'],
    whens: [{ kind: 'weekly', from: today, weekdays: [1], time: '05:15' }],
    class: 'normal',
    repeatCount: 1,
  },
  {
    row: 3,
    title: 'Thu gom rác thải',
    text: 'Để rác trước nhà "trước sáu giờ".',
    areaIds: ['c23095'],
    whens: [{ kind: 'daily', from: today, time: '17:00' }],
    class: 'normal',
    repeatCount: 1,
  },
];

function csv(separator: string, spell = (text: string) => text, lineBreak = '\r\n'): string {
  const cell = (text: string) => `"${spell(text).replaceAll('"', '""')}"`;
  return lines.map((line) => line.map(cell).join(separator)).join(lineBreak);
}

describe('parted by', () => {
  test.each([
    ['comma', ','],
    ['semicolon', ';'],
    ['tab', '\t'],
  ])('%s', (_, separator) => {
    expect(readWell(csv(separator))).toEqual({ entries: expected, mistakes: [] });
    expect(readWell(csv(separator, undefined, '\n'))).toEqual({ entries: expected, mistakes: [] });
  });

  test('comma, where a cell holds nothing but another separator', () => {
    expect(readWell('Tiêu đề,Văn bản,Thứ,Giờ,Nơi phát\nHọp,Mời họp.,T2,5h,";"\n').mistakes).toMatchObject([
      { column: 'Nơi phát' },
    ]);
  });

  test('what its first line says', () => {
    const { entries, mistakes } = readWell(`sep=|\r\n${csv('|')}`);
    expect(mistakes).toEqual([]);
    expect(entries.map(({ row }) => row)).toEqual([3, 4]);
  });
});

describe('coded in', () => {
  test.each([
    ['UTF-8 with a mark', Buffer.from(`\ufeff${csv(',')}`)],
    ['UTF-8 of normal form D', Buffer.from(csv(',').normalize('NFD'))],
    ['UTF-16 as Excel writes “Unicode text”', Buffer.from(`\ufeff${csv('\t')}`, 'utf16le')],
    ['UTF-16 with the other order of bytes', Buffer.from(`\ufeff${csv('\t')}`, 'utf16le').swap16()],
    ['the Vietnamese code of Windows', windows1258(csv(','))],
    ['TCVN3 in UTF-8', Buffer.from(csv(',', toTcvn3))],
    ['TCVN3 in Western letters', Buffer.from(csv(',', toTcvn3), 'latin1')],
    ['VNI in UTF-8', Buffer.from(csv(',', toVni))],
    ['VNI in Western letters', Buffer.from(csv(',', toVni), 'latin1')],
  ])('%s', (_, bytes) => {
    expect(readWell(bytes)).toEqual({ entries: expected, mistakes: [] });
  });

  test('Unicode, with one text pasted in from an old font', () => {
    const [headings = [], first = [], second = []] = lines;
    const mixed = [
      headings,
      first,
      second.map((text, at) => (at === 1 ? toTcvn3('Bà con để rác trước nhà, đúng ngày giờ đã hẹn.') : text)),
    ];
    const text = mixed.map((line) => line.map((cell) => `"${cell.replaceAll('"', '""')}"`).join(',')).join('\n');
    expect(readWell(text).entries.map((entry) => entry.text)).toEqual([
      expected[0]?.text,
      'Bà con để rác trước nhà, đúng ngày giờ đã hẹn.',
    ]);
  });
});

test('the template is read without a mistake, as Excel saves it and as text', () => {
  const template = timetableTemplate({ today: Temporal.PlainDate.from(today), place: 'Thôn 3' });
  for (const bytes of [Buffer.from(template, 'utf16le'), Buffer.from(template)]) {
    const { entries, mistakes } = readWell(bytes);
    expect(mistakes).toEqual([]);
    expect(entries).toHaveLength(3);
  }
});

/** Marks stand behind their letter in that code; letters that Western Windows has too are kept whole. */
function windows1258(text: string): Buffer {
  const marks: Readonly<Record<string, number>> = {
    '\u0300': 0xcc,
    '\u0309': 0xd2,
    '\u0303': 0xde,
    '\u0301': 0xec,
    '\u0323': 0xf2,
  };
  const letters: Readonly<Record<string, number>> = {
    Ă: 0xc3,
    ă: 0xe3,
    Đ: 0xd0,
    đ: 0xf0,
    Ơ: 0xd5,
    ơ: 0xf5,
    Ư: 0xdd,
    ư: 0xfd,
  };
  const spread = text.normalize('NFD').replace(/([\u0323])([\u0302\u0306])/g, '$2$1');
  const bytes = [...spread.matchAll(/(.)([\u0302\u0306\u031b]?)([\u0300\u0309\u0303\u0301\u0323]?)/gsu)].flatMap(
    (match) => {
      const letter = `${match[1]}${match[2]}`.normalize('NFC');
      const mark = marks[match[3] ?? ''];
      return [letters[letter] ?? letter.charCodeAt(0), ...(mark === undefined ? [] : [mark])];
    },
  );
  return Buffer.from(bytes);
}
