/**
 * Why people are not let in or not made, in words they can act on. A wrong password and an unknown login are refused in
 * the same words.
 */
import type { Refusal } from '../../refusal.ts';

export const wrongSignIn: Refusal = {
  code: 'wrong-sign-in',
  status: 401,
  vi: 'Tên đăng nhập hoặc mật khẩu không đúng. Hãy nhập lại.',
  en: 'The login or the password is wrong. Type them again.',
};

export function tooManyAttempts(waitMs: number): Refusal {
  const seconds = Math.ceil(waitMs / 1_000);
  return {
    code: 'too-many-attempts',
    status: 429,
    vi: `Đã nhập sai nhiều lần. Hãy đợi ${seconds} giây rồi thử lại.`,
    en: `Too many wrong attempts. Wait ${seconds} seconds, then try again.`,
  };
}

export const signInBusy: Refusal = {
  code: 'sign-in-busy',
  status: 503,
  vi: 'Nhiều người đang đăng nhập cùng lúc. Hãy thử lại sau ít giây.',
  en: 'Many people are signing in at once. Try again in a few seconds.',
};

export const weakPassword: Refusal = {
  code: 'weak-password',
  status: 422,
  field: 'password',
  vi: 'Mật khẩu quá yếu. Hãy dùng ít nhất 12 ký tự khác nhau, không chứa tên đăng nhập; vài từ ghép lại là tốt.',
  en: 'The password is too weak. Use at least 12 varied characters without the login in them; a few words are good.',
};

export const badLogin: Refusal = {
  code: 'bad-login',
  status: 422,
  field: 'login',
  vi: 'Tên đăng nhập gồm 2–64 chữ thường không dấu, chữ số, dấu chấm, gạch nối.',
  en: 'A login has 2–64 of a–z, 0–9, dot, hyphen and underscore.',
};

export function loginTaken(login: string): Refusal {
  return {
    code: 'login-taken',
    status: 409,
    field: 'login',
    vi: `Tên đăng nhập “${login}” đã có người dùng. Hãy chọn tên khác.`,
    en: `The login “${login}” is taken. Choose another one.`,
  };
}

export const unknownHome: Refusal = {
  code: 'unknown-area',
  status: 422,
  field: 'areaId',
  vi: 'Không có địa bàn này.',
  en: 'There is no such area.',
};
