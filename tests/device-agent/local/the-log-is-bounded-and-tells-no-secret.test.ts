/**
 * The log on the board: never more than its two files, written in pieces, readable while it grows, and without tokens,
 * keys or claim codes whatever line they come in.
 */
import { gunzipSync } from 'node:zlib';
import { logFlushMs, logPaths, openLogRing } from '@loa/device-agent/keep/log/log-ring.ts';
import { followEveryMs, followLog, gatherLog, readLog } from '@loa/device-agent/keep/log/read-log.ts';
import { redact } from '@loa/device-agent/keep/log/redact.ts';
import { seal } from '@loa/protocol/device';
import { expect, test } from 'vitest';
import { manualClock } from '../../harness/manual-clock.ts';
import { simulatedDisk } from '../../harness/simulated-disk.ts';
import { deviceKey } from '../installation.ts';

const wallMs = Date.parse('2026-11-25T05:00:00Z');

async function board(fileBytesMax?: number) {
  const disk = simulatedDisk({ fraction: () => 0 });
  const clock = manualClock({ wallMs });
  const ring = await openLogRing({ disk, clock, ...(fileBytesMax === undefined ? {} : { fileBytesMax }) });
  return { disk, clock, ring };
}

const token = seal({ payload: { sub: 'cum-01' }, key: deviceKey, type: 'loa-nonce' });
const opaque = 'k3J9vQ2mX7pLw8Zt';

test.each([
  ['a token', `sign-in failed with ${token} after 3 s`, token.slice(0, 20)],
  ['a token cut off', `got ${token.slice(0, 90)}`, token.slice(0, 20)],
  ['a header', `GET /clips/1 Authorization: Bearer ${opaque} refused`, opaque],
  ['a private key', `identity ${JSON.stringify(deviceKey)}`, deviceKey.d],
  ['a key as Node prints it', `{ kty: 'OKP', d: '${deviceKey.d}' }`, deviceKey.d],
  ['a claim code', 'enrolled with 7KQ2M-X4T9D now', 'X4T9D'],
  ['a claim code as typed', 'LOA_CLAIM_CODE code=7kq2mx4t9d', '7kq2m'],
  ['a link with a code', 'http://10.42.0.1/enrol#code=7KQ2MX4T9D&server=https://loa.example', '7KQ2MX'],
  ['a value it was told', `the answer was <${opaque}>`, opaque],
])('%s does not appear', (_what, line, secret) => {
  expect(line).toContain(secret);
  expect(redact(line, [opaque])).not.toContain(secret);
});

test('what a technician needs stays: hashes, addresses, faults, words', () => {
  for (const line of [
    'damaged: clips/9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08 lines do not match',
    'link: MQTT not connected (connect ECONNREFUSED 10.0.0.1:1883), WebSocket connected',
    'not enrolled yet: The claim code has ten letters and digits.',
    'running as cum-01 (Thôn 1, xã Bình Minh), player alsa',
  ])
    expect(redact(line)).toBe(line);
});

test('foreign text cannot make a second line, nor an endless one', () => {
  expect(redact('one\r\n2026-01-01T00:00:00.000Z two\u001b[31m')).toBe('one 2026-01-01T00:00:00.000Z two [31m');
  expect(redact('x'.repeat(100_000)).length).toBeLessThan(2_100);
});

test('nothing told to be hidden reaches the disk', async () => {
  const { disk, ring } = await board();
  ring.hide(opaque);
  ring.add(`first ${opaque} and then ${token}`);
  await ring.flush();
  const text = await readLog(disk);
  expect(text).toContain('first … and then …');
  expect(text).toMatch(/^2026-11-25T05:00:00.000Z first/);
});

test('lines wait for company: a hundred of them are one write, and all are there after it', async () => {
  const { disk, clock, ring } = await board();
  let writes = 0;
  const counting: typeof disk = {
    ...disk,
    append(path, content) {
      writes += 1;
      return disk.append(path, content);
    },
  };
  const counted = await openLogRing({ disk: counting, clock });
  for (let line = 0; line < 100; line += 1) counted.add(`line ${line}`);
  expect(await readLog(disk)).toBe('');
  await clock.advance(logFlushMs);
  expect((await readLog(disk)).trim().split('\n')).toHaveLength(100);
  expect(writes).toBe(1);
  await ring.stop();
  expect(clock.timersPending()).toBe(0);
});

test('two files and no more, the newest lines among them', async () => {
  const { disk, ring } = await board(2_000);
  for (let line = 0; line < 2_000; line += 1) {
    ring.add(`line ${line} of many`);
    if (line % 10 === 9) await ring.flush();
  }
  for (const path of Object.values(logPaths)) expect((await disk.sizeBytes(path)) ?? 0).toBeLessThanOrEqual(2_000);
  expect(disk.paths().sort()).toEqual([logPaths.newer, logPaths.older].sort());
  const lines = (await readLog(disk)).trim().split('\n');
  expect(lines.at(-1)).toContain('line 1999 ');
  expect(lines.length).toBeGreaterThan(35);
});

test('a disk that takes nothing costs the oldest lines, and says how many', async () => {
  const { disk, ring } = await board();
  disk.failWith('no space left');
  for (let line = 0; line < 5_000; line += 1) ring.add(`line ${line}`);
  await ring.flush();
  disk.failWith(undefined);
  await ring.flush();
  const lines = (await readLog(disk)).trim().split('\n');
  const lost = Number(/(\d+) lines before this one are lost/.exec(lines[0] ?? '')?.[1]);
  expect(lost + lines.length - 1).toBe(5_000);
  expect(lines.at(-1)).toContain('line 4999');
});

test('it is read since an instant, gzipped, and followed across its change of files', async () => {
  const { disk, clock, ring } = await board(400);
  ring.add('before');
  await clock.advance(60_000);
  ring.add('after');
  await ring.flush();
  const since = gunzipSync(await gatherLog(disk, wallMs + 30_000)).toString('utf8');
  expect(since).toMatch(/^2026-11-25T05:01:00.000Z after\n$/);

  let heard = '';
  const following = followLog({ disk, clock, onText: (text) => (heard += text) });
  await clock.advance(followEveryMs);
  for (let line = 0; line < 30; line += 1) {
    ring.add(`line ${line};`);
    await ring.flush();
    await clock.advance(followEveryMs);
  }
  following.stop();
  expect(heard.match(/line \d+;/g)).toEqual(Array.from({ length: 30 }, (_, line) => `line ${line};`));
  expect(heard).not.toContain('before');
});
