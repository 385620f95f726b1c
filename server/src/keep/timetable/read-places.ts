/**
 * Which areas does a cell of “Nơi phát” name, among those of the person? Names as people write them: without marks,
 * without “Xã” or “Thôn”, several in one cell, “toàn xã”. What fits two areas or none is told. Pure.
 */
import type { Area } from '@loa/schedules';
import { nearest, plain } from './plain-words.ts';
import { misread, quoted, type Understood, understood } from './understood.ts';

/** An area that the person may address. */
export type Place = Pick<Area, 'id' | 'name' | 'kind'> & { code?: string | undefined };

/** Names told in one sentence. */
const namesToldMax = 8;

const kindWords =
  /^(xa|phuong|dac khu|thi tran|thon|buon|ap|ban|lang|khu pho|khu|to dan pho|to|cum|xom|tinh|thanh pho|dia ban|nhom)\s+/;
const wholeWords = /^(toan|ca|tat ca|khap|whole|all of|entire)\s+(the\s+)?/;
const wholeKinds: Readonly<Record<string, Area['kind']>> = {
  xa: 'commune',
  phuong: 'commune',
  'dac khu': 'commune',
  'thi tran': 'commune',
  commune: 'commune',
  ward: 'commune',
  tinh: 'province',
  province: 'province',
};
const everywhere = [
  'tat ca',
  'toan bo',
  'moi noi',
  'tat ca cac cum',
  'tat ca cac cum loa',
  'toan dia ban',
  'all',
  'everywhere',
];

/** Reads cells of one person. An empty cell means `defaultAreaId`. */
export function placeReader(areas: readonly Place[], defaultAreaId: string): (text: string) => Understood<string[]> {
  return (text) => {
    if (text.trim() === '') return understood([defaultAreaId]);
    const whole = findPlace(text, areas, defaultAreaId);
    if (whole.ok) return understood([whole.value]);
    const parts = text.split(/[;\n]|,|\s+(?:và|va|and)\s+/iu).filter((part) => part.trim() !== '');
    if (parts.length < 2) return whole;
    const ids = new Set<string>();
    let kindBefore = '';
    for (const part of parts) {
      // “Thôn 3; 5; 7”: the kind is said once.
      const kind = kindWords.exec(plain(part))?.[1];
      if (kind !== undefined) kindBefore = kind;
      const written = kind === undefined && /^\s*\d+\s*$/.test(part) ? `${kindBefore} ${part}` : part;
      const found = findPlace(written, areas, defaultAreaId);
      if (!found.ok) return found;
      ids.add(found.value);
    }
    return understood([...ids]);
  };
}

function findPlace(text: string, areas: readonly Place[], defaultAreaId: string): Understood<string> {
  const wanted = plain(text);
  if (everywhere.includes(wanted)) return understood(defaultAreaId);
  const wholeKind = wholeKinds[wanted.replace(wholeWords, '')];
  if (wholeWords.test(wanted) && wholeKind !== undefined) return wholeOfKind(text, wholeKind, areas, defaultAreaId);
  const exact = text.normalize('NFC').trim().toLowerCase().replace(/\s+/gu, ' ');
  const part = wanted.replace(wholeWords, '');
  // The closer way of writing it decides; only within one way may two areas compete.
  const ways: ((area: Place) => boolean)[] = [
    ({ code }) => code !== undefined && code === wanted,
    ({ name }) => name.normalize('NFC').toLowerCase() === exact,
    ({ name }) => plain(name) === wanted,
    ({ name }) => plain(name) === part,
    ({ name }) => isCalled(plain(name), part),
  ];
  for (const way of ways) {
    const found = areas.filter(way);
    if (found.length > 1) return ambiguous(text, found);
    if (found[0] !== undefined) return understood(found[0].id);
  }
  return unknown(text, areas);
}

function wholeOfKind(
  text: string,
  kind: Area['kind'],
  areas: readonly Place[],
  defaultAreaId: string,
): Understood<string> {
  const found = areas.filter((area) => area.kind === kind);
  const own = found.find(({ id }) => id === defaultAreaId);
  if (own !== undefined) return understood(own.id);
  if (found.length > 1) return ambiguous(text, found);
  return found[0] === undefined ? unknown(text, areas) : understood(found[0].id);
}

/** The same name where one of the two leaves out its kind: “Thôn Phú Lập” is not “Xã Phú Lập”, “Phú Lập” may be either. */
function isCalled(name: string, wanted: string): boolean {
  const [theirKind, theirName] = splitKind(name);
  const [wantedKind, wantedName] = splitKind(wanted);
  const isSameKind = theirKind === undefined || wantedKind === undefined || theirKind === wantedKind;
  // A number alone names nothing.
  return isSameKind && theirName === wantedName && /[a-z]/.test(wantedName);
}

function splitKind(plainName: string): [kind: string | undefined, name: string] {
  const bare = plainName.replace(/\s*\(cu\)?$/, '');
  const kind = kindWords.exec(bare)?.[1];
  return [kind, bare.replace(kindWords, '')];
}

function ambiguous(text: string, found: readonly Place[]): Understood<never> {
  const names = found
    .slice(0, namesToldMax)
    .map(({ name, code }) => (code === undefined ? name : `${name} (${code})`))
    .join(', ');
  return misread(
    `“${quoted(text)}” có thể là nhiều nơi: ${names}. Hãy ghi đủ tên, hoặc ghi mã đơn vị.`,
    `“${quoted(text)}” fits several places: ${names}. Write the full name, or the code of the unit.`,
  );
}

function unknown(text: string, areas: readonly Place[]): Understood<never> {
  const near = nearest(
    text,
    areas.map(({ name }) => name),
  );
  if (near !== undefined) {
    return misread(
      `Không có nơi phát “${quoted(text)}”. Có phải là “${near}”?`,
      `There is no place “${quoted(text)}”. Did you mean “${near}”?`,
    );
  }
  const names = areas
    .slice(0, namesToldMax)
    .map(({ name }) => name)
    .join(', ');
  const more = areas.length > namesToldMax ? ', …' : '';
  return misread(
    `Không có nơi phát “${quoted(text)}” trong địa bàn của bạn. Có: ${names}${more}.`,
    `There is no place “${quoted(text)}” among yours. There are: ${names}${more}.`,
  );
}
