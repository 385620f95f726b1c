/**
 * Which bytes of a file does a request want? RFC 9110 §14, one range only; several ranges are answered with the whole
 * file, as §14.2 permits. Pure.
 */

/** `lastByte` is included. */
export type ByteAnswer =
  | { kind: 'whole' }
  | { kind: 'part'; startByte: number; lastByte: number }
  | { kind: 'unsatisfiable' };

/** Judges a `Range` header for a file of `sizeBytes` with a strong `etag`, heeding `If-Range` (RFC 9110 §13.1.5). */
export function judgeRange(wanted: {
  range: string | undefined;
  ifRange: string | undefined;
  etag: string;
  sizeBytes: number;
}): ByteAnswer {
  const { range, ifRange, etag, sizeBytes } = wanted;
  const isStale = ifRange !== undefined && ifRange !== etag;
  const match = range === undefined || isStale ? null : /^bytes=(\d*)-(\d*)$/.exec(range.trim());
  const [, first = '', last = ''] = match ?? [];
  if (first === '' && last === '') return { kind: 'whole' };
  if (first === '') {
    const suffixBytes = Number(last);
    if (suffixBytes === 0 || sizeBytes === 0) return { kind: 'unsatisfiable' };
    return { kind: 'part', startByte: Math.max(0, sizeBytes - suffixBytes), lastByte: sizeBytes - 1 };
  }
  const startByte = Number(first);
  const lastByte = last === '' ? sizeBytes - 1 : Math.min(Number(last), sizeBytes - 1);
  if (last !== '' && Number(last) < startByte) return { kind: 'whole' };
  return startByte >= sizeBytes ? { kind: 'unsatisfiable' } : { kind: 'part', startByte, lastByte };
}
