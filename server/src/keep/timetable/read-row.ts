/**
 * What does one row of a timetable ask for? Every cell that is not understood is told, so that one look at the sheet is
 * enough to mend it; a row with a mistake makes no entry. Pure.
 */
import {
  bulletinRequestSchema,
  type TimetableEntry,
  type TimetableMistake,
  timetableEntrySchema,
  whenSchema,
} from '@loa/protocol/panel';
import { nextInstantOf, type SessionSlot, type When } from '@loa/schedules';
import type { ReadText } from './csv-sheet.ts';
import { type Column, columnName, type Headings } from './headings.ts';
import { plain } from './plain-words.ts';
import { type Days, readDays } from './read-days.ts';
import { readSlot, readTimes, slotOfTime, slotTimes } from './read-times.ts';
import {
  badTitle,
  cellProblems,
  emergency,
  emptyRow,
  neverAired,
  noSound,
  noTime,
  noTitle,
  otherClass,
  otherCount,
  relayRow,
  severalTimesInSlot,
  timeOutsideSlot,
  tooManyWhens,
  twoSounds,
} from './row-mistakes.ts';
import type { Cell, Row } from './sheet.ts';
import { type Misread, type Understood, understood } from './understood.ts';

/** Whens of one bulletin, as the panel's door has it. */
const whensMax = 20;
const repeatCountMax = 20;

/** What all rows of a sheet share. */
export interface RowContext {
  headings: Headings;
  readPlaces: (text: string) => Understood<string[]>;
  readText: ReadText;
  timeZone: string;
  today: string;
}

/** The entry of a row, or all that is wrong with it. */
export function readRow(row: Row, context: RowContext): { entry: TimetableEntry } | { mistakes: TimetableMistake[] } {
  const { headings, readPlaces, readText, today } = context;
  const mistakes: TimetableMistake[] = [];
  const tell = (column: Column | undefined, { vi, en }: Misread) => {
    const name = column === undefined ? undefined : (headings.columns.get(column)?.name ?? columnName(column));
    mistakes.push({ row: row.number, ...(name === undefined ? {} : { column: name }), vi, en });
  };
  const take = <T>(column: Column, read: Understood<T>): T | undefined => {
    if (read.ok) return read.value;
    tell(column, read);
    return undefined;
  };
  const cellOf = (column: Column): Cell | undefined => {
    const place = headings.columns.get(column);
    const cell = place === undefined ? undefined : row.cells.get(place.at);
    return cell === undefined || cell.text.trim() === '' ? undefined : cell;
  };
  for (const [column, { at }] of headings.columns) {
    const problem = row.cells.get(at)?.problem;
    if (problem !== undefined) tell(column, cellProblems[problem]);
  }
  if (mistakes.length > 0) return { mistakes };
  if ((cellOf('title') ?? cellOf('text') ?? cellOf('clip')) === undefined) {
    tell('title', emptyRow);
    return { mistakes };
  }

  const title = take('title', readTitle(cellOf('title'), readText));
  const text = cellOf('text');
  const clip = cellOf('clip');
  if (text !== undefined && clip !== undefined) tell('clip', twoSounds);
  if (text === undefined && clip === undefined) tell('text', isRelay(cellOf('title')) ? relayRow : noSound);
  const spoken = text === undefined ? undefined : take('text', readSpoken(text, readText));

  const timing = readTiming({ time: cellOf('time'), slot: cellOf('slot') });
  if (!timing.ok) tell(timing.column, timing);
  const days = readDays(
    {
      date: cellOf('date'),
      weekday: cellOf('weekday'),
      lunar: cellOf('lunar'),
      from: cellOf('from'),
      until: cellOf('until'),
    },
    today,
  );
  if (!days.ok) tell(days.column, days);
  const areaIds = take('place', readPlaces(cellOf('place')?.text ?? ''));
  const kind = take('class', readClass(cellOf('class')));
  const repeatCount = take('repeat', readCount(cellOf('repeat')));
  if (timing.ok && days.ok) {
    const whens = whensOf(days.value, timing.value.times, context);
    if (!whens.ok) tell(cellOf('date') === undefined ? 'weekday' : 'date', whens);
    else if (mistakes.length === 0) {
      return {
        entry: timetableEntrySchema.parse({
          row: row.number,
          title,
          ...(spoken === undefined ? {} : { text: spoken }),
          ...(clip === undefined ? {} : { clipTitle: clipTitleOf(clip.text) }),
          areaIds,
          whens: whens.value.map((when) => whenSchema.parse(when)),
          ...(timing.value.slot === undefined ? {} : { slot: timing.value.slot }),
          class: kind,
          repeatCount,
        }),
      };
    }
  }
  return { mistakes };
}

function readTitle(cell: Cell | undefined, readText: ReadText): Understood<string> {
  if (cell === undefined) return noTitle;
  const read = readText(cell.text);
  if (!read.ok) return read;
  const title = bulletinRequestSchema.shape.title.safeParse(read.text.replace(/\s+/gu, ' '));
  return title.success ? understood(title.data) : badTitle;
}

function readSpoken(cell: Cell, readText: ReadText): Understood<string> {
  const read = readText(cell.text);
  return read.ok ? understood(read.text) : read;
}

type ReadTiming =
  | { ok: true; value: { times: string[]; slot?: SessionSlot | undefined } }
  | (Misread & { column: 'time' | 'slot' });

function readTiming(cells: { time: Cell | undefined; slot: Cell | undefined }): ReadTiming {
  const slot = cells.slot === undefined ? undefined : readSlot(cells.slot);
  if (slot?.ok === false) return { ...slot, column: 'slot' };
  if (cells.time === undefined) {
    return slot === undefined
      ? { ...noTime, column: 'time' }
      : understood({ times: [slotTimes[slot.value]], slot: slot.value });
  }
  const times = readTimes(cells.time);
  if (!times.ok) return { ...times, column: 'time' };
  if (slot === undefined) return understood({ times: times.value });
  // In a session the days alone count: a second time of one day would be lost without a word.
  if (times.value.length > 1) return { ...severalTimesInSlot, column: 'time' };
  if (times.value.some((time) => slotOfTime(time) !== slot.value)) return { ...timeOutsideSlot, column: 'time' };
  return understood({ times: times.value, slot: slot.value });
}

function whensOf(days: readonly Days[], times: readonly string[], context: RowContext): Understood<When[]> {
  const whens = days.flatMap((each) => times.map((time) => each(time)));
  if (whens.length > whensMax) return tooManyWhens;
  const isAired = days.every((each) => namesADay(each(times[0] ?? ''), context));
  return isAired ? understood(whens) : neverAired;
}

/** Only the end of a rule can leave it without any day; one that is longer than a week or a lunar year cannot. */
function namesADay(when: When, { timeZone, today }: RowContext): boolean {
  if ((when.kind !== 'weekly' && when.kind !== 'lunar') || when.until === undefined) return true;
  const daysMax = when.kind === 'weekly' ? 6 : 400;
  const start = when.from < today ? today : when.from;
  const first = Temporal.PlainDate.from(start);
  if (first.until(when.until).days >= daysMax) return true;
  return nextInstantOf(when, timeZone, first.toZonedDateTime(timeZone).epochMilliseconds) !== undefined;
}

function readClass(cell: Cell | undefined): Understood<'normal' | 'priority'> {
  const written = plain(cell?.text ?? '').replace(/^(tin|ban tin|loai)\s+/, '');
  if (['', 'thong thuong', 'thuong', 'binh thuong', 'normal'].includes(written)) return understood('normal');
  if (['uu tien', 'priority'].includes(written)) return understood('priority');
  return /khan cap|emergency|khan\b/.test(written) ? emergency : otherClass(cell?.text ?? '');
}

function readCount(cell: Cell | undefined): Understood<number> {
  if (cell === undefined) return understood(1);
  const count = /^(?:x\s*)?0*(\d{1,3})\s*(?:lan|times?|x)?$/.exec(plain(cell.text))?.[1];
  const isInside = count !== undefined && Number(count) >= 1 && Number(count) <= repeatCountMax;
  return isInside ? understood(Number(count)) : otherCount(cell.text);
}

/** The file's own name where somebody wrote its whole path. */
function clipTitleOf(text: string): string {
  return text.replace(/\s+/gu, ' ').trim().split(/[\\/]/).at(-1)?.trim() ?? '';
}

function isRelay(title: Cell | undefined): boolean {
  return /\btiep (am|song)\b|\brelay\b/.test(plain(title?.text ?? ''));
}
