/** One thing that will be heard otherwise after a change, as a clause. Pure. */
import type { ChangedView } from '@loa/protocol/panel';
import type { Say } from '../text/say.ts';
import { civilDateOf, clockWords, instantWords } from './civil-time.ts';

/** What will be heard otherwise at one instant. */
export type HeardLine = ChangedView['groups'][number]['lines'][number];

/** What silences an item of a plan. */
const silentCodes = [
  'outside-permitted-hours',
  'rest-day',
  'holiday',
  'weekday',
  'resting',
  'too-many-sessions',
  'session-full',
  'skipped-other-sounding',
] as const;

interface Reading {
  nowMs: number;
  timeZone: string;
  say: Say;
}

/** `thêm "Họp tổ dân phố" lúc 17:30`. */
export function changeWords(line: HeardLine, reading: Reading): string {
  const atMs = Date.parse(line.at);
  const what = reading.say(`change.${line.how}`, {
    title: line.title,
    time: instantWords(atMs, reading),
    from: line.fromAt === undefined ? '' : fromWords(Date.parse(line.fromAt), atMs, reading),
  });
  const why = line.how === 'removed' ? reasonWords(line, reading) : undefined;
  return why === undefined ? what : `${what} (${why})`;
}

/** `ngoài giờ được phát`: why it does not sound any more, without the full stop of its sentence. */
function reasonWords(line: HeardLine, { say }: Reading): string | undefined {
  const code = silentCodes.find((known) => known === line.code);
  return code === undefined ? undefined : say(`change.why-${code}`);
}

/** The day is named once where it is the same. */
function fromWords(fromMs: number, atMs: number, reading: Reading): string {
  const { timeZone } = reading;
  const isSameDay = civilDateOf(fromMs, timeZone).equals(civilDateOf(atMs, timeZone));
  return isSameDay ? clockWords(fromMs, timeZone) : instantWords(fromMs, reading);
}
