/**
 * What is a sheet once it has been taken out of its file? Rows of cells as a person sees them, whatever the format was.
 * Only shapes and their bounds.
 */

/** Excel itself holds no more in one cell. */
export const cellCharactersMax = 32_767;
/** Columns looked at: several times as many as a timetable has. A cell with content beyond them refuses the sheet. */
export const columnsMax = 60;

/** An error of a formula, a formula whose result is not in the file, more than a cell may hold. */
export type CellProblem = 'formula-error' | 'not-calculated' | 'too-long';

/** One cell with content. */
export interface Cell {
  /** As a person sees it; a date as `2026-11-20`, a time of day as `05:15`, both with a blank between. */
  text: string;
  /** Of a number: what it says as a date and as a time of day, whether or not it is shown as one. */
  moment?: Moment | undefined;
  /** Why its content cannot be used. */
  problem?: CellProblem | undefined;
}

/** A number read as days since the sheet's epoch. Its parts are absent where the number has none. */
export interface Moment {
  /** Civil date, ISO. */
  date?: string | undefined;
  /** `05:15`, or `05:15:30`. */
  time?: string | undefined;
  /** The sheet shows it as a date or a time. */
  isShown: boolean;
}

/** One row with content; `cells` by column, 0 for column A. */
export interface Row {
  /** 1 for the first row of the sheet. */
  number: number;
  cells: ReadonlyMap<number, Cell>;
}

/** Letters of a column as spreadsheets name it: 0 is A, 26 is AA. */
export function columnLetters(column: number): string {
  const rest = Math.floor(column / 26);
  const last = String.fromCharCode(65 + (column % 26));
  return rest === 0 ? last : columnLetters(rest - 1) + last;
}

/** The column in a cell's address (`B12` is 1), or undefined where it is none. */
export function columnOf(address: string): number | undefined {
  const letters = /^([A-Z]{1,3})\d*$/.exec(address)?.[1];
  if (letters === undefined) return undefined;
  return [...letters].reduce((sum, letter) => sum * 26 + letter.charCodeAt(0) - 64, 0) - 1;
}
