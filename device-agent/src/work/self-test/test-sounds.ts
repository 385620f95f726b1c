/** The signals of a test of the sound path, made by code: mono 16-bit WAV at 48 kHz. Pure. */
import type { FittingLevel } from '@loa/protocol/device';

const rateHz = 48_000;

/** Peaks: a routine clip's loud words reach −2 dBFS, the chime stays gentle; a pilot is not noticed. */
const chimeDbfs = -12;
const pilotDbfs = -40;
/** A horn does not emit 40 Hz, so that it may be stronger where only the current is there to see it: 1 % of the power. */
const currentPilotDbfs = -20;

/** A rise and fall without a click. */
const rampS = 0.03;

const chimeHz = [523.25, 659.26, 783.99] as const;

/** A recorder opens slowly, on a busy board more so: every signal begins with so much silence. */
const leadS = 1;

/** Length of each form, ms. */
export const testLengthMs = { audible: 4_000, silent: 3_200 } as const;

/** Three tones, each dying away, of a second, after the silence. */
export function audibleTest(): Uint8Array {
  return wavOf(testLengthMs.audible, (s) => {
    if (s < leadS) return 0;
    const tone = Math.min(chimeHz.length - 1, Math.floor(s - leadS));
    const inTone = s - leadS - tone;
    const fall = Math.exp(-2.6 * inTone) * Math.min(1, (1 - inTone) / rampS);
    return amplitude(chimeDbfs) * Math.min(1, inTone / rampS) * fall * Math.sin(2 * Math.PI * (chimeHz[tone] ?? 0) * s);
  });
}

/**
 * 40 Hz, then 18.5 kHz, 0.6 s each, with silence before, between and behind. Where a current
 * is all that is measured, 40 Hz alone.
 */
export function silentTest(fitting: FittingLevel): Uint8Array {
  const isByCurrent = fitting === 'amplifier-current';
  const low = { hz: 40, fromS: leadS, untilS: 1.6, peak: amplitude(isByCurrent ? currentPilotDbfs : pilotDbfs) };
  const high = { hz: 18_500, fromS: 2.1, untilS: 2.7, peak: isByCurrent ? 0 : amplitude(pilotDbfs) };
  return wavOf(testLengthMs.silent, (s) =>
    [low, high].reduce((sum, { hz, fromS, untilS, peak }) => {
      if (s < fromS || s >= untilS) return sum;
      const ramp = Math.min(1, (s - fromS) / rampS, (untilS - s) / rampS);
      return sum + peak * ramp * Math.sin(2 * Math.PI * hz * s);
    }, 0),
  );
}

function amplitude(dbfs: number): number {
  return 10 ** (dbfs / 20);
}

/** RIFF/WAVE, one channel. */
function wavOf(lengthMs: number, valueAt: (s: number) => number): Uint8Array {
  const count = Math.round((lengthMs * rateHz) / 1000);
  const bytes = Buffer.alloc(44 + count * 2);
  bytes.write('RIFF', 0);
  bytes.writeUInt32LE(36 + count * 2, 4);
  bytes.write('WAVEfmt ', 8);
  bytes.writeUInt32LE(16, 16);
  bytes.writeUInt16LE(1, 20);
  bytes.writeUInt16LE(1, 22);
  bytes.writeUInt32LE(rateHz, 24);
  bytes.writeUInt32LE(rateHz * 2, 28);
  bytes.writeUInt16LE(2, 32);
  bytes.writeUInt16LE(16, 34);
  bytes.write('data', 36);
  bytes.writeUInt32LE(count * 2, 40);
  for (let index = 0; index < count; index += 1)
    bytes.writeInt16LE(Math.round(valueAt(index / rateHz) * 32_767), 44 + index * 2);
  return bytes;
}
