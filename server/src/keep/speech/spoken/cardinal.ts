/**
 * How is a written number said in Vietnamese? Whole numbers with mốt, tư, lăm and linh where they belong, decimals,
 * digits one by one. Takes digits as text, so that leading zeros and long numbers are not lost; never rounds.
 */

const DIGITS = ['không', 'một', 'hai', 'ba', 'bốn', 'năm', 'sáu', 'bảy', 'tám', 'chín'];

/** Names of the groups of three digits below a thousand million. */
const GROUPS = ['', ' nghìn', ' triệu'];

/** Beyond this many digits nobody follows a number; it is said digit by digit. */
const LONGEST_CARDINAL = 15;

/** Unseparated numbers of this length and more are identities or accounts, unless they are round. */
const LONGEST_UNSEPARATED = 8;

/** Digits one by one, groups parted by a short pause: `readDigits(['0252', '382'])` is "không hai năm hai, ba tám hai". */
export function readDigits(groups: readonly string[]): string {
  return groups.map((group) => Array.from(group, (digit) => DIGITS[Number(digit)] ?? '').join(' ')).join(', ');
}

/** Groups of three from the left, as identity numbers are read; a rest of one joins its neighbour. */
export function inThrees(digits: string): string[] {
  return digits.match(/\d{3}(?=\d{2})|\d+?$|\d{2,4}/gu)?.filter((group) => group !== '') ?? [];
}

/** A whole number of digits only, as a quantity: "2026" is "hai nghìn không trăm hai mươi sáu". */
export function readWhole(digits: string): string {
  const significant = digits.replace(/^0+(?=\d)/u, '');
  if (significant.length > LONGEST_CARDINAL) return readDigits(inThrees(digits));
  if (significant.length > 9) {
    const head = significant.slice(0, -9);
    const tail = significant.slice(-9);
    return `${readWhole(head)} tỷ${/^0+$/u.test(tail) ? '' : ` ${readBelowMilliard(tail, true)}`}`;
  }
  return readBelowMilliard(significant, false);
}

/** A number as written with separators: `1.500.000`, `3,5`, `05`, `4.0`, `1,500,000`, `068090001234`. */
export function readNumber(written: string): string {
  const thousands = thousandsParted(written);
  if (thousands !== null) return thousands;
  const [whole = '', decimals] = written.split(/[.,]/u);
  if (decimals !== undefined && written.includes(',') && /^0+$/u.test(decimals)) return readPlainWhole(whole);
  if (decimals !== undefined) {
    return `${readPlainWhole(whole)} ${written.includes(',') ? 'phẩy' : 'chấm'} ${readDecimals(decimals)}`;
  }
  return readPlainWhole(whole);
}

/** `1` is nhất and `4` is tư after "thứ" and "tháng"; the rest are cardinals. */
export function readOrdinal(digits: string): string {
  const value = Number(digits);
  return value === 1 ? 'nhất' : value === 4 ? 'tư' : readWhole(digits);
}

function thousandsParted(written: string): string | null {
  const english = /^[1-9]\d{0,2}(?:(?:,\d{3}){2,}|,\d00)(?:\.\d+)?$/u.test(written);
  const vietnamese = /^[1-9]\d{0,2}(?:\.\d{3})+(?:,\d+)?$/u.test(written);
  if (!english && !vietnamese) return null;
  const [whole = '', decimals] = written.replaceAll(english ? ',' : '.', '').split(/[.,]/u);
  return decimals === undefined ? readWhole(whole) : `${readWhole(whole)} phẩy ${readDecimals(decimals)}`;
}

function readPlainWhole(digits: string): string {
  const padded = /^0\d$/u.test(digits);
  if (digits.startsWith('0') && digits.length > 1 && !padded) return readDigits(inThrees(digits));
  if (digits.length > LONGEST_UNSEPARATED && !digits.endsWith('000')) return readDigits(inThrees(digits));
  return readWhole(digits);
}

function readDecimals(digits: string): string {
  return digits.length <= 2 && !digits.startsWith('0') ? readWhole(digits) : readDigits([digits]);
}

/** At most nine digits; `continued` says that greater groups were said before, so that inner zeros are said. */
function readBelowMilliard(digits: string, continued: boolean): string {
  const padded = digits.padStart(9, '0');
  const said: string[] = [];
  for (let group = 2; group >= 0; group -= 1) {
    const three = padded.slice(6 - 3 * group, 9 - 3 * group);
    if (three !== '000') said.push(readThree(three, continued || said.length > 0) + (GROUPS[group] ?? ''));
  }
  return said.join(' ') || 'không';
}

function readThree(three: string, continued: boolean): string {
  const [hundreds = 0, tens = 0, ones = 0] = Array.from(three, Number);
  const said: string[] = [];
  if (hundreds > 0 || continued) said.push(`${DIGITS[hundreds]} trăm`);
  if (tens === 0) {
    if (ones > 0) said.push(said.length > 0 ? `linh ${DIGITS[ones]}` : `${DIGITS[ones]}`);
    return said.join(' ');
  }
  said.push(tens === 1 ? 'mười' : `${DIGITS[tens]} mươi`);
  if (ones === 1 && tens > 1) said.push('mốt');
  else if (ones === 4 && tens > 1) said.push('tư');
  else if (ones === 5) said.push('lăm');
  else if (ones > 0) said.push(`${DIGITS[ones]}`);
  return said.join(' ');
}
