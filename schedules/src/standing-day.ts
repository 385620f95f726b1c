/**
 * How one session of a commune's standing day is laid out on a civil day: tunes, relays and the bulletins placed there,
 * one after the other, between the session's times. Pure; asks no law, for what is laid out is judged like anything else.
 * The order of what stands when the session begins is never changed afterwards: what is accepted later goes behind it,
 * what is withdrawn later leaves its place silent. So nothing that has sounded moves, and nothing accepted is overtaken.
 */
import { classRank, type Language, occurrenceId, type PlannedBulletin } from './bulletin.ts';
import { type CivilDay, instantOnDay } from './civil-days.ts';
import { gapMsDefault, type Session, type SessionPart } from './session.ts';
import { partSound, type Sound, soundsOf } from './sound.ts';

/** One sound at its place in a session. */
export interface PlacedSound {
  /** Named after the session's start, so that one that moves inside it stays the same, on every device. */
  readonly occurrence: string;
  /** Occurrence of the bulletin's first recording there; its versions belong together. */
  readonly run: string;
  readonly atMs: number;
  readonly sound: Sound;
  /** The session has no room for it; `atMs` is where it would have begun. */
  readonly isFull: boolean;
}

/** What stays together: a part, or a bulletin with its versions. */
interface Block {
  readonly sounds: readonly Sound[];
  readonly run: string;
  /** A relay's fixed time. */
  readonly fixedMs?: number | undefined;
  /** Accepted after the session had begun; nothing of it lies before. */
  readonly acceptedMs?: number | undefined;
  /** Withdrawn after the session had begun. */
  readonly isSilent?: boolean | undefined;
}

const bulletinsAlone: readonly SessionPart[] = [{ kind: 'bulletins', from: 'all' }];

/** The session in which bulletins that ask for a slot are placed on a day; of two the first listed. */
export function programmeOn(
  sessions: readonly Session[],
  { weekday, slot }: { weekday: number; slot: Session['slot'] },
): Session | undefined {
  return sessions.find((session) => session.slot === slot && session.weekdays.includes(weekday));
}

/** The place of a part that takes a bulletin: the first that asks for its kind, else the first for all. −1: none does. */
export function takingPart({ parts = bulletinsAlone }: Session, bulletin: PlannedBulletin): number {
  const kind = bulletin.isFromAbove === true ? 'above' : 'own';
  const asks = (from: string) => parts.findIndex((part) => part.kind === 'bulletins' && part.from === from);
  const index = asks(kind);
  return index === -1 ? asks('all') : index;
}

/** The layout of a session on a day that it has; what has room stands in order of time. */
export function layOutSession(placing: Placing): PlacedSound[] {
  const { session, day } = placing;
  const fromMs = instantOnDay(day, session.from);
  const untilMs = instantOnDay(day, session.until);
  const gapMs = session.gapMs ?? gapMsDefault;
  const found: PlacedSound[] = [];
  let cursorMs = fromMs;
  let heldUntilMs = fromMs;
  let waiting: Block[] = [];
  const { blocks, late, closing } = blocksOf(placing, fromMs);
  for (const block of blocks) {
    const { fixedMs } = block;
    if (fixedMs === undefined) {
      waiting.push(block);
      continue;
    }
    const endMs = fixedMs + lengthOf(block, gapMs);
    const isFull = fixedMs < heldUntilMs || endMs > untilMs;
    if (!isFull) {
      waiting = waiting.filter((each) => !put(each, fixedMs - gapMs));
      cursorMs = endMs + gapMs;
      heldUntilMs = endMs;
    }
    note(block, { atMs: fixedMs, isFull });
  }
  const closingMs = closing.reduce((sum, block) => sum + gapMs + lengthOf(block, gapMs), 0);
  for (const block of [...waiting, ...late]) {
    if (cursorMs < (block.acceptedMs ?? cursorMs) || put(block, untilMs - closingMs)) continue;
    // Where a bulletin has no room with all its versions, those have it that fit.
    for (const sound of block.sounds) {
      const alone = { ...block, sounds: [sound] };
      if (!put(alone, untilMs - closingMs)) note(alone, { atMs: cursorMs, isFull: true });
    }
  }
  for (const block of closing) {
    if (!put(block, untilMs)) note(block, { atMs: cursorMs, isFull: true });
  }
  return found;

  /** Puts a block at the cursor if it is over at `endMs`. */
  function put(block: Block, endMs: number): boolean {
    const lengthMs = lengthOf(block, gapMs);
    if (cursorMs + lengthMs > endMs) return false;
    note(block, { atMs: cursorMs, isFull: false });
    cursorMs += lengthMs + gapMs;
    return true;
  }

  function note({ sounds, run, isSilent }: Block, { atMs, isFull }: { atMs: number; isFull: boolean }): void {
    if (isSilent === true) return;
    let nextMs = atMs;
    for (const sound of sounds) {
      const occurrence = occurrenceId(sound.bulletinId, fromMs, sound.language);
      found.push({ occurrence, run, atMs: nextMs, sound, isFull });
      nextMs += sound.durationMs + gapMs;
    }
  }
}

/** What goes into a session, and what that is laid out with. */
interface Placing {
  readonly session: Session;
  readonly day: CivilDay;
  /** Those placed in it that day. */
  readonly bulletins: readonly PlannedBulletin[];
  readonly languages?: readonly Language[] | undefined;
}

/** The parts in their order; behind them what was accepted late; last the tunes that close, whatever comes before them. */
function blocksOf(placing: Placing, fromMs: number): { blocks: Block[]; late: Block[]; closing: Block[] } {
  const { session, day, languages } = placing;
  const { parts = bulletinsAlone } = session;
  const lastOther = parts.findLastIndex((part) => part.kind !== 'tune');
  const kept = placing.bulletins.filter((each) => isKept(each, fromMs)).sort(byOrder);
  const [standing, late] = [kept.filter((each) => !isLate(each, fromMs)), kept.filter((each) => isLate(each, fromMs))];
  const blockOf = (bulletin: PlannedBulletin) => bulletinBlock(bulletin, { languages, fromMs });
  const blocks: Block[] = [];
  const closing: Block[] = [];
  const seen = new Set<string>();
  for (const [index, part] of parts.entries()) {
    if (part.kind === 'bulletins') {
      blocks.push(...standing.filter((each) => takingPart(session, each) === index).map(blockOf));
    } else if (!seen.has(part.id)) {
      seen.add(part.id);
      const fixedMs = part.kind === 'relay' && part.at !== undefined ? instantOnDay(day, part.at) : undefined;
      const list = lastOther !== -1 && index > lastOther ? closing : blocks;
      list.push({ sounds: [partSound(part)], run: occurrenceId(part.id, fromMs), fixedMs });
    }
  }
  return { blocks, late: late.sort(byAcceptance).map(blockOf), closing };
}

function bulletinBlock(
  bulletin: PlannedBulletin,
  { languages, fromMs }: { languages: readonly Language[] | undefined; fromMs: number },
): Block {
  const sounds = soundsOf(bulletin, languages);
  return {
    sounds,
    run: occurrenceId(bulletin.id, fromMs, sounds[0]?.language),
    ...(isLate(bulletin, fromMs) ? { acceptedMs: bulletin.createdMs } : {}),
    isSilent: bulletin.withdrawnMs !== undefined,
  };
}

/** Not withdrawn before the session begins, nor played now at that very second under the same name. */
function isKept({ id, withdrawnMs, nowAtMs }: PlannedBulletin, fromMs: number): boolean {
  const isTwice = nowAtMs !== undefined && occurrenceId(id, nowAtMs) === occurrenceId(id, fromMs);
  return (withdrawnMs === undefined || withdrawnMs > fromMs) && !isTwice;
}

function isLate({ createdMs }: PlannedBulletin, fromMs: number): boolean {
  return createdMs !== undefined && createdMs > fromMs;
}

function lengthOf({ sounds }: Block, gapMs: number): number {
  return sounds.reduce((sum, sound) => sum + sound.durationMs, 0) + gapMs * Math.max(0, sounds.length - 1);
}

/** Higher class, then what came down from above, then order of acceptance. */
function byOrder(a: PlannedBulletin, b: PlannedBulletin): number {
  return (
    classRank[b.class] - classRank[a.class] ||
    Number(b.isFromAbove === true) - Number(a.isFromAbove === true) ||
    byAcceptance(a, b)
  );
}

function byAcceptance(a: PlannedBulletin, b: PlannedBulletin): number {
  return a.acceptedNumber - b.acceptedNumber || (a.id < b.id ? -1 : 1);
}
