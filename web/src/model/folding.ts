/** Finding Vietnamese names however they are typed: without marks, with đ as d, in either case. Pure. */

/** Lower case, without marks, đ as d, single spaces: `Thôn Đá Dựng` → `thon da dung`. */
export function foldText(text: string): string {
  return text.normalize('NFD').replace(/\p{M}/gu, '').replace(/[đĐ]/g, 'd').toLowerCase().replace(/\s+/g, ' ').trim();
}

/** True when every word of `wanted` stands somewhere in `text`. Nothing wanted is found everywhere. */
export function isFound(text: string, wanted: string): boolean {
  const folded = foldText(text);
  return foldText(wanted)
    .split(' ')
    .every((word) => folded.includes(word));
}
