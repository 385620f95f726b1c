/**
 * Looks over a board at a person's word: output, decoder, probes, sensors, disk, clock, server, and, when asked, a tone
 * that is to be heard. What is not fitted is no fault. Changes nothing.
 */
import type { DeviceFaultCode, Evidence, Readings, TestVerdict } from '@loa/protocol/device';
import type { Player, Sensor, SoundProbe } from '../../contracts.ts';
import { faultWords, type Words } from '../words.ts';

export interface Finding {
  about: Words;
  verdict: 'well' | 'wrong' | 'not-fitted';
  /** What was found, for the technician. */
  words: string;
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
  /** Resolves when the server answers anything at all. */
  reach: (() => Promise<void>) | undefined;
  /** With `--sound` only. */
  soundTest?: SoundTest | undefined;
}

/** All findings, in the order a technician would look. Never rejects for what a part of the board did. */
export async function findingsOf(parts: LookOverParts): Promise<Finding[]> {
  const { enrolledAs, reach } = parts;
  const about = {
    output: { vi: 'Đường ra loa', en: 'Sound output' },
    disk: { vi: 'Bộ nhớ', en: 'Disk' },
    server: { vi: 'Máy chủ', en: 'Server' },
  };
  const findings: Finding[] = [
    await tried(about.output, async () => {
      const { present, evidence } = await parts.output();
      return [present, textOf(evidence)];
    }),
    of({ vi: 'Bộ giải mã', en: 'Decoder' }, parts.hasDecoder, parts.hasDecoder ? 'ffmpeg' : 'ffmpeg is not found'),
    parts.probes.length === 0
      ? { about: { vi: 'Đo tiếng', en: 'Probes' }, verdict: 'not-fitted', words: 'none' }
      : of({ vi: 'Đo tiếng', en: 'Probes' }, true, parts.probes.map(({ kind }) => kind).join(', ')),
    await tried(about.disk, async () => {
      const space = await parts.space();
      return [
        !parts.isShort(space),
        `${Math.round(space.freeBytes / 1e6)} of ${Math.round(space.totalBytes / 1e6)} MB free`,
      ];
    }),
    parts.clockKept
      ? of({ vi: 'Đồng hồ có pin', en: 'Clock with a battery' }, true, 'fitted')
      : { about: { vi: 'Đồng hồ có pin', en: 'Clock with a battery' }, verdict: 'not-fitted', words: 'none' },
    of({ vi: 'Đăng ký', en: 'Enrolment' }, enrolledAs !== undefined, enrolledAs ?? 'not enrolled'),
    reach === undefined
      ? of(about.server, false, 'no address is known')
      : await tried(about.server, async () => {
          await reach();
          return [true, 'it answers'];
        }),
  ];
  for (const sensor of parts.sensors) findings.push(...(await ask(sensor, parts.judge)));
  if (parts.soundTest !== undefined) findings.push(await listen(parts.soundTest));
  return findings;
}

/** 0 when nothing is wrong. */
export function exitCodeOf(findings: readonly Finding[]): 0 | 1 {
  return findings.some(({ verdict }) => verdict === 'wrong') ? 1 : 0;
}

async function ask(sensor: Sensor, judge: LookOverParts['judge']): Promise<Finding[]> {
  const about = { vi: `Cảm biến ${sensor.kind}`, en: `Sensor ${sensor.kind}` };
  const answer = await sensor.read().catch(() => undefined);
  if (answer === undefined) return [{ about, verdict: 'not-fitted', words: 'it tells nothing' }];
  const bad = judge(answer).filter((signal) => signal.bad);
  if (bad.length === 0) return [{ about, verdict: 'well', words: textOf(answer) }];
  return bad.map(({ code, evidence }) => of(about, false, `${faultWords[code].en} ${textOf(evidence)}`));
}

/** `not-measured` and `undecided` are no fault: somebody was there to hear it. */
async function listen(soundTest: SoundTest): Promise<Finding> {
  const wrong: readonly TestVerdict[] = ['none', 'too-low', 'distorted', 'wrong', 'refused'];
  return tried({ vi: 'Thử tiếng', en: 'Sound test' }, async () => {
    const { verdict, evidence } = await soundTest();
    return [!wrong.includes(verdict), `${verdict} ${textOf(evidence)}`];
  });
}

async function tried(about: Words, look: () => Promise<[boolean, string]>): Promise<Finding> {
  try {
    return of(about, ...(await look()));
  } catch (error) {
    return of(about, false, error instanceof Error ? error.message : String(error));
  }
}

function of(about: Words, isWell: boolean, words: string): Finding {
  return { about, verdict: isWell ? 'well' : 'wrong', words: words.trim() };
}

function textOf(values: Record<string, unknown>): string {
  return Object.entries(values)
    .map(([name, value]) => `${name} ${String(value)}`)
    .join(', ');
}
