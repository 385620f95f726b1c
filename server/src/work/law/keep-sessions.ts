/**
 * The standing day of an area as it is kept: every tune and relay is entered among the bulletins (state `part`), so that
 * what sounds of it has a name in every picture and log. A part that is sent back unchanged keeps its id.
 */
import type { SessionForm, SessionPartForm } from '@loa/protocol/panel';
import type { TitledSession } from '../../keep/store/rows/area-tree.ts';
import type { Writer } from '../../keep/store/store.ts';
import { accept, type Result, refuse } from '../../refusal.ts';
import { enterBulletin, findBulletin } from '../bulletin-book.ts';
import { findOwnClip } from '../choice.ts';
import { workRefusal } from '../refusals.ts';
import type { ChangeCall } from './make-change.ts';

type Part = NonNullable<TitledSession['parts']>[number];

/** The sessions with lengths and ids, or why they cannot be kept. */
export async function keepSessions(
  tx: Writer,
  call: ChangeCall & { areaId: string; sessions: readonly SessionForm[] },
): Promise<Result<TitledSession[]>> {
  const kept: TitledSession[] = [];
  for (const { parts, ...session } of call.sessions) {
    if (parts === undefined) {
      kept.push(session);
      continue;
    }
    const own: Part[] = [];
    for (const part of parts) {
      const made = await keepPart(tx, call, part);
      if (!made.ok) return made;
      own.push(made.value);
    }
    kept.push({ ...session, parts: own });
  }
  return accept(kept);
}

async function keepPart(
  tx: Writer,
  call: ChangeCall & { areaId: string },
  part: SessionPartForm,
): Promise<Result<Part>> {
  if (part.kind === 'bulletins') return accept(part);
  const { areas, person, areaId } = call;
  const { title, clipId } = part;
  const clip = await findOwnClip(tx, { areas, person, clipId });
  if (clip === undefined) return refuse(workRefusal('unknown-clip'));
  const known = part.id === undefined ? undefined : await findBulletin(tx, part.id);
  const isSame = known?.state === 'part' && known.title === title && known.clipId === clipId;
  const isHere = isSame && known.areaIds.includes(areaId);
  const id = isHere ? known.id : await enterPart(tx, call, { title, clipId });
  const sinceMs = isHere ? known.createdMs : call.nowMs;
  const own = { id, title, clipId, clipDurationMs: clip.duration_ms, sinceMs };
  if (part.kind === 'tune') return accept({ kind: 'tune', ...own });
  const relay = { url: part.url, lengthMs: part.lengthMs };
  return accept({ kind: 'relay', ...own, ...(part.at === undefined ? {} : { at: part.at }), relay });
}

async function enterPart(
  tx: Writer,
  { person, nowMs, newId, areaId }: ChangeCall & { areaId: string },
  { title, clipId }: { title: string; clipId: string },
): Promise<string> {
  const id = newId('s');
  await enterBulletin(tx, {
    bulletin: {
      id,
      requestId: id,
      class: 'normal',
      title,
      clipId,
      areaIds: [areaId],
      whens: [],
      nowAtMs: null,
      late: { kind: 'skip', lateMsMax: 1_000 },
      resume: 'drop',
      repeat: { count: 1, gapMs: 0 },
      drill: false,
      expiresMs: null,
      state: 'part',
      createdBy: person.id,
      createdMs: nowMs,
      withdrawnMs: null,
      clusterIds: [],
      slot: null,
      versions: [],
      madeIn: person.areaId,
      originId: null,
      decision: null,
    },
    lastMs: null,
  });
  return id;
}
