/** Can each sample be imported as it stands: every row understood, every session what the panel takes, every tune a sound? */
import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { townUnits } from '@loa/demo/units.ts';
import { sessionFormSchema } from '@loa/protocol/panel';
import { parseSampleDay, tuneWav } from '@loa/server/installation/sample-day.ts';
import { readPastedText } from '@loa/server/keep/speech/pasted-text.ts';
import { peakOf, readWav } from '@loa/server/keep/speech/wav.ts';
import { readTimetable } from '@loa/server/keep/timetable/read-timetable.ts';
import { describe, expect, test } from 'vitest';

const folder = join(import.meta.dirname, '../../../schedules/samples');
const communes = [
  { name: 'ham-thuan-bac', areaId: 'c23089' },
  { name: 'ham-liem', areaId: 'c23095' },
];

test('every sample stands in this table', async () => {
  const names = communes.flatMap(({ name }) => [`standing-day-${name}.json`, `timetable-${name}.csv`]);
  expect((await readdir(folder)).sort()).toEqual(['README.md', ...names].sort());
});

describe.each(communes)('$name', ({ name, areaId }) => {
  test('every row of the week is understood', async () => {
    const result = readTimetable({
      bytes: await readFile(join(folder, `timetable-${name}.csv`)),
      areas: townUnits.areas.flatMap(({ id, parentId, name: areaName, kind }) =>
        (id === areaId || parentId === areaId) && (kind === 'commune' || kind === 'village')
          ? [{ id, name: areaName, kind }]
          : [],
      ),
      defaultAreaId: areaId,
      timeZone: 'Asia/Ho_Chi_Minh',
      today: '2026-11-23',
      readText: readPastedText,
    });
    if (!result.ok) throw new Error(result.refusal.en);
    const { entries, mistakes } = result.value;
    expect(mistakes).toEqual([]);
    expect(entries.length).toBeGreaterThanOrEqual(12);
    expect(entries.length).toBeLessThanOrEqual(25);
    const kinds = new Set(entries.flatMap(({ whens }) => whens.map(({ kind }) => kind)));
    expect(kinds).toContain('weekly');
    expect(kinds).toContain('daily');
    expect(kinds).toContain('lunar');
    expect(entries.map(({ slot }) => slot)).toEqual(expect.arrayContaining(['morning', 'noon', 'evening']));
  });

  test('the standing day is one that the panel takes once its sounds are clips', async () => {
    const result = parseSampleDay(await readFile(join(folder, `standing-day-${name}.json`), 'utf8'));
    if (!result.ok) throw new Error(result.refusal.en);
    for (const session of result.value) {
      const parts = session.parts?.map((part) => ('sound' in part ? { ...part, clipId: 'a'.repeat(64) } : part));
      expect(sessionFormSchema.safeParse({ ...session, parts }).error).toBeUndefined();
    }
    expect(result.value.map(({ slot }) => slot)).toEqual(expect.arrayContaining(['morning', 'noon', 'evening']));
    const relays = result.value.flatMap(({ parts = [] }) => parts.filter((part) => part.kind === 'relay'));
    expect(relays.length).toBeGreaterThanOrEqual(2);
    // A real address would be called by every demo.
    for (const { url } of relays) expect(new URL(url).hostname).toMatch(/\.example$/);
  });

  test('each tune is heard, at its length, and the same every time', async () => {
    const result = parseSampleDay(await readFile(join(folder, `standing-day-${name}.json`), 'utf8'));
    if (!result.ok) throw new Error(result.refusal.en);
    const sounds = result.value.flatMap(({ parts = [] }) =>
      parts.flatMap((part) => ('sound' in part ? [part.sound] : [])),
    );
    const all = sounds.flatMap((sound) => (sound.kind === 'tones' ? [sound] : []));
    const tunes = [...new Map(all.map((tune) => [JSON.stringify(tune), tune])).values()];
    expect(tunes.length).toBeGreaterThan(0);
    for (const tune of tunes) {
      const sound = readWav(tuneWav(tune));
      if (sound === null) throw new Error('not a WAV file');
      const lengthMs = tune.tones.reduce((sum, tone) => sum + tone.lengthMs, 0);
      expect(sound.samples.byteLength / 2 / (sound.sampleRateHz / 1_000)).toBeCloseTo(lengthMs, 0);
      expect(peakOf(sound)).toBeGreaterThan(8_000);
      expect(peakOf(sound)).toBeLessThan(20_000);
      expect(Buffer.compare(tuneWav(tune), tuneWav(tune))).toBe(0);
    }
  });
});

test('a tone has the pitch that is asked for, and a rest is silent', () => {
  const sound = readWav(tuneWav({ kind: 'tones', tones: [{ hz: 440, lengthMs: 1_000 }, { lengthMs: 500 }] }));
  if (sound === null) throw new Error('not a WAV file');
  const view = new DataView(sound.samples.buffer, sound.samples.byteOffset, sound.samples.byteLength);
  let rises = 0;
  for (let at = 2; at < 96_000; at += 2)
    if (view.getInt16(at - 2, true) < 0 && view.getInt16(at, true) >= 0) rises += 1;
  expect(rises).toBeGreaterThanOrEqual(438);
  expect(rises).toBeLessThanOrEqual(442);
  expect(peakOf({ ...sound, samples: sound.samples.subarray(96_000) })).toBe(0);
});

describe('a sample that is wrong is told with its place', () => {
  const session = { name: 'Sáng', weekdays: [1], from: '05:00', until: '05:30', slot: 'morning' };
  const tune = (sound: unknown) => JSON.stringify([{ ...session, parts: [{ kind: 'tune', title: 'Nhạc', sound }] }]);
  test.each([
    ['no JSON', '[', /JSON/],
    ['no session', '[]', /./],
    [
      'a clip instead of a sound',
      JSON.stringify([{ ...session, parts: [{ kind: 'tune', title: 'N', clipId: 'a' }] }]),
      /0\.parts\.0/,
    ],
    ['only silence', tune({ kind: 'tones', tones: [{ lengthMs: 900 }] }), /at least one tone/],
    ['too short for a clip', tune({ kind: 'tones', tones: [{ hz: 440, lengthMs: 100 }] }), /0\.5 to 60/],
    [
      'an hour',
      tune({ kind: 'tones', tones: Array.from({ length: 100 }, () => ({ hz: 440, lengthMs: 10_000 })) }),
      /0\.5 to 60/,
    ],
    ['nothing to say', tune({ kind: 'speech', text: ' ' }), /0\.parts\.0\.sound\.text/],
  ])('%s', (_, text, en) => {
    const result = parseSampleDay(text);
    expect(result.ok === false && result.refusal.en).toMatch(en);
  });
});
