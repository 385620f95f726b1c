/**
 * Why nothing is asked of a device, in words that a technician can act on. A cluster or a log that is somebody else's is
 * refused in the very words of one that does not exist.
 */
import type { Refusal } from '../../refusal.ts';

const table = {
  'no-right': {
    status: 403,
    vi: 'Tài khoản của bạn không có quyền làm việc này. Hãy nhờ kỹ thuật viên.',
    en: 'Your account may not do this. Ask a technician.',
  },
  'unknown-cluster': {
    status: 404,
    vi: 'Không có cụm loa này trong phạm vi của bạn. Hãy tải lại trang.',
    en: 'There is no such cluster in your area. Reload the page.',
  },
  'unknown-service': {
    status: 404,
    vi: 'Không tìm thấy yêu cầu này. Hãy tải lại trang.',
    en: 'This request was not found. Reload the page.',
  },
  'no-device': {
    status: 409,
    vi: 'Cụm loa này chưa có thiết bị. Hãy lắp và ghép thiết bị trước.',
    en: 'This cluster has no device yet. Install and enrol one first.',
  },
  'never-spoken': {
    status: 409,
    vi: 'Thiết bị này chưa liên lạc lần nào. Hãy kiểm tra nguồn và mạng tại cột loa.',
    en: 'This device has never been in touch. Check its power and its network at the pole.',
  },
  'not-able': {
    status: 409,
    vi: 'Thiết bị ở cụm loa này không làm được việc đó. Hãy làm trực tiếp tại cột loa, hoặc cập nhật thiết bị.',
    en: 'The device of this cluster cannot do that. Do it at the pole, or update the device.',
  },
  'already-under-way': {
    status: 409,
    vi: 'Việc này đã được yêu cầu và đang chờ thiết bị trả lời. Hãy chờ kết quả.',
    en: 'This has been asked already and waits for the device. Wait for its answer.',
  },
  'outside-test-hours': {
    status: 409,
    vi: 'Chỉ thử loa có tiếng từ 8 giờ đến 17 giờ, hoặc trong giờ được phát. Hãy thử lại vào lúc đó, hoặc thử thầm lặng.',
    en: 'An audible test is made between 08:00 and 17:00, or in permitted hours. Try then, or make a silent test.',
  },
  'no-release': {
    status: 409,
    vi: 'Hệ thống chưa có bản phần mềm nào cho thiết bị. Hãy nhờ người quản trị máy chủ thêm vào.',
    en: 'The installation holds no release for devices. Ask whoever runs the server to add one.',
  },
  'release-not-newer': {
    status: 409,
    vi: 'Thiết bị đã chạy bản phần mềm mới nhất.',
    en: 'The device runs the newest release already.',
  },
  'too-many-services': {
    status: 409,
    vi: 'Thiết bị còn nhiều yêu cầu chưa trả lời. Hãy chờ các yêu cầu đó xong hoặc hết hạn.',
    en: 'Too many requests wait for this device. Wait until they are answered or have ended.',
  },
  'not-kept-here': {
    status: 409,
    vi: 'Máy chủ này không lưu nhật ký và phần mềm của thiết bị.',
    en: 'This server keeps no logs and no releases of devices.',
  },
  'request-reused': {
    status: 409,
    field: 'requestId',
    vi: 'Mã yêu cầu này đã dùng cho việc khác. Hãy tải lại trang rồi thử lại.',
    en: 'This request id was used for something else. Reload the page and try again.',
  },
  'log-not-here': {
    status: 404,
    vi: 'Nhật ký chưa tới, hoặc không còn được lưu (chỉ giữ 5 bản mới nhất của mỗi thiết bị).',
    en: 'The log has not arrived, or is kept no more (the newest five of a device are).',
  },
  'order-not-in-force': {
    status: 404,
    vi: 'Không có yêu cầu nhật ký nào như vậy đang có hiệu lực cho thiết bị này.',
    en: 'No such order for a log is in force for this device.',
  },
  'log-stored-already': {
    status: 409,
    vi: 'Nhật ký của yêu cầu này đã được lưu.',
    en: 'The log of this order is stored already.',
  },
  'log-not-gzip': {
    status: 415,
    vi: 'Nhật ký phải là văn bản nén gzip.',
    en: 'A log is gzipped text.',
  },
} as const satisfies Record<string, Omit<Refusal, 'code'>>;

export function repairRefusal(code: keyof typeof table): Refusal {
  return { code, ...table[code] };
}
