/** "Hôm nay" in a notice that repeats is questioned; in one that does not, or inside another word, it is not. */
import { passingWordsIn } from '@loa/web/model/passing-words.ts';
import { describe, expect, it } from 'vitest';

describe('words that pass with the day', () => {
  it.each<[string, string[]]>([
    ['Hôm nay UBND xã mời bà con họp lúc 19h30.', ['hôm nay']],
    ['Mời bà con đi tiêm phòng vào SÁNG  MAI, ngày mai và sáng mai', ['sáng mai', 'ngày mai']],
    ['Tối nay\ncó mưa lớn'.normalize('NFD'), ['tối nay']],
    ['Ngày 25/11/2026 họp thôn', []],
    ['Bà Mai, ông Kia ở thôn Nay', []],
    ['chợ phiên thứ Hai hằng tuần', []],
    ['', []],
  ])('%s', (text, words) => {
    expect(passingWordsIn(text)).toEqual(words);
  });

  it('a long text takes no time to speak of', () => {
    const startedMs = performance.now();
    expect(passingWordsIn('ngày '.repeat(40_000))).toEqual([]);
    expect(performance.now() - startedMs).toBeLessThan(1_000);
  });
});
