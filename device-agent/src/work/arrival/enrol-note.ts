/**
 * Reads what a person typed or a camera read to enrol a board: a file of two lines, a link from a QR code, or a code
 * alone. Kind to byte order marks, line ends, blanks, case and look-alike letters; strict about what comes out. Pure.
 */
import { isIPv4, isIPv6 } from 'node:net';
import { claimCodeSchema } from '@loa/protocol/device';
import type { EnrolProblem } from '../../pole-state.ts';

/** A note that is longer is none. */
export const noteBytesMax = 4_096;

/** What is needed to enrol. */
export interface Invitation {
  serverUrl: string;
  /** Ten letters and digits, without hyphen. */
  claimCode: string;
}

export type ReadNote = { ok: true; invitation: Invitation } | { ok: false; problem: EnrolProblem };

/** Names a person may use for the two lines, without accents or blanks. */
const serverNames = new Set(['server', 'url', 'address', 'maychu', 'diachi', 'loa_server_url']);
const codeNames = new Set(['code', 'claim', 'claimcode', 'ma', 'madangky', 'loa_claim_code']);

/** Text of a note's bytes: UTF-8, or UTF-16 as Windows' editor calls "Unicode". Undefined when it is neither. */
export function noteText(bytes: Uint8Array): string | undefined {
  const encoding = bytes[0] === 0xff && bytes[1] === 0xfe ? 'utf-16le' : 'utf-8';
  try {
    const text = new TextDecoder(encoding, { fatal: true }).decode(bytes);
    return text.includes('\u0000') ? undefined : text;
  } catch {
    return undefined;
  }
}

/**
 * The invitation in a note, a link (`http://<board>/enrol#code=…&server=…`), JSON, or a code alone. `knownServer` stands
 * in for an address that is not given.
 */
export function readNote(text: string, { knownServer }: { knownServer?: string | undefined } = {}): ReadNote {
  if (text.length > noteBytesMax) return { ok: false, problem: 'note-too-long' };
  const found = fieldsOf(text);
  if (found.code === undefined) return { ok: false, problem: 'no-code' };
  const claimCode = codeOf(found.code);
  if (claimCode === undefined) return { ok: false, problem: 'bad-code' };
  const server = found.server ?? knownServer;
  if (server === undefined) return { ok: false, problem: 'no-server' };
  const address = serverOf(server);
  return address.ok ? { ok: true, invitation: { serverUrl: address.url, claimCode } } : address;
}

interface Fields {
  server?: string | undefined;
  code?: string | undefined;
}

function fieldsOf(text: string): Fields {
  const trimmed = text.replaceAll('\uFEFF', '').trim();
  if (trimmed.startsWith('{')) return fieldsOfJson(trimmed);
  const fields: Fields = {};
  const link = /^https?:\/\/\S*#(\S+)$/i.exec(trimmed)?.[1];
  const lines = link === undefined ? trimmed.split(/[\r\n]+/) : link.split('&').map(unescaped);
  for (const line of lines) take(fields, line.trim());
  return fields;
}

function take(fields: Fields, line: string): void {
  if (line === '' || line.startsWith('#')) return;
  const named = /^([^=:/]{1,24}?)\s*[=:]\s*(?!\/\/)(.*)$/u.exec(line);
  const name = plainName(named?.[1] ?? '');
  const value = unquoted(named?.[2] ?? line);
  if (value === '') return;
  if (serverNames.has(name)) fields.server = value;
  else if (codeNames.has(name)) fields.code = value;
  else if (named === null && /^https?:\/\//i.test(value)) fields.server = value;
  else if (named === null) fields.code ??= value;
}

function fieldsOfJson(text: string): Fields {
  const fields: Fields = {};
  try {
    const parsed: unknown = JSON.parse(text);
    if (typeof parsed !== 'object' || parsed === null) return fields;
    for (const [name, value] of Object.entries(parsed)) {
      if (typeof value !== 'string' || value.trim() === '') continue;
      if (serverNames.has(plainName(name))) fields.server = value.trim();
      if (codeNames.has(plainName(name))) fields.code = value.trim();
    }
  } catch {
    // Half a file: what is missing is said.
  }
  return fields;
}

/** Without accents, case and blanks: `Máy chủ` is `maychu`, `Mã đăng ký` is `madangky`. */
function plainName(name: string): string {
  const bare = name.normalize('NFD').replaceAll(/\p{M}/gu, '').toLowerCase().replaceAll('đ', 'd');
  return bare.replaceAll(/["'\s-]/g, '');
}

function unquoted(value: string): string {
  return value
    .trim()
    .replace(/^["'“”‘’](.*)["'“”‘’]$/u, '$1')
    .trim();
}

function unescaped(part: string): string {
  try {
    return decodeURIComponent(part);
  } catch {
    return part;
  }
}

/** Look-alikes as Crockford's base32 reads them: O is 0, I and L are 1. Any dash or blank between is none. */
function codeOf(text: string): string | undefined {
  const typed = text
    .replaceAll(/[\s.\u00ad_\u2010-\u2015-]/g, '')
    .toUpperCase()
    .replaceAll('O', '0')
    .replaceAll(/[IL]/g, '1');
  const parsed = claimCodeSchema.safeParse(typed);
  return parsed.success ? parsed.data : undefined;
}

function serverOf(text: string): { ok: true; url: string } | { ok: false; problem: EnrolProblem } {
  const full = /^[a-z][a-z0-9+.-]*:\/\//i.test(text) ? text : `https://${text}`;
  if (!URL.canParse(full)) return { ok: false, problem: 'bad-server' };
  const url = new URL(full);
  if (url.username !== '' || url.password !== '' || !/^https?:$/.test(url.protocol))
    return { ok: false, problem: 'bad-server' };
  if (url.hostname === '' || /\s/.test(text.trim())) return { ok: false, problem: 'bad-server' };
  // Who enrols a board pins its keys for ever: over plain HTTP anybody on the way could.
  if (url.protocol === 'http:' && !isOwnNetwork(url.hostname)) return { ok: false, problem: 'not-secret' };
  url.hash = '';
  url.search = '';
  return { ok: true, url: url.toString().replace(/\/$/, '') };
}

/** Loopback, and the private ranges of RFC 1918 and RFC 4193. */
function isOwnNetwork(host: string): boolean {
  const bare = host.replace(/^\[(.*)\]$/, '$1');
  if (bare === 'localhost') return true;
  if (isIPv4(bare)) return /^(127\.|10\.|192\.168\.|172\.(1[6-9]|2\d|3[01])\.)/.test(bare);
  return isIPv6(bare) && (bare === '::1' || /^f[cd]/i.test(bare));
}
