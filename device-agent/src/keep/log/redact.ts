/**
 * Takes out of a line what nobody may read in a log: tokens, private keys, claim codes. Knows the forms of them and the
 * very values it was told; what follows is one line of plain characters. Pure.
 */

/** One line; what foreign text adds beyond it is cut. */
export const lineLengthMax = 2_000;

const hidden = '…';

/** Each form, and what is left of it. */
const forms: readonly [RegExp, string][] = [
  // A JWS or JWT: up to three parts of base64url, the first an object's beginning.
  [/\beyJ[\w-]{8,}(\.[\w-]*){0,2}/g, hidden],
  [/\b(bearer|authorization:?)(\s+\w+)?\s+[\w.~+/=-]+/gi, `$1 ${hidden}`],
  // The private member of a JWK (RFC 8037 §2), in JSON or as printed by Node.
  [/(["']?\bd["']?\s*[:=]\s*["']?)[\w-]{40,}/g, `$1${hidden}`],
  [/-----BEGIN[^-]*PRIVATE KEY-----.*?(-----END[^-]*-----|$)/g, hidden],
  // A claim code in its two groups, or without them behind its name.
  [/\b[0-9A-HJKMNP-TV-Z]{5}-[0-9A-HJKMNP-TV-Z]{5}\b/gi, hidden],
  [/\b(code|mã|claim)(\s*[:=]\s*|\s+)(?=\S*\d)[0-9A-Z]{10}\b/gi, `$1$2${hidden}`],
  [/\b(password|secret|token)(\s*[:=]\s*)\S+/gi, `$1$2${hidden}`],
];

/** The line without secrets, without line ends and control characters, at most `lineLengthMax` long. */
export function redact(line: string, secrets: Iterable<string> = []): string {
  // biome-ignore lint/suspicious/noControlCharactersInRegex: taking control characters out is what it is for
  let text = line.slice(0, 2 * lineLengthMax).replaceAll(/[\u0000-\u001f\u007f-\u009f\u2028\u2029]+/g, ' ');
  for (const secret of secrets) if (secret !== '') text = text.replaceAll(secret, hidden);
  for (const [form, left] of forms) text = text.replaceAll(form, left);
  return text.length <= lineLengthMax ? text : `${text.slice(0, lineLengthMax)}…`;
}
