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
  'too-many-sessions': { vi: 'có quá nhiều buổi phát', en: 'there are too many sessions' },
  'too-many-parts': { vi: 'một buổi có quá nhiều mục', en: 'a session has too many parts' },
  'sessions-overlap': { vi: 'hai buổi phát chồng giờ nhau trong cùng một ngày', en: 'two sessions of one day overlap' },
  'slot-twice': {
    vi: 'trong một ngày có hai buổi cùng là buổi sáng, trưa hoặc chiều',
    en: 'one day has two sessions that are both the morning, noon or evening one',
  },
  'part-twice': { vi: 'một mục đứng hai lần trong buổi phát', en: 'a part stands twice in the sessions' },
  'parts-too-long': {
    vi: 'các mục của buổi phát dài hơn chính buổi đó',
    en: 'the parts of a session take longer than the session',
  },
  'relay-outside-session': {
    vi: 'giờ tiếp âm nằm ngoài buổi phát',
    en: 'the time of a relay lies outside its session',
  },
  'relays-overlap': { vi: 'hai lần tiếp âm chồng giờ nhau', en: 'two relays overlap' },
  'unknown-language': { vi: 'thứ tiếng này chưa có', en: 'this language is not known' },
  'language-twice': { vi: 'một thứ tiếng đứng hai lần', en: 'a language stands twice' },
  'volumes-overlap': { vi: 'hai khung âm lượng chồng giờ nhau', en: 'two spans of volume overlap' },
  'no-place': { vi: 'chưa chọn địa bàn', en: 'no place is chosen' },
};
