/**
 * A monitor microphone beside the horn: open only while something sounds and a breath afterwards, closed else. What it
 * hears becomes levels of 50 ms at once; no sample is kept, written or sent, and the levels go when it closes.
 */
import type { HearingMemory, Measured, SoundProbe, SoundStretch } from '../../contracts.ts';
import type { Cancel, Clock } from '../../edges/clock.ts';
import type { Program, RunProgram } from '../../edges/process.ts';
import { delayMs, judgeHearing } from '../../work/listening/judge-hearing.ts';
import { judgePilot } from '../../work/listening/judge-pilot.ts';
import { LevelTrack } from '../../work/listening/levels.ts';
import { withGain } from '../../work/listening/reference.ts';
import type { SentLevels } from '../../work/listening/sent-levels.ts';

export const microphoneRateHz = 48_000;

/** The recording goes on for the longest delay and a little, then the microphone is closed. */
const tailMs = delayMs.max + 300;

/** A recorder that ended while it is needed is started again after this. */
const restartMs = 2_000;

/** The first pieces may come late; within this the earliest that fits all of them is taken for the beginning. */
const settlingMs = 1_000;

/** A piece that comes so much later than its samples say follows a gap. */
const gapMs = 1_000;

/** Who records: writes raw mono samples of 16 bit at 48 kHz to its output until it is killed. */
export interface Recorder {
  command: string;
  args: readonly string[];
}

/** ALSA's own recorder on a device of this name. */
export function alsaRecorder(device: string): Recorder {
  const format = ['-t', 'raw', '-f', 'S16_LE', '-r', String(microphoneRateHz), '-c', '1'];
  return { command: 'arecord', args: ['-q', '-D', device, ...format] };
}

export interface MicrophoneProbe extends SoundProbe {
  /** True while it records. */
  isOpen(): boolean;
  close(): void;
}

export function microphoneProbe(parts: {
  recorder: Recorder;
  run: RunProgram;
  clock: Clock;
  sent: SentLevels;
  memory: HearingMemory;
}): MicrophoneProbe {
  const { clock, sent, memory } = parts;
  const track = new LevelTrack({ rateHz: microphoneRateHz, absent: 'unknown' });
  let recording: Program | undefined;
  let isWanted = false;
  let isClosed = false;
  let said = '';
  let cancelTimer: Cancel = () => undefined;

  function open(): void {
    cancelTimer();
    if (recording !== undefined || isClosed) return;
    const into = levelsInto(track, clock);
    const own: Program = parts.run({
      ...parts.recorder,
      onOutput: (piece) => {
        if (recording === own) into(piece);
      },
      onEnd(end) {
        if (recording !== own) return;
        recording = undefined;
        said = end.said === '' ? `${parts.recorder.command} ended with ${end.exitCode}` : end.said;
        if (isWanted) cancelTimer = clock.setTimer(open, restartMs);
      },
    });
    recording = own;
  }

  function close(): void {
    isWanted = false;
    cancelTimer();
    const own = recording;
    recording = undefined;
    own?.kill();
    track.clear();
  }

  sent.onChange((isSounding) => {
    cancelTimer();
    isWanted = true;
    if (isSounding) return open();
    cancelTimer = clock.setTimer(close, Math.max(0, sent.untilMs() - clock.monotonicMs()) + tailMs);
  });

  return {
    kind: 'microphone',
    isOpen: () => recording !== undefined,
    async measure(stretch) {
      const waitMs = stretch.untilMonotonicMs + delayMs.max + 100 - clock.monotonicMs();
      await new Promise<void>((resolve) => {
        clock.setTimer(resolve, Math.max(0, waitMs));
      });
      return withReason(judged(stretch, { sent, track, memory }), said);
    },
    close() {
      isClosed = true;
      close();
    },
  };
}

function judged(
  stretch: SoundStretch,
  { sent, track, memory }: { sent: SentLevels; track: LevelTrack; memory: HearingMemory },
): Measured {
  const { fromMonotonicMs: fromMs, untilMonotonicMs: untilMs } = stretch;
  const hearing = {
    sent: sent.track.slice(fromMs, untilMs),
    measured: track.slice(fromMs + delayMs.min, untilMs + delayMs.max),
  };
  const { microphone } = memory.read();
  if (stretch.purpose === 'silent-test') {
    const measured = judgePilot({ ...hearing, wasHeardBefore: microphone.hasHeardPilot });
    if (measured.verdict === 'sound' && !microphone.hasHeardPilot)
      memory.update((data) => {
        data.microphone.hasHeardPilot = true;
      });
    return measured;
  }
  const isTest = stretch.purpose === 'audible-test';
  const { gainDb, ...measured } = judgeHearing({ ...hearing, referenceDb: microphone.referenceDb, isTest });
  if (gainDb !== undefined)
    memory.update((data) => {
      data.microphone = withGain(data.microphone, gainDb);
    });
  return measured;
}

/** What the recorder said of itself belongs to an answer that it spoilt. */
function withReason(measured: Measured, said: string): Measured {
  if (measured.verdict !== 'undecided' || said === '') return measured;
  return { ...measured, evidence: { ...measured.evidence, recorder: said.slice(0, 200) } };
}

/** Takes pieces of a recording as they come; their instants are counted from the beginning that fits them best. */
function levelsInto(track: LevelTrack, clock: Clock): (piece: Buffer) => void {
  let odd: number | undefined;
  let samplesBefore = 0;
  let beganMs = Number.POSITIVE_INFINITY;
  let firstMs: number | undefined;
  return (piece) => {
    const bytes = odd === undefined ? piece : Buffer.concat([Buffer.from([odd]), piece]);
    odd = bytes.length % 2 === 1 ? bytes.at(-1) : undefined;
    const samples = new Int16Array(bytes.length >> 1);
    for (let index = 0; index < samples.length; index += 1) samples[index] = bytes.readInt16LE(index * 2);
    const nowMs = clock.monotonicMs();
    firstMs ??= nowMs;
    const fitsMs = nowMs - ((samplesBefore + samples.length) * 1000) / microphoneRateHz;
    const isGap = fitsMs - beganMs > gapMs;
    if (isGap || nowMs - firstMs < settlingMs) beganMs = isGap ? fitsMs : Math.min(beganMs, fitsMs);
    const monotonicMs = beganMs + (samplesBefore * 1000) / microphoneRateHz;
    track.add(samples, { monotonicMs, isContiguous: samplesBefore > 0 && !isGap });
    samplesBefore += samples.length;
  };
}
