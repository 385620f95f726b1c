/** The words of the board itself, in Vietnamese and English, for people without a manual. Only tables. */
import type { DeviceFaultCode, SensorKind } from '@loa/protocol/device';
import type { EnrolProblem, PoleState } from '../pole-state.ts';

export interface Words {
  vi: string;
  en: string;
}

/** Both in one line; once when they are the same. */
export function bothOf({ vi, en }: Words): string {
  return vi === en ? vi : `${vi} / ${en}`;
}

export const faultWords: Record<DeviceFaultCode, Words> = {
  'output-missing': { vi: 'Không có đường ra loa', en: 'No sound output' },
  'clip-missing': { vi: 'Thiếu tệp âm thanh cần phát', en: 'A sound file that is needed is missing' },
  'clock-not-trusted': { vi: 'Chưa biết giờ đúng', en: 'The clock cannot be trusted' },
  'disk-nearly-full': { vi: 'Bộ nhớ sắp đầy', en: 'The disk is nearly full' },
  'decoder-failed': { vi: 'Không giải mã được âm thanh', en: 'A sound file could not be decoded' },
  'storage-damaged': { vi: 'Thẻ nhớ bị lỗi', en: 'Damage on the memory card' },
  'sound-missing': { vi: 'Đã phát nhưng không đo được tiếng', en: 'Played, but no sound was measured' },
  'sound-too-low': { vi: 'Tiếng quá nhỏ', en: 'The sound is too low' },
  'sound-distorted': { vi: 'Tiếng bị méo', en: 'The sound is distorted' },
  'sound-wrong': { vi: 'Tiếng đo được không đúng nội dung', en: 'What was heard is not what was sent' },
  'sound-unplanned': { vi: 'Có tiếng khi không có lịch', en: 'Sound while nothing is planned' },
  'output-stuck': {
    vi: 'Thiết bị âm thanh bị treo, đã khởi động lại',
    en: 'The sound output hung and was started anew',
  },
  'amplifier-failed': { vi: 'Âm ly không hoạt động', en: 'The amplifier does not work' },
  'mains-lost': { vi: 'Mất điện lưới', en: 'No mains power' },
  'battery-low': { vi: 'Ắc quy yếu', en: 'The battery is low' },
  'too-hot': { vi: 'Thiết bị quá nóng', en: 'The board is too hot' },
  'power-weak': { vi: 'Nguồn điện yếu', en: 'The power supply is weak' },
  'disk-worn': { vi: 'Thẻ nhớ sắp hỏng', en: 'The memory card is worn out' },
  'memory-short': { vi: 'Thiếu bộ nhớ làm việc', en: 'Short of memory' },
  'signal-weak': { vi: 'Sóng yếu', en: 'The radio signal is weak' },
  'data-nearly-used': { vi: 'Sắp hết dung lượng mạng', en: 'The data allowance is nearly used up' },
  'clock-battery-weak': { vi: 'Pin đồng hồ yếu', en: "The clock's battery is weak" },
  'door-open': { vi: 'Cửa tủ đang mở', en: 'The door of the cabinet is open' },
  'update-failed': { vi: 'Cập nhật không thành công', en: 'An update failed' },
  'restarts-often': { vi: 'Khởi động lại nhiều lần', en: 'It restarts too often' },
};

export const enrolProblemWords: Record<EnrolProblem, Words> = {
  'note-unreadable': {
    vi: 'Không đọc được tệp đăng ký trên thẻ nhớ.',
    en: 'The enrolment file on the card cannot be read.',
  },
  'note-too-long': { vi: 'Tệp đăng ký quá dài.', en: 'The enrolment file is too long.' },
  'no-server': { vi: 'Thiếu địa chỉ máy chủ.', en: 'The address of the server is missing.' },
  'no-code': { vi: 'Thiếu mã đăng ký.', en: 'The one-time code is missing.' },
  'bad-server': { vi: 'Địa chỉ máy chủ không đúng.', en: 'The address of the server is not right.' },
  'bad-code': {
    vi: 'Mã đăng ký phải có mười chữ và số, ví dụ 7KQ2M-X4T9D.',
    en: 'The one-time code has ten letters and digits, as in 7KQ2M-X4T9D.',
  },
  'not-secret': {
    vi: 'Địa chỉ máy chủ phải bắt đầu bằng https://',
    en: 'The address of the server must begin with https://',
  },
  'not-reached': {
    vi: 'Chưa kết nối được máy chủ; thiết bị sẽ thử lại.',
    en: 'The server is not reached yet; the board tries again.',
  },
  refused: {
    vi: 'Máy chủ không nhận mã này. Hãy xin mã mới.',
    en: 'The server does not take this code. Ask for a new one.',
  },
};

/** How the board's own page stands. */
export const pageWords: Record<NonNullable<PoleState['page']>, Words> = {
  open: { vi: 'Đang mở', en: 'Open' },
  'no-address': {
    vi: 'Chưa mở: Wi-Fi hoặc mạng của thiết bị chưa có địa chỉ này (LOA_LOCAL_PAGE)',
    en: "Not open: the board's Wi-Fi or network does not have this address yet (LOA_LOCAL_PAGE)",
  },
  'not-allowed': {
    vi: 'Không mở được: cổng dưới 1024 không được phép. Đặt cổng 8080 trong LOA_LOCAL_PAGE',
    en: 'Cannot be opened: ports below 1024 are not allowed. Put port 8080 in LOA_LOCAL_PAGE',
  },
  'in-use': {
    vi: 'Không mở được: chương trình khác đang dùng cổng này (LOA_LOCAL_PAGE)',
    en: 'Cannot be opened: another program has this port (LOA_LOCAL_PAGE)',
  },
  other: {
    vi: 'Không mở được, xem nhật ký bằng lệnh: loa-agent logs',
    en: 'Cannot be opened, see the log: loa-agent logs',
  },
};

/** What measures the sound. */
export const probeWords: Record<string, Words> = {
  microphone: { vi: 'Micrô nghe loa', en: 'A microphone hears the horns' },
  loopback: {
    vi: 'Đọc lại bản ghi của chính thiết bị (để thử): không biết loa có kêu không',
    en: 'Reads back its own record (for trials): nobody can tell whether the horns sound',
  },
  'amplifier-current': { vi: 'Đo dòng âm ly', en: "Measures the amplifier's current" },
  'line-level': { vi: 'Đo mức ra âm ly', en: "Measures the amplifier's output level" },
};

/** What a sensor looks at. */
export const sensorWords: Record<SensorKind, Words> = {
  mains: { vi: 'Điện lưới', en: 'Mains power' },
  battery: { vi: 'Ắc quy', en: 'Battery' },
  temperature: { vi: 'Nhiệt độ', en: 'Temperature' },
  throttling: { vi: 'Tốc độ bo mạch', en: 'Speed of the board' },
  'disk-wear': { vi: 'Độ mòn thẻ nhớ', en: 'Wear of the card' },
  memory: { vi: 'Bộ nhớ làm việc', en: 'Memory' },
  link: { vi: 'Đường mạng', en: 'Network' },
  'data-used': { vi: 'Dung lượng mạng', en: 'Data used' },
  'clock-health': { vi: 'Nhịp đồng hồ', en: 'Clock' },
  door: { vi: 'Cửa tủ', en: 'Door' },
  'amplifier-switch': { vi: 'Công tắc âm ly', en: 'Amplifier switch' },
  'amplifier-current': { vi: 'Dòng âm ly', en: 'Amplifier current' },
};
