/** What a change does to the next 24 hours, line by line. Pure. */
import type { ChangedView } from '@loa/protocol/panel';
import type { Say } from '../text/say.ts';
import { instantWords } from './civil-time.ts';

export type HeardLine = ChangedView['groups'][number]['lines'][number];

/** `thêm "Bản tin sáng" lúc 05:15 thứ Bảy 28/11`. */
export function changeWords(line: HeardLine, input: { nowMs: number; timeZone: string; say: Say }): string {
  const timeOf = (at: string) => instantWords(Date.parse(at), input);
  const values = { title: line.title, time: timeOf(line.at) };
  return line.how === 'moved'
    ? input.say('change.moved', { ...values, from: timeOf(line.fromAt ?? line.at) })
    : input.say(`change.${line.how}`, values);
}
