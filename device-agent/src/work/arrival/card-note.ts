/**
 * The enrolment file on the card: looked for while the board waits, its code taken out once it is used. A file that
 * cannot be used is said to be that; the same one is not tried twice.
 */
import { createHash } from 'node:crypto';
import type { Card } from '../../edges/card.ts';
import type { Clock } from '../../edges/clock.ts';
import type { Disk } from '../../edges/disk.ts';
import { regularly } from '../../edges/regularly.ts';
import type { EnrolProblem } from '../../pole-state.ts';
import { type Invitation, noteBytesMax, noteText, readNote } from './enrol-note.ts';

/** How often the card is looked at while the board waits. */
export const cardEveryMs = 10_000;

/** Codes that could not be taken off the card, by their hash, in the agent's folder. */
const usedPath = 'enrol-used';

export interface CardParts {
  card: Card;
  disk: Pick<Disk, 'read' | 'replace'>;
  /** In the order they are looked at. */
  paths: readonly string[];
  knownServer?: string | undefined;
}

export type CardNote =
  | { kind: 'none' }
  | { kind: 'problem'; problem: EnrolProblem; mark: string }
  | { kind: 'invitation'; invitation: Invitation; mark: string };

/** The first file that is there, read. `mark` tells one content from another. */
export async function readCardNote(parts: CardParts): Promise<CardNote> {
  const used = Buffer.from((await parts.disk.read(usedPath).catch(() => undefined)) ?? []).toString('utf8');
  for (const path of parts.paths) {
    const file = await parts.card.read(path, noteBytesMax);
    if (file.kind === 'none') continue;
    if (file.kind === 'unreadable') return { kind: 'problem', problem: 'note-unreadable', mark: `${path} unreadable` };
    const mark = `${path} ${hashOf(file.bytes)}`;
    if (file.bytes.length > noteBytesMax) return { kind: 'problem', problem: 'note-too-long', mark };
    const text = noteText(file.bytes);
    if (text === undefined) return { kind: 'problem', problem: 'note-unreadable', mark };
    if (isUsed(text)) continue;
    const note = readNote(text, parts);
    if (!note.ok) return { kind: 'problem', problem: note.problem, mark };
    if (used === hashOf(note.invitation.claimCode)) continue;
    return { kind: 'invitation', invitation: note.invitation, mark };
  }
  return { kind: 'none' };
}

/** Looks at the card until stopped, and passes on what is new. An offer that is not taken is made again. */
export function watchCard(
  parts: CardParts & {
    clock: Clock;
    onInvitation: (invitation: Invitation) => boolean;
    onProblem: (problem: EnrolProblem) => void;
  },
): { stop(): void } {
  let seen = '';
  return regularly(parts.clock, cardEveryMs, async () => {
    const note = await readCardNote(parts);
    if (note.kind === 'none' || note.mark === seen) return;
    if (note.kind === 'problem') parts.onProblem(note.problem);
    else if (!parts.onInvitation(note.invitation)) return;
    seen = note.mark;
  });
}

/**
 * An enrolled board leaves no code lying on its card: what stands there is written over; where that cannot be, the code
 * is remembered as used. Resolves with the paths that had one.
 */
export async function tidyCard(parts: CardParts): Promise<{ path: string; isBlanked: boolean }[]> {
  const tidied: { path: string; isBlanked: boolean }[] = [];
  for (const path of parts.paths) {
    const file = await parts.card.read(path, noteBytesMax);
    const text = file.kind === 'here' && file.bytes.length <= noteBytesMax ? noteText(file.bytes) : undefined;
    if (text === undefined || isUsed(text)) continue;
    const note = readNote(text, { knownServer: 'https://any.invalid' });
    if (!note.ok) continue;
    const isBlanked = await parts.card.write(path, blanked(note.invitation.serverUrl));
    if (!isBlanked) {
      const hash = hashOf(note.invitation.claimCode);
      const before = Buffer.from((await parts.disk.read(usedPath).catch(() => undefined)) ?? []).toString('utf8');
      if (before === hash) continue;
      await parts.disk.replace(usedPath, hash).catch(() => undefined);
    }
    tidied.push({ path, isBlanked });
  }
  return tidied;
}

const usedLine = '# Đã đăng ký, mã đã dùng / enrolled, the code is used';

function blanked(serverUrl: string): string {
  const server = serverUrl === 'https://any.invalid' ? '' : `server=${serverUrl}\r\n`;
  return `${usedLine}\r\n${server}code=\r\n`;
}

/** As we left it: no code, and nothing wrong. A person who types a new code below is heard. */
function isUsed(text: string): boolean {
  return text.includes(usedLine) && !readNote(text, { knownServer: 'https://any.invalid' }).ok;
}

function hashOf(content: Uint8Array | string): string {
  return createHash('sha256').update(content).digest('hex');
}
