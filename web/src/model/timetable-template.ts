/** The table that offices fill in: its headings and three rows that show how, as CSV that Excel opens. Pure. */

const headings = [
  'Tiêu đề',
  'Văn bản',
  'Tệp âm thanh',
  'Nơi phát',
  'Ngày',
  'Thứ',
  'Âm lịch',
  'Buổi',
  'Giờ',
  'Từ ngày',
  'Đến ngày',
  'Số lần',
  'Loại',
] as const;

type Cells = Partial<Record<(typeof headings)[number], string>>;

/**
 * CSV with a byte order mark, without which Excel does not read Vietnamese letters, and semicolons, which a Vietnamese
 * Windows expects. `today` dates its first row.
 */
export function timetableTemplate(input: { today: Temporal.PlainDate; place: string }): string {
  const date = input.today.add({ days: 1 });
  const day = (each: Temporal.PlainDate) =>
    `${[each.day, each.month].map((part) => String(part).padStart(2, '0')).join('/')}/${each.year}`;
  const rows: Cells[] = [
    {
      'Tiêu đề': 'Mời họp tổ dân phố',
      'Văn bản': 'Kính mời bà con đến họp tổ dân phố lúc 19 giờ tối nay tại nhà văn hóa.',
      'Nơi phát': input.place,
      Ngày: day(date),
      Giờ: '05:15; 17:00',
      'Số lần': '2',
      Loại: 'Thông thường',
    },
    {
      'Tiêu đề': 'Nhắc giữ gìn vệ sinh đường làng',
      'Văn bản': 'Đề nghị bà con quét dọn trước nhà và để rác đúng nơi quy định.',
      'Nơi phát': input.place,
      Thứ: 'T2, T4, T6',
      Buổi: 'sáng',
      'Từ ngày': day(date),
      'Số lần': '1',
      Loại: 'Thông thường',
    },
    {
      'Tiêu đề': 'Nhắc ngày rằm, mùng một',
      'Văn bản': 'Đề nghị bà con không đốt vàng mã nơi công cộng, giữ an toàn phòng cháy.',
      'Nơi phát': input.place,
      'Âm lịch': 'mùng 1, rằm',
      Giờ: '17:00',
      'Số lần': '1',
      Loại: 'Ưu tiên',
    },
  ];
  const lines = [headings.join(';'), ...rows.map((row) => headings.map((name) => cell(row[name] ?? '')).join(';'))];
  return `\ufeff${lines.join('\r\n')}\r\n`;
}

/** RFC 4180 §2.6–2.7, with the semicolon as separator. */
function cell(text: string): string {
  return /[";\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
}
