/** What is wrong with a decision on the law, in words that an officer can act on. One sentence per flaw. */
import type { LawFlaw } from '@loa/schedules';

export const lawFlawWords: Record<LawFlaw, { vi: string; en: string }> = {
  'unknown-zone': { vi: 'múi giờ không có', en: 'this time zone does not exist' },
  'too-many-spans': { vi: 'có quá nhiều khung giờ', en: 'there are too many spans' },
  'not-a-weekday': { vi: 'chưa chọn thứ trong tuần', en: 'no weekday is chosen' },
  'not-a-time': { vi: 'giờ phải viết như 05:30', en: 'a time is written like 05:30' },
  'not-a-date': { vi: 'ngày này không có trong lịch', en: 'this date does not exist' },
  'not-an-instant': { vi: 'ngày giờ không đúng', en: 'this is no date and time' },
  'until-not-after-from': { vi: 'lúc kết thúc phải sau lúc bắt đầu', en: 'the end must come after the beginning' },
  'out-of-range': { vi: 'con số ngoài mức cho phép', en: 'a figure is out of range' },
  'too-long': { vi: 'khoảng thời gian quá dài', en: 'the span is too long' },
  'no-document': { vi: 'chưa ghi số văn bản quyết định', en: 'the number of the deciding document is missing' },
  'document-too-long': { vi: 'số văn bản dài quá 200 chữ', en: 'the document is longer than 200 characters' },
  'no-person': { vi: 'chưa ghi người quyết định', en: 'nobody is named who decides' },
  'no-place': { vi: 'chưa chọn địa bàn', en: 'no place is chosen' },
};
