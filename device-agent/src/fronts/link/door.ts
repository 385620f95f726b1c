/**
 * The server's HTTP door from the device's side: signs the server's nonce for a token, fetches plan bodies and
 * clips with it, and hands in a log. One sign-in at a time; never keeps a token longer than it is good for. Decides no retries.
 */
import {
  doorPaths,
  nonceAnswerSchema,
  parseFrame,
  seal,
  type TokenAnswer,
  tokenAnswerSchema,
} from '@loa/protocol/device';
import type { z } from 'zod';
import type { Identity, Refusals } from '../../contracts.ts';
import type { Clock } from '../../edges/clock.ts';
import { type Network, RuleBroken } from '../../edges/network.ts';
import { counted } from './count-broken-rules.ts';
import { createAnswerJudge } from './judge-answer.ts';

/** One question and its short answer. */
const askTimeoutMs = 15_000;
const answerBytesMax = 16 * 1024;

/** A download that has been silent for so long is given up; what came is kept. */
const silenceMsMax = 20_000;

/** A log of 100 kB on a line of 1 kB/s. */
const sendTimeoutMs = 120_000;

/** A token is good for a quarter of an hour; downloads use one for so long. */
const downloadTokenAgeMs = 10 * 60_000;

/** The server knows this device no longer: somebody must enrol it again. */
export class DeviceNotAccepted extends Error {
  override name = 'DeviceNotAccepted';
}

type OnChunk = (chunk: Uint8Array, head: { status: number; headers: Record<string, string> }) => Promise<void>;

export interface Door {
  /** A token at most so old. Rejects with `DeviceNotAccepted`, or with why it was not to be had. */
  token(options: { ageMsMax: number }): Promise<TokenAnswer>;
  /** This token was refused; it is not handed out again. */
  spoil(token: string): void;
  /** The bytes of a plan body, unverified. */
  fetchBody(body: { hash: string; sizeBytes: number }): Promise<Uint8Array>;
  /** A clip from a byte on, unverified; resolves with the status when the answer has ended. */
  fetchClip(request: {
    hash: string;
    fromBytes: number;
    sizeBytes: number;
    signal: AbortSignal;
    onChunk: OnChunk;
  }): Promise<{ status: number }>;
  /** The log that an order asked for, gzipped; resolves with the server's status. */
  sendLog(orderId: string, gzipped: Uint8Array): Promise<{ status: number }>;
  /** A release of the agent, as a clip. */
  fetchRelease: Door['fetchClip'];
}

interface Download {
  /** What it is, for whoever reads of a refusal. */
  subject: string;
  path: string;
  fromBytes: number;
  sizeBytes: number;
  signal?: AbortSignal;
  onChunk: OnChunk;
}

/** The door of one server for one device. Answers that break a rule are counted. */
export function createDoor(parts: { network: Network; clock: Clock; identity: Identity; refusals: Refusals }): Door {
  const { network, clock, refusals } = parts;
  const { deviceId, privateKey } = parts.identity;
  let known: { answer: TokenAnswer; sinceMs: number } | undefined;
  let signingIn: Promise<TokenAnswer> | undefined;

  function ask<T>(question: { path: string; body: unknown; schema: z.ZodType<T> }): Promise<T> {
    return counted(refusals, 'sign-in', askDoor(network, question));
  }

  async function signIn(): Promise<TokenAnswer> {
    const sinceMs = clock.monotonicMs();
    const { nonce } = await ask({ path: doorPaths.nonce, body: { deviceId }, schema: nonceAnswerSchema });
    const proof = seal({ payload: { deviceId, nonce }, key: privateKey, type: 'loa-nonce' });
    const answer = await ask({ path: doorPaths.token, body: { proof }, schema: tokenAnswerSchema });
    known = { answer, sinceMs };
    return answer;
  }

  async function token({ ageMsMax }: { ageMsMax: number }): Promise<TokenAnswer> {
    if (known !== undefined && clock.monotonicMs() - known.sinceMs <= ageMsMax) return known.answer;
    signingIn ??= signIn().finally(() => {
      signingIn = undefined;
    });
    return signingIn;
  }

  function spoil(spoilt: string): void {
    if (known?.answer.token === spoilt) known = undefined;
  }

  async function fetchOnce(options: Download): Promise<{ status: number; token: string }> {
    const { token: bearer } = await token({ ageMsMax: downloadTokenAgeMs });
    const { status } = await counted(refusals, options.subject, download(options, bearer));
    return { status, token: bearer };
  }

  async function download(options: Download, bearer: string): Promise<{ status: number }> {
    const range: Record<string, string> = options.fromBytes > 0 ? { range: `bytes=${options.fromBytes}-` } : {};
    const judge = createAnswerJudge(options);
    const answer = await network.http({
      method: 'GET',
      path: options.path,
      headers: { authorization: `Bearer ${bearer}`, ...range },
      timeoutMs: silenceMsMax,
      answerBytesMax: Math.max(options.sizeBytes, answerBytesMax),
      signal: options.signal,
      onChunk: async (chunk, head) => {
        judge.piece(chunk, head);
        // A refusal's text is nobody's clip.
        if (head.status < 300) await options.onChunk(chunk, head);
      },
    });
    judge.end(answer);
    return answer;
  }

  /** A spoilt token is replaced once. */
  async function fetchBytes(options: Download): Promise<{ status: number }> {
    const first = await fetchOnce(options);
    if (first.status !== 401) return first;
    spoil(first.token);
    return fetchOnce(options);
  }

  async function sendOnce(orderId: string, gzipped: Uint8Array): Promise<{ status: number; token: string }> {
    const { token: bearer } = await token({ ageMsMax: downloadTokenAgeMs });
    const { status } = await network.http({
      method: 'POST',
      path: doorPaths.logs(orderId),
      headers: { authorization: `Bearer ${bearer}`, 'content-type': 'application/gzip' },
      bytes: gzipped,
      timeoutMs: sendTimeoutMs,
      answerBytesMax,
    });
    return { status, token: bearer };
  }

  return {
    token,
    spoil,
    async sendLog(orderId, gzipped) {
      const first = await sendOnce(orderId, gzipped);
      if (first.status !== 401) return first;
      spoil(first.token);
      return sendOnce(orderId, gzipped);
    },
    fetchClip: ({ hash, ...rest }) => fetchBytes({ subject: `clip ${hash}`, path: doorPaths.clip(hash), ...rest }),
    fetchRelease: ({ hash, ...rest }) =>
      fetchBytes({ subject: `release ${hash}`, path: doorPaths.release(hash), ...rest }),
    async fetchBody({ hash, sizeBytes }) {
      // Whole from the start: half a million pieces of a byte would cost a hundred times as much.
      const bytes = new Uint8Array(sizeBytes);
      let received = 0;
      const onChunk = async (chunk: Uint8Array) => {
        bytes.set(chunk, received);
        received += chunk.length;
      };
      const path = doorPaths.body(hash);
      const { status } = await fetchBytes({ subject: `body ${hash}`, path, fromBytes: 0, sizeBytes, onChunk });
      if (status !== 200) throw new Error(`The server answered ${status}`);
      return bytes;
    },
  };
}

/** One question with a JSON body; rejects with what a person can act on. */
export async function askDoor<T>(
  network: Network,
  question: { path: string; body: unknown; schema: z.ZodType<T> },
): Promise<T> {
  const answer = await network.http({
    method: 'POST',
    path: question.path,
    headers: { 'content-type': 'application/json', accept: 'application/json' },
    body: JSON.stringify(question.body),
    timeoutMs: askTimeoutMs,
    answerBytesMax,
  });
  const text = Buffer.from(answer.body).toString('utf8');
  if (answer.status === 403 || answer.status === 410)
    throw new DeviceNotAccepted(`The server refuses this device (${answer.status})`);
  if (answer.status !== 200 && answer.status !== 201) throw new Error(`The server answered ${answer.status}`);
  const parsed = parseFrame(question.schema, text);
  if (!parsed.ok) throw new RuleBroken('not-understood', `The server's answer is not understood: ${parsed.reason}`);
  return parsed.message;
}
