/**
 * What does the rest of the server know of a speech synthesiser? It is given spoken text and a path, and either a WAV
 * file stands there afterwards or the reason why not. Which program does the work, and under which licence, is not the
 * caller's concern; neither is queueing.
 */

/** Why nothing was spoken. `code` is stable; `vi` and `en` tell the person what to do; `detail` is for the log. */
export type SpeechRefusal = { ok: false; code: SpeechRefusalCode; vi: string; en: string; detail?: string };

/** Reasons for a refusal. */
export type SpeechRefusalCode =
  | 'empty-text'
  | 'text-too-long'
  | 'speech-missing'
  | 'speech-busy'
  | 'speech-timeout'
  | 'speech-failed';

/** The result of one request. */
export type SpeechResult = { ok: true } | SpeechRefusal;

/** Something that can speak Vietnamese. */
export interface Synthesiser {
  /** Program and voice, for the log and the panel, such as `espeak-ng 1.51 (vi)`; `none` when nothing can speak. */
  readonly name: string;
  /**
   * Writes mono 16-bit PCM WAV to `wavPath`, a path that no file has yet. `text` is what `spokenText` returned: words, line breaks and punctuation,
   * at most `SPOKEN_LIMIT_CHARACTERS`. One request runs at a time, a few wait, more are refused. Rejects only when the
   * file cannot be written.
   */
  speak(options: { text: string; wavPath: string }): Promise<SpeechResult>;
}

/** Longest text spoken in one go: the longest pasted text with its numbers in words, about 50 minutes of sound. */
export const SPOKEN_LIMIT_CHARACTERS = 50_000;
