/** P5 at the envelope: what is not signed by a key that counts, for this use, unchanged, is refused with its reason. */
import { keyFromSeed, keyId, open, publicPart, seal } from '@loa/protocol/device';
import fc from 'fast-check';
import { expect, test } from 'vitest';

const key = keyFromSeed(new Uint8Array(32).fill(1));
const other = keyFromSeed(new Uint8Array(32).fill(2));
const payload = { kind: 'plan', aud: 'd1', text: 'Xã Hàm Thuận Bắc' };
const text = seal({ payload, key, type: 'loa-document' });
const keys = [publicPart(key)];

test('what was sealed is opened unchanged', () => {
  expect(open({ text, keys, type: 'loa-document' })).toEqual({ ok: true, payload, keyId: keyId(key) });
});

test.each([
  ['another key', () => seal({ payload, key: other, type: 'loa-document' }), 'unknown-key'],
  ['a key id that is borrowed', () => forged(keyId(key)), 'bad-signature'],
  ['another use', () => seal({ payload, key, type: 'loa-nonce' }), 'wrong-type'],
  ['no algorithm', () => withHeader({ alg: 'none', kid: keyId(key), typ: 'loa-document' }), 'wrong-algorithm'],
  [
    'a symmetric algorithm',
    () => withHeader({ alg: 'HS256', kid: keyId(key), typ: 'loa-document' }),
    'wrong-algorithm',
  ],
  ['two parts', () => text.split('.').slice(0, 2).join('.'), 'malformed'],
  ['not base64 JSON', () => 'x.y.z', 'malformed'],
  ['empty', () => '', 'malformed'],
])('refused: %s', (_name, make, reason) => {
  expect(open({ text: make(), keys, type: 'loa-document' })).toEqual({ ok: false, reason });
});

test('no change of a single character is believed', () => {
  fc.assert(
    fc.property(fc.nat({ max: text.length - 1 }), fc.constantFrom(...'ABab01-_.'), (place, letter) => {
      const changed = text.slice(0, place) + letter + text.slice(place + 1);
      const opened = open({ text: changed, keys, type: 'loa-document' });
      // The last character of a base64url part may carry unused bits: the same bytes, so the same message.
      if (opened.ok) expect(opened.payload).toEqual(payload);
    }),
    { numRuns: 2_000 },
  );
});

test('RFC 8037 appendix A: key, thumbprint and signature are the published ones', () => {
  const seed = Buffer.from('nWGxne_9WmC6hEr0kuwsxERJxWl7MmkZcDusAxyuf2A', 'base64url');
  const published = keyFromSeed(seed);
  expect(published.x).toBe('11qYAYKxCrfVS_7TyWQHOg7hcvPapiMlrwIaaPcHURo');
  expect(keyId(published)).toBe('kPrK_qmxVWaYVA9wwBF6Iuo3vVzz7TxHCTwXBygrS4k');
});

function withHeader(header: object): string {
  const [, body, signature] = text.split('.');
  return `${Buffer.from(JSON.stringify(header)).toString('base64url')}.${body}.${signature}`;
}

function forged(kid: string): string {
  const [, body, signature] = seal({ payload, key: other, type: 'loa-document' }).split('.');
  return `${Buffer.from(JSON.stringify({ alg: 'EdDSA', kid, typ: 'loa-document' })).toString('base64url')}.${body}.${signature}`;
}
