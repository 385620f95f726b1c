/** One thing that will be heard otherwise after a change, as a clause. Pure. */
import type { ChangedView } from '@loa/protocol/panel';
import type { Say } from '../text/say.ts';
import { civilDateOf, clockWords, instantWords } from './civil-time.ts';

/** What will be heard otherwise at one instant. */
export type HeardLine = ChangedView['groups'][number]['lines'][number];

interface Reading {
  nowMs: number;
  timeZone: string;
  say: Say;
}

/** `thêm "Họp tổ dân phố" lúc 17:30`. */
export function changeWords(line: HeardLine, reading: Reading): string {
  const atMs = Date.parse(line.at);
  return reading.say(`change.${line.how}`, {
    title: line.title,
    time: instantWords(atMs, reading),
    from: line.fromAt === undefined ? '' : fromWords(Date.parse(line.fromAt), atMs, reading),
  });
}

/** The day is named once where it is the same. */
function fromWords(fromMs: number, atMs: number, reading: Reading): string {
  const { timeZone } = reading;
  const isSameDay = civilDateOf(fromMs, timeZone).equals(civilDateOf(atMs, timeZone));
  return isSameDay ? clockWords(fromMs, timeZone) : instantWords(fromMs, reading);
}
