/** A fault says its name, since when, the evidence and what to try; a cluster out of reach still sounds, and says so. */
import { deviceFaultCodes, type FaultView, serverFaultCodes } from '@loa/protocol/panel';
import { clusterWords, isTroubled, offlineWords } from '@loa/web/model/cluster-words.ts';
import { faultWords } from '@loa/web/model/fault-words.ts';
import { describe, expect, it } from 'vitest';
import { clusterOf } from './live-feed.ts';
import { nowMs, sayEn, sayVi, timeZone } from './speech.ts';

const reading = { nowMs, timeZone, say: sayVi };
const ago = (minutes: number) => new Date(nowMs - minutes * 60_000).toISOString();
const fault = (more: Partial<FaultView>): FaultView => ({
  id: 'f-1',
  clusterId: 'c-1',
  code: 'output-missing',
  openedAt: ago(177),
  evidence: {},
  judgedBy: 'device',
  ...more,
});

describe('a fault', () => {
  it('says its name, since when, on what evidence, and what to try', () => {
    const words = faultWords(fault({ evidence: { levelDbfs: -78, attempts: 3 } }), reading);
    expect(words).toEqual({
      name: 'Không có đường ra loa',
      since: 'từ 14:05 (đã 2 giờ 57 phút)',
      evidence: 'Mức tiếng đo được -78 dB; đã thử 3 lần.',
      technical: '',
      advice: expect.stringContaining('xem dây'),
    });
  });

  it.each<[FaultView['evidence'], string]>([
    [{ lastSeenAt: ago(180), mqtt: 'offline' }, 'Nghe thấy lần cuối lúc 14:02; đường nhận lệnh cũng mất.'],
    [{ mqtt: 'unknown' }, ''],
    [
      { freeBytes: 61_000_000, totalBytes: 7_900_000_000, isShort: false },
      'Lúc báo lỗi: còn trống 61 MB; trên tổng 8 GB.',
    ],
    [{ player: 'alsa', device: 'hw:0', reason: 'no such card' }, ''],
    [{ temperatureC: 81.6 }, 'Lúc báo lỗi: nhiệt độ 82 °C.'],
    [{ batteryPercent: 18, batteryVolts: 11.73 }, 'Lúc báo lỗi: ắc quy còn 18 %; điện áp ắc quy 11,7 V.'],
    [{ usedBytes: 8_100_000_000, limitBytes: 10_000_000_000 }, 'Lúc báo lỗi: đã dùng 8 GB; trên 10 GB của tháng.'],
    [
      { probe: 'microphone', measuredDbfs: -61, sentDbfs: -20 },
      'Đo bằng micro ở loa; mức tiếng đo được -61 dB; mức tiếng đã gửi -20 dB.',
    ],
    [{ offSeconds: -7_200 }, 'Đồng hồ trên bo lệch 2 giờ.'],
    [
      { clips: 2, clip: 'ab12', neededMs: nowMs + 60_000, reason: 'clip-damaged' },
      'Thiếu 2 bản tin; cần phát lúc 17:03; bản tin tải về bị hỏng.',
    ],
    [{ topic: 't', wanted: '1.57', held: '1.55' }, 'Máy chủ đã gửi bản số 1.57; cụm loa đang giữ bản số 1.55.'],
    [
      { boundMs: 94_000, reason: 'clock-not-trusted' },
      'Lúc báo lỗi: sai số đến 1 phút 34 giây; đồng hồ của cụm loa chưa đúng.',
    ],
  ])('tells the evidence %j', (evidence, words) => {
    expect(faultWords(fault({ evidence }), reading).evidence).toBe(words);
  });

  it('says of a figure that goes on moving that it is of when the fault opened', () => {
    const low = fault({ code: 'battery-low', evidence: { batteryPercent: 10 } });
    expect(faultWords(low, reading).evidence).toBe('Lúc báo lỗi: ắc quy còn 10 %.');
    expect(faultWords(low, { ...reading, say: sayEn }).evidence).toBe('When it opened: battery at 10 %.');
  });

  it.each<[FaultView['code'], FaultView['evidence'], boolean]>([
    ['sound-missing', { contactClosedMs: 0, contactOpenMs: 18_000, probe: 'line-level' }, true],
    ['sound-missing', { contactClosedMs: 18_000, contactOpenMs: 0, probe: 'line-level' }, false],
    ['sound-missing', { probe: 'microphone' }, false],
    ['amplifier-failed', { switch: 'contact', reason: 'The contact does not close' }, true],
    ['amplifier-failed', { switch: 'amplifier', reason: 'x' }, false],
    ['sound-wrong', { contactClosedMs: 0, contactOpenMs: 1 }, false],
  ])('of %s on the evidence %j names the contact: %s', (code, evidence, isNamed) => {
    const { advice } = faultWords(fault({ code, evidence }), reading);
    expect(advice.includes('tiếp điểm')).toBe(isNamed);
    expect(faultWords(fault({ code, evidence }), { ...reading, say: sayEn }).advice.includes('contact')).toBe(isNamed);
  });

  it('keeps a program’s own words out of the sentence, and shows them beside it', () => {
    const words = faultWords(fault({ evidence: { device: 'hw:0', reason: 'no such card' } }), reading);
    expect(words).toMatchObject({ evidence: '', technical: 'thiết bị âm thanh: hw:0; thiết bị báo: “no such card”' });
  });

  it('that is over says from when until when', () => {
    expect(faultWords(fault({ openedAt: ago(90), clearedAt: ago(30) }), reading).since).toBe('15:32 – 16:32 (1 giờ)');
  });

  it.each([...deviceFaultCodes, ...serverFaultCodes])('%s has a name and advice in both languages', (code) => {
    for (const say of [sayVi, sayEn]) {
      const words = faultWords(fault({ code }), { ...reading, say });
      expect(words.name).not.toContain(code);
      expect(words.advice).not.toMatch(/^advice\./);
    }
  });

  it('of a code or figure not known here is still shown', () => {
    const words = faultWords(fault({ code: 'cabinet-open', evidence: { doorSensor: true } }), reading);
    expect(words.name).toBe('Sự cố khác (cabinet-open)');
    expect(words.evidence).toBe('');
    expect(words.technical).toBe('doorSensor: true');
  });
});

describe('a cluster out of reach', () => {
  const away = clusterOf('c-1', {
    reach: 'out-of-reach',
    reachSince: ago(177),
    planUntil: new Date(nowMs + 8 * 86_400_000).toISOString(),
  });

  it('is never just offline: it still sounds', () => {
    expect(offlineWords(away, reading)).toBe('Mất liên lạc từ 14:05; vẫn phát theo lịch đã nhận đến thứ Bảy 5/12');
  });

  it('says so too when its plan is over', () => {
    expect(offlineWords({ ...away, planUntil: ago(1) }, reading)).toBe(
      'Mất liên lạc từ 14:05; lịch đã nhận không còn, loa sẽ im',
    );
  });
});

describe('a cluster', () => {
  it('without a device is not faulty', () => {
    expect(isTroubled(clusterOf('c-1', { reach: 'never' }))).toBe(false);
    expect(clusterWords(clusterOf('c-1', { reach: 'never' }), reading).tone).toBe('quiet');
  });

  it('with a cleared fault is well', () => {
    const mended = clusterOf('c-1', { faults: [fault({ clearedAt: ago(1) })] });
    expect(isTroubled(mended)).toBe(false);
    expect(clusterWords(mended, reading)).toEqual({ tone: 'good', label: 'Hoạt động tốt' });
  });

  it('that sounds a drill does not look like an emergency', () => {
    const playing = { occurrence: 'b@1', title: 'Xả lũ', class: 'emergency', since: ago(1) };
    const cluster = clusterOf('c-1', { playing });
    expect(clusterWords(cluster, reading)).toMatchObject({ tone: 'alarm', label: 'Đang phát' });
    expect(clusterWords(cluster, { ...reading, isDrill: true })).toMatchObject({
      tone: 'drill',
      label: 'Đang diễn tập',
    });
  });
});
