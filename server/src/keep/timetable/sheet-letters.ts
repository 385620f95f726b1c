/**
 * In which letters was the sheet typed? Cells in the old codes of TCVN3 and VNI fonts become Unicode. One short cell
 * (“Thø”) proves nothing, so cells are judged together, many rows at a time; where they do not agree, each by itself.
 */
import type { ReadText } from './csv-sheet.ts';
import type { Cell, Row } from './sheet.ts';

/** Characters judged together: below what `readText` takes. */
const togetherCharactersMax = 15_000;
/** A line of its own between cells; no letter in any of the codes. */
const divider = '|';

/** The rows with all their cells in Unicode, as far as their code can be told. */
export function inUnicode(rows: readonly Row[], readText: ReadText): Row[] {
  const converted = new Map<Cell, string>();
  for (const cells of portionsOf(rows)) {
    const together = readTogether(cells, readText);
    if (together === 'unicode') continue;
    cells.forEach((cell, index) => {
      const text = together === 'mixed' ? readAlone(cell, readText) : together[index];
      if (text !== undefined && text !== cell.text) converted.set(cell, text);
    });
  }
  if (converted.size === 0) return [...rows];
  return rows.map((row) => ({
    number: row.number,
    cells: new Map(
      [...row.cells].map(([at, cell]) => {
        const text = converted.get(cell);
        return [at, text === undefined ? cell : { ...cell, text }];
      }),
    ),
  }));
}

/** Cells that have a letter outside ASCII, in portions. */
function* portionsOf(rows: readonly Row[]): Generator<Cell[]> {
  let portion: Cell[] = [];
  let characters = 0;
  for (const row of rows) {
    for (const cell of new Set(row.cells.values())) {
      if (cell.problem !== undefined || !/[^\p{ASCII}]/u.test(cell.text)) continue;
      if (characters > 0 && characters + cell.text.length > togetherCharactersMax) {
        yield portion;
        portion = [];
        characters = 0;
      }
      portion.push(cell);
      characters += cell.text.length + 3;
    }
  }
  if (portion.length > 0) yield portion;
}

/**
 * The texts of all cells when all of them are in one old code. `unicode` may still hide a pasted cell in an old font:
 * titles and texts are judged again, each by itself, when their row is read.
 */
function readTogether(cells: readonly Cell[], readText: ReadText): string[] | 'unicode' | 'mixed' {
  const read = readText(`${divider}\n${cells.map(({ text }) => text).join(`\n${divider}\n`)}`);
  if (!read.ok) return 'mixed';
  if (!read.converted) return 'unicode';
  if (read.charset === 'unicode') return 'mixed';
  const texts = read.text
    .split(/^\|$/m)
    .slice(1)
    .map((text) => text.trim());
  return texts.length === cells.length ? texts : 'mixed';
}

function readAlone(cell: Cell, readText: ReadText): string | undefined {
  const read = readText(cell.text);
  return read.ok && read.converted ? read.text : undefined;
}
