/** Promise: the panel's files come with the right caching and a policy that works on a plain-HTTP office LAN. */
import { mkdir, writeFile } from 'node:fs/promises';
import { request } from 'node:http';
import { join } from 'node:path';
import { httpLimits } from '@loa/server/fronts/http/ports.ts';
import { afterEach, describe, expect, test } from 'vitest';
import { type HttpTown, openHttpTown } from './http-town.ts';

let town: HttpTown;
afterEach(() => town.close());

async function build(): Promise<void> {
  await mkdir(join(town.folder, 'panel/assets'), { recursive: true });
  await writeFile(join(town.folder, 'panel/index.html'), '<!doctype html><title>Loa panel</title>');
  await writeFile(join(town.folder, 'panel/assets/index-ab12.js'), 'export {};');
  await writeFile(join(town.folder, 'panel/.secret'), 'x');
}

describe('caching', () => {
  test('what is named by its content is kept for ever, the page is asked for anew', async () => {
    town = await openHttpTown();
    await build();
    const script = await town.ask('/assets/index-ab12.js');
    expect(script.headers.get('cache-control')).toBe('public, max-age=31536000, immutable');
    expect(script.headers.get('content-type')).toContain('javascript');
    for (const path of ['/', '/schedule/2026-11-20', '/index.html']) {
      const page = await town.ask(path);
      expect(page.status, path).toBe(200);
      expect(page.headers.get('cache-control'), path).toBe('no-cache');
      expect(await page.text(), path).toContain('Loa panel');
    }
  });

  test('a script that is gone is not answered with the page', async () => {
    town = await openHttpTown();
    await build();
    expect((await town.ask('/assets/index-old.js')).status).toBe(404);
    expect((await town.ask('/assets/old')).status).toBe(404);
    expect((await town.ask('/.secret')).status).toBe(404);
    expect(await (await town.ask('/..%2f..%2f..%2f..%2fetc/passwd')).text()).not.toContain('root:');
  });
});

test('before it is built a page says what to run', async () => {
  town = await openHttpTown();
  expect(await (await town.ask('/')).text()).toContain('npm run build');
  await build();
  expect(await (await town.ask('/')).text()).toContain('Loa panel');
});

describe('the content security policy', () => {
  test('over plain HTTP nothing is upgraded to https, and no HSTS is sent', async () => {
    town = await openHttpTown();
    const answer = await town.ask('/');
    const policy = answer.headers.get('content-security-policy') ?? '';
    expect(policy).not.toContain('upgrade-insecure-requests');
    expect(answer.headers.get('strict-transport-security')).toBeNull();
    expect(policy).toContain("script-src 'self';");
    expect(policy).toContain("style-src 'self' 'unsafe-inline'");
    expect(policy).toContain("media-src 'self' data: blob:");
    expect(policy).toContain(`ws://${new URL(town.url).host}`);
    expect(policy).toContain("frame-ancestors 'none'");
  });

  test('a forged host does not get into the policy', async () => {
    town = await openHttpTown();
    const policy = await new Promise<string>((resolve, reject) => {
      const sent = request(town.url, { headers: { host: "evil.example 'unsafe-eval'" } }, (answer) => {
        answer.resume();
        resolve(String(answer.headers['content-security-policy']));
      });
      sent.on('error', reject).end();
    });
    expect(policy).not.toContain('evil');
  });
});

describe('the sign-in cookie', () => {
  const signIn = (headers: Record<string, string> = {}) =>
    town.ask('/api/session', {
      method: 'POST',
      headers: { 'content-type': 'application/json', ...headers },
      body: JSON.stringify({ login: 'officer', password: 'x' }),
    });

  test('is out of reach of scripts and of other sites, and works over plain HTTP', async () => {
    town = await openHttpTown();
    const cookie = (await signIn()).headers.get('set-cookie') ?? '';
    expect(cookie).toMatch(/^loa_session=officer; /);
    expect(cookie).toContain('HttpOnly');
    expect(cookie).toContain('SameSite=Strict');
    expect(cookie).not.toContain('Secure');
  });

  test('is Secure when a trusted proxy says https, and only then', async () => {
    town = await openHttpTown();
    expect((await signIn({ 'x-forwarded-proto': 'https' })).headers.get('set-cookie')).not.toContain('Secure');
    await town.close();
    town = await openHttpTown({ settings: { trustedProxies: ['127.0.0.1'], limits: httpLimits } });
    const answer = await signIn({ 'x-forwarded-proto': 'https' });
    expect(answer.headers.get('set-cookie')).toContain('Secure');
    expect(answer.headers.get('strict-transport-security')).toMatch(/^max-age=/);
  });

  test('signing out takes it away, ends the sign-in and its live panels', async () => {
    const ended: string[] = [];
    town = await openHttpTown({ rooms: { signedOut: (token) => ended.push(token) } });
    const answer = await town.ask('/api/session', { as: 'officer', method: 'DELETE', headers: { 'x-loa': '1' } });
    expect(answer.status).toBe(204);
    expect(answer.headers.get('set-cookie')).toMatch(/^loa_session=; .*Expires=Thu, 01 Jan 1970/);
    expect(town.calls).toEqual(['signOut']);
    expect(ended).toEqual(['officer']);
  });
});
