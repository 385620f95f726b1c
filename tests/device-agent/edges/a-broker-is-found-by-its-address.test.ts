/** The broker's address is taken apart as mqtt.js would, without the function that Node warns of at each start. */
import { spawnSync } from 'node:child_process';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { brokerPlace } from '@loa/device-agent/edges/broker-place.ts';
import { expect, test } from 'vitest';
import { bundleProgram } from '../../../device-agent/package/bundle.ts';

test.each([
  ['ws://10.0.0.2/mqtt', { protocol: 'ws', host: '10.0.0.2', port: 80, path: '/mqtt' }],
  ['wss://loa.example/sub/mqtt?a=1', { protocol: 'wss', host: 'loa.example', port: 443, path: '/sub/mqtt?a=1' }],
  ['wss://[2001:db8::7]:8443/mqtt', { protocol: 'wss', host: '[2001:db8::7]', port: 8443, path: '/mqtt' }],
  ['mqtt://loa.example', { protocol: 'mqtt', host: 'loa.example', port: 1883 }],
  ['mqtts://[::1]', { protocol: 'mqtts', host: '::1', port: 8883 }],
])('%s', (address, place) => {
  expect(brokerPlace(new URL(address))).toEqual({ ...place, hostname: place.host });
});

test('another kind of address is refused', () => {
  expect(() => brokerPlace(new URL('http://loa.example'))).toThrow('Not the address of a broker');
});

test('a packaged program that calls its broker is warned of nothing', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'loa-broker-'));
  const network = join(import.meta.dirname, '../../../device-agent/src/edges/machine-network.ts');
  await writeFile(
    join(folder, 'calls.ts'),
    `import { machineNetwork } from '${network}';
const will = { topic: 'a', payload: '' };
const calling = { clientId: 'a', username: 'a', password: 'a', will, keepaliveS: 60, timeoutMs: 2000 };
const ends = { onMessage: () => undefined, onClosed: () => undefined };
await machineNetwork({ serverUrl: 'http://127.0.0.1:9' }).openMqtt({ ...calling, ...ends }).catch((error) => console.log('failed', String(error)));
process.exit(0);
`,
  );
  // Of a package in node_modules Node says nothing; in the bundle it is ours.
  await bundleProgram({ entry: join(folder, 'calls.ts'), file: join(folder, 'calls.mjs') });
  const { stdout, stderr } = spawnSync(process.execPath, [join(folder, 'calls.mjs')], { encoding: 'utf8' });
  expect(stdout).toContain('failed');
  expect(stderr).toBe('');
  await rm(folder, { recursive: true });
});
