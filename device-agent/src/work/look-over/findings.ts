/**
 * Looks over a board at a person's word: output, decoder, probes, sensors, disk, clock, server, and, when asked, a tone
 * that is to be heard. What is not fitted is no fault. Changes nothing.
 */
import type { DeviceFaultCode, Evidence, Readings, TestVerdict } from '@loa/protocol/device';
import type { Player, Sensor, SoundProbe } from '../../contracts.ts';
import type { PoleState } from '../../pole-state.ts';
import { faultWords, pageWords, probeWords, sensorWords, type Words } from '../words.ts';
import { readingsWords, spaceWords } from './readings-words.ts';

export interface Finding {
  about: Words;
  verdict: 'well' | 'wrong' | 'not-fitted';
  /** What was found, for the technician. */
  words: Words;
}

/** Makes a tone that is meant to be heard, and measures it where something is fitted. */
export type SoundTest = () => Promise<{ verdict: TestVerdict; evidence: Evidence }>;

export interface LookOverParts {
  output: Player['output'];
  hasDecoder: boolean;
  probes: readonly Pick<SoundProbe, 'kind'>[];
  sensors: readonly Sensor[];
  /** What a sensor's figures mean. */
  judge: (readings: Partial<Readings>) => readonly { code: DeviceFaultCode; bad: boolean; evidence: Evidence }[];
  space: () => Promise<{ freeBytes: number; totalBytes: number }>;
  isShort: (space: { freeBytes: number; totalBytes: number }) => boolean;
  clockKept: boolean;
  enrolledAs: string | undefined;
  /** Open faults of this board. */
  faults: readonly DeviceFaultCode[];
  /** The board's own page; absent: none is asked for. */
  page: PoleState['page'];
  /** Resolves when the server answers anything at all. */
  reach: (() => Promise<void>) | undefined;
  /** With `--sound` only. */
  soundTest?: SoundTest | undefined;
}

/** All findings, in the order a technician would look. Never rejects for what a part of the board did. */
export async function findingsOf(parts: LookOverParts): Promise<Finding[]> {
  const findings: Finding[] = [
    await tried(about.output, async () => {
      const { present, evidence } = await parts.output();
      return [present, evidenceWords(present ? ready : missing, evidence)];
    }),
    of(about.decoder, parts.hasDecoder, parts.hasDecoder ? same('ffmpeg') : noDecoder),
    parts.probes.length === 0
      ? { about: about.probes, verdict: 'not-fitted', words: none }
      : of(about.probes, true, joined(parts.probes.map(({ kind }) => probeWords[kind] ?? same(kind)))),
    await tried(about.disk, async () => {
      const space = await parts.space();
      return [!parts.isShort(space), spaceWords(space)];
    }),
    parts.clockKept
      ? of(about.clock, true, { vi: 'có', en: 'fitted' })
      : { about: about.clock, verdict: 'not-fitted', words: none },
    of(
      about.enrolment,
      parts.enrolledAs !== undefined,
      parts.enrolledAs === undefined ? notEnrolled : same(parts.enrolledAs),
    ),
    await reachOf(parts.reach),
    ...(parts.page === undefined ? [] : [pageFinding(parts.page)]),
    ...(parts.faults.length === 0
      ? [of(about.faults, true, none)]
      : parts.faults.map((code) => of(about.faults, false, faultWords[code]))),
  ];
  for (const sensor of parts.sensors) findings.push(...(await ask(sensor, parts.judge)));
  if (parts.soundTest !== undefined) findings.push(await listen(parts.soundTest));
  return findings;
}

const about = {
  output: { vi: 'Đường ra loa', en: 'Sound output' },
  decoder: { vi: 'Bộ giải mã', en: 'Decoder' },
  probes: { vi: 'Đo tiếng', en: 'Probes' },
  disk: { vi: 'Bộ nhớ', en: 'Disk' },
  clock: { vi: 'Đồng hồ có pin', en: 'Clock with a battery' },
  enrolment: { vi: 'Đăng ký', en: 'Enrolment' },
  server: { vi: 'Máy chủ', en: 'Server' },
  page: { vi: 'Trang cho điện thoại', en: 'Page for a phone' },
  faults: { vi: 'Sự cố đang mở', en: 'Open faults' },
} satisfies Record<string, Words>;

const none = { vi: 'không có', en: 'none' };
const ready = { vi: 'sẵn sàng', en: 'ready' };
const missing = { vi: 'không có', en: 'not there' };
const noDecoder = { vi: 'không tìm thấy ffmpeg', en: 'ffmpeg is not found' };
const notEnrolled = { vi: 'chưa đăng ký', en: 'not enrolled' };

async function reachOf(reach: LookOverParts['reach']): Promise<Finding> {
  if (reach === undefined) return of(about.server, false, { vi: 'chưa biết địa chỉ', en: 'no address is known' });
  return tried(about.server, async () => {
    await reach();
    return [true, { vi: 'có trả lời', en: 'it answers' }];
  });
}

/** Its network may come up later: that is no fault. */
function pageFinding(page: NonNullable<PoleState['page']>): Finding {
  if (page === 'no-address') return { about: about.page, verdict: 'not-fitted', words: pageWords[page] };
  return of(about.page, page === 'open', pageWords[page]);
}

/** 0 when nothing is wrong. */
export function exitCodeOf(findings: readonly Finding[]): 0 | 1 {
  return findings.some(({ verdict }) => verdict === 'wrong') ? 1 : 0;
}

async function ask(sensor: Sensor, judge: LookOverParts['judge']): Promise<Finding[]> {
  const what = sensorWords[sensor.kind];
  const answer = await sensor.read().catch(() => undefined);
  if (answer === undefined)
    return [{ about: what, verdict: 'not-fitted', words: { vi: 'không cho biết gì', en: 'it tells nothing' } }];
  const said = readingsWords(answer);
  const bad = judge(answer).filter((signal) => signal.bad);
  if (bad.length === 0) return [of(what, true, said)];
  return bad.map(({ code }) => {
    const { vi, en } = faultWords[code];
    return of(what, false, { vi: `${vi} (${said.vi})`, en: `${en} (${said.en})` });
  });
}

/** `not-measured` and `undecided` are no fault: somebody was there to hear it. */
async function listen(soundTest: SoundTest): Promise<Finding> {
  const wrong: readonly TestVerdict[] = ['none', 'too-low', 'distorted', 'wrong', 'refused'];
  return tried({ vi: 'Thử tiếng', en: 'Sound test' }, async () => {
    const { verdict, evidence } = await soundTest();
    return [!wrong.includes(verdict), evidenceWords(verdictWords[verdict], evidence)];
  });
}

const verdictWords: Record<TestVerdict, Words> = {
  sound: { vi: 'có tiếng, tốt', en: 'heard, well' },
  'too-low': { vi: 'tiếng quá nhỏ', en: 'too low' },
  distorted: { vi: 'tiếng bị méo', en: 'distorted' },
  wrong: { vi: 'tiếng không đúng', en: 'not what was sent' },
  none: { vi: 'không nghe thấy', en: 'not heard' },
  undecided: { vi: 'không rõ', en: 'undecided' },
  'not-measured': { vi: 'đã phát, không có gì để đo', en: 'sent, nothing is fitted to measure it' },
  refused: { vi: 'không thử được', en: 'not made' },
};

async function tried(what: Words, look: () => Promise<[boolean, Words]>): Promise<Finding> {
  try {
    return of(what, ...(await look()));
  } catch (error) {
    const said = error instanceof Error ? error.message : String(error);
    return of(what, false, { vi: `không được (${said})`, en: `failed (${said})` });
  }
}

function of(what: Words, isWell: boolean, words: Words): Finding {
  return { about: what, verdict: isWell ? 'well' : 'wrong', words };
}

/** What a technician may quote stands as the board has it. */
function evidenceWords({ vi, en }: Words, evidence: Evidence): Words {
  const text = Object.entries(evidence)
    .map(([name, value]) => `${name} ${String(value)}`)
    .join(', ');
  return text === '' ? { vi, en } : { vi: `${vi} (${text})`, en: `${en} (${text})` };
}

function joined(all: readonly Words[]): Words {
  return { vi: all.map(({ vi }) => vi).join('; '), en: all.map(({ en }) => en).join('; ') };
}

function same(text: string): Words {
  return { vi: text, en: text };
}
