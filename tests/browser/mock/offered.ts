/** What the mock's province has sent down at the start: two that wait, one declined, one recalled. */
import { clipOf, type MockBulletin } from './town.ts';

const hourMs = 3_600_000;

/** Bulletins that play nowhere by themselves. */
export function offeredAt(nowMs: number): MockBulletin[] {
  const make = (id: string, title: string, text: string, agoHours: number, more: Partial<MockBulletin> = {}) => ({
    id,
    title,
    class: 'normal' as const,
    clip: clipOf({ title, durationMs: 20_000 + text.length * 68, createdMs: nowMs - agoHours * hourMs, text }),
    areaIds: ['lam-dong'],
    whens: [],
    repeat: { count: 1, gapMs: 2_000 },
    drill: false,
    createdBy: 'Trần Văn Dũng',
    createdMs: nowMs - agoHours * hourMs,
    isOffered: true,
    isFromAbove: true,
    ...more,
  });
  const from = Temporal.Instant.fromEpochMilliseconds(nowMs).toZonedDateTimeISO('Asia/Ho_Chi_Minh').toPlainDate();
  return [
    make(
      'b-tren-soi',
      'Lịch tiêm vắc xin sởi cho trẻ từ 1 đến 5 tuổi',
      'Trạm y tế tổ chức tiêm vắc xin sởi cho trẻ từ một đến năm tuổi, mời bà con đưa trẻ đến tiêm đúng lịch hẹn.',
      26,
      {
        whens: [
          {
            kind: 'daily',
            from: from.add({ days: 1 }).toString(),
            until: from.add({ days: 4 }).toString(),
            time: '17:00',
          },
        ],
        slot: 'evening',
        versions: [{ language: 'cjm', clipId: 'c'.repeat(64), durationMs: 64_000 }],
      },
    ),
    make(
      'b-tren-thue',
      'Hướng dẫn hộ kinh doanh kê khai thuế điện tử',
      'Các hộ kinh doanh kê khai thuế qua ứng dụng, cần giúp đỡ xin đến bộ phận một cửa của xã, phường.',
      5,
    ),
    make('b-tren-lua', 'Phòng trừ sâu bệnh cho lúa đông xuân', 'Bà con thăm đồng thường xuyên.', 49),
    make('b-tren-hoi', 'Mời xem hội chợ thương mại', 'Hội chợ mở cửa cả tuần.', 72, {
      withdrawnMs: nowMs - 60 * hourMs,
    }),
  ];
}
