/**
 * Which field of a request is wrong, said in plain words: a schema violation becomes one sentence in both languages
 * about the first field at fault. Pure; knows nothing of HTTP.
 */
import type { HttpRefusal } from './problem.ts';

/** What is known of one violation: a zod issue's code and parameters, and the dotted path of the field. */
export interface Violation {
  code: string;
  field: string;
  params: Readonly<Record<string, unknown>>;
}

/** Fields as the panel names them; the others keep their name of the wire. */
const labelsVi: Record<string, string> = {
  login: 'tên đăng nhập',
  password: 'mật khẩu',
  text: 'nội dung',
  title: 'tiêu đề',
  clipId: 'âm thanh',
  areaIds: 'khu vực',
  whens: 'thời gian phát',
  date: 'ngày',
  time: 'giờ',
  from: 'từ ngày',
  until: 'đến ngày',
  weekdays: 'thứ trong tuần',
  count: 'số lần phát',
  gapMs: 'khoảng nghỉ',
  lifeMs: 'thời hạn',
  kind: 'loại',
  class: 'loại bản tin',
};

/** The refusal of a request that a schema did not accept. */
export function violationRefusal(violation: Violation): HttpRefusal {
  const name = violation.field.split('.').findLast((part) => !/^\d*$/.test(part)) ?? '';
  const vi = labelsVi[name] ?? name;
  const words = wordsOf(violation);
  const isWhole = violation.field === '';
  return {
    code: 'invalid-request',
    status: 400,
    vi: isWhole ? `Yêu cầu ${words.vi}.` : `Mục “${vi}” ${words.vi}.`,
    en: isWhole ? `The request ${words.en}.` : `The field “${violation.field}” ${words.en}.`,
    ...(isWhole ? {} : { field: violation.field }),
  };
}

function wordsOf({ code, params }: Violation): { vi: string; en: string } {
  const least = params.minimum;
  const most = params.maximum;
  if (code === 'invalid_type') {
    return { vi: 'chưa có hoặc sai kiểu', en: `is missing or is not of the kind “${String(params.expected)}”` };
  }
  if (code === 'too_small' && Number(least) <= 1 && params.origin !== 'number' && params.origin !== 'int') {
    return { vi: 'còn để trống', en: 'is empty' };
  }
  if (code === 'too_small') return { vi: `phải từ ${String(least)} trở lên`, en: `must be at least ${String(least)}` };
  if (code === 'too_big' && params.origin === 'string') {
    return { vi: `dài quá ${String(most)} ký tự`, en: `is longer than ${String(most)} characters` };
  }
  if (code === 'too_big') return { vi: `nhiều nhất là ${String(most)}`, en: `must be at most ${String(most)}` };
  if (code === 'invalid_value' && Array.isArray(params.values)) {
    const values = params.values.join(', ');
    return { vi: `phải là một trong: ${values}`, en: `must be one of: ${values}` };
  }
  if (code === 'invalid_format')
    return { vi: 'không đúng dạng', en: `is not of the right form (${String(params.format)})` };
  return { vi: 'không đúng', en: 'is not right' };
}
