/** Why a test or a service came out as it did is a sentence in the reader's language, figures have names and units, nothing is hidden. */
import { type ServiceView, serviceReasons, testReasons, undecidedReasons } from '@loa/protocol/panel';
import { evidenceWords } from '@loa/web/model/evidence-words.ts';
import { serviceWords, testLabel } from '@loa/web/model/service-words.ts';
import type { Say } from '@loa/web/text/say.ts';
import { describe, expect, it } from 'vitest';
import { nowMs, sayEn, sayVi, timeZone } from './speech.ts';

const inVi = { nowMs, timeZone, say: sayVi };
const inEn = { nowMs, timeZone, say: sayEn };
const service = (more: Partial<ServiceView>): ServiceView => ({
  id: 's-1',
  clusterId: 'c-1',
  deviceId: 'd-1',
  kind: 'silent-test',
  phase: 'done',
  orderedBy: 'Lê Minh Tuấn',
  orderedAt: new Date(nowMs).toISOString(),
  expiresAt: new Date(nowMs + 600_000).toISOString(),
  ...more,
});

const distrust = ['no-time-yet', 'sample-too-old', 'wall-implausible', 'wall-stepped', 'server-behind-documents'];
const codes = [...new Set([...undecidedReasons, ...testReasons, ...serviceReasons, ...distrust])];

it.each(codes)('%s is a sentence of its own in each language, and no code is shown', (reason) => {
  const said = [inVi, inEn].map((reading) => evidenceWords({ reason }, reading));
  for (const { spoken, technical } of said) {
    expect(spoken).toMatch(/^\p{Lu}.*\.$/u);
    expect(spoken).not.toContain(reason.includes('-') ? reason : `reason.${reason}`);
    expect(technical).toBe('');
  }
  expect(said[0]?.spoken).not.toBe(said[1]?.spoken);
});

describe('what a probe measured', () => {
  it('on a line in millivolt is a sentence, and figures with names and units', () => {
    const evidence = {
      ...{ emittedMs: 3_200, quiet: 1, rise: 0, follows: 0.04, sentDbfs: -20.5, reason: 'too-short' },
      ...{ probe: 'line-level', measured: 'undecided' },
    };
    expect(evidenceWords(evidence, inVi)).toEqual({
      spoken:
        'Mới phát được 3 giây; mức tiếng đã gửi -20 dB; đoạn phát quá ngắn để kết luận; đo ở đường tiếng vào âm ly.',
      technical:
        'mức khi im: 1 mV; mức tăng khi phát: 0 mV; bám theo tiếng đã gửi: 4 %; kết quả đo: Không kết luận được',
    });
    expect(evidenceWords({ ...evidence, probe: 'amplifier-current' }, inEn).technical).toBe(
      'in quiet: 1 mA; rise while sent: 0 mA; follows what was sent: 4 %; measured as: Cannot be told',
    );
  });

  it('of every known name bears no name of the wire, in either language', () => {
    const known =
      'quiet rise value line follows samples likeness delayMs noiseDbfs referenceDb gainDb expectedDbfs flatterDb slope ' +
      'heardMs foundMs pilotLowDb pilotHighDb unreadMs bytes tries contactClosedMs contactOpenMs startsInLastHour';
    for (const name of known.split(' '))
      for (const reading of [inVi, inEn]) {
        const { spoken, technical } = evidenceWords({ [name]: 7_000 }, reading);
        expect(`${spoken}${technical}`).toContain('7');
        // A plain word may be the same in English.
        const isWord = reading === inEn && !/[A-Z]/.test(name);
        expect(`${spoken}${technical}`).not.toMatch(isWord ? /detail\./ : new RegExp(`^${name}: |detail\\.`));
      }
  });

  it('is never left out', () => {
    const evidence = { isShort: true, topic: 'loa/x', player: 'alsa', clip: 'ab12', linkKind: 'mobile', later: 3 };
    expect(evidenceWords(evidence, inVi).technical).toBe(
      'thiếu chỗ: có; chủ đề MQTT: loa/x; ngõ ra: alsa; tệp âm thanh: ab12; đường mạng: 4G; later: 3',
    );
  });
});

describe('a contact', () => {
  const evidence = { contactClosedMs: 0, contactOpenMs: 4_150, probe: 'contact', measured: 'none' };

  it.each<[string, Say, string, string]>([
    ['vi', sayVi, 'Tiếp điểm sang đài cũ không đóng', 'Tiếp điểm sang đài cũ không đóng lần nào'],
    ['en', sayEn, 'The contact to the old station did not close', 'The contact to the old station never closed'],
  ])('that never closed is the word of the test (%s)', (_, say, label, spoken) => {
    const words = serviceWords(service({ verdict: 'none', evidence }), { nowMs, timeZone, say });
    expect(words.label).toBe(label);
    expect(words.spoken).toContain(spoken);
  });

  it('that closed leaves the word to what was measured', () => {
    const closed = { ...evidence, contactClosedMs: 3_000 };
    expect(testLabel({ verdict: 'none', evidence: closed }, sayVi)).toBe('Không đo được tiếng');
    expect(evidenceWords({ reason: 'The contact does not close' }, inVi).spoken).toBe(
      'Tiếp điểm sang đài cũ không đóng.',
    );
  });
});

describe('a service', () => {
  const failed = { kind: 'update', phase: 'failed' } as const;

  it('is told by its code, and keeps the device’s own words for the technician', () => {
    const reason = 'Release 4 is not newer than 5, which runs.';
    const words = serviceWords(service({ ...failed, reason, evidence: { reason: 'release-not-newer' } }), inVi);
    expect(words).toMatchObject({
      spoken: 'Bản này không mới hơn bản đang chạy.',
      technical: `thiết bị báo: “${reason}”`,
    });
  });

  it('whose reason is no code puts no foreign words into the sentence', () => {
    const words = serviceWords(service({ ...failed, reason: 'Something odd.' }), inVi);
    expect(words).toMatchObject({ spoken: '', technical: 'thiết bị báo: “Something odd.”' });
  });

  it('says the code of a test once', () => {
    const words = serviceWords(
      service({ verdict: 'undecided', reason: 'too-short', evidence: { reason: 'too-short' } }),
      inVi,
    );
    expect(words).toMatchObject({ spoken: 'Đoạn phát quá ngắn để kết luận.', technical: '' });
  });
});
