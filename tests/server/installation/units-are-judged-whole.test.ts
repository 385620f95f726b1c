/** A units file with a mistake is refused with the line to go to; nothing of it is taken. */
import { readFile } from 'node:fs/promises';
import { lineOf } from '@loa/server/installation/json-lines.ts';
import { parseUnits } from '@loa/server/installation/units.ts';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { unitsText } from './units.ts';

test('a right file is taken', () => {
  const units = parseUnits(unitsText);
  expect(units.ok && units.value.areas.map((area) => area.id)).toEqual(['v1', 'c22933', 'p68']);
});

test('the example that the README tells to begin with is taken', async () => {
  const text = await readFile(new URL('../../../server/units.example.json', import.meta.url), 'utf8');
  expect(parseUnits(text)).toMatchObject({ ok: true });
});

test.each([
  ['an unknown parent', '"parentId": "c22933", "kind"', '"parentId": "c99", "kind"', 'line 4, areas.0.parentId'],
  ['a circle', '"id": "p68", "kind"', '"id": "p68", "parentId": "v1", "kind"', 'line 9, areas.2.parentId'],
  ['the same id twice', '"id": "p68"', '"id": "v1"', 'line 9, areas.2.id'],
  ['the same cluster twice', '"id": "k2"', '"id": "k1"', 'line 13, clusters.1.id'],
  ['the same login twice', '"login": "so"', '"login": "canbo"', 'line 17, people.1.login'],
  ['a cluster nowhere', '"areaId": "v1"', '"areaId": "v7"', 'line 12, clusters.0.areaId'],
  ['a person nowhere', '"role": "department", "areaId": "p68"', '"role": "department", "areaId": "x"', 'line 17'],
  ['an id that cannot be a topic', '"id": "k2"', '"id": "k/#"', 'line 13, clusters.1.id'],
  ['an unknown role', '"role": "officer"', '"role": "boss"', 'line 16, people.0.role'],
  ['a time zone of nowhere', '"timeZone": "Asia/Ho_Chi_Minh",\n', '"timeZone": "Asia/Nowhere",\n', 'line 2, timeZone'],
  ['an hour that is none', '"until": "24:00"', '"until": "25:00"', 'line 8, areas.1.hours.spans.0.until'],
  ['no horns', '"horns": 2', '"horns": 0', 'line 13, clusters.1.horns'],
])('%s is told with its line', (_name, right, wrong, place) => {
  expect(unitsText).toContain(right);
  const units = parseUnits(unitsText.replace(right, wrong));
  expect(units.ok ? '' : units.refusal.en).toContain(place);
  expect(units.ok ? '' : units.refusal.vi).toContain(place);
});

test('broken JSON is told where it breaks', () => {
  const units = parseUnits(unitsText.replace('"clusters": [', '"clusters": '));
  expect(units.ok ? '' : units.refusal.en).toMatch(/line \d+|position \d+/);
});

test('a thousand mistakes are told as ten', () => {
  const areas = Array.from({ length: 1_000 }, () => ({ id: 'a', kind: 'group', name: 'a' }));
  const people = [{ login: 'so', name: 'a', role: 'auditor', areaId: 'a' }];
  const units = parseUnits(JSON.stringify({ timeZone: 'UTC', areas, clusters: [], people }));
  expect(units.ok ? 0 : units.refusal.en.split('\n').length).toBe(12);
});

test('the line is right for every value of every JSON', () => {
  fc.assert(
    fc.property(fc.jsonValue(), (value) => {
      const text = JSON.stringify({ before: value, list: [value, value, 'here'] }, null, 2);
      const line = text.split('\n').length - 2;
      expect(lineOf(text, ['list', 2])).toBe(line);
    }),
  );
});
