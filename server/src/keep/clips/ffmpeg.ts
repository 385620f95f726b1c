/**
 * How does this server run ffmpeg? The one module that knows fluent-ffmpeg (2.1.3, archived by its makers: it builds the
 * command line, starts the program at low priority and collects what it says; replacing it means rewriting this file
 * only). Every run has a time limit, can be killed, keeps a bounded end of what it said, and ends as a value. Probing
 * goes around the library, whose ffprobe call can neither be killed nor bounded.
 */
import createCommand from 'fluent-ffmpeg';
import { z } from 'zod';
import type { Clock } from '../../edges/clock.ts';
import type { RunProcess } from '../../edges/process.ts';
import type { FfmpegTools } from './locate-ffmpeg.ts';

/** Below the server and everything that carries an alert; a preparation may wait, an emergency may not. */
const niceness = 10;

/** Lines kept of each output stream, the newest: enough for a summary and the last complaints. */
const outputLinesMax = 200;

/** A decoder fed with hostile numbers asks for gigabytes; ordinary sound needs a few megabytes. */
const allocationBytesMax = 256 * 1024 * 1024;

/** The container and stream tables of a sound file are read in well under a second. */
const probeTimeoutMs = 30_000;

/** One run: one input file, one chain of audio filters, one output. */
export interface FfmpegRun {
  inputPath: string;
  /** Options that stand before the input, such as its demuxer. */
  inputOptions?: readonly string[];
  filters?: readonly string[];
  outputOptions: readonly string[];
  /** A file, replaced when it exists; left out, the result is thrown away. */
  outputPath?: string;
  /** `error` for files from outside, whose tags are otherwise repeated without bound; `info` for our own. */
  logLevel: 'error' | 'info';
  /** Working folder, for file names inside filters. */
  workFolder?: string;
  timeoutMs: number;
  signal?: AbortSignal | undefined;
}

/** How a run ended, with the last lines it said; each line carries its level, as in `[error] …`. */
export type FfmpegEnd = {
  kind: 'ended' | 'failed' | 'timed-out' | 'aborted';
  /** What `-progress pipe:1` reports. */
  progress: string;
  said: string;
};

/** What the container says about itself; nothing of it is believed without decoding. */
export interface ProbedSound {
  /** Names of the demuxer, comma-separated. */
  format: string;
  durationMs: number | undefined;
  hasVideo: boolean;
  /** The default audio stream, else the first; undefined when there is none. */
  audio:
    | {
        index: number;
        codec: string;
        channels: number;
        channelLayout: string | undefined;
        sampleRateHz: number;
        durationMs: number | undefined;
      }
    | undefined;
}

export type ProbeEnd =
  | { kind: 'probed'; sound: ProbedSound }
  | { kind: 'failed' | 'timed-out' | 'aborted'; said: string };

/** ffmpeg within limits. Neither call throws for what a file holds. */
export interface Ffmpeg {
  run(request: FfmpegRun): Promise<FfmpegEnd>;
  probe(request: {
    inputPath: string;
    inputOptions: readonly string[];
    signal?: AbortSignal | undefined;
  }): Promise<ProbeEnd>;
}

/** Binds ffmpeg to its programs. fluent-ffmpeg remembers the path per process: one installation of ffmpeg per server. */
export function createFfmpeg({
  tools,
  clock,
  runProcess,
}: {
  tools: FfmpegTools;
  clock: Clock;
  runProcess: RunProcess;
}): Ffmpeg {
  return {
    run: (request) => run({ tools, clock }, request),
    probe: async ({ inputPath, inputOptions, signal }) => {
      const result = await runProcess({
        command: tools.ffprobePath,
        args: ['-v', 'error', '-of', 'json', '-show_entries', probedEntries, ...inputOptions, `file:${inputPath}`],
        timeoutMs: probeTimeoutMs,
        ...(signal === undefined ? {} : { signal }),
      });
      const said = result.startError ?? result.stderr.toString();
      if (signal?.aborted) return { kind: 'aborted', said };
      if (result.timedOut) return { kind: 'timed-out', said };
      if (result.exitCode !== 0 || result.outputTruncated) return { kind: 'failed', said };
      const sound = parseProbe(result.stdout.toString());
      return sound === undefined ? { kind: 'failed', said } : { kind: 'probed', sound };
    },
  };
}

function run({ tools, clock }: { tools: FfmpegTools; clock: Clock }, request: FfmpegRun): Promise<FfmpegEnd> {
  return new Promise((resolve) => {
    const command = createCommand({
      niceness,
      stdoutLines: outputLinesMax,
      ...(request.workFolder === undefined ? {} : { cwd: request.workFolder }),
    });
    command
      .setFfmpegPath(tools.ffmpegPath)
      .input(`file:${request.inputPath}`)
      .inputOptions(
        ...['-y', '-nostdin', '-hide_banner', '-nostats', '-progress', 'pipe:1', '-v', `level+${request.logLevel}`],
        ...['-max_alloc', String(allocationBytesMax), '-threads', '1'],
        ...(request.inputOptions ?? []),
      )
      .outputOptions(...request.outputOptions, '-threads', '1');
    if (request.filters !== undefined && request.filters.length > 0) command.audioFilters([...request.filters]);
    if (request.outputPath === undefined) command.outputOptions('-f', 'null').output('-');
    else command.output(`file:${request.outputPath}`);

    let cut: 'timed-out' | 'aborted' | undefined;
    let running = false;
    const kill = (why: 'timed-out' | 'aborted') => {
      cut ??= why;
      // Before the start there is nothing to kill yet; 'start' looks again.
      if (running) command.kill('SIGKILL');
    };
    const cancelTimer = clock.setTimer(() => kill('timed-out'), request.timeoutMs);
    const onAbort = () => kill('aborted');
    request.signal?.addEventListener('abort', onAbort, { once: true });
    const settle = (end: FfmpegEnd) => {
      running = false;
      cancelTimer();
      request.signal?.removeEventListener('abort', onAbort);
      resolve(end);
    };

    command.on('start', () => {
      running = true;
      if (request.signal?.aborted) kill('aborted');
      else if (cut !== undefined) kill(cut);
    });
    command.on('end', (progress, said) => settle({ kind: cut ?? 'ended', progress: progress ?? '', said: said ?? '' }));
    command.on('error', (error: Error, progress, said) =>
      settle({ kind: cut ?? 'failed', progress: progress ?? '', said: said ?? error.message }),
    );
    command.run();
  });
}

const probedEntries = [
  'format=format_name,duration',
  'stream=index,codec_type,codec_name,channels,channel_layout,sample_rate,duration',
  'stream_disposition=default,attached_pic',
].join(':');

const secondsSchema = z.coerce.number().nonnegative().optional().catch(undefined);

const probeSchema = z.object({
  format: z.object({ format_name: z.string(), duration: secondsSchema }),
  streams: z.array(
    z.object({
      index: z.int().nonnegative(),
      codec_type: z.string().optional(),
      codec_name: z.string().optional(),
      channels: z.int().nonnegative().optional(),
      channel_layout: z.string().optional(),
      sample_rate: z.coerce.number().nonnegative().optional().catch(undefined),
      duration: secondsSchema,
      disposition: z.object({ default: z.int().optional(), attached_pic: z.int().optional() }).optional(),
    }),
  ),
});

function parseProbe(text: string): ProbedSound | undefined {
  let json: unknown;
  try {
    json = JSON.parse(text);
  } catch {
    return undefined;
  }
  const parsed = probeSchema.safeParse(json);
  if (!parsed.success) return undefined;
  const { format, streams } = parsed.data;
  const sounds = streams.filter((stream) => stream.codec_type === 'audio');
  const chosen = sounds.find((stream) => stream.disposition?.default === 1) ?? sounds[0];
  return {
    format: format.format_name,
    durationMs: milliseconds(format.duration),
    hasVideo: streams.some((stream) => stream.codec_type === 'video' && stream.disposition?.attached_pic !== 1),
    audio: chosen && {
      index: chosen.index,
      codec: chosen.codec_name ?? 'unknown',
      channels: chosen.channels ?? 0,
      channelLayout: chosen.channel_layout === 'unknown' ? undefined : chosen.channel_layout,
      sampleRateHz: chosen.sample_rate ?? 0,
      durationMs: milliseconds(chosen.duration),
    },
  };
}

function milliseconds(seconds: number | undefined): number | undefined {
  return seconds === undefined ? undefined : seconds * 1000;
}
