/** Which times of day does a cell name, or which part of the day (buổi)? Pure. */
import type { SessionSlot } from '@loa/schedules';
import { plain } from './plain-words.ts';
import type { Cell } from './sheet.ts';
import { misread, quoted, type Understood, understood } from './understood.ts';

/** Stands in for the time of a notice that is placed in a session: when the sessions of a commune usually begin. */
export const slotTimes: Record<SessionSlot, string> = { morning: '05:00', noon: '11:00', evening: '17:00' };

const slotNames: readonly (readonly [string, SessionSlot])[] = [
  ['sang', 'morning'],
  ['buoi sang', 'morning'],
  ['sang som', 'morning'],
  ['morning', 'morning'],
  ['trua', 'noon'],
  ['buoi trua', 'noon'],
  ['noon', 'noon'],
  ['midday', 'noon'],
  ['chieu', 'evening'],
  ['buoi chieu', 'evening'],
  ['chieu toi', 'evening'],
  ['afternoon', 'evening'],
  ['evening', 'evening'],
];

/** Times as `05:15`, in the order they stand in. Of a span (05:00–05:30) the beginning: how long it takes, the sound says. */
export function readTimes(cell: Cell): Understood<string[]> {
  const { moment } = cell;
  if (moment?.time !== undefined && (moment.isShown || moment.date === undefined)) return understood([moment.time]);
  const times: string[] = [];
  for (const part of cell.text.split(/[;,\n]|\s+(?:và|va|and)\s+/iu).filter((each) => each.trim() !== '')) {
    const time = readTime(part);
    if (time === undefined) return notATime(part);
    if (!times.includes(time)) times.push(time);
  }
  return times.length === 0 ? notATime(cell.text) : understood(times);
}

/** The one part of the day that a cell names. */
export function readSlot(cell: Cell): Understood<SessionSlot> {
  const slot = slotNames.find(([name]) => name === plain(cell.text))?.[1];
  if (slot !== undefined) return understood(slot);
  const named = plain(cell.text)
    .split(/[;,/+&\n -]+|\bva\b|\band\b/)
    .filter((word) => slotNames.some(([name]) => name === word));
  if (named.length > 1) {
    return misread(
      `“${quoted(cell.text)}”: mỗi dòng chỉ một buổi. Hãy chép thành ${named.length} dòng, mỗi dòng một buổi.`,
      `“${quoted(cell.text)}”: one session to a row. Copy it into ${named.length} rows, one for each session.`,
    );
  }
  return misread(
    `Không hiểu buổi “${quoted(cell.text)}”. Hãy ghi: sáng, trưa hoặc chiều.`,
    `The session “${quoted(cell.text)}” is not known. Write: morning, noon or evening.`,
  );
}

/** In which part of the day a time lies, as the day is divided where an area has named no sessions. */
export function slotOfTime(time: string): SessionSlot {
  if (time < '10:00') return 'morning';
  return time < '14:00' ? 'noon' : 'evening';
}

function readTime(text: string): string | undefined {
  const written = plain(text)
    .replace(/^(luc|tu|vao luc|at|from)\s+/, '')
    .replace(/\s*(-|\bden\b|\bto\b|\buntil\b)\s*\d.*$/, '');
  const match =
    /^(\d{1,2})(?:\s*(?::|h|g|gio|gi)\s*(?:(\d{1,2})\s*(?:p|ph|phut)?)?(?::(\d{2}))?)?\s*(am|pm|sang|trua|chieu|toi)?$/.exec(
      written,
    );
  if (match === null) return undefined;
  const [, hours = '', minutes = '00', seconds = '00', half] = match;
  const hour = hourOf(Number(hours), half);
  const isOutside = hour > 23 || Number(minutes) > 59 || Number(seconds) > 59;
  if (isOutside || (half === undefined && !/[:hg]/.test(written))) return undefined;
  const time = `${String(hour).padStart(2, '0')}:${minutes.padStart(2, '0')}`;
  return seconds === '00' ? time : `${time}:${seconds}`;
}

/** `5 giờ chiều` is 17; `17 giờ chiều` is 17 too. */
function hourOf(hour: number, half: string | undefined): number {
  if (half === 'am') return hour === 12 ? 0 : hour;
  const isAfternoon = half === 'pm' || half === 'chieu' || half === 'toi' || (half === 'trua' && hour < 10);
  return isAfternoon && hour < 12 ? hour + 12 : hour;
}

function notATime(text: string): Understood<never> {
  return misread(
    `Không hiểu giờ “${quoted(text)}”. Hãy ghi như 05:15 hoặc 17h30; nhiều giờ thì cách nhau bằng dấu chấm phẩy (;).`,
    `The time “${quoted(text)}” is not understood. Write it as 05:15 or 17:30; several times are parted by a semicolon (;).`,
  );
}
