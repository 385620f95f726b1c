/**
 * Hears for itself what left: reads back the record of the file player over a play and compares its level with what
 * was sent. Stands for a microphone or a current sensor where the loudspeaker is a file; knows the output, nobody's ears.
 */
import type { Measured, SoundProbe, SoundStretch } from '../../contracts.ts';

/** Below this nothing is heard, whatever was sent. */
const silenceDbfs = -60;

/** So much softer than what was sent is no rounding. */
const tooLowDb = 10;

/** So much of a play must be found in the record; rounding to samples takes a little. */
const foundShareMin = 0.98;

/** What was found against what was sent. */
export function judgeLevel(
  stretch: Pick<SoundStretch, 'emittedMs' | 'sentDbfs'>,
  found: { foundMs: number; dbfs: number | undefined },
): Measured {
  const evidence = {
    probe: 'loopback',
    foundMs: Math.round(found.foundMs),
    ...(found.dbfs === undefined ? {} : { measuredDbfs: Math.round(found.dbfs * 10) / 10 }),
    ...(stretch.sentDbfs === undefined ? {} : { sentDbfs: Math.round(stretch.sentDbfs * 10) / 10 }),
  };
  const { sentDbfs } = stretch;
  if (sentDbfs === undefined || sentDbfs < silenceDbfs) return { verdict: 'undecided', evidence };
  if (found.dbfs === undefined || found.dbfs < silenceDbfs) return { verdict: 'none', evidence };
  const isWhole = found.foundMs >= stretch.emittedMs * foundShareMin;
  return { verdict: isWhole && found.dbfs >= sentDbfs - tooLowDb ? 'sound' : 'too-low', evidence };
}

export function loopbackProbe(
  readBack: (span: { fromMonotonicMs: number; untilMonotonicMs: number }) => Promise<{
    foundMs: number;
    dbfs: number | undefined;
  }>,
): SoundProbe {
  return {
    kind: 'loopback',
    async measure(stretch) {
      return judgeLevel(stretch, await readBack(stretch));
    },
  };
}
