/**
 * When do two words that people typed mean the same? Folds case, Vietnamese marks, punctuation and blanks, and finds the
 * nearest known word for one that is not known. Pure.
 */

/** Longer words are not compared letter by letter: nobody mistypes a whole sentence. */
const comparedCharactersMax = 60;

/** Lower case without marks, one blank between words, no punctuation at the ends: `Từ  ngày:` becomes `tu ngay`. */
export function plain(text: string): string {
  return text
    .toLowerCase()
    .replaceAll('đ', 'd')
    .normalize('NFD')
    .replace(/\p{M}/gu, '')
    .replace(/[–—−]/g, '-')
    .replace(/\s+/gu, ' ')
    .replace(/^[^\p{L}\p{N}]+|[^\p{L}\p{N})]+$/gu, '');
}

/** The known word that differs in few letters, or undefined when none is near. Another number is another thing. */
export function nearest(word: string, known: readonly string[]): string | undefined {
  const wanted = plain(word);
  let best: { word: string; steps: number } | undefined;
  for (const each of known) {
    const candidate = plain(each);
    if (wanted.length > comparedCharactersMax || candidate.length > comparedCharactersMax) continue;
    const steps = stepsBetween(wanted, candidate);
    if (candidate.replace(/\D/g, '') !== wanted.replace(/\D/g, '')) continue;
    const stepsMax = Math.max(1, Math.floor(Math.max(wanted.length, candidate.length) / 3));
    if (steps <= stepsMax && (best === undefined || steps < best.steps)) best = { word: each, steps };
  }
  return best?.word;
}

/** Letters put in, left out, changed, or swapped with their neighbour. */
function stepsBetween(a: string, b: string): number {
  let before: number[] = [];
  let last = Array.from({ length: b.length + 1 }, (_, index) => index);
  for (let i = 1; i <= a.length; i += 1) {
    const row = [i];
    for (let j = 1; j <= b.length; j += 1) {
      const change = (last[j - 1] ?? 0) + (a[i - 1] === b[j - 1] ? 0 : 1);
      let steps = Math.min((last[j] ?? 0) + 1, (row[j - 1] ?? 0) + 1, change);
      if (i > 1 && j > 1 && a[i - 1] === b[j - 2] && a[i - 2] === b[j - 1]) {
        steps = Math.min(steps, (before[j - 2] ?? 0) + 1);
      }
      row.push(steps);
    }
    before = last;
    last = row;
  }
  return last[b.length] ?? 0;
}
