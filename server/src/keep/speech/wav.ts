/**
 * How are several WAV recordings made into one? Reads 16-bit PCM WAV, also when a program that writes to a pipe did not
 * know its length, and puts one header before the joined samples. Never resamples: all pieces must agree.
 */

/** Sound of one WAV file: mono or stereo PCM, 16 bits a sample. */
export type PcmSound = { sampleRateHz: number; channels: number; samples: Uint8Array };

const HEADER_BYTES = 44;
const PCM = 1;
const SAMPLE_BITS = 16;

/** The sound in a WAV file, or `null` when it is not 16-bit PCM WAV. A length beyond the file's end means "to the end". */
export function readWav(file: Uint8Array): PcmSound | null {
  const view = new DataView(file.buffer, file.byteOffset, file.byteLength);
  if (file.byteLength < HEADER_BYTES || tag(file, 0) !== 'RIFF' || tag(file, 8) !== 'WAVE') return null;
  let sampleRateHz = 0;
  let channels = 0;
  for (let at = 12; at + 8 <= file.byteLength; ) {
    const sizeBytes = view.getUint32(at + 4, true);
    const body = at + 8;
    if (tag(file, at) === 'fmt ' && body + 16 <= file.byteLength) {
      if (view.getUint16(body, true) !== PCM || view.getUint16(body + 14, true) !== SAMPLE_BITS) return null;
      channels = view.getUint16(body + 2, true);
      sampleRateHz = view.getUint32(body + 4, true);
    }
    if (tag(file, at) === 'data') {
      if (channels === 0 || sampleRateHz === 0) return null;
      const frameBytes = 2 * channels;
      const end = Math.min(file.byteLength, body + sizeBytes);
      const samples = file.subarray(body, end - ((end - body) % frameBytes));
      return { sampleRateHz, channels, samples };
    }
    at = body + sizeBytes + (sizeBytes % 2);
  }
  return null;
}

/** One WAV file of all sounds in turn, in chunks ready to be written; `null` when their rates or channels differ. */
export function joinWav(sounds: readonly PcmSound[]): Uint8Array[] | null {
  const [first] = sounds;
  if (first === undefined) return null;
  const { sampleRateHz, channels } = first;
  if (sounds.some((sound) => sound.sampleRateHz !== sampleRateHz || sound.channels !== channels)) return null;
  const sizeBytes = sounds.reduce((sum, sound) => sum + sound.samples.byteLength, 0);
  const header = new DataView(new ArrayBuffer(HEADER_BYTES));
  writeTag(header, 0, 'RIFF');
  header.setUint32(4, HEADER_BYTES - 8 + sizeBytes, true);
  writeTag(header, 8, 'WAVE');
  writeTag(header, 12, 'fmt ');
  header.setUint32(16, 16, true);
  header.setUint16(20, PCM, true);
  header.setUint16(22, channels, true);
  header.setUint32(24, sampleRateHz, true);
  header.setUint32(28, sampleRateHz * channels * 2, true);
  header.setUint16(32, channels * 2, true);
  header.setUint16(34, SAMPLE_BITS, true);
  writeTag(header, 36, 'data');
  header.setUint32(40, sizeBytes, true);
  return [new Uint8Array(header.buffer), ...sounds.map((sound) => sound.samples)];
}

/** Greatest absolute sample, 0 to 32768. */
export function peakOf(sound: PcmSound): number {
  const view = new DataView(sound.samples.buffer, sound.samples.byteOffset, sound.samples.byteLength);
  let peak = 0;
  for (let at = 0; at + 1 < sound.samples.byteLength; at += 2) peak = Math.max(peak, Math.abs(view.getInt16(at, true)));
  return peak;
}

function tag(file: Uint8Array, at: number): string {
  return String.fromCharCode(...file.subarray(at, at + 4));
}

function writeTag(header: DataView, at: number, text: string): void {
  for (let index = 0; index < text.length; index += 1) header.setUint8(at + index, text.charCodeAt(index));
}
