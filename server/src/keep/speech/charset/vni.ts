/**
 * What does text typed with a VNI-Windows font say in Unicode? Such text is pasted as plain vowels each followed by a
 * Western letter that stands for its marks ("Thoâng baùo"), besides a few single letters of its own. This only
 * converts; whether a text is VNI at all is judged elsewhere.
 */

const TONES = { ø: '\u0300', ù: '\u0301', û: '\u0309', õ: '\u0303', ï: '\u0323' };

/** Marks that carry a circumflex or a breve, alone or with a tone. */
const SHAPES = {
  â: '\u0302',
  à: '\u0302\u0300',
  á: '\u0302\u0301',
  å: '\u0302\u0309',
  ã: '\u0302\u0303',
  ä: '\u0302\u0323',
  ê: '\u0306',
  è: '\u0306\u0300',
  é: '\u0306\u0301',
  ú: '\u0306\u0309',
  ü: '\u0306\u0303',
  ë: '\u0306\u0323',
};

const SINGLE_LETTERS = { ô: 'ơ', ö: 'ư', ñ: 'đ', ì: 'ì', í: 'í', æ: 'ỉ', ó: 'ĩ', ò: 'ị', î: 'ỵ' };

const MARKS = new Map<string, string>([...Object.entries(TONES), ...Object.entries(SHAPES)]);
const SINGLES = new Map<string, string>(Object.entries(SINGLE_LETTERS));

/** Which vowels a mark may follow: tones follow every vowel that has no code of its own, shapes only their letters. */
const TONE_BEARERS = 'aeouyôö';
const CIRCUMFLEX_BEARERS = 'aeo';

/** One word from VNI-Windows to Unicode (NFC); letters outside the code stay as they are. */
export function vniWord(word: string): string {
  let converted = '';
  let vowel = '';
  for (const letter of word) {
    const small = letter.toLowerCase();
    const mark = MARKS.get(small);
    if (mark !== undefined && vowel !== '' && bears(vowel, mark)) {
      converted += mark;
      vowel = '';
      continue;
    }
    const single = SINGLES.get(small);
    converted += single === undefined ? letter : letter === small ? single : single.toUpperCase();
    vowel = TONE_BEARERS.includes(small) ? small : '';
  }
  return converted.normalize('NFC');
}

function bears(vowel: string, mark: string): boolean {
  if (mark.startsWith('\u0302')) return CIRCUMFLEX_BEARERS.includes(vowel);
  if (mark.startsWith('\u0306')) return vowel === 'a';
  return true;
}
