/** Whatever comes back over HTTP is a parsed value or a failure a person can act on. */
import { addressOf, call, parseAnswer } from '@loa/web/api/call.ts';
import { failureWords, isSignedOut } from '@loa/web/api/failure-words.ts';
import { afterEach, expect, it, vi } from 'vitest';
import { sayEn, sayVi } from './speech.ts';

afterEach(() => {
  vi.unstubAllGlobals();
});

const problem = {
  type: 'urn:loa:problem:past',
  title: 'In the past',
  status: 422,
  detail: 'The time has passed',
  code: 'past',
  vi: 'Giờ đã chọn đã qua.',
  en: 'The chosen time has passed.',
  field: 'whens.0.time',
};

it('addresses are filled in and escaped', () => {
  expect(addressOf('airing', { id: 'b-1@17 00/x' })).toBe('/api/airings/b-1%4017%2000%2Fx');
  expect(addressOf('listFaults', {}, { open: 'true', other: undefined })).toBe('/api/faults?open=true');
});

it('an answer of the right shape is the value', async () => {
  const requests: unknown[] = [];
  vi.stubGlobal('fetch', async (address: string, request: RequestInit) => {
    requests.push([address, request.method, request.body]);
    return new Response(JSON.stringify({ clusters: 2, reachable: 1, clusterIds: ['a', 'b'] }));
  });
  const result = await call('reach', { body: { areaIds: ['x'] } });
  expect(result).toEqual({ ok: true, value: { clusters: 2, reachable: 1, clusterIds: ['a', 'b'] } });
  expect(requests).toEqual([['/api/reach', 'POST', '{"areaIds":["x"]}']]);
});

it('an empty 204 is an answer', () => {
  expect(parseAnswer('signOut', { status: 204, text: '' })).toEqual({ ok: true, value: null });
});

it('a refusal is told in the person’s language', () => {
  const result = parseAnswer('acceptBulletin', { status: 422, text: JSON.stringify(problem) });
  expect(result).toEqual({ ok: false, failure: { kind: 'problem', problem } });
  if (result.ok) return;
  expect(failureWords(result.failure, sayVi, 'vi')).toBe('Giờ đã chọn đã qua.');
  expect(failureWords(result.failure, sayEn, 'en')).toBe('The chosen time has passed.');
  expect(isSignedOut(result.failure)).toBe(false);
});

it.each([
  ['a page in between', 200, '<html>', 'unreadable'],
  ['another shape', 200, '{"clusters":"many"}', 'unreadable'],
  ['a proxy without a server', 502, '<html>Bad gateway', 'network'],
  ['a bare error', 500, 'oops', 'unreadable'],
])('%s is a failure, never a crash', (_, status, text, kind) => {
  expect(parseAnswer('reach', { status, text })).toEqual({ ok: false, failure: { kind } });
});

it('no network is a failure with something to do', async () => {
  vi.stubGlobal('fetch', async () => {
    throw new TypeError('Failed to fetch');
  });
  const result = await call('me', {});
  expect(result).toEqual({ ok: false, failure: { kind: 'network' } });
  expect(failureWords({ kind: 'network' }, sayVi, 'vi')).toContain('kiểm tra mạng');
});
