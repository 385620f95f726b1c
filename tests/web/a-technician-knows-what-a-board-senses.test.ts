/** What is not fitted is not shown, what is not told is not known, and neither looks good; nor does what nobody measured. */
import type { ServiceView, TestView } from '@loa/protocol/panel';
import { boardLines } from '@loa/web/model/board-words.ts';
import { enrolFileOf, enrolLinkOf } from '@loa/web/model/enrol-hand-out.ts';
import { serviceWords, testTone } from '@loa/web/model/service-words.ts';
import { targetTone, targetWords } from '@loa/web/model/target-words.ts';
import { describe, expect, it } from 'vitest';
import { nowMs, sayEn, sayVi, timeZone } from './speech.ts';

const reading = { nowMs, timeZone, say: sayVi };

describe('the board', () => {
  it('shows what is fitted, in the order a technician asks, and asks for help where it must', () => {
    const lines = boardLines(
      {
        sensors: ['door', 'mains', 'battery', 'throttling', 'link'],
        readings: {
          mainsPresent: false,
          batteryPercent: 71.4,
          batteryVolts: 12.43,
          isThrottled: false,
          isUndervolted: true,
          linkKind: 'mobile',
          linkSignalDbm: -91,
          doorOpen: false,
        },
      },
      sayEn,
    );
    expect(lines.map(({ value, isTroubled }) => [value, isTroubled])).toEqual([
      ['Lost', true],
      ['71 % · 12.4 V', false],
      ['Voltage too low', true],
      ['4G · -91 dBm', false],
      ['Shut', false],
    ]);
  });

  it('says of a fitted sensor that tells nothing that it is not known', () => {
    expect(boardLines({ sensors: ['mains', 'temperature'], readings: undefined }, sayVi)).toMatchObject([
      { value: 'Chưa rõ', isUnknown: true, isTroubled: false },
      { value: 'Chưa rõ', isUnknown: true, isTroubled: false },
    ]);
  });

  it('writes figures with the sign of the language', () => {
    const board = { sensors: ['clock-health'], readings: { clockDriftPpm: -11.2 } };
    expect(boardLines(board, sayVi)).toMatchObject([{ value: 'chạy lệch 11,2 phần triệu' }]);
    expect(boardLines(board, sayEn)).toMatchObject([{ value: expect.stringContaining('11.2') }]);
  });

  it('has no line for what is not fitted, whatever is told', () => {
    expect(boardLines({ sensors: [], readings: { mainsPresent: true } }, sayVi)).toEqual([]);
    expect(boardLines({ sensors: undefined, readings: undefined }, sayVi)).toEqual([]);
  });
});

describe('what was asked of a device', () => {
  const service = (more: Partial<ServiceView>): ServiceView => ({
    id: 's-1',
    clusterId: 'c-1',
    deviceId: 'd-1',
    kind: 'restart',
    phase: 'sent',
    orderedBy: 'Lê Minh Tuấn',
    orderedAt: new Date(nowMs).toISOString(),
    expiresAt: new Date(nowMs + 600_000).toISOString(),
    ...more,
  });

  it.each<[Partial<ServiceView>, string, string]>([
    [{}, 'coming', 'Đã gửi lệnh, chờ thiết bị'],
    [{ phase: 'done' }, 'good', 'Xong'],
    [{ phase: 'failed' }, 'attention', 'Không thành công'],
    [{ phase: 'expired' }, 'quiet', 'Hết hạn chờ, không rõ đã làm chưa'],
    [{ kind: 'audible-test', phase: 'done', verdict: 'not-measured' }, 'quiet', 'Đã phát, không lắp thiết bị đo'],
    [{ kind: 'silent-test', phase: 'done', verdict: 'none' }, 'attention', 'Không đo được tiếng'],
  ])('%j is %s: %s', (more, tone, label) => {
    expect(serviceWords(service(more), reading)).toMatchObject({ tone, label });
  });

  it('only a measured sound is good', () => {
    const verdicts: TestView['verdict'][] = [
      'too-low',
      'none',
      'distorted',
      'wrong',
      'undecided',
      'not-measured',
      'refused',
    ];
    expect(verdicts.filter((verdict) => testTone(verdict) === 'good')).toEqual([]);
    expect(testTone('sound')).toBe('good');
  });
});

it('what a board in shadow tells never looks like heard sound', () => {
  const target = { clusterId: 'c-1', phase: 'ended', outcome: 'played', shadow: true } as const;
  expect(targetTone(target)).toBe('quiet');
  expect(targetWords(target, sayVi).label).toBe('Chạy thử, không ra loa');
});

it('the hand-out of an enrolment holds address and code, and nothing of it reaches a server by the link', () => {
  const given = { server: 'https://loa.example:8443', claimCode: '7KQ2M-X4T9D' };
  expect(enrolFileOf(given)).toBe('server=https://loa.example:8443\ncode=7KQ2M-X4T9D\n');
  const link = new URL(enrolLinkOf(given));
  expect(`${link.pathname}${link.search}`).toBe('/enrol');
  expect(Object.fromEntries(new URLSearchParams(link.hash.slice(1)))).toEqual({
    code: '7KQ2M-X4T9D',
    server: 'https://loa.example:8443',
  });
});
