/** An empty timetable to begin with: the headings that are read and three rows that show how they are filled in. */

const rows: readonly (readonly string[])[] = [
  [
    'Tiêu đề',
    'Văn bản',
    'Tệp âm thanh',
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
  ],
  [
    'Ví dụ: lịch tiêm chủng',
    'Trạm y tế xã tiêm chủng cho trẻ em vào sáng thứ Ba hằng tuần. Mời các gia đình đưa trẻ đến đúng hẹn.',
    '',
    '',
    'T2, CN',
    '',
    '',
    '',
    '05:15; 17:00',
    '',
    'Toàn xã',
    'Thông thường',
    '2',
  ],
  [
    'Ví dụ: vệ sinh môi trường',
    'Mời bà con quét dọn trước nhà và đường thôn trong buổi sáng, để rác đúng nơi thu gom.',
    '',
    '',
    'T2-T7',
    '',
    '',
    '',
    '',
    'Sáng',
    'Toàn xã',
    'Thông thường',
    '1',
  ],
  [
    'Ví dụ: nhắc ngày rằm, mùng một',
    'Hôm nay là ngày rằm hoặc mùng một. Bà con thắp hương, đốt vàng mã chú ý phòng cháy.',
    '',
    '',
    '',
    'mùng 1, rằm',
    '',
    '',
    '17:00',
    '',
    '',
    'Ưu tiên',
    '1',
  ],
];

/**
 * The template as text. Begins with a byte order mark and parts its cells by tabs: sent as UTF-16LE it is the one form
 * that Excel opens with right letters and right columns whatever region Windows is set to, where comma and semicolon each
 * fail in one half of the offices. Name the file `.csv`.
 */
export function timetableTemplate(): string {
  return `\ufeff${rows.map((row) => row.join('\t')).join('\r\n')}\r\n`;
}
