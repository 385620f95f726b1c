/**
 * What the HTTP door itself refuses, before or after a room is asked, each with a sentence that a person can act on.
 * Only values.
 */
import type { HttpRefusal } from './problem.ts';

/** Nobody is signed in, or the sign-in has ended. */
export const notSignedIn: HttpRefusal = {
  code: 'not-signed-in',
  status: 401,
  vi: 'Bạn chưa đăng nhập hoặc phiên đăng nhập đã hết. Hãy đăng nhập lại.',
  en: 'You are not signed in, or your sign-in has ended. Please sign in again.',
};

/** The signed-in person does not hold the right. */
export const rightMissing: HttpRefusal = {
  code: 'right-missing',
  status: 403,
  vi: 'Tài khoản của bạn không được làm việc này. Hãy nhờ người có quyền.',
  en: 'Your account may not do this. Please ask somebody who may.',
};

/** A change that could have been sent by another site's page. */
export const senderNotShown: HttpRefusal = {
  code: 'sender-not-shown',
  status: 403,
  vi: 'Yêu cầu không đến từ trang của hệ thống. Hãy mở lại trang và thử lần nữa.',
  en: 'The request did not come from the panel. Changes need the header “x-loa: 1” or “content-type: application/json”.',
};

/** A device's token is missing, wrong or old. */
export const deviceTokenWrong: HttpRefusal = {
  code: 'device-token-wrong',
  status: 401,
  vi: 'Thiết bị chưa xác thực hoặc mã truy cập đã hết hạn.',
  en: 'The device has no valid token; ask for a new one with a nonce.',
};

/** No such page, file or thing. */
export const notFound: HttpRefusal = {
  code: 'not-found',
  status: 404,
  vi: 'Không tìm thấy. Có thể đường dẫn sai hoặc mục này không còn.',
  en: 'Not found. The address may be wrong, or the thing may be gone.',
};

/** The path exists, the method does not. */
export const methodUnknown: HttpRefusal = {
  code: 'method-not-allowed',
  status: 405,
  vi: 'Địa chỉ này không nhận kiểu yêu cầu đó.',
  en: 'This address does not take that method; the “allow” header lists those it takes.',
};

/** The body says it is JSON and is not. */
export const jsonMalformed: HttpRefusal = {
  code: 'malformed-json',
  status: 400,
  vi: 'Dữ liệu gửi lên không đọc được (JSON sai).',
  en: 'The request body is not valid JSON.',
};

/** The body is larger than the door takes. */
export const bodyTooLarge: HttpRefusal = {
  code: 'body-too-large',
  status: 413,
  vi: 'Dữ liệu gửi lên quá lớn.',
  en: 'The request body is too large.',
};

/** The body is of a kind the door does not read. */
export const contentTypeUnknown: HttpRefusal = {
  code: 'content-type-unknown',
  status: 415,
  vi: 'Không đọc được kiểu dữ liệu này.',
  en: 'This kind of content is not read here; send application/json (sound: multipart/form-data).',
};

/** Too many requests from one address. */
export const tooMany: HttpRefusal = {
  code: 'too-many-requests',
  status: 429,
  vi: 'Có quá nhiều yêu cầu. Hãy chờ một phút rồi thử lại.',
  en: 'Too many requests. Please wait a minute and try again.',
};

/** The request line or its headers cannot be read. */
export const requestMalformed: HttpRefusal = {
  code: 'malformed-request',
  status: 400,
  vi: 'Yêu cầu không đọc được.',
  en: 'The request cannot be read.',
};

/** A sound file beyond the limit. */
export function uploadTooLarge(limitBytes: number): HttpRefusal {
  const limitMb = Math.floor(limitBytes / 1_000_000);
  return {
    code: 'upload-too-large',
    status: 413,
    vi: `Tệp âm thanh lớn hơn ${limitMb} MB. Hãy cắt ngắn hoặc nén tệp (ví dụ MP3) rồi tải lại.`,
    en: `The sound file is larger than ${limitMb} MB. Please shorten or compress it (MP3, for instance) and try again.`,
    field: 'file',
  };
}

/** The upload ended before its end. */
export const uploadBroken: HttpRefusal = {
  code: 'upload-broken',
  status: 400,
  vi: 'Tệp chưa tải lên hết, có thể do mạng. Hãy thử lại.',
  en: 'The file did not arrive completely. Please try again.',
  field: 'file',
};

/** No file in the form. */
export const uploadMissing: HttpRefusal = {
  code: 'upload-missing',
  status: 400,
  vi: 'Chưa chọn tệp âm thanh.',
  en: 'No sound file was sent; the form needs one part named “file”.',
  field: 'file',
};

/** More uploads at once than the server takes. */
export const uploadsBusy: HttpRefusal = {
  code: 'uploads-busy',
  status: 503,
  vi: 'Máy chủ đang nhận nhiều tệp cùng lúc. Hãy thử lại sau một phút.',
  en: 'The server is receiving many files at the moment. Please try again in a minute.',
};

/** More logs of devices at once than the server takes. */
export const logsBusy: HttpRefusal = {
  code: 'logs-busy',
  status: 503,
  vi: 'Máy chủ đang nhận nhiều nhật ký cùng lúc. Thiết bị sẽ tự gửi lại sau.',
  en: 'The server is receiving many logs at the moment. Send it again in a minute.',
};

/** A spreadsheet beyond what is read. */
export const timetableTooLarge: HttpRefusal = {
  code: 'timetable-too-large',
  status: 413,
  vi: 'Tệp lớn hơn 2 MB. Hãy xóa hình ảnh và các trang không cần, chỉ giữ bảng lịch phát, rồi tải lên lại.',
  en: 'The file is larger than 2 MB. Remove pictures and sheets that are not needed, then upload it again.',
};

/** No room for an upload. */
export const diskFull: HttpRefusal = {
  code: 'disk-full',
  status: 507,
  vi: 'Máy chủ sắp hết chỗ lưu. Hãy báo người quản trị máy chủ.',
  en: 'The server is running out of disk space. Please tell whoever runs it.',
};

/** A span of time that ends before it begins or is too long. */
export const spanWrong: HttpRefusal & { status: 400 } = {
  code: 'span-wrong',
  status: 400,
  vi: 'Khoảng thời gian không đúng: ngày đầu phải trước ngày cuối, dài nhất 366 ngày.',
  en: 'The span is wrong: its start must come before its end, at most 366 days apart.',
  field: 'from',
};

/** Something broke inside; `id` finds it in the log. */
export function unexpected(id: string): HttpRefusal {
  return {
    code: 'unexpected',
    status: 500,
    vi: `Máy chủ gặp lỗi ngoài dự tính. Hãy thử lại; nếu vẫn lỗi, báo quản trị mã ${id}.`,
    en: `Something unexpected went wrong. Please try again; if it stays, report the code ${id}.`,
  };
}
