/** A board whose sound is measured, for simulated time: what is sent drives the horn's microphone and the amplifier. */
import type { Gauge, Measured, SoundStretch } from '@loa/device-agent/contracts.ts';
import { gaugeProbe } from '@loa/device-agent/fronts/probes/gauge.ts';
import { microphoneProbe } from '@loa/device-agent/fronts/probes/microphone.ts';
import { nothingLearnt } from '@loa/device-agent/keep/hearing.ts';
import { createSentLevels } from '@loa/device-agent/work/listening/sent-levels.ts';
import { amplifierTwin } from '../../harness/amplifier-twin.ts';
import { manualClock } from '../../harness/manual-clock.ts';
import { microphoneTwin } from '../../harness/microphone-twin.ts';
import { type Sound, speechLike } from '../../harness/sound.ts';
import { pcmOf } from '../../harness/sound-scenes.ts';

export const benchRateHz = 48_000;
const blockSamples = 960;

export const words = (seconds: number, seed = 3): Sound => speechLike({ seconds, seed, levelDbfs: -6 });

export function probeBench(kind: 'microphone' | Gauge['kind']) {
  const clock = manualClock({ wallMs: 1_800_000_000_000 });
  const sent = createSentLevels({ rateHz: benchRateHz });
  const learnt = nothingLearnt();
  const memory = { read: () => learnt, update: (change: (data: typeof learnt) => void) => change(learnt) };
  const amplifier = amplifierTwin({ clock, kind: kind === 'microphone' ? 'amplifier-current' : kind });
  const microphone = microphoneTwin({ clock });
  const recorder = { command: 'arecord', args: [] };
  const ear =
    kind === 'microphone' ? microphoneProbe({ recorder, run: microphone.run, clock, sent, memory }) : undefined;
  const probe = ear ?? gaugeProbe({ gauge: amplifier, clock, sent, memory });
  // As the watch learns in quiet.
  if (kind !== 'microphone') learnt.gauges[kind] = { quietOn: 80 };
  let isDead = false;
  let played: { fromMs: number; squares: Float32Array } | undefined;
  amplifier.drivenBy((atMs) => {
    const index = played === undefined ? -1 : Math.floor((atMs - played.fromMs) / 20);
    return played?.squares[index] ?? 0;
  });

  return {
    clock,
    sent,
    probe,
    ear,
    learnt,
    amplifier,
    microphone,
    /** The horn no longer sounds. */
    kill() {
      isDead = true;
      amplifier.setDead(true);
    },
    /** Breaks what measures, in the middle of what sounds. */
    breakProbe() {
      amplifier.setBroken(true);
      microphone.setBroken(true);
    },
    /** Sends a sound as the pacer does, 100 ms ahead, and tells the stretch when it has left. */
    async play(sound: Sound, options: { afterHalf?: () => void; purpose?: SoundStretch['purpose'] } = {}) {
      const samples = pcmOf(sound);
      const fromMs = clock.monotonicMs() + 100;
      const squares = new Float32Array(Math.ceil(samples.length / blockSamples));
      for (let index = 0; index < samples.length; index += 1) {
        const block = Math.floor(index / blockSamples);
        squares[block] = (squares[block] ?? 0) + ((samples[index] ?? 0) / 32_768) ** 2 / blockSamples;
      }
      played = { fromMs, squares };
      if (!isDead) microphone.emits(samples, fromMs);
      for (let done = 0; done < samples.length; done += blockSamples) {
        const monotonicMs = fromMs + (done * 1000) / benchRateHz;
        sent.sent(samples.subarray(done, done + blockSamples), { monotonicMs, isContiguous: done > 0 });
        await clock.advance(20);
        if (options.afterHalf !== undefined && done === Math.floor(samples.length / 2 / blockSamples) * blockSamples)
          options.afterHalf();
      }
      sent.rested();
      await clock.advance(100);
      const untilMs = fromMs + (samples.length * 1000) / benchRateHz;
      const emittedMs = untilMs - fromMs;
      const stretch: SoundStretch = {
        fromMonotonicMs: fromMs,
        untilMonotonicMs: untilMs,
        emittedMs,
        sentDbfs: -18,
        purpose: options.purpose,
      };
      return stretch;
    },
    /** What the probe says, with the time it asks for. */
    async measured(stretch: SoundStretch): Promise<Measured> {
      const answer = probe.measure(stretch);
      await clock.advance(2_500);
      return answer;
    },
  };
}
