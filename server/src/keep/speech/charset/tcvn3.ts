/**
 * What does text typed with a TCVN3 font (.VnTime and its family, standard TCVN 5712:1993 VN3) say in Unicode? Such text
 * is pasted as Western letters and signs, one for each Vietnamese letter ("Th«ng b¸o"). Its capital fonts (.VnTimeH) draw
 * small letters as capitals, so a heading arrives as "TH«NG B¸O" and its case is mended here. This only converts; whether
 * a text is TCVN3 at all is judged elsewhere.
 */

/** Written sign and the letter it stands for, in turn. */
const PAIRS =
  'µà¶ả·ã¸á¹ạ¨ă»ằ¼ẳ½ẵ¾ắÆặ©âÇầÈẩÉẫÊấËậ®đÌèÎẻÏẽÐéÑẹªêÒềÓểÔễÕếÖệ×ìØỉÜĩÝíÞịßòáỏâõãóäọ«ôåồæổçỗèốéộ¬ơêờëởìỡíớîợïùñủòũóúôụ\u00adư' +
  'õừöử÷ữøứùựúỳûỷüỹýýþỵ¡Ă¢Â§Đ£Ê¤Ô¥Ơ¦Ư';

const LETTERS = new Map(pairs(PAIRS));

/** The signs (not letters) among the codes: inside a word they betray a TCVN3 text at once. */
export const TCVN3_SIGNS = '¡¢£¤¥¦§¨©ª«¬\u00ad®µ¶·¸¹»¼½¾×÷';

/** One word from TCVN3 to Unicode (NFC); letters and signs outside the code stay as they are. */
export function tcvn3Word(word: string): string {
  const converted = Array.from(word, (letter) => LETTERS.get(letter) ?? letter).join('');
  const typed = word.replace(/[^A-Za-z]/g, '');
  return typed.length >= 2 && typed === typed.toUpperCase() ? converted.toUpperCase() : converted;
}

/**
 * Mends what a capital font hides: a converted word beside words in capitals ("XÃ" in "UBND Xã HÀM THẮNG") is in
 * capitals too when the letters that were typed plainly are.
 */
export function tcvn3CapitalWord(options: { written: string; converted: string; besideCapitals: boolean }): string {
  const typed = options.written.replace(/[^A-Za-z]/g, '');
  return options.besideCapitals && typed === typed.toUpperCase() ? options.converted.toUpperCase() : options.converted;
}

function* pairs(text: string): Generator<[string, string]> {
  const letters = Array.from(text);
  for (let at = 0; at + 1 < letters.length; at += 2) yield [letters[at] ?? '', letters[at + 1] ?? ''];
}
