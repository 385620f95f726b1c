/** A lamp, a page or a file that is named wrongly is refused in one line; nothing outside its place can be named. */
import { readSettings } from '@loa/device-agent/settings.ts';
import { expect, test } from 'vitest';

test.each<[Record<string, string>, object]>([
  [{}, { enrolFile: undefined, localPage: undefined, lamp: undefined }],
  [
    { LOA_LOCAL_PAGE: 'off', LOA_LAMP: 'none' },
    { localPage: undefined, lamp: undefined },
  ],
  [{ LOA_LOCAL_PAGE: '10.42.0.1:80' }, { localPage: { address: '10.42.0.1', port: 80 } }],
  [{ LOA_LOCAL_PAGE: '[fd00::1]:8080' }, { localPage: { address: 'fd00::1', port: 8_080 } }],
  [{ LOA_LAMP: 'led:ACT' }, { lamp: { kind: 'led', name: 'ACT' } }],
  [{ LOA_LAMP: 'led:green:status' }, { lamp: { kind: 'led', name: 'green:status' } }],
  [
    { LOA_LAMP: 'sysfs:/sys/class/gpio/gpio17/value' },
    { lamp: { kind: 'sysfs', path: '/sys/class/gpio/gpio17/value' } },
  ],
  [{ LOA_ENROL_FILE: ' /media/usb/loa.txt ' }, { enrolFile: '/media/usb/loa.txt' }],
])('%j is taken', (environment, settings) => {
  expect(readSettings(environment)).toMatchObject({ ok: true, settings });
});

test.each([
  ['LOA_LOCAL_PAGE', 'on'],
  ['LOA_LOCAL_PAGE', '80'],
  ['LOA_LOCAL_PAGE', 'loa.local:80'],
  ['LOA_LOCAL_PAGE', '10.42.0.999:80'],
  ['LOA_LOCAL_PAGE', '10.42.0.1:99999'],
  ['LOA_LAMP', 'ACT'],
  ['LOA_LAMP', 'led:../../../etc/passwd'],
  ['LOA_LAMP', 'led:..'],
  ['LOA_LAMP', 'sysfs:/etc/passwd'],
  ['LOA_LAMP', 'sysfs:/sys/../etc/passwd'],
])('%s=%s is refused by its name', (name, value) => {
  const read = readSettings({ [name]: value });
  expect(read.ok || read.reason).toMatch(new RegExp(`^${name} must be `));
});
