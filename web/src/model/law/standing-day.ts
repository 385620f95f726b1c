/**
 * The standing day of a commune while a person puts it together: sessions and their parts in order, and the change they
 * make. Pure. Each session and part has a key that stays with it while it is moved.
 */
import type { LawChange, SessionForm, SessionPartForm } from '@loa/protocol/panel';
import type { SessionSlot } from '@loa/schedules';
import { type WeekdayNumber, weekdayNumbers } from '../civil-time.ts';
import { isSpan } from './hours-draft.ts';
import { type Lacking, lacking, type Settled, settled } from './settled.ts';

/** A part being put together; `id` is the server's, kept so that the log goes on under the same name. */
export type PartDraft =
  | { key: number; kind: 'tune'; id?: string | undefined; title: string; clipId?: string | undefined }
  | {
      key: number;
      kind: 'relay';
      id?: string | undefined;
      title: string;
      /** Sounds instead where the station cannot be had. */
      clipId?: string | undefined;
      url: string;
      /** As typed. */
      minutes: string;
      at?: string | undefined;
    }
  | { key: number; kind: 'bulletins'; from: 'above' | 'own' | 'all' };

export type PartKind = PartDraft['kind'];

export interface SessionDraft {
  key: number;
  name: string;
  weekdays: WeekdayNumber[];
  from: string;
  until: string;
  slot?: SessionSlot | undefined;
  gapMs?: number | undefined;
  parts: PartDraft[];
}

/** As the wire takes them. */
export const sessionsMax = 8;
export const partsMax = 20;
const relayMinutesMax = 180;

/** When a session of each part of the day usually is. */
const usualSpans: Record<SessionSlot, { from: string; until: string }> = {
  morning: { from: '05:00', until: '06:00' },
  noon: { from: '11:00', until: '11:30' },
  evening: { from: '17:00', until: '18:00' },
};

/** A new session as most communes hold it: what comes from above, then their own. */
export function newSession(slot: SessionSlot, input: { name: string; key: number }): SessionDraft {
  return {
    ...input,
    weekdays: [...weekdayNumbers],
    ...usualSpans[slot],
    slot,
    parts: [
      { key: input.key + 1, kind: 'bulletins', from: 'above' },
      { key: input.key + 2, kind: 'bulletins', from: 'own' },
    ],
  };
}

export function newPart(kind: PartKind, input: { title: string; key: number }): PartDraft {
  const { title, key } = input;
  if (kind === 'tune') return { key, kind, title };
  if (kind === 'relay') return { key, kind, title, url: '', minutes: '30' };
  return { key, kind, from: 'all' };
}

/** A key that nothing in the day has yet. */
export function nextKey(sessions: readonly SessionDraft[]): number {
  return 1 + Math.max(0, ...sessions.flatMap((session) => [session.key, ...session.parts.map((part) => part.key)]));
}

export function sessionDraftsOf(sessions: readonly SessionForm[]): SessionDraft[] {
  let key = 0;
  const next = () => {
    key += 1;
    return key;
  };
  return sessions.map((session) => ({
    key: next(),
    name: session.name,
    weekdays: session.weekdays,
    from: session.from,
    until: session.until,
    slot: session.slot,
    gapMs: session.gapMs,
    parts: (session.parts ?? []).map((part) => partDraftOf(part, next())),
  }));
}

function partDraftOf(part: SessionPartForm, key: number): PartDraft {
  if (part.kind !== 'relay') return { key, ...part };
  const { lengthMs, ...rest } = part;
  return { key, ...rest, minutes: String(Math.round(lengthMs / 60_000)) };
}

export function sessionsChangeOf(areaId: string, drafts: readonly SessionDraft[]): Settled<LawChange> {
  if (drafts.length === 0) return lacking('law.missing.sessions');
  const sessions: SessionForm[] = [];
  for (const draft of drafts) {
    const session = sessionOf(draft);
    if (!session.ok) return session;
    sessions.push(session.value);
  }
  return settled({ kind: 'sessions', areaId, sessions });
}

function sessionOf(draft: SessionDraft): Settled<SessionForm> {
  const name = draft.name.trim();
  if (name === '') return lacking('law.missing.session-name');
  if (draft.weekdays.length === 0) return lacking('law.missing.session-weekdays', { session: name });
  if (!isSpan(draft)) return lacking('law.missing.session-times', { session: name });
  const parts: SessionPartForm[] = [];
  for (const part of draft.parts) {
    const made = partOf(part, { session: draft, name });
    if (!made.ok) return made;
    parts.push(made.value);
  }
  const { weekdays, from, until, slot, gapMs } = draft;
  return settled({
    name,
    weekdays,
    from,
    until,
    ...(slot === undefined ? {} : { slot }),
    ...(gapMs === undefined ? {} : { gapMs }),
    ...(parts.length === 0 ? {} : { parts }),
  });
}

function partOf(part: PartDraft, input: { session: SessionDraft; name: string }): Settled<SessionPartForm> {
  if (part.kind === 'bulletins') return settled({ kind: part.kind, from: part.from });
  const title = part.title.trim();
  const lack = (words: Lacking['words']) => lacking(words, { session: input.name, part: title });
  if (title === '') return lack('law.missing.part-title');
  const { clipId, id } = part;
  const own = { title, ...(id === undefined ? {} : { id }) };
  if (part.kind === 'tune') {
    return clipId === undefined ? lack('law.missing.part-clip') : settled({ kind: 'tune', ...own, clipId });
  }
  const url = part.url.trim();
  if (!/^https?:\/\/[^\s]+$/.test(url)) return lack('law.missing.relay-url');
  const minutes = Number(part.minutes);
  if (!/^\d+$/.test(part.minutes) || minutes < 1 || minutes > relayMinutesMax) return lack('law.missing.relay-minutes');
  const { from, until } = input.session;
  if (part.at !== undefined && (part.at < from || part.at >= until)) return lack('law.missing.relay-at');
  if (clipId === undefined) return lack('law.missing.relay-clip');
  const at = part.at === undefined ? {} : { at: part.at };
  return settled({ kind: 'relay', ...own, clipId, url, lengthMs: minutes * 60_000, ...at });
}
