/**
 * What the lamp says: a number of flashes, counted by somebody under the pole. The most urgent thing alone; pure.
 */
import type { PoleState } from '../../pole-state.ts';
import type { Words } from '../words.ts';

export const lampSigns = [
  'well',
  'no-plan',
  'no-link',
  'no-time',
  'fault',
  'not-enrolled',
  'refused',
  'playing',
  'emergency',
] as const;
export type LampSign = (typeof lampSigns)[number];

/** How each sign looks: so many flashes and a pause; lit; or flickering. */
export const lampCodes: Record<LampSign, { flashes: number | 'lit' | 'flicker'; words: Words }> = {
  well: { flashes: 1, words: { vi: 'Tốt', en: 'All well' } },
  'no-plan': { flashes: 2, words: { vi: 'Chưa có lịch phát', en: 'Holds no schedule' } },
  'no-link': { flashes: 3, words: { vi: 'Mất kết nối máy chủ', en: 'No link to the server' } },
  'no-time': { flashes: 4, words: { vi: 'Chưa biết giờ đúng', en: 'Does not know the time' } },
  fault: { flashes: 5, words: { vi: 'Có sự cố', en: 'A fault is open' } },
  'not-enrolled': { flashes: 6, words: { vi: 'Chưa đăng ký', en: 'Not enrolled' } },
  refused: { flashes: 7, words: { vi: 'Đăng ký không được', en: 'Enrolment failed' } },
  playing: { flashes: 'lit', words: { vi: 'Đang phát', en: 'Playing' } },
  emergency: { flashes: 'flicker', words: { vi: 'Đang phát khẩn cấp', en: 'Playing an emergency' } },
};

/** The sign for a state. A clock without trust and a link that is down have signs of their own beside the faults. */
export function lampSignOf({ enrolment, running }: PoleState): LampSign {
  if (running?.sounding === 'emergency') return 'emergency';
  if (running?.sounding === 'routine') return 'playing';
  if (enrolment.phase === 'refused') return 'refused';
  if (running === undefined) return 'not-enrolled';
  if (running.faults.some(({ code }) => code !== 'clock-not-trusted')) return 'fault';
  if (!running.clock.trusted) return 'no-time';
  if (!running.isLinked) return 'no-link';
  return running.planUntilMs === undefined || running.planUntilMs <= running.clock.nowMs ? 'no-plan' : 'well';
}
