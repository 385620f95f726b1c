/**
 * What is the standing day of a commune in a sample file, and how do its tunes sound? A sample is text: where a session of
 * a running installation names a clip, it describes the sound, and whoever imports it makes the clip. Only parses and
 * computes; writes nothing, speaks nothing.
 */
import { sessionFormSchema, sessionPartFormSchema } from '@loa/protocol/panel';
import { z } from 'zod';
import { joinWav } from '../keep/speech/wav.ts';
import { accept, type Result, refuse } from '../refusal.ts';

/** A standing day is some kilobytes. */
export const sampleDayBytesMax = 256 * 1024;
/** The longest tune that is computed. */
const tuneMsMax = 60_000;
/** The shortest sound that becomes a clip. */
const tuneMsMin = 500;
const mistakesMax = 10;

/** One tone after another; without `hz` it is silence. */
const toneSchema = z.object({ hz: z.number().min(80).max(6_000).optional(), lengthMs: z.int().min(20).max(10_000) });

const tonesSchema = z
  .object({ kind: z.literal('tones'), tones: z.array(toneSchema).min(1).max(200) })
  .refine(({ tones }) => tones.some(({ hz }) => hz !== undefined), 'a tune has at least one tone')
  .refine((tune) => lengthOf(tune) >= tuneMsMin && lengthOf(tune) <= tuneMsMax, 'a tune takes 0.5 to 60 seconds');
/** A tune, made by `tuneWav`. */
export type Tones = z.infer<typeof tonesSchema>;

/** How a sound is made: computed, or spoken in Vietnamese by the speech synthesiser. */
export const sampleSoundSchema = z.discriminatedUnion('kind', [
  tonesSchema,
  z.object({ kind: z.literal('speech'), text: z.string().trim().min(1).max(2_000) }),
]);
export type SampleSound = z.infer<typeof sampleSoundSchema>;

const [tunePart, relayPart, bulletinsPart] = sessionPartFormSchema.options;
const ofItsOwn = { clipId: true, id: true } as const;

/** A part of a session, with `sound` in the place of `clipId`. */
export const samplePartSchema = z.discriminatedUnion('kind', [
  tunePart.omit(ofItsOwn).extend({ sound: sampleSoundSchema }).strict(),
  relayPart.omit(ofItsOwn).extend({ sound: sampleSoundSchema }).strict(),
  bulletinsPart.strict(),
]);
export type SamplePart = z.infer<typeof samplePartSchema>;

/** `sessionFormSchema` whose parts describe their sounds. */
export const sampleSessionSchema = sessionFormSchema.extend({ parts: z.array(samplePartSchema).max(20).optional() });
export type SampleSession = z.infer<typeof sampleSessionSchema>;

/** As many sessions as an area may have. */
export const sampleDaySchema = z.array(sampleSessionSchema).min(1).max(8);

/** The sessions of a sample file (JSON), or what is wrong with it. */
export function parseSampleDay(text: string): Result<SampleSession[]> {
  if (Buffer.byteLength(text) > sampleDayBytesMax) return refuseSample(['too large']);
  let json: unknown;
  try {
    json = JSON.parse(text);
  } catch (error) {
    return refuseSample([error instanceof Error ? error.message : 'not JSON']);
  }
  const parsed = sampleDaySchema.safeParse(json);
  if (parsed.success) return accept(parsed.data);
  return refuseSample(
    parsed.error.issues.slice(0, mistakesMax).map(({ path, message }) => `${path.map(String).join('.')}: ${message}`),
  );
}

const sampleRateHz = 48_000;
/** Peak of a tone: loud, with room for what its overtone adds. */
const amplitude = 0.5;
const overtone = 0.25;
/** Softens begin and end of a tone, or each would click. */
const fadeMs = 12;

/** A WAV file (mono, 16 bit, 48 kHz) of the tones: struck like a bell, with the octave above. The same every time. */
export function tuneWav({ tones }: Tones): Uint8Array {
  const sounds = tones.map((tone) => ({ sampleRateHz, channels: 1, samples: toneSamples(tone) }));
  return Buffer.concat(joinWav(sounds) ?? []);
}

function toneSamples({ hz, lengthMs }: Tones['tones'][number]): Uint8Array {
  const count = Math.round((lengthMs * sampleRateHz) / 1_000);
  const samples = new DataView(new ArrayBuffer(2 * count));
  if (hz !== undefined) {
    const fade = Math.min(count / 2, (fadeMs * sampleRateHz) / 1_000);
    for (let index = 0; index < count; index += 1) {
      const turn = (2 * Math.PI * hz * index) / sampleRateHz;
      const edge = Math.min(1, index / fade, (count - index) / fade);
      const decay = Math.exp((-1.5 * index) / count);
      const wave = (Math.sin(turn) + overtone * Math.sin(2 * turn)) / (1 + overtone);
      samples.setInt16(2 * index, Math.round(32_767 * amplitude * edge * decay * wave), true);
    }
  }
  return new Uint8Array(samples.buffer);
}

function lengthOf({ tones }: { tones: readonly { lengthMs: number }[] }): number {
  return tones.reduce((sum, { lengthMs }) => sum + lengthMs, 0);
}

function refuseSample(mistakes: readonly string[]): Result<never> {
  const list = mistakes.join('\n');
  return refuse({
    code: 'bad-sample-day',
    status: 422,
    vi: `Tệp mẫu buổi phát có lỗi, chưa ghi gì:\n${list}`,
    en: `The sample of a standing day has mistakes; nothing was written:\n${list}`,
  });
}
