/**
 * The demo town's door: passes "make a fault" and "listen at the pole" on to the program that runs the town. It exists
 * only when the settings name such a program. Whether the person may see the cluster is checked before anything is
 * passed on.
 */
import { Readable } from 'node:stream';
import type { ReadableStream } from 'node:stream/web';
import { api, type Person } from '@loa/protocol/panel';
import type { z } from 'zod';
import { notFound } from './http-refusals.ts';
import type { Handlers } from './panel-routes.ts';
import type { HttpPorts } from './ports.ts';
import type { HttpRefusal } from './problem.ts';

/** A cluster's sound may take the launcher a moment to cut out of the recording. */
const answerMsMax = 20_000;

const launcherSilent: { ok: false; refusal: HttpRefusal } = {
  ok: false,
  refusal: {
    code: 'demo-silent',
    status: 503,
    vi: 'Chương trình chạy thử không trả lời. Hãy thử lại.',
    en: 'The program that runs the demo town does not answer. Please try again.',
  },
};
const nothing: { ok: false; refusal: HttpRefusal } = { ok: false, refusal: notFound };

type DemoHandlers = Pick<Handlers, 'demoFault' | 'demoState' | 'demoSound'>;

/** The handlers of the three demo endpoints; without a demo they answer 404. */
export function demoHandlers({ settings, roster, fetch, clock }: HttpPorts): DemoHandlers {
  const { demo } = settings;
  if (demo === undefined) {
    return { demoFault: async () => nothing, demoState: async () => nothing, demoSound: async () => nothing };
  }
  const seenBy = (person: Person) => new Set(roster.snapshot(person).clusters.map(({ id }) => id));
  const ask = async (path: string, init: { method: string; body?: string } = { method: 'GET' }) => {
    const limit = new AbortController();
    const cancel = clock.setTimer(() => limit.abort(), answerMsMax);
    const headers = { authorization: `Bearer ${demo.token}`, 'content-type': 'application/json' };
    const answer = await fetch(`${demo.url}${path}`, { ...init, headers, signal: limit.signal }).catch(() => undefined);
    cancel();
    return answer;
  };

  return {
    demoFault: async ({ person, params, body }) => {
      if (!seenBy(person).has(params.id)) return nothing;
      const answer = await ask(`/clusters/${params.id}/fault`, { method: 'POST', body: JSON.stringify(body) });
      return parsed(api.demoFault.answer, answer);
    },
    demoState: async ({ person }) => {
      const answer = await parsed(api.demoState.answer, await ask('/clusters'));
      const seen = seenBy(person);
      return answer.ok ? { ok: true, value: answer.value.filter(({ clusterId }) => seen.has(clusterId)) } : answer;
    },
    demoSound: async ({ person, params, reply }) => {
      if (!seenBy(person).has(params.id)) return nothing;
      const answer = await ask(`/clusters/${params.id}/sound`);
      if (answer?.status === 404) return nothing;
      if (answer?.ok !== true || answer.body === null) return launcherSilent;
      const sizeBytes = answer.headers.get('content-length');
      if (sizeBytes !== null) reply.header('content-length', sizeBytes);
      reply.type('audio/wav').header('cache-control', 'no-store');
      reply.send(Readable.fromWeb(answer.body as ReadableStream));
      return 'sent';
    },
  };
}

async function parsed<T>(schema: z.ZodType<T>, answer: Response | undefined) {
  if (answer?.status === 404) return nothing;
  const json: unknown = answer?.ok === true ? await answer.json().catch(() => undefined) : undefined;
  const read = schema.safeParse(json);
  return read.success ? { ok: true as const, value: read.data } : launcherSilent;
}
