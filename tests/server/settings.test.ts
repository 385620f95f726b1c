/** Promise: a wrong setting gives one clear line that names it, and no password; the README lists every setting. */
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { readSettings, settingsTable } from '@loa/server/settings.ts';
import { describe, expect, test } from 'vitest';

test('without any variable the documented defaults hold', () => {
  const read = readSettings({});
  expect(read).toMatchObject({
    ok: true,
    settings: {
      mode: 'production',
      http: { host: '0.0.0.0', port: 8080 },
      mqttPort: undefined,
      nowLeadMs: 700,
      demo: undefined,
    },
  });
});

test('a variable that is empty counts as not given', () => {
  expect(readSettings({ LOA_HTTP_PORT: '', MQTT_URL: '' })).toMatchObject({
    ok: true,
    settings: { http: { port: 8080 }, mqttUrl: undefined },
  });
});

describe('a wrong one', () => {
  test.each([
    { env: { LOA_HTTP_PORT: 'abc' }, line: 'LOA_HTTP_PORT is "abc": must be a whole number from 0 to 65535' },
    { env: { LOA_HTTP_PORT: '70000' }, line: 'LOA_HTTP_PORT is "70000": must be a whole number from 0 to 65535' },
    { env: { LOA_HTTP_PORT: '0x50' }, line: 'LOA_HTTP_PORT is "0x50": must be a whole number from 0 to 65535' },
    { env: { LOA_MODE: 'test' }, line: /^LOA_MODE is "test": .*"production"\|"demo"/ },
    {
      env: { DATABASE_URL: 'mysql://u:secret@h' },
      line: /^DATABASE_URL is "…": must be an address that begins with postgres/,
    },
    { env: { MQTT_URL: 'mqtt://u:secret@h' }, line: /^MQTT_URL needs LOA_MQTT_PUBLIC_URL/ },
    {
      env: { MQTT_URL: 'mqtt://u:secret@h', LOA_MQTT_PUBLIC_URL: 'mqtt://h', LOA_MQTT_PORT: '1883' },
      line: /^LOA_MQTT_PORT opens the embedded broker/,
    },
    { env: { LOA_DEMO_URL: 'http://127.0.0.1:1', LOA_MODE: 'demo' }, line: /belong together/ },
    { env: { LOA_DEMO_URL: 'http://127.0.0.1:1', LOA_DEMO_TOKEN: 'secret' }, line: /needs LOA_MODE=demo/ },
  ])('$line', ({ env, line }) => {
    const read = readSettings(env);
    if (read.ok) throw new Error('was accepted');
    expect(read.lines).toHaveLength(1);
    expect(read.lines[0]).toMatch(line);
    expect(read.lines[0]).not.toContain('secret');
  });
});

test('the README’s table is the one of the code', async () => {
  const readme = await readFile(join(import.meta.dirname, '../../server/README.md'), 'utf8');
  expect(readme).toContain(settingsTable());
});
