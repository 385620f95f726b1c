/** Lower case, without marks, đ as d: `Hàm Thuận` is found by `ham thuan`. */
export function foldName(name: string): string {
  return name.toLowerCase().replaceAll('đ', 'd').normalize('NFD').replaceAll(/\p{M}/gu, '');
}
