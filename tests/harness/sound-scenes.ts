/**
 * What a monitor microphone hears at a pole: the horn through its air, walls, amplifier and street. Samples made by
 * code, the same for the same seed.
 */
import { type Sound, seededRandom, speechLike } from './sound-signals.ts';

/** Silence before and behind the sound, as a recording has it. */
export const sceneMarginMs = { before: 500, after: 1_600 } as const;

export interface Scene {
  /** What was sent, from `sceneMarginMs.before` of the recording on. */
  sent: Sound;
  heard: Sound;
}

export interface SceneShape {
  seconds: number;
  seed: number;
  /** Gain from the card to the microphone, dB; default −12. */
  gainDb?: number;
  /** Reflections of up to half a second. */
  echo?: boolean;
  /** The amplifier cuts at so much below the peak, dB. */
  clippedDb?: number;
  /** Steady noise (traffic), RMS dBFS; default −60. */
  noiseDbfs?: number;
  /** People talk beside the microphone, so much softer than the horn, dB. */
  peopleDb?: number;
  /** Gusts, RMS dBFS. */
  windDbfs?: number;
  /** `other`: somebody else's words in its place. `bystander`: the horn is dead and people talk. `none`: nothing. */
  horn?: 'sent' | 'other' | 'bystander' | 'none';
  sampleRateHz?: number;
}

export function scene(shape: SceneShape): Scene {
  const { seconds, seed } = shape;
  const sampleRateHz = shape.sampleRateHz ?? 8_000;
  const sent = speech({ seconds, seed, sampleRateHz });
  const random = seededRandom(seed + 1);
  const delay = Math.round(((sceneMarginMs.before + 50 + random() * 600) * sampleRateHz) / 1000);
  const count = sent.samples.length + Math.round(((sceneMarginMs.before + sceneMarginMs.after) * sampleRateHz) / 1000);
  const other = () => speech({ seconds: count / sampleRateHz, seed: seed + 9_999, sampleRateHz });
  const horn = shape.horn ?? 'sent';
  const gain = factor((shape.gainDb ?? -12) + (horn === 'bystander' ? -26 : 0));
  const voice = horn === 'sent' ? sent.samples : horn === 'none' ? new Float32Array(0) : other().samples;
  const place = horn === 'sent' ? delay : 0;
  let heard: Float32Array = new Float32Array(count);
  for (let index = 0; index < voice.length && index + place < count; index += 1)
    heard[index + place] = (voice[index] ?? 0) * gain;
  if (shape.peopleDb !== undefined)
    added(
      heard,
      other().samples.map((value) => value * factor((shape.gainDb ?? -12) - (shape.peopleDb ?? 0))),
    );
  if (shape.clippedDb !== undefined) heard = clipped(heard, shape.clippedDb);
  if (shape.echo === true) heard = echoed(heard, { random, sampleRateHz });
  added(heard, steady(count, factor(shape.noiseDbfs ?? -60), random));
  if (shape.windDbfs !== undefined) added(heard, gusts(count, { rms: factor(shape.windDbfs), random, sampleRateHz }));
  return { sent, heard: { samples: heard, sampleRateHz } };
}

/** 16 bit, as a recorder gives them. */
export function pcmOf({ samples }: Sound): Int16Array {
  return Int16Array.from(samples, (value) => Math.max(-32_768, Math.min(32_767, Math.round(value * 32_767))));
}

/** The same words are asked for again and again, in other streets. */
const spoken = new Map<string, Sound>();

function speech(of: { seconds: number; seed: number; sampleRateHz: number }): Sound {
  const name = JSON.stringify(of);
  const known = spoken.get(name) ?? speechLike({ ...of, levelDbfs: -6 });
  if (spoken.size > 200) spoken.clear();
  spoken.set(name, known);
  return known;
}

function factor(db: number): number {
  return 10 ** (db / 20);
}

function added(sound: Float32Array, more: Float32Array): void {
  for (let index = 0; index < sound.length; index += 1) sound[index] = (sound[index] ?? 0) + (more[index] ?? 0);
}

function clipped(sound: Float32Array, belowPeakDb: number): Float32Array {
  const limit = sound.reduce((most, value) => Math.max(most, Math.abs(value)), 0) * factor(-belowPeakDb);
  return sound.map((value) => Math.max(-limit, Math.min(limit, value)));
}

function echoed(
  sound: Float32Array,
  { random, sampleRateHz }: { random: () => number; sampleRateHz: number },
): Float32Array {
  const heard = Float32Array.from(sound);
  for (let wall = 0; wall < 6; wall += 1) {
    const delayS = 0.03 + random() * 0.5;
    const delay = Math.round(delayS * sampleRateHz);
    const gain = 0.55 * Math.exp(-delayS / 0.3) * (random() < 0.5 ? -1 : 1);
    for (let index = delay; index < sound.length; index += 1)
      heard[index] = (heard[index] ?? 0) + gain * (sound[index - delay] ?? 0);
  }
  return heard;
}

function steady(count: number, rms: number, random: () => number): Float32Array {
  return Float32Array.from({ length: count }, () => (random() * 2 - 1) * Math.sqrt(3) * rms);
}

/** Noise below some hundred hertz that comes and goes, with a rustle in it. */
function gusts(
  count: number,
  { rms, random, sampleRateHz }: { rms: number; random: () => number; sampleRateHz: number },
): Float32Array {
  const share = 1 - Math.exp((-2 * Math.PI * 130) / sampleRateHz);
  const sound = new Float32Array(count);
  let [first, second, strength, goal, squares] = [0, 0, 0.5, 0.5, 0];
  for (let index = 0; index < count; index += 1) {
    if (index % Math.round(sampleRateHz / 4) === 0) goal = 0.1 + random() * 1.4;
    strength += (goal - strength) / (sampleRateHz / 5);
    first += share * (random() * 2 - 1 - first);
    second += share * (first - second);
    const value = strength * (second * 25 + 0.05 * (random() * 2 - 1));
    sound[index] = value;
    squares += value * value;
  }
  const scale = rms / Math.sqrt(squares / count);
  return sound.map((value) => value * scale);
}
