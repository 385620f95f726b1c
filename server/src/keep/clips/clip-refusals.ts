/**
 * Why is a sound file not taken? One code each, with what happened and what to do about it in words for the person who
 * chose the file. Technical detail stands apart and is for the log, never for the screen.
 */
import type { Refusal } from '../../refusal.ts';

/** Technical detail is for the log; more of a decoder's complaints than this tells nobody anything. */
const detailCharactersMax = 500;

const table = {
  'not-audio': {
    status: 415,
    vi: 'Tệp này không phải tệp âm thanh. Hãy chọn lại tệp ghi âm, ví dụ MP3, WAV hoặc M4A.',
    en: 'This file is not a sound file. Choose the recording again, for example an MP3, WAV or M4A file.',
  },
  headerless: {
    status: 422,
    vi: 'Tệp âm thanh mất phần đầu nên không đọc được. Hãy chép lại tệp gốc từ máy ghi âm hoặc điện thoại, hoặc lưu lại thành MP3 rồi tải lên.',
    en: 'The beginning of this sound file is missing. Copy the original again from the recorder or phone, or save it anew as MP3, then upload it.',
  },
  truncated: {
    status: 422,
    vi: 'Tệp âm thanh bị đứt giữa chừng hoặc bị hỏng, phát ra sẽ thiếu nội dung. Hãy chép lại tệp gốc rồi tải lên lại.',
    en: 'This sound file breaks off or is damaged; part of it would be missing on air. Copy the original again and upload it once more.',
  },
  'length-mismatch': {
    status: 422,
    vi: 'Độ dài ghi trong tệp khác hẳn độ dài thật. Hãy mở tệp bằng phần mềm nghe, lưu lại thành MP3 rồi tải lên.',
    en: 'The length stated in this file is far from its real length. Open it in an audio program, save it anew as MP3, then upload it.',
  },
  'too-long': {
    status: 422,
    vi: 'Bản ghi dài hơn 60 phút. Hãy chia thành nhiều phần ngắn hơn.',
    en: 'The recording is longer than 60 minutes. Split it into shorter parts.',
  },
  'too-short': {
    status: 422,
    vi: 'Bản ghi ngắn hơn nửa giây. Hãy kiểm tra xem có chọn đúng tệp không.',
    en: 'The recording is shorter than half a second. Check that this is the right file.',
  },
  'too-coarse': {
    status: 422,
    vi: 'Chất lượng bản ghi quá thấp, không nghe rõ lời. Hãy ghi lại, hoặc lưu lại tệp với tần số mẫu từ 8 kHz trở lên.',
    en: 'The quality of this recording is too low for words to be understood. Record again, or save it with a sampling rate of 8 kHz or more.',
  },
  silent: {
    status: 422,
    vi: 'Bản ghi không có tiếng. Hãy nghe lại tệp, kiểm tra micrô rồi ghi lại.',
    en: 'There is no sound in this recording. Listen to it, check the microphone and record again.',
  },
  uneven: {
    status: 422,
    vi: 'Bản ghi chỉ có vài tiếng rất ngắn, không thể đưa về độ to để phát loa. Hãy ghi lại gần micrô hơn.',
    en: 'This recording holds only a few very short sounds and cannot be brought to loudspeaker level. Record again, closer to the microphone.',
  },
  'too-large': {
    status: 413,
    vi: 'Tệp lớn hơn 200 MB. Hãy lưu lại thành MP3 hoặc chia nhỏ rồi tải lên.',
    en: 'The file is larger than 200 MB. Save it as MP3 or split it, then upload it.',
  },
  'decoder-failed': {
    status: 422,
    vi: 'Không giải mã được tệp âm thanh này. Hãy lưu lại thành MP3 rồi tải lên; nếu vẫn lỗi, báo bộ phận kỹ thuật.',
    en: 'This sound file could not be decoded. Save it as MP3 and upload it; if that fails too, tell the technicians.',
  },
  busy: {
    status: 503,
    vi: 'Máy chủ đang xử lý nhiều tệp âm thanh. Hãy thử lại sau vài phút.',
    en: 'The server is preparing many sound files. Try again in a few minutes.',
  },
  'disk-full': {
    status: 507,
    vi: 'Máy chủ sắp hết chỗ lưu nên chưa nhận thêm âm thanh. Hãy báo bộ phận kỹ thuật.',
    en: 'The server has too little disk space left to take more sound. Tell the technicians.',
  },
} as const satisfies Record<string, Omit<Refusal, 'code'>>;

/** `uneven`: clicks so short and rare that no gain within reason brings the whole to the target loudness. */
export type ClipRefusalCode = keyof typeof table;

/** A refusal of a sound file; `detail` is for the log. */
export interface ClipRefusal extends Refusal {
  code: ClipRefusalCode;
  detail?: string;
}

/** The refusal of that code, with technical detail cut to a bounded length. */
export function clipRefusal(code: ClipRefusalCode, detail?: string): ClipRefusal {
  const words = table[code];
  return { code, ...words, ...(detail === undefined ? {} : { detail: detail.slice(0, detailCharactersMax) }) };
}

/** All codes, for tests and documentation. */
export const clipRefusalCodes: readonly ClipRefusalCode[] = Object.keys(table).filter(
  (code): code is ClipRefusalCode => code in table,
);
