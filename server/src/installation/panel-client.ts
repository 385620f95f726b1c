/**
 * A person at the API, without a panel: signs in and calls endpoints by the names of the API table, each answer parsed by
 * its schema. For commands that do in one go what a person would do page by page, with that person's rights and no
 * others.
 */
import { type ApiName, api, problemSchema } from '@loa/protocol/panel';
import type { z } from 'zod';
import type { Fetch } from '../edges/network.ts';
import { accept, type Refusal, type Result, refuse } from '../refusal.ts';

type AnswerOf<N extends ApiName> = z.output<(typeof api)[N]['answer']>;

export interface PanelClient {
  call<N extends ApiName>(name: N, input?: { id?: string; body?: unknown }): Promise<Result<AnswerOf<N>>>;
  /** Sends one file. */
  upload<N extends ApiName>(
    name: N,
    file: { name: string; bytes: Uint8Array; title?: string },
  ): Promise<Result<AnswerOf<N>>>;
}

/** Signs in; refused when the server is not there or the password is wrong. */
export async function openPanelClient(options: {
  fetch: Fetch;
  url: string;
  login: string;
  password: string;
}): Promise<Result<PanelClient>> {
  const { fetch, login, password } = options;
  const base = options.url.replace(/\/$/, '');
  let cookie = '';

  async function send<N extends ApiName>(name: N, path: string, init: RequestInit): Promise<Result<AnswerOf<N>>> {
    const endpoint = api[name];
    const headers = new Headers(init.headers);
    // Says that no page of another site sends it.
    headers.set('x-loa', '1');
    if (cookie !== '') headers.set('cookie', cookie);
    let response: Response;
    try {
      response = await fetch(`${base}${path}`, { ...init, method: endpoint.method, headers });
    } catch (error) {
      return refuse(notThere(base, error));
    }
    const text = await response.text();
    if (!response.ok) return refuse(problemOf(text));
    cookie =
      response.headers
        .getSetCookie()
        .map((each) => each.split(';')[0])
        .join('; ') || cookie;
    return accept(endpoint.answer.parse(text === '' ? null : JSON.parse(text)) as AnswerOf<N>);
  }

  const client: PanelClient = {
    call: (name, { id = '', body } = {}) =>
      send(name, api[name].path.replace(':id', encodeURIComponent(id)), {
        ...(body === undefined ? {} : { body: JSON.stringify(body), headers: { 'content-type': 'application/json' } }),
      }),
    upload: (name, { name: fileName, bytes, title }) => {
      const form = new FormData();
      if (title !== undefined) form.set('title', title);
      form.set('file', new Blob([new Uint8Array(bytes)]), fileName);
      return send(name, api[name].path, { body: form });
    },
  };
  const signedIn = await client.call('signIn', { body: { login, password } });
  return signedIn.ok ? accept(client) : signedIn;
}

function notThere(url: string, error: unknown): Refusal {
  const why = error instanceof Error && error.cause instanceof Error ? error.cause.message : String(error);
  return {
    code: 'server-not-there',
    status: 503,
    vi: `Không kết nối được máy chủ tại ${url} (${why}). Hãy khởi động máy chủ, hoặc sửa --url.`,
    en: `There is no server at ${url} (${why}). Start it, or correct --url.`,
  };
}

function problemOf(text: string): Refusal {
  try {
    const { code, vi, en } = problemSchema.parse(JSON.parse(text));
    return { code, status: 422, vi, en };
  } catch {
    const told = text.slice(0, 200);
    return {
      code: 'not-understood',
      status: 503,
      vi: `Máy chủ trả lời không hiểu được: ${told}`,
      en: `The server answered: ${told}`,
    };
  }
}
