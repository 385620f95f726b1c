/**
 * What do the parts of a workbook beside its sheets say: which sheets there are, which numbers are shown as dates, which
 * texts the cells share? Each reader takes one unpacked part (ECMA-376 Part 1 §18). Throws `SheetRefused`.
 */
import { isMomentFormat, showsMoment } from './excel-moment.ts';
import { cellCharactersMax } from './sheet.ts';
import { walkXml } from './xml-events.ts';

/** Sheets looked at, at most. */
const sheetsMax = 50;

/** Targets of the relations of a part, by id, as full names in the zip; what lies outside the file is left out. */
export function readRelations(bytes: Uint8Array, partName: string): Map<string, { target: string; type: string }> {
  const relations = new Map<string, { target: string; type: string }>();
  walkXml(bytes, {
    open(name, { Id, Target, Type, TargetMode }) {
      if (name !== 'Relationship' || Id === undefined || Target === undefined || TargetMode === 'External') return;
      const target = targetOf(Target, partName);
      if (target !== undefined) relations.set(Id, { target, type: Type ?? '' });
    },
  });
  return relations;
}

/** The visible sheets in their order, and the epoch of the workbook's dates. */
export function readWorkbook(bytes: Uint8Array): { is1904: boolean; relationIds: string[] } {
  let is1904 = false;
  const relationIds: string[] = [];
  walkXml(bytes, {
    open(name, { date1904, id, state }) {
      if (name === 'workbookPr') is1904 = date1904 === '1' || date1904 === 'true';
      const isHidden = state === 'hidden' || state === 'veryHidden';
      if (name === 'sheet' && id !== undefined && !isHidden && relationIds.length < sheetsMax) relationIds.push(id);
    },
  });
  return { is1904, relationIds };
}

/** For each cell style, whether it shows a number as a date or a time. */
export function readStyles(bytes: Uint8Array): boolean[] {
  const own = new Map<string, boolean>();
  const styles: boolean[] = [];
  let isInCells = false;
  walkXml(bytes, {
    open(name, { numFmtId, formatCode }) {
      if (name === 'cellXfs') isInCells = true;
      if (name === 'numFmt' && numFmtId !== undefined) own.set(numFmtId, showsMoment(formatCode ?? ''));
      if (name === 'xf' && isInCells) {
        const id = numFmtId ?? '0';
        styles.push(own.get(id) ?? isMomentFormat(Number(id)));
      }
    },
    close(name) {
      if (name === 'cellXfs') isInCells = false;
    },
  });
  return styles;
}

/** The shared texts, without their phonetic readings. One that is longer than a cell may be is cut just beyond that. */
export function readSharedTexts(bytes: Uint8Array): string[] {
  const texts: string[] = [];
  const collector = textCollector();
  walkXml(bytes, {
    open(name) {
      if (name === 'si') collector.begin();
      collector.open(name);
    },
    text: collector.text,
    close(name) {
      collector.close(name);
      if (name === 'si') texts.push(collector.end());
    },
  });
  return texts;
}

/** Gathers the `t` elements of one rich text; shared by shared texts and texts that stand in the cell. */
export function textCollector() {
  let text = '';
  let isText = false;
  let isPhonetic = false;
  return {
    begin(): void {
      text = '';
    },
    open(name: string): void {
      if (name === 't') isText = true;
      if (name === 'rPh') isPhonetic = true;
    },
    text(part: string): void {
      if (isText && !isPhonetic && text.length <= cellCharactersMax) text += part;
    },
    close(name: string): void {
      if (name === 't') isText = false;
      if (name === 'rPh') isPhonetic = false;
    },
    end(): string {
      return unescapeText(text);
    },
  };
}

/** Characters that XML cannot hold are written as `_x000D_` (ECMA-376 Part 1 §22.9.2.19). */
export function unescapeText(text: string): string {
  return text.replace(/_x([0-9A-Fa-f]{4})_/g, (_, code: string) => String.fromCharCode(Number.parseInt(code, 16)));
}

function targetOf(target: string, partName: string): string | undefined {
  if (/^[a-z][a-z0-9+.-]*:/i.test(target) || target.startsWith('//')) return undefined;
  try {
    return decodeURIComponent(new URL(target, `http://zip/${partName}`).pathname.slice(1));
  } catch {
    return undefined;
  }
}
