/**
 * Why a board or a claim code is refused, in words for the technician who stands before it. The device agent acts on the
 * codes.
 */
import type { Refusal } from '../../refusal.ts';

const table = {
  'no-right': {
    status: 403,
    vi: 'Tài khoản của bạn không có quyền cấp mã kích hoạt.',
    en: 'Your account may not make claim codes.',
  },
  'unknown-cluster': {
    status: 404,
    vi: 'Không có cụm loa này trong phạm vi của bạn.',
    en: 'There is no such cluster among yours.',
  },
  'malformed-request': {
    status: 400,
    vi: 'Yêu cầu của thiết bị không đúng định dạng. Hãy cập nhật phần mềm thiết bị.',
    en: 'The device’s request is not understood. Update its software.',
  },
  'claim-code-unknown': {
    status: 403,
    field: 'claimCode',
    vi: 'Mã kích hoạt không đúng hoặc đã hết hạn. Hãy kiểm tra lại, hoặc lấy mã mới.',
    en: 'The claim code is wrong or has expired. Check it, or get a new one.',
  },
  'claim-code-used': {
    status: 409,
    field: 'claimCode',
    vi: 'Mã kích hoạt này đã được dùng. Hãy lấy mã mới.',
    en: 'This claim code has been used. Get a new one.',
  },
  'too-many-attempts': {
    status: 429,
    vi: 'Quá nhiều mã kích hoạt sai. Hãy thử lại sau một phút.',
    en: 'Too many wrong claim codes. Try again in a minute.',
  },
  /** The device must be enrolled again. */
  'device-not-known': {
    status: 403,
    vi: 'Thiết bị chưa đăng ký hoặc đã bị thay thế. Hãy đăng ký lại bằng mã kích hoạt mới.',
    en: 'This device is not enrolled, or has been replaced. Enrol it again with a new claim code.',
  },
  /** The device asks for a new nonce and tries again. */
  'nonce-expired': {
    status: 401,
    vi: 'Phiên đăng nhập của thiết bị đã quá hạn. Thiết bị sẽ tự thử lại.',
    en: 'The nonce has expired or was used. Ask for another one.',
  },
  'bad-proof': {
    status: 401,
    vi: 'Chữ ký của thiết bị không đúng.',
    en: 'The device’s signature is wrong.',
  },
} as const satisfies Record<string, Omit<Refusal, 'code'>>;

export function enrolmentRefusal(code: keyof typeof table): Refusal {
  return { code, ...table[code] };
}
