/** One thing that will be heard otherwise after a change, as a clause. Pure. */
import type { ChangedView } from '@loa/protocol/panel';
import type { Say } from '../text/say.ts';
import { instantWords } from './civil-time.ts';

/** What will be heard otherwise at one instant. */
export type HeardLine = ChangedView['groups'][number]['lines'][number];

/** `thêm "Họp tổ dân phố" lúc 17:30`. */
export function heardWords(line: HeardLine, reading: { nowMs: number; timeZone: string; say: Say }): string {
  return reading.say(`change.${line.how}`, {
    title: line.title,
    time: instantWords(Date.parse(line.at), reading),
    from: line.fromAt === undefined ? '' : instantWords(Date.parse(line.fromAt), reading),
  });
}
