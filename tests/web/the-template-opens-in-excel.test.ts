/** The table offices fill in: read as Vietnamese by a Vietnamese Excel, every row as long as its headings. */
import { timetableTemplate } from '@loa/web/model/timetable-template.ts';
import { expect, it } from 'vitest';

const text = timetableTemplate({ today: Temporal.PlainDate.from('2026-11-30'), place: 'Xã "Hồng; Sơn"' });

/** RFC 4180 with semicolons. */
const cellsOf = (line: string) =>
  [...line.matchAll(/(?:^|;)(?:"((?:[^"]|"")*)"|([^;]*))/g)].map(([, quoted, plain]) =>
    quoted === undefined ? plain : quoted.replaceAll('""', '"'),
  );

it('has a byte order mark and lines of equal length', () => {
  expect(text.startsWith('\ufeffTiêu đề;')).toBe(true);
  const rows = text.slice(1).trimEnd().split('\r\n').map(cellsOf);
  expect(rows).toHaveLength(4);
  for (const row of rows) expect(row).toHaveLength(13);
  expect(rows[1]).toContain('05:15; 17:00');
  expect(rows[1]).toContain('Xã "Hồng; Sơn"');
  expect(rows[1]).toContain('01/12/2026');
});
