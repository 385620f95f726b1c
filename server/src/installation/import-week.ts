/**
 * Brings a commune's whole week in with one command: its standing day with tunes and relays, and its timetable, through
 * the same door as the panel and with the rights of the person who signs in. Run again with the same files it changes
 * nothing.
 */
import { createHash } from 'node:crypto';
import type { LawChange, TimetableEntry, TimetableMistake } from '@loa/protocol/panel';
import { accept, type Refusal, type Result, refuse } from '../refusal.ts';
import type { PanelClient } from './panel-client.ts';
import { parseSampleDay, type SampleSession, type SampleSound, tuneWav } from './sample-day.ts';

export interface ImportedWeek {
  sessions: number;
  bulletins: number;
  clusters: number;
  /** Titles of recordings that were not there, for which a tone was made. */
  standIns: string[];
}

export interface WeekFiles {
  /** JSON of a standing day; see `sample-day.ts`. */
  day?: string | undefined;
  /** A spreadsheet. */
  timetable?: { name: string; bytes: Uint8Array } | undefined;
  /** Makes a tone for every recording that the timetable names and nobody has made: to try things out. */
  withStandIns: boolean;
}

export async function importWeek(client: PanelClient, files: WeekFiles): Promise<Result<ImportedWeek>> {
  const me = await client.call('me');
  if (!me.ok) return me;
  const { areaId } = me.value.person;
  const done: ImportedWeek = { sessions: 0, bulletins: 0, clusters: 0, standIns: [] };
  if (files.day !== undefined) {
    const day = await importDay(client, { areaId, text: files.day });
    if (!day.ok) return day;
    done.sessions = day.value;
  }
  if (files.timetable !== undefined) {
    const table = await importTable(client, { ...files, timetable: files.timetable });
    if (!table.ok) return table;
    Object.assign(done, table.value);
  }
  return accept(done);
}

async function importDay(client: PanelClient, options: { areaId: string; text: string }): Promise<Result<number>> {
  const { areaId, text } = options;
  const parsed = parseSampleDay(text);
  if (!parsed.ok) return parsed;
  const made = new Map<string, string>();
  const sessions: Extract<LawChange, { kind: 'sessions' }>['sessions'] = [];
  for (const session of parsed.value) {
    const parts = await partsOf(client, session, made);
    if (!parts.ok) return parts;
    sessions.push({ ...session, parts: parts.value });
  }
  const change: LawChange = { kind: 'sessions', areaId, sessions };
  const answer = await client.call('makeChange', { body: { requestId: requestIdOf(JSON.stringify(change)), change } });
  return answer.ok ? accept(sessions.length) : answer;
}

type Parts = NonNullable<NonNullable<Extract<LawChange, { kind: 'sessions' }>['sessions']>[number]['parts']>;

async function partsOf(
  client: PanelClient,
  session: SampleSession,
  made: Map<string, string>,
): Promise<Result<Parts | undefined>> {
  if (session.parts === undefined) return accept(undefined);
  const parts: Parts = [];
  for (const part of session.parts) {
    if (part.kind === 'bulletins') {
      parts.push(part);
      continue;
    }
    const { sound, ...rest } = part;
    const clip = await clipOf(client, { sound, title: part.title, made });
    if (!clip.ok) return clip;
    parts.push({ ...rest, clipId: clip.value });
  }
  return accept(parts);
}

/** The clip of a sound; the same sound is made once. */
async function clipOf(
  client: PanelClient,
  { sound, title, made }: { sound: SampleSound; title: string; made: Map<string, string> },
): Promise<Result<string>> {
  const key = JSON.stringify(sound);
  const known = made.get(key);
  if (known !== undefined) return accept(known);
  const clip =
    sound.kind === 'tones'
      ? await client.upload('uploadClip', { name: 'tune.wav', bytes: tuneWav(sound), title })
      : await client.call('makeSpeech', { body: { text: sound.text, title } });
  if (!clip.ok) return clip;
  made.set(key, clip.value.id);
  return accept(clip.value.id);
}

async function importTable(
  client: PanelClient,
  files: WeekFiles & { timetable: NonNullable<WeekFiles['timetable']> },
): Promise<Result<Omit<ImportedWeek, 'sessions'>>> {
  const { timetable } = files;
  const read = await client.upload('readTimetable', timetable);
  if (!read.ok) return read;
  const { entries, mistakes } = read.value;
  if (mistakes.length > 0) return refuse(badRows(timetable.name, mistakes));
  const standIns = files.withStandIns ? await makeStandIns(client, entries) : accept([]);
  if (!standIns.ok) return standIns;
  const requestId = requestIdOf(JSON.stringify(entries));
  const answer = await client.call('importTimetable', { body: { requestId, entries, dryRun: false } });
  if (!answer.ok) return answer;
  if (answer.value.mistakes.length > 0) return refuse(badRows(timetable.name, answer.value.mistakes));
  return accept({
    bulletins: answer.value.bulletinIds.length,
    clusters: answer.value.changed.clusterCount,
    standIns: standIns.value,
  });
}

/** Half a second of two tones, long enough to be a recording and plainly none. */
const standIn = {
  kind: 'tones' as const,
  tones: [
    { hz: 440, lengthMs: 1_500 },
    { hz: 330, lengthMs: 1_500 },
  ],
};

async function makeStandIns(client: PanelClient, entries: readonly TimetableEntry[]): Promise<Result<string[]>> {
  const wanted = new Set(entries.flatMap(({ clipTitle }) => (clipTitle === undefined ? [] : [clipTitle])));
  const clips = await client.call('listClips');
  if (!clips.ok) return clips;
  const missing = [...wanted].filter((title) => !clips.value.some((clip) => clip.title === title));
  for (const title of missing) {
    const clip = await client.upload('uploadClip', { name: 'stand-in.wav', bytes: tuneWav(standIn), title });
    if (!clip.ok) return clip;
  }
  return accept(missing);
}

function badRows(name: string, mistakes: readonly TimetableMistake[]): Refusal {
  const lines = (language: 'vi' | 'en', word: string) =>
    mistakes.map((mistake) => `${word} ${mistake.row}: ${mistake[language]}`).join('\n');
  return {
    code: 'timetable-mistakes',
    status: 422,
    vi: `Bảng ${name} còn dòng chưa dùng được, chưa đưa dòng nào vào lịch:\n${lines('vi', 'Dòng')}`,
    en: `${name} has rows that cannot be taken; nothing was scheduled:\n${lines('en', 'Row')}`,
  };
}

/** The same content is the same request. */
function requestIdOf(content: string): string {
  return `import-${createHash('sha256').update(content).digest('hex').slice(0, 40)}`;
}
