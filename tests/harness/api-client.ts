/**
 * A person at the panel, without a browser: signs in and calls the HTTP API by the names of its table; every answer is
 * parsed by the published schema.
 */
import { type ApiName, api, type Problem, problemSchema } from '@loa/protocol/panel';
import type { z } from 'zod';

type AnswerOf<N extends ApiName> = z.output<(typeof api)[N]['answer']>;

/** What came back: the parsed answer, or the problem document. */
export type Outcome<T> = { ok: true; status: number; value: T } | { ok: false; status: number; problem: Problem };

export interface CallInput {
  params?: { id: string };
  query?: Record<string, string>;
  body?: unknown;
}

export class ApiClient {
  readonly #url: string;
  #cookie = '';

  constructor(url: string) {
    this.#url = url;
  }

  get cookie(): string {
    return this.#cookie;
  }

  async signIn(login: string, password: string): Promise<void> {
    const response = await fetch(`${this.#url}${api.signIn.path}`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ login, password }),
    });
    if (!response.ok) throw new Error(`${login} could not sign in: ${response.status} ${await response.text()}`);
    this.#cookie = response.headers
      .getSetCookie()
      .map((each) => each.split(';')[0])
      .join('; ');
  }

  /** The answer or the problem; throws only when the answer is neither. */
  async try<N extends ApiName>(name: N, input: CallInput = {}): Promise<Outcome<AnswerOf<N>>> {
    const endpoint = api[name];
    const response = await this.raw(name, input);
    if (!response.ok)
      return { ok: false, status: response.status, problem: problemSchema.parse(await response.json()) };
    const value = response.status === 204 ? null : await response.json();
    return { ok: true, status: response.status, value: endpoint.answer.parse(value) as AnswerOf<N> };
  }

  /** The answer; a refusal fails the test with its text. */
  async call<N extends ApiName>(name: N, input: CallInput = {}): Promise<AnswerOf<N>> {
    const outcome = await this.try(name, input);
    if (!outcome.ok) throw new Error(`${name}: ${outcome.status} ${outcome.problem.code}: ${outcome.problem.en}`);
    return outcome.value;
  }

  /** The bare response, for sound and for files. */
  async raw(name: ApiName, input: CallInput = {}): Promise<Response> {
    const endpoint = api[name];
    const path = endpoint.path.replace(':id', encodeURIComponent(input.params?.id ?? ''));
    const query = input.query === undefined ? '' : `?${new URLSearchParams(input.query).toString()}`;
    return fetch(`${this.#url}${path}${query}`, {
      method: endpoint.method,
      headers: {
        cookie: this.#cookie,
        'x-loa': '1',
        ...(input.body === undefined ? {} : { 'content-type': 'application/json' }),
      },
      ...(input.body === undefined ? {} : { body: JSON.stringify(input.body) }),
    });
  }

  /** Uploads a sound as a person does. */
  async upload(bytes: Uint8Array, name: string): Promise<Outcome<AnswerOf<'uploadClip'>>> {
    const form = new FormData();
    form.append('title', name);
    form.append('file', new Blob([Uint8Array.from(bytes)]), name);
    const response = await fetch(`${this.#url}${api.uploadClip.path}`, {
      method: 'POST',
      headers: { cookie: this.#cookie, 'x-loa': '1' },
      body: form,
    });
    if (!response.ok)
      return { ok: false, status: response.status, problem: problemSchema.parse(await response.json()) };
    return { ok: true, status: response.status, value: api.uploadClip.answer.parse(await response.json()) };
  }
}
