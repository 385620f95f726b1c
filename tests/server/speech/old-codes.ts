/**
 * Types a Unicode text the way the old fonts would have it, for tests. Written from the font tables independently of the
 * product's own, so that one mistake cannot hide in both; knows small letters (and the seven capitals) of TCVN3.
 */

const TCVN3: Record<string, string> = {};
/** The Vietnamese letters in the order of the TCVN3 code page, from 0xA1 on; `.` marks a gap. */
const TCVN3_PAGE = 'ĂÂÊÔƠƯĐăâêôơưđ......àảãáạ.ằẳẵắ.......ặầẩẫấậè.ẻẽéẹềểễếệìỉ...ĩíịò.ỏõóọồổỗốộờởỡớợù.ủũúụừửữứựỳỷỹýỵ';
for (const [at, letter] of Array.from(TCVN3_PAGE).entries()) {
  if (letter !== '.') TCVN3[letter] = String.fromCharCode(0xa1 + at);
}

/** Text as a TCVN3 font shows it pasted. */
export function toTcvn3(text: string): string {
  return Array.from(text.normalize('NFC'), (letter) => TCVN3[letter] ?? letter).join('');
}

const VNI_TONE: Record<string, string> = { '\u0300': 'ø', '\u0301': 'ù', '\u0309': 'û', '\u0303': 'õ', '\u0323': 'ï' };
const VNI_CIRCUMFLEX: Record<string, string> = {
  '': 'â',
  '\u0300': 'à',
  '\u0301': 'á',
  '\u0309': 'å',
  '\u0303': 'ã',
  '\u0323': 'ä',
};
const VNI_BREVE: Record<string, string> = {
  '': 'ê',
  '\u0300': 'è',
  '\u0301': 'é',
  '\u0309': 'ú',
  '\u0303': 'ü',
  '\u0323': 'ë',
};
const VNI_I: Record<string, string> = { '\u0300': 'ì', '\u0301': 'í', '\u0309': 'æ', '\u0303': 'ó', '\u0323': 'ò' };

/** Text as a VNI-Windows font shows it pasted. */
export function toVni(text: string): string {
  return Array.from(text.normalize('NFC'), (letter) => {
    const [base = '', ...marks] = letter.normalize('NFD');
    const tone = marks.find((mark) => mark in VNI_TONE) ?? '';
    const caps = base !== base.toLowerCase();
    const typed = vniLetter({ base: base.toLowerCase(), tone, shape: marks.find((mark) => mark !== tone) ?? '' });
    if (letter === 'đ') return 'ñ';
    if (letter === 'Đ') return 'Ñ';
    if (marks.length === 0) return letter;
    return caps ? typed.toUpperCase() : typed;
  }).join('');
}

function vniLetter(letter: { base: string; tone: string; shape: string }): string {
  const { base, tone, shape } = letter;
  if (shape === '\u0302') return base + VNI_CIRCUMFLEX[tone];
  if (shape === '\u0306') return base + VNI_BREVE[tone];
  if (shape === '\u031b') return (base === 'o' ? 'ô' : 'ö') + (VNI_TONE[tone] ?? '');
  if (base === 'i') return VNI_I[tone] ?? base;
  if (base === 'y' && tone === '\u0323') return 'î';
  return base + (VNI_TONE[tone] ?? '');
}

/** UTF-8 bytes shown as Windows-1252, with the unassigned bytes as control characters. */
export function toUtf8SeenAsWestern(text: string): string {
  const shown = new TextDecoder('windows-1252');
  return Array.from(new TextEncoder().encode(text), (byte) => shown.decode(Uint8Array.of(byte))).join('');
}
