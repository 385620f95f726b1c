/**
 * How a board becomes a device: makes its own key pair, shows a claim code once, and keeps what it was told before it
 * uses it. Safe to repeat: the key is on disk before it is shown, and the server answers the same key the same.
 */
import {
  claimCodeSchema,
  doorPaths,
  type EnrolRequest,
  enrolAnswerSchema,
  isTopicId,
  keyFromSeed,
  open,
  parseFrame,
  publicPart,
} from '@loa/protocol/device';
import { z } from 'zod';
import type { Board, Settings } from '../../contracts.ts';
import type { Network } from '../../edges/network.ts';
import type { Random } from '../../edges/random.ts';

const problemSchema = z.object({
  detail: z.string().max(500),
  vi: z.string().max(500).optional(),
  en: z.string().max(500).optional(),
});

const codeWords = {
  vi: 'Mã đăng ký phải có mười chữ và số, ví dụ 7KQ2M-X4T9D.',
  en: 'The claim code has ten letters and digits, as in 7KQ2M-X4T9D.',
};

/** A wrong, used or malformed code does not become right; a busy server or a wrong address may. */
const finalStatuses = new Set([400, 403, 409, 410, 422]);

export type Enrolled =
  /** `keys` is the present key set's envelope, to be handed to the documents under its topic. */
  | { ok: true; keys: string }
  /** `isFinal`: the same code will not do; otherwise it may be tried again later. `words`: the server's, in both. */
  | Refused;

interface Refused {
  ok: false;
  reason: string;
  words?: { vi: string; en: string } | undefined;
  isFinal: boolean;
}

/** Enrols with a claim code. The identity is on disk when this resolves with `ok`. */
export async function enrol(parts: {
  network: Network;
  settings: Settings;
  random: Random;
  board: Board;
  agentVersion: string;
  serverUrl: string;
  claimCode: string;
}): Promise<Enrolled> {
  const { settings } = parts;
  const code = claimCodeSchema.safeParse(parts.claimCode);
  if (!code.success)
    return { ok: false, reason: 'The claim code has ten letters and digits.', words: codeWords, isFinal: true };
  const key = settings.read().keyToEnrol ?? keyFromSeed(parts.random.bytes(32));
  await settings.update((data) => {
    data.keyToEnrol = key;
  });
  const request: EnrolRequest = {
    claimCode: code.data,
    publicKey: publicPart(key),
    capabilities: parts.board.capabilities,
    board: parts.board.description.slice(0, 200),
    agentVersion: parts.agentVersion,
  };
  const asked = await ask(parts.network, request);
  if (!asked.ok) return asked;
  const parsed = parseFrame(enrolAnswerSchema, asked.text);
  if (!parsed.ok)
    return { ok: false, reason: `The server's answer is not understood: ${parsed.reason}`, isFinal: false };
  const { deviceId, clusterName, rootKey, keys } = parsed.message;
  const isSound = isTopicId(deviceId) && open({ text: keys, keys: [rootKey], type: 'loa-keys' }).ok;
  if (!isSound) return { ok: false, reason: 'The server contradicts itself: its keys do not match.', isFinal: false };
  await settings.update((data) => {
    data.identity = { deviceId, clusterName, rootKey, privateKey: key, serverUrl: parts.serverUrl };
    data.keyToEnrol = undefined;
    // Another installation counts anew.
    data.newest = { keys: 0, documents: {} };
    data.clockFloor = { epoch: 1, issuedMs: 0 };
  });
  return { ok: true, keys };
}

async function ask(network: Network, request: EnrolRequest): Promise<{ ok: true; text: string } | Refused> {
  try {
    const answer = await network.http({
      method: 'POST',
      path: doorPaths.enrol,
      headers: { 'content-type': 'application/json', accept: 'application/json' },
      body: JSON.stringify(request),
      timeoutMs: 15_000,
      answerBytesMax: 16 * 1024,
    });
    const text = Buffer.from(answer.body).toString('utf8');
    if (answer.status === 200 || answer.status === 201) return { ok: true, text };
    const problem = parseFrame(problemSchema, text);
    const reason = problem.ok ? problem.message.detail : `The server answered ${answer.status}.`;
    const { vi, en } = problem.ok ? problem.message : {};
    const words = vi === undefined || en === undefined ? undefined : { vi, en };
    return { ok: false, reason, words, isFinal: finalStatuses.has(answer.status) };
  } catch (error) {
    return { ok: false, reason: error instanceof Error ? error.message : String(error), isFinal: false };
  }
}
