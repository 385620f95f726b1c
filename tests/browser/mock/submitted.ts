/** What the mock's officers have sent to the leader at the start: four that wait, one returned. */
import { clipOf, type MockBulletin } from './town.ts';

const minuteMs = 60_000;

/** Bulletins that sound nowhere until a leader has approved them. */
export function submittedAt(nowMs: number): MockBulletin[] {
  const today = Temporal.Instant.fromEpochMilliseconds(nowMs).toZonedDateTimeISO('Asia/Ho_Chi_Minh').toPlainDate();
  const tomorrow = today.add({ days: 1 }).toString();
  const make = (id: string, title: string, agoMinutes: number, more: Partial<MockBulletin>): MockBulletin => ({
    id,
    title,
    class: 'normal',
    clip: clipOf({ title, durationMs: 34_000, createdMs: nowMs - agoMinutes * minuteMs }),
    areaIds: ['ham-thang'],
    whens: [],
    repeat: { count: 1, gapMs: 2_000 },
    drill: false,
    createdBy: 'Nguyễn Thị Hồng',
    createdMs: nowMs - agoMinutes * minuteMs,
    standing: 'submitted',
    ...more,
  });
  const spoken = (title: string, text: string) =>
    clipOf({ title, durationMs: text.length * 68, createdMs: nowMs, text });
  const blood = 'Ngày hội hiến máu tình nguyện';
  const water = 'Ngừng cấp nước đột xuất khu phố Thắng Lợi';
  const road = 'Cấm đường Quốc lộ 28 ban đêm để thảm nhựa';
  const meeting = 'Mời họp bàn đường nước thôn';
  return [
    make('b-duyet-mau', blood, 42, {
      clip: spoken(
        blood,
        'Hội Chữ thập đỏ phường tổ chức hiến máu tình nguyện tại hội trường Ủy ban nhân dân, kính mời bà con từ mười tám tuổi trở lên tham gia.',
      ),
      whens: [{ kind: 'once', date: tomorrow, time: '17:00' }],
      slot: 'evening',
      repeat: { count: 2, gapMs: 2_000 },
      versions: [{ language: 'cjm', clipId: 'd'.repeat(64), durationMs: 41_000 }],
    }),
    make('b-duyet-nuoc', water, 6, {
      class: 'priority',
      areaIds: ['ht-kp-thang-loi'],
      isNow: true,
      clip: spoken(water, 'Do vỡ ống chính, khu phố Thắng Lợi ngừng cấp nước đến mười tám giờ chiều nay.'),
    }),
    make('b-duyet-duong', road, 90, { whens: [{ kind: 'daily', from: tomorrow, time: '21:30' }] }),
    make('b-duyet-cu', 'Thu tiền rác quý bốn', 26 * 60, {
      whens: [{ kind: 'once', date: today.subtract({ days: 1 }).toString(), time: '17:00' }],
    }),
    make('b-tra-hop', meeting, 300, {
      areaIds: ['ht-thon-da-dung'],
      whens: [{ kind: 'once', date: tomorrow, time: '11:15' }],
      clip: spoken(meeting, 'Mời bà con họp bàn đường nước.'),
      standing: 'returned',
      decision: { by: 'Phan Văn Thành', atMs: nowMs - 200 * minuteMs, reason: 'Thiếu tên thôn và giờ họp' },
    }),
  ];
}
