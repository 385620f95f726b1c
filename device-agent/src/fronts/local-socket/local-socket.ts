/**
 * The agent's socket file, in the folder that only the agent and root may enter: the commands of the same board ask a
 * running agent through it. Shows state, writes the log out, takes a code; nothing else.
 */
import { evidenceSchema, parseFrame } from '@loa/protocol/device';
import { z } from 'zod';
import type { Player } from '../../contracts.ts';
import { askSocket, type LocalAnswer, type LocalRequest, listen } from '../../edges/listener.ts';
import { type PoleState, poleStateSchema } from '../../pole-state.ts';
import type { Arrival } from '../../work/arrival/arrival.ts';
import { readNote } from '../../work/arrival/enrol-note.ts';
import { bothOf, enrolProblemWords } from '../../work/words.ts';

/** Name of the file in the agent's folder. */
export const socketName = 'agent.sock';

/** A running agent answers at once; one that hangs is treated as none. */
const askMsMax = 3_000;

export interface LocalSocketParts {
  /** Absolute; at most some hundred characters, as the kernel has it. */
  socketPath: string;
  state: () => PoleState;
  flushLog: () => Promise<void>;
  /** Asks the output itself, as the watch over it does. */
  output: Player['output'];
  knownServer: string | undefined;
  arrival: Pick<Arrival, 'offer'>;
  log: (line: string) => void;
}

/** Opens the socket file. Without it the agent runs all the same, and says so once. */
export async function openLocalSocket(parts: LocalSocketParts): Promise<{ stop(): Promise<void> }> {
  const opened = await listen({ at: { socketPath: parts.socketPath }, answer: (request) => answer(parts, request) });
  if (!opened.ok) {
    parts.log(`no socket file for the commands: ${opened.reason}`);
    return { stop: async () => undefined };
  }
  return { stop: opened.listener.close };
}

async function answer(parts: LocalSocketParts, { method, target, body }: LocalRequest): Promise<LocalAnswer> {
  const route = `${method} ${target}`;
  if (route === 'GET /state') return { status: 200, headers: {}, body: JSON.stringify(parts.state()) };
  if (route === 'GET /output') {
    const { present, evidence } = await parts.output();
    return { status: 200, headers: {}, body: JSON.stringify({ present, evidence }) };
  }
  if (route === 'POST /flush') {
    await parts.flushLog();
    return { status: 204, headers: {}, body: '' };
  }
  if (route !== 'POST /enrol') return { status: 404, headers: {}, body: '' };
  const note = readNote(body, parts);
  if (!note.ok) return { status: 422, headers: {}, body: bothOf(enrolProblemWords[note.problem]) };
  const serverUrl = parts.knownServer ?? note.invitation.serverUrl;
  const offered = parts.arrival.offer({ ...note.invitation, serverUrl });
  if (offered.ok) return { status: 202, headers: {}, body: '' };
  return { status: 409, headers: {}, body: bothOf(notTakenWords[offered.reason]) };
}

const notTakenWords = {
  enrolled: { vi: 'Thiết bị đã đăng ký rồi.', en: 'This board is enrolled already.' },
  busy: { vi: 'Đang thử một mã. Hãy đợi nửa phút.', en: 'A code is being tried. Wait half a minute.' },
};

const outputSchema = z.object({ present: z.boolean(), evidence: evidenceSchema });

/** How the running agent's output is at this moment; undefined when nobody answers, or an agent that is not asked that. */
export async function askOutput(socketPath: string): Promise<z.infer<typeof outputSchema> | undefined> {
  const asked = await askSocket({ socketPath, method: 'GET', path: '/output', timeoutMs: askMsMax });
  if (asked?.status !== 200) return undefined;
  const parsed = parseFrame(outputSchema, asked.body);
  return parsed.ok ? parsed.message : undefined;
}

/** The state of the agent that runs on a folder; undefined when none answers. */
export async function askState(socketPath: string): Promise<PoleState | undefined> {
  const asked = await askSocket({ socketPath, method: 'GET', path: '/state', timeoutMs: askMsMax });
  if (asked?.status !== 200) return undefined;
  try {
    const parsed = poleStateSchema.safeParse(JSON.parse(asked.body));
    return parsed.success ? parsed.data : undefined;
  } catch {
    return undefined;
  }
}

/** Asks a running agent to write its log out; nothing happens without one. */
export async function askFlush(socketPath: string): Promise<void> {
  await askSocket({ socketPath, method: 'POST', path: '/flush', timeoutMs: askMsMax });
}

/** Hands a code to the running agent; undefined when none answers. */
export async function askEnrol(
  socketPath: string,
  note: { code: string; serverUrl: string | undefined },
): Promise<{ ok: true } | { ok: false; reason: string } | undefined> {
  const body = JSON.stringify({ code: note.code, server: note.serverUrl });
  const asked = await askSocket({ socketPath, method: 'POST', path: '/enrol', body, timeoutMs: askMsMax });
  if (asked === undefined) return undefined;
  return asked.status === 202 ? { ok: true } : { ok: false, reason: asked.body };
}
