/**
 * How does espeak-ng speak a text? One bounded run of the program for each part, its sound joined into one file, one
 * request at a time. It assumes a program that understands espeak-ng's command line; whether that is the system's own
 * or the WebAssembly one beside this file makes no difference here. The program runs as a process of its own, so its
 * licence (GPL-3.0-or-later) does not reach into the server.
 */

import type { Disk } from '../../edges/disk.ts';
import type { RunProcess } from '../../edges/process.ts';
import { type Phrase, speechParts } from './speech-parts.ts';
import {
  SPOKEN_LIMIT_CHARACTERS,
  type SpeechRefusal,
  type SpeechRefusalCode,
  type SpeechResult,
  type Synthesiser,
} from './synthesiser.ts';
import { joinWav, type PcmSound, peakOf, readWav } from './wav.ts';

/** Voices of espeak-ng for Vietnamese: northern (the announcers' standard), central, southern. */
export type VietnameseVoice = 'vi' | 'vi-vn-x-central' | 'vi-vn-x-south';

/** Asked of espeak-ng, in its words per minute; gives some 185 Vietnamese syllables a minute, as announcers speak. */
const RATE_WORDS_PER_MINUTE = 130;

/** A part takes a fraction of a second; a machine under heavy load gets a hundred times that. */
const PART_TIMEOUT_MS = 30_000;

/** Sound of one part, in bytes: 12 minutes at 22,050 Hz, far above what its characters can fill. */
const PART_OUTPUT_LIMIT_BYTES = 32 * 1024 * 1024;

/** Requests that may wait for their turn; a person who waits longer should be told. */
const WAITING_LIMIT = 8;

/** Below this peak (of 32,768) nobody hears anything. */
const AUDIBLE_PEAK = 300;

/** An espeak-ng that was found to work. */
export type EspeakProgram = { command: string; args: readonly string[]; name: string };

/** What a speaking espeak-ng needs. */
export type EspeakOptions = {
  program: EspeakProgram;
  voice: VietnameseVoice;
  runProcess: RunProcess;
  disk: Pick<Disk, 'writeSynced'>;
};

/** A synthesiser on top of one espeak-ng program. */
export function espeakSynthesiser({ program, voice, runProcess, disk }: EspeakOptions): Synthesiser {
  let queue: Promise<unknown> = Promise.resolve();
  let waiting = 0;

  const speakPart = async (phrases: readonly Phrase[]): Promise<PcmSound | SpeechRefusal> => {
    const run = await runProcess({
      command: program.command,
      args: [
        ...program.args,
        ...['-v', voice, '-s', String(RATE_WORDS_PER_MINUTE), '-b', '1', '-m', '--stdin', '--stdout'],
      ],
      stdin: toSsml(phrases),
      timeoutMs: PART_TIMEOUT_MS,
      outputLimitBytes: PART_OUTPUT_LIMIT_BYTES,
    });
    const detail = `${program.name}: exit ${run.exitCode} ${run.startError ?? ''} ${run.stderr.toString().slice(0, 500)}`;
    if (run.timedOut) return refuseSpeech('speech-timeout', detail);
    const sound = run.exitCode === 0 && !run.outputTruncated ? readWav(run.stdout) : null;
    return sound !== null && peakOf(sound) >= AUDIBLE_PEAK ? sound : refuseSpeech('speech-failed', detail);
  };

  const speakAll = async ({ text, wavPath }: { text: string; wavPath: string }): Promise<SpeechResult> => {
    const sounds: PcmSound[] = [];
    for (const part of speechParts(text)) {
      const sound = await speakPart(part);
      if ('ok' in sound) return sound;
      sounds.push(sound);
    }
    const chunks = joinWav(sounds);
    if (chunks === null) return refuseSpeech('speech-failed', `${program.name}: parts of different formats`);
    await disk.writeSynced(wavPath, inTurn(chunks));
    return { ok: true };
  };

  return {
    name: `${program.name} (${voice})`,
    speak: async (options) => {
      if (!/\p{L}/u.test(options.text)) return refuseSpeech('empty-text');
      if (options.text.length > SPOKEN_LIMIT_CHARACTERS) return refuseSpeech('text-too-long');
      if (waiting > WAITING_LIMIT) return refuseSpeech('speech-busy');
      waiting += 1;
      const turn = queue.then(() => speakAll(options));
      queue = turn.catch(() => {});
      try {
        return await turn;
      } finally {
        waiting -= 1;
      }
    },
  };
}

const REASONS: Record<SpeechRefusalCode, { vi: string; en: string }> = {
  'empty-text': { vi: 'Không có lời nào để đọc.', en: 'There are no words to speak.' },
  'text-too-long': {
    vi: 'Nội dung quá dài để đọc một lần. Hãy chia thành nhiều bản tin.',
    en: 'The text is too long to be spoken in one go. Split it into several bulletins.',
  },
  'speech-missing': {
    vi: 'Máy chủ chưa có bộ đọc tiếng Việt. Hãy dùng bản ghi âm, hoặc nhờ người quản trị cài espeak-ng (lệnh: apt install espeak-ng, hoặc npm install espeak-ng).',
    en: 'The server has no Vietnamese speech program. Use a recording, or ask the administrator to install espeak-ng (apt install espeak-ng, or npm install espeak-ng).',
  },
  'speech-busy': {
    vi: 'Máy chủ đang đọc nhiều văn bản khác. Hãy thử lại sau một phút.',
    en: 'The server is busy speaking other texts. Try again in a minute.',
  },
  'speech-timeout': {
    vi: 'Bộ đọc tiếng Việt chạy quá lâu nên đã bị dừng. Hãy thử lại; nếu vẫn vậy, hãy dùng bản ghi âm.',
    en: 'The speech program took too long and was stopped. Try again; if it happens again, use a recording.',
  },
  'speech-failed': {
    vi: 'Bộ đọc tiếng Việt bị lỗi, chưa có âm thanh nào được tạo. Hãy thử lại hoặc dùng bản ghi âm.',
    en: 'The speech program failed and no sound was made. Try again or use a recording.',
  },
};

/** A refusal in plain words. */
export function refuseSpeech(code: SpeechRefusalCode, detail?: string): SpeechRefusal {
  return { ok: false, code, ...REASONS[code], ...(detail === undefined ? {} : { detail: detail.trim() }) };
}

/** Speech Synthesis Markup (SSML 1.0) as far as espeak-ng needs it: words and pauses. */
function toSsml(phrases: readonly Phrase[]): string {
  const body = phrases.map(({ text, pauseMs }) => {
    const escaped = text.replace(/[&<>]/gu, ' ');
    return pauseMs === 0 ? escaped : `${escaped}<break time="${pauseMs}ms"/>`;
  });
  return `<speak>${body.join('\n')}</speak>`;
}

async function* inTurn(chunks: readonly Uint8Array[]): AsyncGenerator<Uint8Array> {
  yield* chunks;
}
