/** A sound made by code: a soft rising tone as a WAV file, so that players have something to play. */

const sampleRateHz = 8_000;

/** Mono, 16 bit. */
export function tone(durationMs: number): Buffer {
  const count = Math.round((durationMs * sampleRateHz) / 1_000);
  const wav = Buffer.alloc(44 + count * 2);
  wav.write('RIFF', 0);
  wav.writeUInt32LE(36 + count * 2, 4);
  wav.write('WAVEfmt ', 8);
  wav.writeUInt32LE(16, 16);
  wav.writeUInt16LE(1, 20);
  wav.writeUInt16LE(1, 22);
  wav.writeUInt32LE(sampleRateHz, 24);
  wav.writeUInt32LE(sampleRateHz * 2, 28);
  wav.writeUInt16LE(2, 32);
  wav.writeUInt16LE(16, 34);
  wav.write('data', 36);
  wav.writeUInt32LE(count * 2, 40);
  for (let index = 0; index < count; index += 1) {
    const seconds = index / sampleRateHz;
    wav.writeInt16LE(Math.round(6_000 * Math.sin(2 * Math.PI * (300 + 20 * seconds) * seconds)), 44 + index * 2);
  }
  return wav;
}
