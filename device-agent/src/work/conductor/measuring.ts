/** Asks the fitted probes about a stretch of sound that has just ended; never waits long. */
import type { Measured, SoundProbe, SoundStretch } from '../../contracts.ts';
import type { Clock } from '../../edges/clock.ts';

/** A probe that has not answered by then is left out of the verdict. */
const measureMsMax = 3_000;

/** Every probe's answer, in the order of the probes. Never rejects. */
export async function measureStretch(options: {
  probes: readonly SoundProbe[];
  stretch: SoundStretch;
  clock: Clock;
}): Promise<Measured[]> {
  const { probes, stretch, clock } = options;
  return Promise.all(
    probes.map(async (probe) => {
      const undecided: Measured = { verdict: 'undecided', evidence: { [probe.kind]: 'no answer' } };
      let cancel = () => {};
      const late = new Promise<Measured>((resolve) => {
        cancel = clock.setTimer(() => resolve(undecided), measureMsMax);
      });
      const answer = await Promise.race([probe.measure(stretch).catch(() => undecided), late]);
      cancel();
      return answer;
    }),
  );
}
