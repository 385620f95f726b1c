/** What the mock's devices do when a technician asks: they answer after a moment, each in its way. */
import { api, type ServiceView } from '@loa/protocol/panel';
import { type Call, Refused } from './call.ts';
import type { World } from './world.ts';

const release = { number: 2, version: '0.2.0', addedAt: '2026-11-25T02:00:00Z' };
const asked = new WeakMap<World, { view: ServiceView; dueMs: number }[]>();
const answersAfterMs = 2_500;
const updateFailed = { runs: 1, version: '0.1.0', reason: 'release-given-up' };

function listOf(world: World): { view: ServiceView; dueMs: number }[] {
  const list = asked.get(world) ?? [];
  asked.set(world, list);
  return list;
}

function ended(view: ServiceView, atMs: number): ServiceView {
  const endedAt = new Date(atMs).toISOString();
  if (view.kind === 'logs') return { ...view, phase: 'done', endedAt, logBytes: 4_812 };
  if (view.kind === 'restart') return { ...view, phase: 'done', endedAt };
  if (view.kind === 'update')
    return { ...view, phase: 'failed', endedAt, reason: 'does not start: exit 1', evidence: updateFailed };
  return { ...view, phase: 'done', endedAt, verdict: view.kind === 'silent-test' ? 'sound' : 'not-measured' };
}

export const serviceAnswers = {
  orderService: ({ world, person, params, body }: Call): ServiceView => {
    const { kind } = api.orderService.body.parse(JSON.parse(body.toString('utf8')));
    const list = listOf(world);
    if (list.some(({ view, dueMs }) => view.kind === kind && view.clusterId === params.id && dueMs > world.nowMs()))
      throw new Refused(409, 'service-under-way', 'Việc này đang làm, xin chờ.', 'This is under way already.');
    const nowMs = world.nowMs();
    const view: ServiceView = {
      id: `s-${list.length + 1}`,
      clusterId: params.id ?? '',
      deviceId: 'd-0001',
      kind,
      phase: 'sent',
      orderedBy: person.name,
      orderedAt: new Date(nowMs).toISOString(),
      expiresAt: new Date(nowMs + 600_000).toISOString(),
      ...(kind === 'update' ? { version: release.version } : {}),
    };
    list.unshift({ view, dueMs: nowMs + answersAfterMs });
    return view;
  },
  listServices: ({ world, params }: Call) => ({
    services: listOf(world)
      .filter(({ view }) => view.clusterId === params.id)
      .map(({ view, dueMs }) => (world.nowMs() < dueMs ? view : ended(view, dueMs))),
    release,
  }),
  deviceLog: ({ response }: Call) => {
    const lines = Array.from(
      { length: 60 },
      (_, index) => `2026-11-27T10:${String(index).padStart(2, '0')}:00.000Z link: MQTT connected`,
    );
    response.writeHead(200, { 'content-type': 'text/plain; charset=utf-8' }).end(`${lines.join('\n')}\n`);
  },
};
