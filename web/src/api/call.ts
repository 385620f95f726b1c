/**
 * The typed client, made from the protocol's `api` table: a name and its input go in, the parsed answer or a reason
 * comes out. Requests go to the server this page came from, with its cookie. Never shows anything.
 */
import { type ApiName, api, type Endpoint, type Problem, problemSchema } from '@loa/protocol/panel';
import type { z } from 'zod';

type Table = typeof api;
type SchemaOf<N extends ApiName, K extends string> = Table[N] extends { [key in K]: infer S extends z.ZodType }
  ? S
  : undefined;
type InputOf<N extends ApiName, K extends string> =
  SchemaOf<N, K> extends z.ZodType ? { [key in K]: z.input<SchemaOf<N, K>> } : { [key in K]?: never };

/** What a call takes: `params`, `query` and `body` as far as its endpoint has them. */
export type CallInput<N extends ApiName> = InputOf<N, 'params'> & InputOf<N, 'query'> & InputOf<N, 'body'>;
/** What a call answers. */
export type CallAnswer<N extends ApiName> = z.output<Table[N]['answer']>;

/** Why a call gave no answer. `network`: the server was not reached; `unreadable`: it answered something unknown. */
export type Failure = { kind: 'problem'; problem: Problem } | { kind: 'network' } | { kind: 'unreadable' };

export type CallResult<T> = { ok: true; value: T } | { ok: false; failure: Failure };

/** A failure as react-query carries it. */
export class CallFailed extends Error {
  failure: Failure;
  constructor(failure: Failure) {
    super(failure.kind === 'problem' ? failure.problem.title : failure.kind);
    this.failure = failure;
  }
}

/** Shows the server that a request comes from the panel, and not from a foreign page's form. */
export const ownHeaders = { accept: 'application/json, application/problem+json', 'x-loa': '1' } as const;

/** The address of an endpoint, for links and audio elements too. */
export function addressOf(name: ApiName, params: Record<string, string> = {}, query: Record<string, unknown> = {}) {
  const path = api[name].path.replace(/:(\w+)/g, (_, key: string) => encodeURIComponent(params[key] ?? ''));
  const search = new URLSearchParams();
  for (const [key, value] of Object.entries(query)) if (value !== undefined) search.set(key, String(value));
  const text = search.toString();
  return text === '' ? path : `${path}?${text}`;
}

/** Calls an endpoint. */
export async function call<N extends ApiName>(name: N, input: CallInput<N>): Promise<CallResult<CallAnswer<N>>> {
  const endpoint: Endpoint = api[name];
  const { params, query, body }: { params?: unknown; query?: unknown; body?: unknown } = input;
  const address = addressOf(name, recordOf(params), recordOf(query));
  const headers: Record<string, string> = { ...ownHeaders };
  if (body !== undefined) headers['content-type'] = 'application/json';
  try {
    const response = await fetch(address, {
      method: endpoint.method,
      headers,
      credentials: 'same-origin',
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    });
    return parseAnswer(name, { status: response.status, text: await response.text() });
  } catch {
    return { ok: false, failure: { kind: 'network' } };
  }
}

/** Like `call`, but throws `CallFailed`: what react-query expects of a function. */
export async function ask<N extends ApiName>(name: N, input: CallInput<N>): Promise<CallAnswer<N>> {
  const result = await call(name, input);
  if (!result.ok) throw new CallFailed(result.failure);
  return result.value;
}

/** What an HTTP answer says: the parsed value, or why there is none. */
export function parseAnswer<N extends ApiName>(
  name: N,
  answer: { status: number; text: string },
): CallResult<CallAnswer<N>> {
  const isFine = answer.status >= 200 && answer.status < 300;
  const data = answer.text === '' ? null : parseJson(answer.text);
  if (isFine) {
    const parsed = parseWith<CallAnswer<N>>(api[name].answer, data);
    return parsed === undefined ? { ok: false, failure: { kind: 'unreadable' } } : { ok: true, value: parsed.value };
  }
  const problem = problemSchema.safeParse(data);
  if (problem.success) return { ok: false, failure: { kind: 'problem', problem: problem.data } };
  return { ok: false, failure: { kind: answer.status >= 502 ? 'network' : 'unreadable' } };
}

function parseWith<T>(schema: z.ZodType, data: unknown): { value: T } | undefined {
  const parsed = schema.safeParse(data);
  return parsed.success ? { value: parsed.data as T } : undefined;
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

function recordOf(value: unknown): Record<string, string> {
  return typeof value === 'object' && value !== null ? (value as Record<string, string>) : {};
}
