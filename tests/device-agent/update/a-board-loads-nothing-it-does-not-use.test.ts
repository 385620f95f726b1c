/** What is packaged brings no WebSocket of Node's own, no cache of numbers, no letter of two bytes: each is megabytes. */
import { execFile } from 'node:child_process';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { machineNetwork } from '@loa/device-agent/edges/machine-network.ts';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { z } from 'zod';
import { inAscii, packageAgent } from '../../../device-agent/package/bundle.ts';

const run = promisify(execFile);
let folder = '';
let program = '';

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'loa-lean-'));
  await packageAgent({ folder: join(folder, 'package'), number: 1, version: '0.1.0' });
  program = join(folder, 'package/loa-agent.js');
});

afterAll(() => rm(folder, { recursive: true, force: true }));

test('the packaged program, all of it loaded, has not loaded undici', async () => {
  const told = join(folder, 'told.mjs');
  await writeFile(told, "process.on('exit', () => console.log('loaded', process.moduleLoadList.join(' ')));\n");
  const { stdout } = await run(process.execPath, ['--import', told, program, '--help']);
  expect(stdout).toMatch(/Usage: .*\n(.*\n)*loaded .*NativeModule _http_client/);
  expect(stdout).not.toContain('undici');
});

test('every letter of it is one byte, and reads as it was written', async () => {
  expect(await readFile(program, 'utf8')).toMatch(/^[\0-\x7f]*$/);
  const escaped = inAscii('export default ["Cụm loa", "được", /[à-ỹ]/u.test("ế"), "🔊"];');
  const { default: read } = z
    .object({ default: z.unknown() })
    .parse(await import(`data:text/javascript,${encodeURIComponent(escaped)}`));
  expect(read).toEqual(['Cụm loa', 'được', true, '🔊']);
});

test.each(['const path = "\\–";', 'String.raw`Cụm`'])('what would read otherwise is refused: %s', (text) => {
  expect(() => inAscii(text)).toThrow(/write/);
});

test('a link keeps no buffers for numbers', async () => {
  const ofMqtt = createRequire(createRequire(import.meta.url).resolve('mqtt'));
  const packets: { writeToStream: { cacheNumbers: boolean } } = ofMqtt('mqtt-packet');
  packets.writeToStream.cacheNumbers = true;
  const network = machineNetwork({ serverUrl: 'http://127.0.0.1:9' });
  const opening = { clientId: 'd', username: 'd', password: 'p', keepaliveS: 60, timeoutMs: 2_000 };
  const handlers = { onMessage: () => undefined, onClosed: () => undefined };
  const will = { topic: 't', payload: 'gone' };
  await expect(network.openMqtt({ ...opening, ...handlers, will })).rejects.toThrow();
  network.close();
  expect(packets.writeToStream.cacheNumbers).toBe(false);
});
