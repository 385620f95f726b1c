/**
 * Clips as officers make and find them: spoken from a text or uploaded, kept under the maker's area, heard before they
 * are aired. A clip is seen where it was made and above; and heard by those whom a bulletin addresses with it.
 */
import type { Rendition } from '@loa/protocol/device';
import type { ClipView, Person } from '@loa/protocol/panel';
import { readAreaTree } from '../../keep/store/rows/area-tree.ts';
import { parseBulletin } from '../../keep/store/rows/bulletin-row.ts';
import { clipView, type MadeClip, madeClips, renditionsOf } from '../../keep/store/rows/clip-row.ts';
import type { Reader } from '../../keep/store/store.ts';
import { accept, type Result, refuse } from '../../refusal.ts';
import { note } from '../bulletin-book.ts';
import { findOwnClip } from '../choice.ts';
import type { KeptSound, WorkPorts } from '../contracts.ts';
import { workRefusal } from '../refusals.ts';
import { concerns, holds, isOwn } from '../scope.ts';

/** Clips in one answer, newest first. */
const listedMax = 200;
/** Rows read to find them; nobody looks further back by scrolling. */
const searchedMax = 2_000;
/** A title made from a text: its beginning. */
const titleMax = 80;

type Ports = Pick<WorkPorts, 'store' | 'clock' | 'sounds'>;

export async function makeSpeech(
  ports: Ports,
  options: { person: Person; text: string; title: string | undefined; signal?: AbortSignal | undefined },
): Promise<Result<ClipView>> {
  const { person } = options;
  if (!holds(person, 'schedule')) return refuse(workRefusal('no-right'));
  const read = ports.sounds.checkText(options.text);
  if (!read.ok) return read;
  const spoken = await ports.sounds.speak(read.value.spoken);
  if (!spoken.ok) return spoken;
  const title = options.title?.trim() || beginning(read.value.text);
  const { signal } = options;
  const { text } = read.value;
  return await shelve(ports, { person, path: spoken.value.path, title, origin: 'speech', text, signal });
}

/** Takes the temporary file at `path` and removes it, whatever becomes of it. */
export async function keepUpload(
  ports: Ports,
  options: { person: Person; path: string; title: string; signal?: AbortSignal | undefined },
): Promise<Result<ClipView>> {
  const { person, path } = options;
  if (holds(person, 'schedule')) {
    return await shelve(ports, { ...options, title: options.title.trim() || '—', origin: 'upload', text: null });
  }
  await ports.sounds.removeFile(path);
  return refuse(workRefusal('no-right'));
}

export async function listClips(ports: Ports, person: Person): Promise<ClipView[]> {
  if (!holds(person, 'schedule')) return [];
  return await ports.store.read(async (db) => {
    const areas = await readAreaTree(db);
    const made = await db
      .selectFrom('clip_makers')
      .select(['clip_id', 'area_id'])
      .orderBy('created_ms', 'desc')
      .orderBy('clip_id')
      .limit(searchedMax)
      .execute();
    const own = made.filter((row) => isOwn(areas, person, row.area_id));
    const ids = [...new Set(own.map((row) => row.clip_id))].slice(0, listedMax);
    const rows = await madeClips(db, ids);
    const shown = ids.map((id) => rows.find((row) => row.id === id && isOwn(areas, person, row.area_id)));
    return shown.filter((row) => row !== undefined).map(clipView);
  });
}

/** The rendition a browser plays, when the clip is the person's or addressed to the person's areas. */
export async function previewOf(
  ports: Ports,
  options: { person: Person; clipId: string },
): Promise<Result<{ rendition: Rendition; path: string }>> {
  const { person, clipId } = options;
  const clip = holds(person, 'see') ? await ports.store.read((db) => findHearable(db, options)) : undefined;
  const renditions = clip === undefined ? [] : renditionsOf(clip);
  const rendition = renditions.find(({ format }) => format === 'mp3') ?? renditions.find(({ hash }) => hash === clipId);
  if (rendition === undefined) return refuse(workRefusal('unknown-clip'));
  return accept({ rendition, path: ports.sounds.pathOf(rendition.hash) });
}

async function findHearable(db: Reader, options: { person: Person; clipId: string }): Promise<MadeClip | undefined> {
  const areas = await readAreaTree(db);
  const own = await findOwnClip(db, { areas, ...options });
  if (own !== undefined) return own;
  const rows = await db
    .selectFrom('bulletins')
    .selectAll()
    .where((where) =>
      where.or([where('clip_id', '=', options.clipId), where('versions', 'like', `%${options.clipId}%`)]),
    )
    .execute();
  const isAddressed = rows.some((row) =>
    parseBulletin(row).areaIds.some((areaId) => concerns(areas, options.person, areaId)),
  );
  return isAddressed ? (await madeClips(db, [options.clipId]))[0] : undefined;
}

async function shelve(
  ports: Ports,
  options: {
    person: Person;
    path: string;
    title: string;
    origin: 'speech' | 'upload';
    text: string | null;
    signal?: AbortSignal | undefined;
  },
): Promise<Result<ClipView>> {
  const { person, path, title, origin, text, signal } = options;
  try {
    const lane = holds(person, 'emergency') ? 'emergency' : 'routine';
    const kept = await ports.sounds.keepSound(path, lane, signal);
    if (!kept.ok) return kept;
    const made = madeClip(kept.value, { person, title, origin, text, nowMs: ports.clock.nowMs() });
    await writeClip(ports, made);
    return accept(clipView(made));
  } finally {
    await ports.sounds.removeFile(path);
  }
}

function madeClip(
  sound: KeptSound,
  by: { person: Person; title: string; origin: string; text: string | null; nowMs: number },
): MadeClip {
  return {
    id: sound.id,
    duration_ms: sound.durationMs,
    loudness_lufs: sound.loudnessLufs,
    true_peak_dbtp: sound.truePeakDbtp,
    renditions: JSON.stringify(sound.renditions),
    title: by.title,
    origin: by.origin,
    text: by.text,
    area_id: by.person.areaId,
    created_by: by.person.id,
    created_ms: by.nowMs,
  };
}

/** The same sound made again in the same area takes the newer title; elsewhere it has a row of its own. */
async function writeClip(ports: Ports, made: MadeClip): Promise<void> {
  const { title, origin, text, area_id, created_by, created_ms, ...sound } = made;
  const naming = { title, origin, text, created_by, created_ms };
  await ports.store.write(async (tx) => {
    await tx
      .insertInto('clips')
      .values({ ...sound, created_ms })
      .onConflict((conflict) => conflict.column('id').doNothing())
      .execute();
    await tx
      .insertInto('clip_makers')
      .values({ clip_id: made.id, area_id, ...naming })
      .onConflict((conflict) => conflict.columns(['clip_id', 'area_id']).doUpdateSet(naming))
      .execute();
    await note(tx, {
      atMs: created_ms,
      who: created_by,
      action: 'clip-made',
      target: made.id,
      detail: { title, origin },
    });
  });
}

function beginning(text: string): string {
  const line = text.split('\n')[0] ?? '';
  return line.length <= titleMax ? line : `${line.slice(0, titleMax - 1).trimEnd()}…`;
}
