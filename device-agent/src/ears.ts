/**
 * What measures that sound really left this board: puts together the probes its settings name, as far as their hardware
 * is there. What is not there is not fitted: it is not declared and never a fault. Opens no microphone.
 */
import type { ProbeKind } from '@loa/protocol/device';
import type { Faults, Gauge, HearingMemory, SentListener, SoundProbe } from './contracts.ts';
import type { Clock } from './edges/clock.ts';
import { numberFile } from './edges/number-file.ts';
import { hasProgram, type RunProgram } from './edges/process.ts';
import { hasRecordingDevice } from './edges/recording-device.ts';
import { amplifierCurrent } from './fronts/probes/amplifier-current.ts';
import { gaugeProbe } from './fronts/probes/gauge.ts';
import { lineLevel } from './fronts/probes/line-level.ts';
import { alsaRecorder, microphoneProbe, type Recorder } from './fronts/probes/microphone.ts';
import { watchUnplanned } from './fronts/probes/unplanned.ts';
import { createSentLevels } from './work/listening/sent-levels.ts';

/** Samples per second of everything that leaves a player (fronts/player/pcm.ts). */
const playerRateHz = 48_000;

/** What was sent has left for a breath before the output counts as quiet. */
const restMs = 1_000;

/** Where a figure is read. */
export interface GaugeSource {
  path: string;
  scale: number;
}

/** Of the board's settings. */
export interface EarSettings {
  probes: readonly ProbeKind[];
  /** ALSA's name of the microphone, or the program that records. */
  microphone: { device: string } | Recorder;
  amplifierCurrent: GaugeSource | undefined;
  lineLevel: GaugeSource | undefined;
}

export interface Ears {
  probes: readonly SoundProbe[];
  /** What is fitted, for the capabilities. */
  kinds: readonly ProbeKind[];
  /** To be told of every sample sent (fronts/player/tapped.ts); absent when nobody compares with it. */
  listener: SentListener | undefined;
  /** Something is on the output now, as the samples themselves tell. */
  isSounding(): boolean;
  /** Looks for sound while nothing is planned, where a gauge is fitted. */
  watch(ports: {
    faults: Faults;
    isAmplifierOn?: (() => boolean | undefined) | undefined;
    holdMs?: number | undefined;
  }): { stop(): void };
  /** What the gauges say now, for the readings; undefined where not fitted. */
  amplifierCurrentMa(): Promise<number | undefined>;
  close(): void;
}

export function openEars(parts: {
  settings: EarSettings;
  clock: Clock;
  run: RunProgram;
  memory: HearingMemory;
  /** For programs on PATH. */
  environment: Readonly<Record<string, string | undefined>>;
}): Ears {
  const { settings, clock, memory } = parts;
  const sent = createSentLevels({ rateHz: playerRateHz });
  const gauges = gaugesOf(settings);
  const gaugeProbes = gauges.map((gauge) => gaugeProbe({ gauge, clock, sent, memory }));
  const recorder = recorderOf(settings, parts.environment);
  const microphones =
    recorder === undefined ? [] : [microphoneProbe({ recorder, run: parts.run, clock, sent, memory })];
  const own = [...microphones, ...gaugeProbes];
  const isSounding = () => sent.isSounding() || clock.monotonicMs() < sent.untilMs() + restMs;
  return {
    probes: own,
    kinds: [...(recorder === undefined ? [] : (['microphone'] as const)), ...gauges.map(({ kind }) => kind)],
    listener: own.length === 0 ? undefined : sent,
    isSounding,
    watch({ faults, ...rest }) {
      // The current says more: a line may carry a level that a switched-off amplifier never sounds.
      const gauge = gauges.find(({ kind }) => kind === 'amplifier-current') ?? gauges[0];
      if (gauge === undefined) return { stop: () => undefined };
      const onAnswer = (answer: Parameters<Faults['signal']>[1]) => faults.signal('sound-unplanned', answer);
      return watchUnplanned({ clock, gauge, memory, isSounding, onAnswer, ...rest });
    },
    amplifierCurrentMa: async () => gauges.find(({ kind }) => kind === 'amplifier-current')?.read(),
    close() {
      for (const probe of own) probe.close();
    },
  };
}

function gaugesOf({ probes, amplifierCurrent: current, lineLevel: line }: EarSettings): Gauge[] {
  const found: Gauge[] = [];
  const file = (kind: ProbeKind, source: GaugeSource | undefined) => {
    const one = source === undefined || !probes.includes(kind) ? undefined : numberFile(source);
    return one?.isThere() === true ? one : undefined;
  };
  const currentFile = file('amplifier-current', current);
  const lineFile = file('line-level', line);
  if (currentFile !== undefined) found.push(amplifierCurrent(currentFile.read));
  if (lineFile !== undefined) found.push(lineLevel(lineFile.read));
  return found;
}

function recorderOf(
  { probes, microphone }: EarSettings,
  environment: Readonly<Record<string, string | undefined>>,
): Recorder | undefined {
  if (!probes.includes('microphone')) return undefined;
  const recorder = 'device' in microphone ? alsaRecorder(microphone.device) : microphone;
  if (!hasProgram(recorder.command, environment)) return undefined;
  return 'device' in microphone && !hasRecordingDevice() ? undefined : recorder;
}
