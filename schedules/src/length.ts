/**
 * How long what a plan names sounds: bulletins in each of their languages, and the parts of sessions. Pure; knows what it
 * is handed and no store.
 */
import { airTimeMs, type Bulletin, bulletinIdOf, languageOf } from './bulletin.ts';
import type { Session } from './session.ts';

/** A function from the sessions of a place to the length of one play by clip id, ms, of them and of all bulletins. */
export function clipLengths(
  bulletins: Iterable<Bulletin>,
): (sessions: readonly Session[] | undefined) => ReadonlyMap<string, number> {
  const found = new Map<string, number>();
  for (const { clipId, clipDurationMs, versions = [] } of bulletins) {
    found.set(clipId, clipDurationMs);
    for (const version of versions) found.set(version.clipId, version.clipDurationMs);
  }
  const seen = new Set<readonly Session[]>();
  return (sessions = []) => {
    // A clip has one length wherever it is named, so those of several places stand side by side.
    if (!seen.has(sessions)) for (const part of partsOf(sessions)) found.set(part.clipId, part.clipDurationMs);
    seen.add(sessions);
    return found;
  };
}

/** The whole length of an occurrence, repeats and gaps included; undefined when nothing of that name is known. */
export function airTimeOf(
  occurrence: string,
  named: { bulletins: ReadonlyMap<string, Bulletin>; sessions?: readonly Session[] | undefined },
): number | undefined {
  const id = bulletinIdOf(occurrence);
  const bulletin = named.bulletins.get(id);
  if (bulletin !== undefined) {
    const language = languageOf(occurrence);
    const version = language === 'vi' ? undefined : bulletin.versions?.find((each) => each.language === language);
    return airTimeMs({ ...bulletin, clipDurationMs: version?.clipDurationMs ?? bulletin.clipDurationMs });
  }
  const part = partsOf(named.sessions ?? []).find((each) => each.id === id);
  return part?.kind === 'relay' ? part.relay.lengthMs : part?.clipDurationMs;
}

function partsOf(sessions: readonly Session[]) {
  return sessions.flatMap(({ parts = [] }) => parts).filter((part) => part.kind !== 'bulletins');
}
