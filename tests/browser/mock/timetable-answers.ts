/** What the mock makes of a spreadsheet: reads the panel's own template, and knows a mistake when a row names one. */
import { api, type TimetableEntry, type TimetableMistake } from '@loa/protocol/panel';
import { type Call, Refused } from './call.ts';

const today = (call: Call) =>
  Temporal.Instant.fromEpochMilliseconds(call.world.nowMs()).toZonedDateTimeISO('Asia/Ho_Chi_Minh').toPlainDate();

function read(call: Call) {
  const form = call.body.toString('utf8');
  if (form.includes('%PDF'))
    throw new Refused(
      422,
      'not-a-table',
      'Tệp này không phải bảng tính. Xin lưu thành .xlsx hoặc .csv.',
      'This file is no spreadsheet. Save it as .xlsx or .csv.',
    );
  const lines = /\ufeff?(Tiêu đề[\s\S]*?)\r?\n--/.exec(form)?.[1]?.split(/\r?\n/) ?? [];
  const names = lines[0]?.split(';') ?? [];
  const entries: TimetableEntry[] = [];
  const tomorrow = today(call).add({ days: 1 }).toString();
  const mistakes: TimetableMistake[] = [];
  for (const [index, line] of lines.slice(1).entries()) {
    const cells = cellsOf(line);
    const cell = (name: string) => cells[names.indexOf(name)] ?? '';
    if (cell('Tiêu đề') === '') continue;
    const row = index + 2;
    const time = cell('Giờ').slice(0, 5) || '05:00';
    if (!/^\d\d:\d\d$/.test(time)) {
      mistakes.push({
        row,
        column: 'Giờ',
        vi: `“${cell('Giờ')}” không phải giờ. Xin ghi như 05:15.`,
        en: `“${cell('Giờ')}” is no time. Write it like 05:15.`,
      });
      continue;
    }
    entries.push({
      row,
      title: cell('Tiêu đề'),
      ...(cell('Văn bản') === '' ? {} : { text: cell('Văn bản') }),
      areaIds: ['ham-thang'],
      whens: [cell('Ngày') === '' ? { kind: 'daily', from: tomorrow, time } : { kind: 'once', date: tomorrow, time }],
      ...(cell('Buổi') === '' ? {} : { slot: 'morning' as const }),
      class: cell('Loại') === 'Ưu tiên' ? 'priority' : 'normal',
      repeatCount: Number(cell('Số lần')) || 1,
    });
  }
  return { entries, mistakes };
}

/** RFC 4180, as far as the template goes. */
function cellsOf(line: string): string[] {
  const parts = line.match(/(?<=^|;)("[^"]*"|[^;]*)/g) ?? [];
  return parts.map((part) => part.replaceAll('"', ''));
}

function schedule(call: Call) {
  const { entries, dryRun } = api.importTimetable.body.parse(JSON.parse(call.body.toString('utf8')));
  const { world, person } = call;
  const bulletinIds = dryRun
    ? []
    : entries.map((entry) => {
        const clip = world.addClip({ title: entry.title, durationMs: 20_000, text: entry.text ?? '' });
        const repeat = { count: entry.repeatCount, gapMs: 2_000 };
        return world.accept({ ...entry, clipId: clip.id, repeat, drill: false, by: person.name }).id;
      });
  const lines = entries.map((entry) => {
    const at = new Date(world.nowMs() + 12 * 3_600_000).toISOString();
    return { at, title: entry.title, how: 'added' as const };
  });
  return {
    changed: {
      until: new Date(world.nowMs() + 24 * 3_600_000).toISOString(),
      clusterCount: 4,
      groups: [{ clusterIds: world.reach(person, ['ham-thang']).clusterIds, lines, leftOutCount: 0 }],
      groupsLeftOutCount: 0,
    },
    bulletinIds,
    mistakes: [],
  };
}

export const timetableAnswers = { readTimetable: read, importTimetable: schedule };
