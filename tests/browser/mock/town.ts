/**
 * The made-up town behind the mock server: three communes, their clusters, people, sounds and bulletins. Made by code,
 * the same on every start. Real names of places, nothing else is real.
 */
import { createHash } from 'node:crypto';
import type { AreaView, BulletinView, ClipView, ClusterView, FaultView, Person, TestView } from '@loa/protocol/panel';
import { rightsOf } from '@loa/protocol/panel';
import type { When } from '@loa/schedules';

export const timeZone = 'Asia/Ho_Chi_Minh';

/** What the mock keeps of a bulletin. `nowAtMs` for those that were sent at once. */
export interface MockBulletin {
  id: string;
  title: string;
  class: 'normal' | 'priority' | 'emergency';
  clip: ClipView;
  areaIds: string[];
  whens: When[];
  nowAtMs?: number;
  repeat: { count: number; gapMs: number };
  drill: boolean;
  createdBy: string;
  createdMs: number;
  withdrawnMs?: number;
  clusterIds?: string[] | undefined;
  slot?: BulletinView['slot'];
  versions?: BulletinView['versions'];
  originId?: string | undefined;
  isFromAbove?: boolean | undefined;
  /** It plays nowhere: communes add it to their schedule. */
  isOffered?: boolean | undefined;
  /** It sounds nowhere: a leader has yet to decide, or has sent it back. */
  standing?: 'submitted' | 'returned' | undefined;
  /** To be played as soon as it is approved. */
  isNow?: boolean | undefined;
  decision?: { by: string; atMs: number; reason?: string };
}

const openHours = {
  spans: [{ weekdays: [1, 2, 3, 4, 5, 6, 7], from: '05:00', until: '21:00' }],
  document: '',
  isDefault: true,
};
const decidedHours = {
  spans: [
    { weekdays: [1, 2, 3, 4, 5, 6, 7], from: '05:00', until: '06:00' },
    { weekdays: [1, 2, 3, 4, 5, 6, 7], from: '11:00', until: '11:30' },
    { weekdays: [1, 2, 3, 4, 5, 6, 7], from: '16:30', until: '18:00' },
  ],
  document: '12/QĐ-UBND',
  isDefault: false,
};

function area(id: string, parentId: string | null, kind: AreaView['kind'], name: string, more: Partial<AreaView> = {}) {
  return { id, parentId, kind, name, hours: openHours, ...more } satisfies AreaView;
}

export const areas: AreaView[] = [
  area('lam-dong', null, 'province', 'Lâm Đồng', { code: '68' }),
  area('ham-thang', 'lam-dong', 'commune', 'Phường Hàm Thắng', { code: '22933', hours: decidedHours }),
  area('ht-kp-thang-loi', 'ham-thang', 'village', 'Khu phố Thắng Lợi', { hours: decidedHours }),
  area('ht-kp-kim-ngoc', 'ham-thang', 'village', 'Khu phố Kim Ngọc', { hours: decidedHours }),
  area('ht-thon-da-dung', 'ham-thang', 'village', 'Thôn Đá Dựng', { hours: decidedHours }),
  area('ham-thuan-bac', 'lam-dong', 'commune', 'Xã Hàm Thuận Bắc', { code: '23089' }),
  area('htb-thon-1', 'ham-thuan-bac', 'village', 'Thôn Lâm Giang'),
  area('htb-thon-2', 'ham-thuan-bac', 'village', 'Thôn Bình Lâm'),
  area('hong-son', 'lam-dong', 'commune', 'Xã Hồng Sơn'),
  area('hs-thon-1', 'hong-son', 'village', 'Thôn Hồng Lâm'),
  area('hs-thon-2', 'hong-son', 'village', 'Thôn Hồng Chính'),
  area('ha-luu-song-quao', 'lam-dong', 'group', 'Hạ lưu hồ Sông Quao'),
];

/** Areas a named group addresses. */
export const groupMembers: Record<string, string[]> = { 'ha-luu-song-quao': ['htb-thon-1', 'ht-thon-da-dung'] };

const places: [string, string, string, number][] = [
  ['c-ubnd', 'Trụ sở UBND phường', 'ham-thang', 4],
  ['c-thang-loi', 'Nhà văn hóa Thắng Lợi', 'ht-kp-thang-loi', 2],
  ['c-cho-kim-ngoc', 'Chợ Kim Ngọc', 'ht-kp-kim-ngoc', 2],
  ['c-da-dung', 'Ngã ba Đá Dựng', 'ht-thon-da-dung', 2],
  ['c-lam-giang-1', 'Đình Lâm Giang', 'htb-thon-1', 3],
  ['c-lam-giang-2', 'Trường tiểu học Lâm Giang', 'htb-thon-1', 2],
  ['c-binh-lam', 'Cầu Bình Lâm', 'htb-thon-2', 2],
  ['c-htb-cho', 'Chợ Ma Lâm', 'ham-thuan-bac', 4],
  ['c-hong-lam', 'Nhà văn hóa Hồng Lâm', 'hs-thon-1', 2],
  ['c-hong-chinh-1', 'Trạm y tế Hồng Chính', 'hs-thon-2', 2],
  ['c-hong-chinh-2', 'Đồi cát Hồng Chính', 'hs-thon-2', 2],
  ['c-hs-ubnd', 'Trụ sở UBND xã Hồng Sơn', 'hong-son', 4],
];

/** What its board senses: the first has everything fitted, one runs in shadow, the others are plain. */
function boardAt(index: number, nowMs: number): Partial<ClusterView> {
  const readingsAt = new Date(nowMs - 40_000).toISOString();
  const services = ['audible-test', 'restart', 'logs', 'update'];
  if (index !== 0)
    return {
      fitting: index === 1 ? 'amplifier-current' : 'none',
      sensors: ['link', 'data-used', 'clock-health'],
      services,
      ...(index === 2 ? { shadow: true } : {}),
      ...(index === 1 ? { lastTest: lineTest(nowMs) } : {}),
      ...(index === 7 ? { lastTest: contactTest(nowMs) } : {}),
      readings: { linkKind: 'mobile', linkSignalDbm: -91, dataUsedBytes: 41_000_000, clockDriftPpm: -11.2 },
      readingsAt,
    };
  return {
    fitting: 'microphone',
    sensors: [
      'mains',
      'battery',
      'temperature',
      'throttling',
      'memory',
      'link',
      'data-used',
      'door',
      'amplifier-switch',
    ],
    services: ['silent-test', ...services],
    readings: {
      mainsPresent: false,
      batteryPercent: 71,
      batteryVolts: 12.4,
      temperatureC: 51.5,
      isThrottled: false,
      memoryFreeBytes: 210_000_000,
      linkKind: 'mobile',
      linkSignalDbm: -87,
      dataUsedBytes: 1_240_000_000,
      amplifierOn: false,
    },
    readingsAt,
    lastTest: {
      form: 'silent',
      verdict: 'sound',
      at: new Date(nowMs - 14 * 3_600_000).toISOString(),
      evidence: { probe: 'microphone', measuredDbfs: -41 },
      isOwn: true,
    },
  };
}

/** Of a board that sees its amplifier's line, in the device's own figures. */
function lineTest(nowMs: number): TestView {
  return {
    form: 'audible',
    verdict: 'undecided',
    at: new Date(nowMs - 3_600_000).toISOString(),
    evidence: {
      ...{ emittedMs: 4_000, quiet: 1, rise: 0, follows: 0, sentDbfs: -20.4, reason: 'too-short' },
      ...{ probe: 'line-level', measured: 'undecided' },
    },
    isOwn: false,
  };
}

/** Of a bridge whose contact never closed. */
function contactTest(nowMs: number): TestView {
  const evidence = { emittedMs: 4_000, contactClosedMs: 0, contactOpenMs: 4_150, probe: 'contact', measured: 'none' };
  return { form: 'audible', verdict: 'none', at: new Date(nowMs - 7_200_000).toISOString(), evidence, isOwn: false };
}

/** The clusters as they stand at `nowMs`: one out of reach since the early afternoon, one with a broken output. */
export function clustersAt(nowMs: number): ClusterView[] {
  const iso = (atMs: number) => new Date(atMs).toISOString();
  return places.map(([id, name, areaId, horns], index) => ({
    id,
    name,
    areaId,
    horns,
    deviceId: `d-${String(index + 1).padStart(4, '0')}`,
    deviceKind: index === 7 ? 'bridge' : 'receiver',
    board: 'Orange Pi Zero 3',
    agentVersion: '0.1.0',
    reach: id === 'c-hs-ubnd' ? 'never' : 'reachable',
    ...(id === 'c-hs-ubnd'
      ? {}
      : {
          reachSince: iso(nowMs - 9 * 3_600_000),
          lastSeenAt: iso(nowMs),
          planUntil: iso(nowMs + 8.4 * 86_400_000),
          clock: { trusted: true, offsetMs: 3 + index, boundMs: 12 },
          ...boardAt(index, nowMs),
        }),
    planCurrent: true,
    faults: [],
  }));
}

/** Faults that stand at the start; `clearedAt` makes one past. */
export function faultsAt(nowMs: number): FaultView[] {
  const iso = (agoMinutes: number) => new Date(nowMs - agoMinutes * 60_000).toISOString();
  return [
    {
      id: 'f-1',
      clusterId: 'c-da-dung',
      code: 'out-of-reach',
      openedAt: iso(173),
      evidence: { lastSeenAt: iso(175) },
      judgedBy: 'server',
    },
    {
      id: 'f-2',
      clusterId: 'c-binh-lam',
      code: 'output-missing',
      openedAt: iso(1_510),
      evidence: { levelDbfs: -78, attempts: 3 },
      judgedBy: 'device',
    },
    {
      id: 'f-3',
      clusterId: 'c-hong-lam',
      code: 'disk-nearly-full',
      openedAt: iso(4_000),
      evidence: { freeBytes: 61_000_000 },
      judgedBy: 'device',
    },
    {
      id: 'f-4',
      clusterId: 'c-da-dung',
      code: 'clock-not-trusted',
      openedAt: iso(12_000),
      clearedAt: iso(11_940),
      evidence: { offsetMs: 94_000 },
      judgedBy: 'device',
    },
  ];
}

function person(id: string, name: string, role: Person['role'], areaId: string): Person {
  return { id, login: id, name, role, areaId, rights: [...rightsOf[role]] };
}

/** Sign in as any of these by its id; any password but `sai` is right. */
export const people: Person[] = [
  person('canbo', 'Nguyễn Thị Hồng', 'officer', 'ham-thang'),
  person('lanhdao', 'Phan Văn Thành', 'leader', 'ham-thang'),
  person('tinh', 'Trần Văn Dũng', 'department', 'lam-dong'),
  person('kythuat', 'Lê Minh Tuấn', 'technician', 'lam-dong'),
  person('kiemtra', 'Phạm Thu Hà', 'auditor', 'lam-dong'),
];

/** A clip as the server would describe it. */
export function clipOf(input: { title: string; durationMs: number; createdMs: number; text?: string }): ClipView {
  const id = createHash('sha256').update(input.title).digest('hex');
  return {
    id,
    title: input.title,
    durationMs: input.durationMs,
    loudnessLufs: -16.1,
    truePeakDbtp: -2.4,
    sizeBytes: Math.round(input.durationMs * 3),
    previewUrl: `/api/clips/${id}/preview`,
    createdAt: new Date(input.createdMs).toISOString(),
    origin: input.text === undefined ? 'upload' : 'speech',
    ...(input.text === undefined ? {} : { text: input.text }),
  };
}

/** The bulletins that stand at the start. */
export function bulletinsAt(nowMs: number): MockBulletin[] {
  const today = Temporal.Instant.fromEpochMilliseconds(nowMs).toZonedDateTimeISO(timeZone).toPlainDate();
  const from = today.subtract({ days: 20 }).toString();
  const make = (
    id: string,
    title: string,
    durationMs: number,
    areaIds: string[],
    whens: When[],
    more: Partial<MockBulletin> = {},
  ): MockBulletin => ({
    id,
    title,
    class: 'normal',
    clip: clipOf({
      title,
      durationMs,
      createdMs: nowMs - 3 * 86_400_000,
      ...(more.class ? {} : { text: `${title}.` }),
    }),
    areaIds,
    whens,
    repeat: { count: 1, gapMs: 2_000 },
    drill: false,
    createdBy: 'Nguyễn Thị Hồng',
    createdMs: nowMs - 3 * 86_400_000,
    ...more,
  });
  return [
    make('b-sang', 'Bản tin sáng của phường', 612_000, ['ham-thang'], [{ kind: 'daily', from, time: '05:15' }]),
    make(
      'b-trua',
      'Hướng dẫn phòng chống sốt xuất huyết',
      148_000,
      ['ham-thang', 'hong-son'],
      [{ kind: 'daily', from, time: '11:00' }],
    ),
    make(
      'b-chieu',
      'Bản tin chiều và tiếp âm Đài tỉnh',
      1_480_000,
      ['lam-dong'],
      [{ kind: 'daily', from, time: '17:00' }],
      {
        class: 'priority',
        createdBy: 'Trần Văn Dũng',
      },
    ),
    make(
      'b-bhyt',
      'Mời bà con đến nhận thẻ bảo hiểm y tế tại UBND phường',
      74_000,
      ['ham-thang'],
      [{ kind: 'once', date: today.toString(), time: '17:30' }],
    ),
    make(
      'b-rac',
      'Lịch thu gom rác cồng kềnh cuối tuần',
      52_000,
      ['ht-kp-thang-loi', 'ht-kp-kim-ngoc'],
      [{ kind: 'weekly', from, weekdays: [6], time: '05:45' }],
    ),
    make(
      'b-dien',
      'Ngừng cấp điện để sửa lưới trung thế',
      66_000,
      ['ham-thang'],
      [{ kind: 'once', date: today.toString(), time: '16:56' }],
    ),
    make(
      'b-hop',
      'Họp tổ dân phố tối thứ Bảy',
      41_000,
      ['ht-kp-kim-ngoc'],
      [{ kind: 'once', date: today.add({ days: 1 }).toString(), time: '11:05' }],
    ),
  ];
}
