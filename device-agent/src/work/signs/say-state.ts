/** A board's state in words, the same for its page and its command: what it is, in the order a technician asks. Pure. */

import type { PoleState, RunningState } from '../../pole-state.ts';
import { enrolProblemWords, faultWords, pageWords, probeWords, type Words } from '../words.ts';
import { type LampSign, lampCodes, lampSignOf } from './lamp-sign.ts';

/** One line: what it is about, and how it stands. `isBad` is for somebody to look after. */
export interface Said {
  about: Words;
  words: Words;
  isBad: boolean;
}

const fittingWords: Record<PoleState['fitting'], Words> = {
  none: { vi: 'Không có: không biết loa có kêu không', en: 'None: nobody can tell whether the horns sound' },
  'amplifier-current': { vi: 'Đo dòng hoặc mức âm ly', en: "Measures the amplifier's current or level" },
  microphone: { vi: 'Micrô nghe loa', en: 'A microphone hears the horns' },
};

/** All lines, the most important first. */
export function sayState(state: PoleState): Said[] {
  const { running } = state;
  const rest = running === undefined ? [] : sayRunning(running);
  return [
    sayEnrolment(state),
    ...rest,
    line('Đo tiếng', 'Measuring', measuringWords(state)),
    ...(state.page === undefined ? [] : [sayPage(state.page)]),
    line('Phiên bản', 'Version', same(`${state.agentVersion}, ${state.board}, ${state.player}`)),
  ];
}

/** The one sentence over all: what the lamp says. */
export function headline(state: PoleState): { sign: LampSign; words: Words; isBad: boolean } {
  const sign = lampSignOf(state);
  return { sign, words: lampCodes[sign].words, isBad: !['well', 'playing', 'emergency'].includes(sign) };
}

/** How the lamp looks for a sign. */
export function lampWords(sign: LampSign): Words {
  const { flashes } = lampCodes[sign];
  if (flashes === 'lit') return { vi: 'sáng liên tục', en: 'lit' };
  if (flashes === 'flicker') return { vi: 'nháy nhanh liên tục', en: 'flickers' };
  return { vi: `${flashes} nháy rồi nghỉ`, en: `${flashes} flash${flashes === 1 ? '' : 'es'}, then a pause` };
}

/** Each probe by its name: one that reads back its own record hears no horn. */
function measuringWords({ fitting, probes = [] }: PoleState): Words {
  const said = probes.flatMap((kind) => probeWords[kind] ?? []);
  if (said.length === 0) return fittingWords[fitting];
  return { vi: said.map(({ vi }) => vi).join('; '), en: said.map(({ en }) => en).join('; ') };
}

/** Its network may come up later: that is no fault. */
function sayPage(page: NonNullable<PoleState['page']>): Said {
  const about = { vi: 'Trang cho điện thoại', en: 'Page for a phone' };
  return { about, words: pageWords[page], isBad: page !== 'open' && page !== 'no-address' };
}

function sayEnrolment({ enrolment, running }: PoleState): Said {
  const about = { vi: 'Đăng ký', en: 'Enrolment' };
  const { phase, problem, detail, words } = enrolment;
  if (phase === 'enrolled') {
    const where = running === undefined ? '' : `: ${running.clusterName} (${running.deviceId}), ${running.server}`;
    return { about, words: { vi: `Đã đăng ký${where}`, en: `Enrolled${where}` }, isBad: false };
  }
  const why = problem === undefined ? { vi: '', en: '' } : enrolProblemWords[problem];
  // The server's own words in each language; a system's, which are English, stand with the English.
  const said = {
    vi: words?.vi ?? (problem === 'refused' ? detail : undefined),
    en: words?.en ?? detail,
  };
  const start =
    phase === 'trying' ? { vi: 'Đang đăng ký.', en: 'Enrolling.' } : { vi: 'Chưa đăng ký.', en: 'Not enrolled.' };
  const join = (language: 'vi' | 'en') => {
    const more = said[language] === undefined ? '' : `(${said[language]})`;
    return [start[language], why[language], more].filter((text) => text !== '').join(' ');
  };
  return { about, words: { vi: join('vi'), en: join('en') }, isBad: phase !== 'trying' };
}

function sayRunning(running: RunningState): Said[] {
  const { clock, timeZone, next, planUntilMs, lastContactMs, faults } = running;
  const at = (ms: number) => instantWords(ms, timeZone);
  const hasPlan = planUntilMs !== undefined && planUntilMs > clock.nowMs;
  const contact: Words = running.isLinked
    ? { vi: 'Đang kết nối', en: 'Connected now' }
    : lastContactMs === undefined
      ? { vi: 'Chưa lần nào từ khi bật', en: 'Not since the start' }
      : agoWords(clock.nowMs - lastContactMs);
  const time: Words = {
    vi: `${at(clock.nowMs).vi}${clock.trusted ? '' : ' (chưa chắc đúng)'}`,
    en: `${at(clock.nowMs).en}${clock.trusted ? '' : ' (not to be trusted)'}`,
  };
  return [
    line('Liên lạc máy chủ', 'Last contact', contact, !running.isLinked),
    line(
      'Có lịch đến',
      'Holds a schedule until',
      planUntilMs === undefined ? { vi: 'Chưa có lịch', en: 'Holds none' } : at(planUntilMs),
      !hasPlan,
    ),
    line('Phát tiếp theo', 'Plays next', next === undefined ? same('–') : nextWords(next, timeZone)),
    line('Giờ của thiết bị', 'Its clock', time, !clock.trusted),
    ...(faults.length === 0
      ? [line('Sự cố', 'Faults', { vi: 'Không có', en: 'None' })]
      : faults.map(({ code, sinceMs }) => {
          const { vi, en } = faultWords[code];
          return line(
            'Sự cố',
            'Fault',
            { vi: `${vi}, từ ${at(sinceMs).vi}`, en: `${en}, since ${at(sinceMs).en}` },
            true,
          );
        })),
  ];
}

function nextWords(next: { atMs: number; lengthMs: number }, timeZone: string): Words {
  const at = instantWords(next.atMs, timeZone);
  const minutes = Math.max(1, Math.round(next.lengthMs / 60_000));
  return { vi: `${at.vi}, tối đa ${minutes} phút`, en: `${at.en}, at most ${minutes} min` };
}

function instantWords(ms: number, timeZone: string): Words {
  const shape: Intl.DateTimeFormatOptions = {
    timeZone,
    hour: '2-digit',
    minute: '2-digit',
    day: '2-digit',
    month: '2-digit',
    year: 'numeric',
    hourCycle: 'h23',
  };
  const format = (locale: string) => new Intl.DateTimeFormat(locale, shape).format(ms);
  return { vi: format('vi'), en: format('en-GB') };
}

function agoWords(ms: number): Words {
  const minutes = Math.floor(Math.max(0, ms) / 60_000);
  if (minutes < 1) return { vi: 'Chưa đầy một phút trước', en: 'Less than a minute ago' };
  if (minutes < 120) return { vi: `${minutes} phút trước`, en: `${minutes} min ago` };
  const hours = Math.floor(minutes / 60);
  if (hours < 48) return { vi: `${hours} giờ trước`, en: `${hours} h ago` };
  return { vi: `${Math.floor(hours / 24)} ngày trước`, en: `${Math.floor(hours / 24)} days ago` };
}

function line(vi: string, en: string, words: Words, isBad = false): Said {
  return { about: { vi, en }, words, isBad };
}

function same(text: string): Words {
  return { vi: text, en: text };
}
