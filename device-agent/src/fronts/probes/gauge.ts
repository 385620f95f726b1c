/**
 * The amplifier's current, or the level on its line, as a probe: asked ten times a second while something sounds, and
 * held against what was sent. It knows that something is driven, not what; the evidence names it.
 */
import type { Gauge, HearingMemory, Measured, SoundProbe } from '../../contracts.ts';
import type { Cancel, Clock } from '../../edges/clock.ts';
import { type GaugeSample, judgeDrive } from '../../work/listening/judge-drive.ts';
import type { SentLevels } from '../../work/listening/sent-levels.ts';

const askEveryMs = 100;

/** Ten minutes; of a longer play the last ten are judged. */
const samplesMax = 6_000;

/** Asked on so long after the last sample, for a current that comes late. */
const tailMs = 800;

export interface GaugeProbe extends SoundProbe {
  close(): void;
}

export function gaugeProbe(parts: { gauge: Gauge; clock: Clock; sent: SentLevels; memory: HearingMemory }): GaugeProbe {
  const { gauge, clock, sent, memory } = parts;
  let samples: GaugeSample[] = [];
  let isAsking = false;
  let isClosed = false;
  let cancel: Cancel = () => undefined;

  async function ask(): Promise<void> {
    const value = await gauge.read();
    const nowMs = clock.monotonicMs();
    if (value !== undefined) samples.push({ monotonicMs: nowMs, value });
    if (samples.length > samplesMax) samples = samples.slice(samplesMax / 10);
    isAsking = !isClosed && (sent.isSounding() || nowMs < sent.untilMs() + tailMs);
    if (isAsking) cancel = clock.setTimer(() => void ask(), askEveryMs);
  }

  function remember(learnt: { hasSeenPilot: true } | { risePerSquare: number }): void {
    memory.update((data) => {
      data.gauges[gauge.kind] = { ...data.gauges[gauge.kind], ...learnt };
    });
  }

  sent.onChange((isSounding) => {
    if (!isSounding || isAsking || isClosed) return;
    isAsking = true;
    samples = samples.filter(({ monotonicMs }) => monotonicMs > clock.monotonicMs() - 60_000);
    void ask();
  });

  return {
    kind: gauge.kind,
    async measure(stretch): Promise<Measured> {
      const { fromMonotonicMs: fromMs, untilMonotonicMs: untilMs } = stretch;
      const own = samples.filter(({ monotonicMs }) => monotonicMs >= fromMs && monotonicMs <= untilMs + tailMs / 2);
      const known = memory.read().gauges[gauge.kind];
      const isPilot = stretch.purpose === 'silent-test';
      const { learnt, ...measured } = judgeDrive({
        sent: sent.track.slice(fromMs, untilMs),
        samples: own,
        knowledge: { quiet: known?.quietOn, risePerSquare: known?.risePerSquare, riseMin: gauge.riseMin },
        isTest: isPilot || stretch.purpose === 'audible-test',
      });
      // A transformer may not pass a pilot at all: not having seen it means something where it has been seen before.
      if (isPilot && measured.verdict === 'none' && known?.hasSeenPilot !== true)
        return { verdict: 'undecided', evidence: { ...measured.evidence, reason: 'pilot-never-seen' } };
      if (measured.verdict === 'sound' && isPilot) remember({ hasSeenPilot: true });
      else if (measured.verdict === 'sound' && learnt !== undefined) remember(learnt);
      return measured;
    },
    close() {
      isClosed = true;
      cancel();
    },
  };
}
