/**
 * Why desk and emergencies say no, in words that an officer can act on. One code each; an area, clip or bulletin that is
 * somebody else's is refused in the very words of one that does not exist.
 */
import type { LawFlaw, RecurrenceRefused } from '@loa/schedules';
import type { Refusal } from '../refusal.ts';
import { lawFlawWords } from './law-flaw-words.ts';
import { ruleFaultWords } from './rule-fault-words.ts';

const table = {
  'no-right': {
    status: 403,
    vi: 'Tài khoản của bạn không có quyền làm việc này. Hãy nhờ người có quyền thực hiện.',
    en: 'Your account may not do this. Ask somebody whose account may.',
  },
  'unknown-area': {
    status: 404,
    field: 'areaIds',
    vi: 'Không có địa bàn này trong phạm vi của bạn. Hãy tải lại trang rồi chọn lại địa bàn.',
    en: 'There is no such area among yours. Reload the page and choose the areas again.',
  },
  'own-bulletin': {
    status: 403,
    vi: 'Không ai được tự duyệt bản tin của mình. Hãy nhờ lãnh đạo khác duyệt.',
    en: 'Nobody approves their own bulletin. Ask another leader.',
  },
  'not-submitted': {
    status: 409,
    vi: 'Bản tin này không còn chờ duyệt. Hãy tải lại trang để xem.',
    en: 'This bulletin waits for no approval any more. Reload the page to see why.',
  },
  'all-resting': {
    status: 422,
    field: 'whens',
    vi: 'Các cụm loa đã chọn đang được cho nghỉ, không phát được lúc này. Hãy kết thúc lần nghỉ, hoặc chọn giờ khác.',
    en: 'The chosen clusters are resting and cannot be heard now. End the rest, or choose another time.',
  },
  'silent-day': {
    status: 422,
    field: 'whens',
    vi: 'Hôm nay nơi đã chọn không được phát (ngày nghỉ, hoặc đã hết hạn mức). Hãy chọn ngày khác.',
    en: 'Nothing may sound there today (a day off, or the limit is used up). Choose another day.',
  },
  'session-full': {
    status: 422,
    field: 'whens',
    vi: 'Bản tin dài hơn chỗ còn trong buổi phát. Hãy rút ngắn, giảm số lượt, hoặc chọn giờ riêng.',
    en: 'The bulletin is longer than its session has room for. Shorten it, repeat it less, or choose its own time.',
  },
  'turn-circle': {
    status: 409,
    vi: 'Quyết định này ngược với các quyết định trước trong cùng nhóm trùng giờ. Hãy chọn lại thứ tự của các bản tin đó trước.',
    en: 'This goes round in a circle with earlier decisions. Change the order of those bulletins first.',
  },
  'no-area': {
    status: 422,
    field: 'areaIds',
    vi: 'Chưa chọn nơi phát. Hãy chọn ít nhất một địa bàn hoặc một cụm loa.',
    en: 'No place is chosen. Choose at least one area or one cluster.',
  },
  'unknown-clip': {
    status: 404,
    field: 'clipId',
    vi: 'Không tìm thấy bản ghi này. Hãy tạo lại từ văn bản, hoặc chọn một bản ghi trong danh sách.',
    en: 'This recording was not found. Make it again from the text, or choose one from the list.',
  },
  'unknown-bulletin': {
    status: 404,
    vi: 'Không tìm thấy bản tin này. Hãy tải lại danh sách.',
    en: 'This bulletin was not found. Reload the list.',
  },
  'unknown-airing': {
    status: 404,
    vi: 'Không tìm thấy lần phát này. Hãy tải lại danh sách.',
    en: 'This airing was not found. Reload the list.',
  },
  'unknown-rest': {
    status: 404,
    vi: 'Không tìm thấy lần cho loa nghỉ này. Hãy tải lại trang.',
    en: 'This rest was not found. Reload the page.',
  },
  'already-over': {
    status: 422,
    vi: 'Thời gian này đã qua. Hãy chọn ngày giờ còn ở phía trước.',
    en: 'This time has passed. Choose one that lies ahead.',
  },
  'unknown-decision': {
    status: 404,
    vi: 'Không tìm thấy quyết định này. Hãy tải lại trang.',
    en: 'This decision was not found. Reload the page.',
  },
  'member-elsewhere': {
    status: 422,
    vi: 'Có thành viên không nằm trong địa bàn của nhóm. Hãy bỏ thành viên đó, hoặc chọn địa bàn rộng hơn.',
    en: 'A member lies outside the area of the group. Leave it out, or choose a wider area.',
  },
  'cannot-merge': {
    status: 422,
    vi: 'Chỉ sáp nhập được các xã, phường cùng cấp, cùng trực thuộc một nơi và đang còn hiệu lực.',
    en: 'Only units of one kind, under the same one, and still in force can be merged.',
  },
  'too-far-to-explain': {
    status: 422,
    field: 'at',
    vi: 'Chỉ giải thích được trong khoảng 9 ngày trước và sau hôm nay. Hãy chọn ngày gần hơn.',
    en: 'This can be explained for nine days before and after today. Choose a nearer day.',
  },
  'answered-already': {
    status: 409,
    vi: 'Bản tin này đã được xã xử lý rồi. Hãy tải lại trang để xem.',
    en: 'The commune has answered this bulletin already. Reload the page to see how.',
  },
  recalled: {
    status: 409,
    vi: 'Cấp trên đã thu hồi bản tin này, không phát nữa.',
    en: 'This bulletin was recalled from above and is not aired any more.',
  },
  'rest-over': {
    status: 422,
    field: 'until',
    vi: 'Giờ cho loa phát lại phải sau lúc bắt đầu nghỉ. Hãy chọn giờ muộn hơn.',
    en: 'The rest must end after it begins. Choose a later time.',
  },
  'rest-too-long': {
    status: 422,
    field: 'until',
    vi: 'Loa chỉ nghỉ được nhiều nhất 31 ngày một lần. Hãy chọn ngày gần hơn.',
    en: 'A rest lasts at most 31 days. Choose an earlier day.',
  },
  'request-reused': {
    status: 409,
    field: 'requestId',
    vi: 'Yêu cầu này đã dùng cho một bản tin khác. Hãy tải lại trang rồi gửi lại.',
    en: 'This request was already used for another bulletin. Reload the page and send again.',
  },
  'too-far-ahead': {
    status: 422,
    field: 'whens',
    vi: 'Ngày phát còn hơn mười năm nữa. Hãy kiểm tra lại năm.',
    en: 'This is more than ten years ahead. Check the year.',
  },
  'past-time': {
    status: 422,
    field: 'whens',
    vi: 'Giờ này đã qua. Hãy chọn giờ muộn hơn, hoặc chọn “Phát ngay”.',
    en: 'This time has passed. Choose a later one, or “play now”.',
  },
  'until-before-from': {
    status: 422,
    field: 'whens',
    vi: 'Ngày kết thúc đứng trước ngày bắt đầu. Hãy sửa lại hai ngày.',
    en: 'The last day is before the first one. Correct the two dates.',
  },
  'never-fires': {
    status: 422,
    field: 'whens',
    vi: 'Lịch này không rơi vào ngày nào. Hãy kiểm tra lại ngày, thứ và giờ.',
    en: 'No day fits this schedule. Check the dates, the weekdays and the time.',
  },
  'air-time-too-long': {
    status: 422,
    field: 'repeat',
    vi: 'Tổng thời lượng các lượt phát quá dài. Hãy giảm số lượt hoặc rút ngắn bản ghi.',
    en: 'All repeats together take too long. Repeat it less often, or shorten the recording.',
  },
  'not-withdrawn': {
    status: 409,
    vi: 'Bản tin này chưa bị gỡ, vẫn phát theo lịch.',
    en: 'This bulletin has not been withdrawn; it plays as scheduled.',
  },
  'is-emergency': {
    status: 409,
    vi: 'Đây là bản tin khẩn cấp. Hãy dùng nút dừng của bản tin khẩn cấp.',
    en: 'This is an emergency. Use the emergency’s own stop button.',
  },
  'too-many-orders': {
    status: 409,
    vi: 'Địa bàn này đã có nhiều bản tin khẩn cấp đang phát. Hãy dừng bớt một bản rồi phát lại.',
    en: 'Several emergencies are already in force in this area. Stop one of them, then push this again.',
  },
} as const satisfies Record<string, Omit<Refusal, 'code'>>;

export function workRefusal(code: keyof typeof table): Refusal {
  return { code, ...table[code] };
}

/** Some of the chosen areas have no loudspeaker. */
export function areaWithoutClusters(names: readonly string[]): Refusal {
  return {
    code: 'area-without-clusters',
    status: 422,
    field: 'areaIds',
    vi: `Chưa có cụm loa nào ở: ${listed(names)}. Hãy bỏ chọn địa bàn này.`,
    en: `There is no loudspeaker in: ${listed(names)}. Leave this area out.`,
  };
}

/** Nothing of the bulletin would ever sound anywhere. `places` are areas with their hours, `Hàm Thắng (05:00–21:00)`. */
export function outsidePermittedHours(places: readonly string[]): Refusal {
  return {
    code: 'outside-permitted-hours',
    status: 422,
    field: 'whens',
    vi: `Ngoài giờ được phát của: ${listed(places)}. Hãy chọn giờ để bản tin bắt đầu và kết thúc trong giờ được phát.`,
    en: `Outside the permitted hours of: ${listed(places)}. Choose a time so that it starts and ends within them.`,
  };
}

/** A decision on the law that cannot stand; every flaw is named. */
export function lawRefused(flaws: readonly LawFlaw[]): Refusal {
  const words = flaws.map((flaw) => lawFlawWords[flaw]);
  return {
    code: `law-${flaws[0] ?? 'flaw'}`,
    status: 422,
    field: 'change',
    vi: `Chưa lưu được: ${words.map((each) => each.vi).join('; ')}. Hãy sửa lại rồi lưu.`,
    en: `This was not saved: ${words.map((each) => each.en).join('; ')}. Correct it and save again.`,
  };
}

/** A recurrence rule that cannot be used; names the part to look at. */
export function ruleRefused({ reason, at }: RecurrenceRefused): Refusal {
  const { vi, en } = ruleFaultWords[reason];
  const place = at === '' ? { vi: '', en: '' } : { vi: ` (ở “${at}”)`, en: ` (at “${at}”)` };
  return {
    code: `rule-${reason}`,
    status: 422,
    field: 'whens',
    vi: `Quy tắc lặp không dùng được${place.vi}: ${vi}. Hãy sửa quy tắc rồi gửi lại.`,
    en: `This recurrence rule cannot be used${place.en}: ${en}. Correct it and send again.`,
  };
}

/** Names shown in one sentence; the rest is counted. */
const namesMax = 5;

function listed(names: readonly string[]): string {
  const shown = names.slice(0, namesMax).join(', ');
  return names.length > namesMax ? `${shown} … (+${names.length - namesMax})` : shown;
}
