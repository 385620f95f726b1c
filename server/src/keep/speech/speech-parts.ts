/**
 * In which pieces is a long text handed to a synthesiser? By lines and sentences, each followed by its pause, collected
 * into parts that one bounded run can speak. Nothing is lost or said twice: the phrases in their order are the text.
 */

/** Words said in one breath group and the silence after them, in milliseconds. */
export type Phrase = { text: string; pauseMs: number };

/**
 * Pauses are longer than in a room: a horn 200 m away arrives 0.6 s late, and its echo must die before the next sentence.
 */
const SENTENCE_PAUSE_MS = 700;
const LINE_PAUSE_MS = 1_100;

/** A run of words without any stop is cut here, at a comma or a space, so that no single run grows without bound. */
const PHRASE_LIMIT_CHARACTERS = 400;

/** About 100 seconds of speech, a tenth of a second of work and 5 MB of sound. */
const PART_LIMIT_CHARACTERS = 1_500;

/** The parts of `text`, none of them empty; no parts for a text without words. */
export function speechParts(text: string): Phrase[][] {
  const parts: Phrase[][] = [];
  let room = 0;
  for (const phrase of text.split('\n').flatMap(linePhrases)) {
    if (phrase.text.length > room) {
      parts.push([]);
      room = PART_LIMIT_CHARACTERS;
    }
    parts.at(-1)?.push(phrase);
    room -= phrase.text.length;
  }
  return parts;
}

function linePhrases(line: string): Phrase[] {
  const phrases = line
    .split(/(?<=[.!?;:])\s+/u)
    .filter((sentence) => /\p{L}/u.test(sentence))
    .flatMap(breathGroups);
  const last = phrases.at(-1);
  if (last !== undefined) last.pauseMs = LINE_PAUSE_MS;
  return phrases;
}

function breathGroups(sentence: string): Phrase[] {
  const groups: Phrase[] = [];
  let rest = sentence;
  while (rest.length > PHRASE_LIMIT_CHARACTERS) {
    const head = rest.slice(0, PHRASE_LIMIT_CHARACTERS);
    const cut = [head.lastIndexOf(', ') + 1, head.lastIndexOf(' '), PHRASE_LIMIT_CHARACTERS].find((at) => at > 0);
    groups.push({ text: rest.slice(0, cut), pauseMs: 0 });
    rest = rest.slice(cut).trimStart();
  }
  if (rest !== '') groups.push({ text: rest, pauseMs: SENTENCE_PAUSE_MS });
  return groups;
}
