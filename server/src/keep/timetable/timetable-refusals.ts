/** Why a file is not read as a timetable at all, with what to do about it. Mistakes in single rows are told elsewhere. */
import { timetableBytesMax, timetableRowsMax } from '@loa/protocol/panel';
import type { Refusal } from '../../refusal.ts';
import { columnsMax } from './sheet.ts';

const saveAsVi =
  'Hãy mở bằng Excel, chọn “Lưu thành” (Save As), kiểu tệp “Excel Workbook (.xlsx)”, rồi tải lên tệp đó.';
const saveAsEn = 'Open it in Excel, choose “Save As” with the type “Excel Workbook (.xlsx)”, and upload that file.';
const megabytes = timetableBytesMax / 1024 / 1024;

const table = {
  'timetable-too-large': {
    status: 413,
    vi: `Tệp lớn hơn ${megabytes} MB. Hãy xóa hình ảnh và các trang không cần, chỉ giữ bảng lịch phát, rồi tải lên lại.`,
    en: `The file is larger than ${megabytes} MB. Remove pictures and sheets that are not needed, keep the timetable only, and upload it again.`,
  },
  'timetable-unpacks-too-large': {
    status: 413,
    vi: 'Bảng tính quá lớn khi mở ra. Hãy chép riêng bảng lịch phát sang một tệp Excel mới, không kèm dòng trống hay hình ảnh, rồi tải lên.',
    en: 'The spreadsheet is too large once opened. Copy only the timetable into a new Excel file, without empty rows or pictures, and upload that.',
  },
  'timetable-empty': {
    status: 422,
    vi: 'Bảng tính không có nội dung. Hãy kiểm tra xem có chọn đúng tệp không, hoặc tải tệp mẫu về để điền.',
    en: 'The spreadsheet is empty. Check that this is the right file, or download the template and fill it in.',
  },
  'timetable-old-excel': {
    status: 415,
    vi: `Đây là tệp Excel kiểu cũ (.xls). ${saveAsVi}`,
    en: `This is an old Excel file (.xls). ${saveAsEn}`,
  },
  'timetable-other-sheet': {
    status: 415,
    vi: `Đây là bảng tính kiểu khác, máy chủ không đọc được. ${saveAsVi}`,
    en: `This is a spreadsheet of another kind, which cannot be read here. ${saveAsEn}`,
  },
  'timetable-password': {
    status: 422,
    vi: 'Tệp đang đặt mật khẩu nên không đọc được. Hãy mở tệp, bỏ mật khẩu (Tệp → Thông tin → Bảo vệ sổ làm việc), lưu lại rồi tải lên.',
    en: 'The file is protected by a password and cannot be read. Open it, remove the password (File → Info → Protect Workbook), save and upload it again.',
  },
  'timetable-document': {
    status: 415,
    vi: 'Đây là văn bản (Word, PDF hoặc trang web), không phải bảng tính. Hãy chép bảng lịch phát sang Excel, lưu lại rồi tải lên.',
    en: 'This is a document (Word, PDF or a web page), not a spreadsheet. Copy the timetable into Excel, save it and upload that.',
  },
  'timetable-not-a-sheet': {
    status: 415,
    vi: 'Tệp này không phải bảng tính. Hãy chọn tệp Excel (.xlsx) hoặc CSV có lịch phát.',
    en: 'This file is not a spreadsheet. Choose the Excel (.xlsx) or CSV file that holds the timetable.',
  },
  'timetable-damaged': {
    status: 422,
    vi: 'Tệp bị hỏng hoặc chép chưa hết. Hãy mở lại bằng Excel trên máy, lưu thành tệp mới rồi tải lên.',
    en: 'The file is damaged or was not copied to its end. Open it in Excel, save it as a new file and upload that.',
  },
  'timetable-open-quote': {
    status: 422,
    vi: 'Trong tệp CSV có dấu nháy kép (") mở mà không đóng. Hãy mở tệp bằng Excel, lưu thành .xlsx rồi tải lên.',
    en: 'The CSV file has a double quote (") that is opened and never closed. Open it in Excel, save it as .xlsx and upload that.',
  },
  'timetable-too-many-rows': {
    status: 422,
    vi: `Bảng có hơn ${timetableRowsMax} dòng. Hãy chia thành nhiều tệp, ví dụ mỗi tháng một tệp.`,
    en: `The table has more than ${timetableRowsMax} rows. Split it into several files, for example one for each month.`,
  },
  'timetable-too-many-columns': {
    status: 422,
    vi: `Bảng có nội dung ngoài ${columnsMax} cột đầu. Hãy để mỗi thông báo một dòng, và xóa những gì ở bên phải bảng.`,
    en: `The table has content beyond its first ${columnsMax} columns. Keep one notice to a row, and delete what stands to the right of the table.`,
  },
  'timetable-no-heading': {
    status: 422,
    vi: 'Không thấy dòng tên cột. Bảng cần một dòng ghi tên các cột: Tiêu đề, Văn bản, Ngày hoặc Thứ, Giờ, Nơi phát. Có thể tải tệp mẫu về để điền.',
    en: 'No row with the names of the columns was found. The table needs one: Title, Text, Date or Weekday, Time, Place. You can download the template and fill it in.',
  },
} as const satisfies Record<string, Omit<Refusal, 'code' | 'field'>>;

/** Codes of refusal of a whole file. */
export type TimetableRefusal = keyof typeof table;

/** A refusal of the whole file. */
export function refuseTimetable(code: TimetableRefusal): { ok: false; refusal: Refusal } {
  return { ok: false, refusal: { code, ...table[code] } };
}

/** Thrown inside the readers of formats, to stop in the midst of a file; the door turns it into a refusal. */
export class SheetRefused extends Error {
  readonly code: TimetableRefusal;
  constructor(code: TimetableRefusal) {
    super(code);
    this.code = code;
  }
}
