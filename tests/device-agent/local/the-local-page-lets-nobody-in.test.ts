/**
 * The board's own page: shows how it is to whoever stands there, takes a code while nobody has enrolled it, and nothing
 * else from anybody, however they ask, how often, how much or how slowly.
 */
import { mkdtemp, rm } from 'node:fs/promises';
import { connect } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { machineClock } from '@loa/device-agent/edges/clock.ts';
import {
  askSocket,
  connectionsMax,
  type Listener,
  type LocalRequest,
  listen,
} from '@loa/device-agent/edges/listener.ts';
import { sealLifeMs, tryEveryMs } from '@loa/device-agent/fronts/local-page/form-guard.ts';
import { createLocalDoor } from '@loa/device-agent/fronts/local-page/local-door.ts';
import { openLocalPage } from '@loa/device-agent/fronts/local-page/local-page.ts';
import type { EnrolmentState, PoleState } from '@loa/device-agent/pole-state.ts';
import type { Invitation } from '@loa/device-agent/work/arrival/enrol-note.ts';
import { afterEach, describe, expect, test } from 'vitest';
import { manualClock } from '../../harness/manual-clock.ts';
import { newPole, noonMs, poleStateOf } from './pole-states.ts';

const random = { fraction: () => 0.5, bytes: (count: number) => new Uint8Array(count).fill(7) };
const host = '10.42.0.1:8080';

function board({ state = newPole(), knownServer }: { state?: PoleState; knownServer?: string } = {}) {
  const clock = manualClock({ wallMs: noonMs });
  const offers: Invitation[] = [];
  let enrolment: EnrolmentState = state.enrolment;
  const parts = {
    clock,
    random,
    state: (): PoleState => ({ ...state, enrolment }),
    knownServer,
    arrival: {
      state: () => enrolment,
      offer(invitation: Invitation) {
        offers.push(invitation);
        return { ok: true } as const;
      },
    },
    log: () => undefined,
  };
  const door = createLocalDoor(parts);
  const ask = (more: Partial<LocalRequest> = {}) =>
    door({ method: 'GET', target: '/', host, origin: undefined, contentType: undefined, body: '', ...more });
  const seal = () => /name="seal" value="([^"]+)"/.exec(ask().body)?.[1] ?? '';
  const post = (fields: Record<string, string>, more: Partial<LocalRequest> = {}) =>
    ask({
      method: 'POST',
      target: '/enrol',
      origin: `http://${host}`,
      contentType: 'application/x-www-form-urlencoded',
      body: new URLSearchParams({ seal: seal(), ...fields }).toString(),
      ...more,
    });
  return { clock, parts, offers, ask, post, seal, become: (next: EnrolmentState) => (enrolment = next) };
}

const typed = { code: '7kq2m-x4t9d', server: 'https://loa.example' };

describe('enrolling', () => {
  test('a code and a server from the form are offered once, and the phone is shown the state', () => {
    const { post, offers } = board();
    expect(post(typed)).toMatchObject({ status: 303, headers: { location: '/' } });
    expect(offers).toEqual([{ serverUrl: 'https://loa.example', claimCode: '7KQ2MX4T9D' }]);
  });

  test('what the board was told by its owner comes before what a paper says', () => {
    const { ask, post, offers } = board({ knownServer: 'https://loa.tinh.vn' });
    expect(ask().body).not.toContain('name="server"');
    post({ code: 'http://10.42.0.1/enrol#code=7KQ2M-X4T9D&server=https://evil.example' });
    expect(offers).toEqual([{ serverUrl: 'https://loa.tinh.vn', claimCode: '7KQ2MX4T9D' }]);
  });

  test('a slip is said in words beside what was typed, and nothing typed becomes markup', () => {
    const { post, offers } = board();
    const answer = post({ code: '"><script>alert(1)</script>', server: '<b>' });
    expect(answer.status).toBe(422);
    expect(answer.body).toContain('mười chữ và số');
    expect(answer.body).not.toContain('<script>alert');
    expect(answer.body).toContain('value="&quot;&gt;&lt;script&gt;');
    expect(offers).toEqual([]);
  });

  test.each<[string, Partial<LocalRequest>, number]>([
    ['a form of another page', { origin: 'http://evil.example' }, 403],
    ['no origin', { origin: undefined }, 403],
    ['an origin hidden by its page', { origin: 'null' }, 403],
    ['the right address under TLS', { origin: `https://${host}` }, 403],
    ['another kind of body', { contentType: 'text/plain' }, 403],
    ['a name that another name server points here', { host: 'evil.example', origin: 'http://evil.example' }, 421],
    ['no name at all', { host: undefined }, 421],
    ['a form without seal', { body: 'code=7KQ2MX4T9D&server=https://loa.example' }, 403],
    ['a forged seal', { body: `code=7KQ2MX4T9D&seal=${'0'.repeat(32)}` }, 403],
    ['another method', { method: 'PUT' }, 405],
    ['another path', { target: '/api/orders' }, 404],
    ['a path that climbs', { target: '/../settings.json' }, 404],
  ])('%s is refused', (_what, more, status) => {
    const { post, offers } = board();
    expect(post(typed, more).status).toBe(status);
    expect(offers).toEqual([]);
  });

  test('a form that is too old is refused, one that is filled in slowly is not', async () => {
    const { clock, post, seal } = board();
    const first = seal();
    await clock.advance(sealLifeMs * 0.9);
    expect(post({ ...typed, seal: first }).status).toBe(303);
    await clock.advance(sealLifeMs * 1.2);
    expect(post({ ...typed, seal: first }).status).toBe(403);
  });

  test('guessing is slow: some tries at once, then one each twenty seconds', async () => {
    const { clock, post, offers } = board();
    const statuses = Array.from({ length: 50 }, () => post(typed).status);
    expect(statuses.filter((status) => status === 303)).toHaveLength(6);
    expect(statuses.at(-1)).toBe(429);
    await clock.advance(tryEveryMs);
    expect([post(typed).status, post(typed).status]).toEqual([303, 429]);
    expect(offers).toHaveLength(7);
  });

  test('an enrolled board has no form and takes none', () => {
    const { ask, post, become, seal, offers } = board();
    const before = seal();
    become({ phase: 'enrolled' });
    expect(ask().body).not.toContain('<form');
    expect(post({ ...typed, seal: before }).status).toBe(405);
    expect(offers).toEqual([]);
  });
});

test('it shows what a technician needs in two languages, and nothing secret', () => {
  const faults = [{ code: 'output-missing', sinceMs: noonMs - 3_600_000 }] as const;
  const { ask } = board({
    state: poleStateOf({ faults: [...faults], isLinked: false, lastContactMs: noonMs - 7_200_000 }),
  });
  const { body, headers } = ask();
  for (const words of [
    'Nhà văn hóa thôn 1',
    'Có sự cố',
    'A fault is open',
    'Không có đường ra loa',
    '11:00 25/11/2026',
    '17:00 25/11/2026',
    'tối đa 15 phút',
    '2 giờ trước',
    '12:00 04/12/2026',
    '5 nháy rồi nghỉ',
  ])
    expect(body).toContain(words);
  expect(body).not.toMatch(/eyJ|token|"d"|privateKey|claim/i);
  expect(headers['content-security-policy']).toMatch(/default-src 'none'.*form-action 'self'.*frame-ancestors 'none'/);
  expect(headers['cache-control']).toBe('no-store');
});

describe('the listener', () => {
  const opened: { close(): Promise<void> }[] = [];
  afterEach(async () => {
    for (const one of opened.splice(0)) await one.close();
  });

  async function open(options: { connectionMs?: number } = {}): Promise<Listener> {
    const at = { address: '127.0.0.1', port: 0 };
    const begun = await listen({ at, answer: () => ({ status: 200, headers: {}, body: 'ok' }), ...options });
    if (!begun.ok) throw new Error(begun.reason);
    opened.push(begun.listener);
    return begun.listener;
  }

  function talk(port: number, text: string): Promise<string> {
    return new Promise((resolve) => {
      let heard = '';
      const socket = connect(port, '127.0.0.1', () => socket.write(text));
      socket.on('data', (piece) => (heard += piece.toString()));
      socket.on('error', () => undefined);
      socket.on('close', () => resolve(heard));
    });
  }

  test('a request within the bound is answered, a larger one is not', async () => {
    const { port } = await open();
    const post = (bytes: number) =>
      talk(port, `POST / HTTP/1.1\r\nHost: a\r\nContent-Length: ${bytes}\r\n\r\n${'x'.repeat(bytes)}`);
    expect(await post(3_000)).toMatch(/^HTTP\/1.1 200/);
    expect(await post(5_000)).toMatch(/^HTTP\/1.1 413/);
    expect(await talk(port, `GET / HTTP/1.1\r\nHost: a\r\nX: ${'x'.repeat(9_000)}\r\n\r\n`)).toMatch(/^HTTP\/1.1 431/);
    expect(await talk(port, 'nonsense\r\n\r\n')).toMatch(/^HTTP\/1.1 400/);
  });

  test('who sends nothing, or a byte now and then, is cut', async () => {
    const { port } = await open({ connectionMs: 200 });
    const fromMs = performance.now();
    await Promise.all([talk(port, ''), talk(port, 'GET / HTTP/1.1\r\nHost: a\r\nX: ')]);
    expect(performance.now() - fromMs).toBeLessThan(3_000);
  });

  test('one phone that opens many connections gets some of them', async () => {
    const { port } = await open({ connectionMs: 60_000 });
    const sockets = Array.from({ length: 40 }, () => connect(port, '127.0.0.1'));
    const closed = new Set<number>();
    sockets.forEach((socket, index) => {
      socket.on('error', () => undefined);
      socket.on('close', () => closed.add(index));
    });
    await expect.poll(() => closed.size).toBe(40 - connectionsMax.ofOne);
    for (const socket of sockets) socket.destroy();
    await expect.poll(() => talk(port, 'GET / HTTP/1.1\r\nHost: a\r\n\r\n')).toMatch(/^HTTP\/1.1 200/);
  });

  test('a socket file left by a killed agent is no obstacle, and nobody answers behind it', async () => {
    const folder = await mkdtemp(join(tmpdir(), 'loa-socket-'));
    const socketPath = join(folder, 'agent.sock');
    const ask = () => askSocket({ socketPath, method: 'GET', path: '/state', timeoutMs: 1_000 });
    expect(await ask()).toBeUndefined();
    for (let time = 0; time < 2; time += 1) {
      const begun = await listen({ at: { socketPath }, answer: () => ({ status: 200, headers: {}, body: 'here' }) });
      if (!begun.ok) throw new Error(begun.reason);
      opened.push(begun.listener);
      expect(await ask()).toEqual({ status: 200, body: 'here' });
    }
    await rm(folder, { recursive: true });
  });

  test('the page waits for its network, then is there', async () => {
    const { parts } = board();
    const lines: string[] = [];
    const log = (line: string) => lines.push(line);
    const absent = openLocalPage({ ...parts, clock: machineClock, address: '203.0.113.7', port: 0, log });
    await expect.poll(() => lines[0]).toMatch(/^no local page: .*EADDRNOTAVAIL/);
    await absent.stop();
    const page = openLocalPage({ ...parts, clock: machineClock, address: '127.0.0.1', port: 0, log });
    await expect.poll(() => page.port()).toBeDefined();
    const answer = await fetch(`http://127.0.0.1:${page.port()}/`);
    expect(await answer.text()).toContain('Chưa đăng ký');
    await page.stop();
  });
});
