/** What can be wrong with a row as a whole, in words that tell what to write instead. */
import type { CellProblem } from './sheet.ts';
import { cellCharactersMax } from './sheet.ts';
import { type Misread, misread, quoted } from './understood.ts';

/** Why a single cell cannot be used. */
export const cellProblems: Record<CellProblem, Misread> = {
  'formula-error': misread(
    'Ô này bị lỗi công thức. Hãy gõ thẳng nội dung vào ô.',
    'The formula in this cell has an error. Type the content itself into the cell.',
  ),
  'not-calculated': misread(
    'Ô này có công thức nhưng chưa có kết quả. Hãy mở tệp bằng Excel, lưu lại, hoặc gõ thẳng nội dung vào ô.',
    'This cell holds a formula without a result. Open the file in Excel and save it, or type the content itself.',
  ),
  'too-long': misread(
    `Ô này dài hơn ${cellCharactersMax} ký tự. Hãy rút gọn, hoặc chia thành nhiều thông báo.`,
    `This cell is longer than ${cellCharactersMax} characters. Shorten it, or split it into several notices.`,
  ),
};

export const emptyRow = misread(
  'Dòng này chưa có tiêu đề và nội dung. Nếu chỉ là ghi chú hay chữ ký thì hãy xóa dòng này.',
  'This row has neither a title nor a text. If it is only a note or a signature, delete the row.',
);
export const noTitle = misread('Chưa ghi tiêu đề.', 'The title is missing.');
export const badTitle = misread(
  'Tiêu đề dài hơn 200 ký tự hoặc có ký tự lạ. Hãy rút gọn tiêu đề; nội dung để đọc ghi ở cột Văn bản.',
  'The title is longer than 200 characters or has odd characters. Shorten it; what is to be read belongs into the column Text.',
);
export const noSound = misread(
  'Chưa có gì để phát. Hãy ghi nội dung đọc ở cột Văn bản, hoặc tên bản ghi âm ở cột Tệp âm thanh.',
  'There is nothing to air. Write what is to be read into the column Text, or the name of a recording into Audio file.',
);
export const relayRow = misread(
  'Tiếp âm không nhập từ bảng này. Hãy đặt tiếp âm trong mục Buổi phát của xã, rồi xóa dòng này.',
  'A relay is not taken from this table. Set it in the sessions of the commune, then delete this row.',
);
export const twoSounds = misread(
  'Dòng này vừa có Văn bản vừa có Tệp âm thanh. Hãy chỉ giữ một trong hai.',
  'This row has both a text and an audio file. Keep one of the two.',
);
export const noTime = misread(
  'Chưa ghi giờ phát. Hãy ghi Giờ (ví dụ 05:15) hoặc Buổi (sáng, trưa, chiều).',
  'The time is missing. Write a time (for example 05:15) or a session (morning, noon, evening).',
);
export const severalTimesInSlot = misread(
  'Đã ghi Buổi thì chỉ ghi một giờ, hoặc để trống Giờ. Muốn phát nhiều giờ thì để trống Buổi.',
  'With a session, write one time or none. To air at several times, leave the session empty.',
);
export const timeOutsideSlot = misread(
  'Giờ không thuộc buổi đã ghi. Sáng là trước 10 giờ, trưa là trước 14 giờ, chiều là từ 14 giờ. Hãy sửa giờ hoặc buổi.',
  'The time does not lie in this session. Morning is before 10:00, noon before 14:00, evening after that. Correct one of the two.',
);
export const tooManyWhens = misread(
  'Dòng này có hơn 20 lần hẹn (số ngày nhân số giờ). Hãy chia thành nhiều dòng, hoặc ghi Thứ thay cho từng ngày.',
  'This row asks for more than 20 airings (days times hours). Split it into several rows, or write weekdays instead of dates.',
);
export const neverAired = misread(
  'Với các ngày đã ghi thì không có lần phát nào. Hãy xem lại thứ hoặc ngày âm lịch với Từ ngày, Đến ngày.',
  'With these days it would never be aired. Compare the weekdays or lunar days with the first and the last day.',
);
export const emergency = misread(
  'Tin khẩn cấp không hẹn trước trong bảng được, vì phát ngay và đè lên mọi chương trình. Khi cần, hãy dùng mục Khẩn cấp. Ở đây ghi: thông thường hoặc ưu tiên.',
  'An emergency cannot be planned in a table, since it is aired at once over everything else. Use the page Emergency when it is needed. Here write: normal or priority.',
);

export function otherClass(text: string): Misread {
  return misread(
    `Không hiểu loại “${quoted(text)}”. Hãy ghi: thông thường hoặc ưu tiên.`,
    `The class “${quoted(text)}” is not known. Write: normal or priority.`,
  );
}

export function otherCount(text: string): Misread {
  return misread(
    `Số lần “${quoted(text)}” không đúng. Hãy ghi một số từ 1 đến 20.`,
    `The count “${quoted(text)}” is not right. Write a number from 1 to 20.`,
  );
}

export function sameAs(row: number): Misread {
  return misread(
    `Dòng này giống hệt dòng ${row}. Hãy xóa một trong hai.`,
    `This row is the same as row ${row}. Delete one of the two.`,
  );
}

export function missingColumn(names: string): Misread {
  return misread(
    `Bảng thiếu cột ${names}. Hãy thêm cột này, hoặc tải tệp mẫu về để điền.`,
    `The table lacks the column ${names}. Add it, or download the template and fill it in.`,
  );
}

export function moreMistakes(count: number): Misread {
  return misread(
    `Còn ${count} lỗi khác. Hãy sửa các lỗi ở trên rồi tải tệp lên lại.`,
    `There are ${count} more mistakes. Mend those above, then upload the file again.`,
  );
}
