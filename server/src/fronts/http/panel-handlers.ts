/**
 * What each endpoint of the API table does: asks the room that knows. No rule stands here; whether the area is the
 * person's own is judged by the room, whether the right is held by the route.
 */
import { Readable } from 'node:stream';
import { timetableBytesMax } from '@loa/protocol/panel';
import type { Refusal } from '../../refusal.ts';
import { demoHandlers } from './demo-door.ts';
import { spanWrong, timetableTooLarge, uploadsBusy } from './http-refusals.ts';
import { keepWaiting } from './keep-waiting.ts';
import type { Handlers } from './panel-routes.ts';
import type { HttpPorts } from './ports.ts';
import { sendBytes } from './send-bytes.ts';
import { dropToken, keepToken, tokenOf } from './session.ts';
import { receiveUpload } from './upload.ts';

/** Without a span the playback log shows a week back and a day ahead. */
const logPastMs = 7 * 86_400_000;
const logAheadMs = 86_400_000;
const logSpanMsMax = 366 * 86_400_000;

/** The handlers of every endpoint. */
export function panelHandlers(ports: HttpPorts): Handlers {
  const { people, enrolment, desk, law, inbox, timetables, emergencies, repairs, roster, settings, disk, clock } =
    ports;
  const meOf = (person: Parameters<typeof desk.listClips>[0]) => ({
    person,
    demo: settings.demo !== undefined,
    timeZone: settings.timeZone,
  });
  let uploadsNow = 0;

  /** Counts while bytes arrive; the clip room bounds who waits to be prepared. */
  async function receiveOne(request: Parameters<typeof receiveUpload>[0], limits = settings.limits) {
    uploadsNow += 1;
    try {
      return await receiveUpload(request, { disk, folder: settings.uploadDir, limits });
    } finally {
      uploadsNow -= 1;
    }
  }

  return {
    signIn: async ({ body, request, reply }) => {
      const answer = await people.signIn({ ...body, from: request.ip });
      if (!answer.ok) return answer;
      keepToken({ request, reply }, answer.value);
      return { ok: true, value: meOf(answer.value.person) };
    },
    me: async ({ person }) => ({ ok: true, value: meOf(person) }),
    signOut: async ({ request, reply }) => {
      const token = tokenOf(request);
      if (token !== undefined) {
        await people.signOut(token);
        ports.signedOut(token);
      }
      dropToken(reply);
      return { ok: true, value: null };
    },

    checkText: async ({ body }) => desk.checkText(body.text),
    makeSpeech: ({ person, body, reply }) =>
      keepWaiting({ reply, clock }, (signal) => desk.makeSpeech(person, { ...body, signal })),
    uploadClip: async ({ person, request, reply }) => {
      if (uploadsNow >= settings.limits.uploadsAtOnceMax) return { ok: false, refusal: uploadsBusy };
      const received = await receiveOne(request);
      if (!received.ok) return received;
      return await keepWaiting({ reply, clock }, (signal) => desk.keepUpload(person, { ...received.value, signal }));
    },
    listClips: async ({ person }) => ({ ok: true, value: await desk.listClips(person) }),
    previewClip: async ({ person, params, request, reply }) => {
      const found = await desk.previewOf(person, params.id);
      if (!found.ok) return found;
      const { path, rendition } = found.value;
      sendBytes(
        { request, reply, disk },
        { kind: 'path', path, hash: rendition.hash, sizeBytes: rendition.sizeBytes, mimeType: 'audio/mpeg' },
      );
      return 'sent';
    },

    reach: ({ person, body }) => desk.reach(person, body.areaIds),
    preview: ({ person, body }) => desk.preview(person, body),
    acceptBulletin: ({ person, body }) => desk.acceptBulletin(person, body),
    listBulletins: async ({ person }) => ({ ok: true, value: await desk.listBulletins(person) }),
    timetable: ({ person }) => desk.timetable(person),
    approveBulletin: ({ person, params }) => desk.approveBulletin(person, params.id),
    returnBulletin: ({ person, params, body }) => desk.returnBulletin(person, params.id, body.reason),
    withdrawBulletin: ({ person, params }) => desk.withdrawBulletin(person, params.id),

    makeRest: ({ person, body }) => desk.makeRest(person, body),
    endRest: ({ person, params }) => desk.endRest(person, params.id),
    listRests: async ({ person }) => ({ ok: true, value: await desk.listRests(person) }),
    withdrawal: ({ person, params }) => desk.withdrawal(person, params.id),

    pushEmergency: ({ person, body }) => emergencies.push(person, body),
    stopEmergency: ({ person, params }) => emergencies.stop(person, params.id),

    airing: ({ person, params }) => roster.airing(person, params.id),
    listAirings: async ({ person, query }) => {
      const span = spanOf(query, clock.nowMs());
      if ('code' in span) return { ok: false, refusal: span };
      return { ok: true, value: await roster.airings(person, span) };
    },
    listFaults: async ({ person, query }) => {
      const open = query.open === undefined ? undefined : query.open === 'true';
      return { ok: true, value: await roster.faults(person, { open }) };
    },
    makeClaimCode: async ({ person, params }) => {
      const made = await enrolment.makeClaimCode(person, params.id);
      if (!made.ok) return made;
      const { claimCode, expiresMs } = made.value;
      return { ok: true, value: { claimCode, expiresAt: new Date(expiresMs).toISOString() } };
    },

    orderService: ({ person, params, body }) => repairs.orderService(person, params.id, body),
    listServices: ({ person, params }) => repairs.listServices(person, params.id),
    deviceLog: async ({ person, params, reply }) => {
      const found = await repairs.deviceLog(person, params.id);
      if (!found.ok) return found;
      // A device wrote it: shown as text, whatever is in it.
      reply.type('text/plain; charset=utf-8').header('x-content-type-options', 'nosniff');
      reply.header('cache-control', 'no-store').send(Readable.from(found.value, { objectMode: false }));
      return 'sent';
    },

    law: ({ person, params }) => law.law(person, params.id),
    previewChange: ({ person, body }) => law.previewChange(person, body.change),
    makeChange: ({ person, body }) => law.makeChange(person, body),
    clashes: async ({ person }) => ({ ok: true, value: await law.clashes(person) }),
    explain: ({ person, query }) => law.explain(person, { clusterId: query.cluster, atMs: Date.parse(query.at) }),
    inbox: async ({ person }) => ({ ok: true, value: await inbox.list(person) }),
    answerInbox: ({ person, params, body }) => inbox.answer(person, { bulletinId: params.id, answer: body }),
    readTimetable: async ({ person, request }) => {
      if (uploadsNow >= settings.limits.uploadsAtOnceMax) return { ok: false, refusal: uploadsBusy };
      const received = await receiveOne(request, { ...settings.limits, uploadBytesMax: timetableBytesMax });
      if (!received.ok) return received.refusal.status === 413 ? { ok: false, refusal: timetableTooLarge } : received;
      const { path } = received.value;
      try {
        const length = (await disk.sizeBytes(path)) ?? 0;
        return await timetables.read(person, await disk.readAt({ path, offset: 0, length }));
      } finally {
        await disk.remove(path);
      }
    },
    importTimetable: ({ person, body, reply }) =>
      keepWaiting({ reply, clock }, (signal) => timetables.import(person, body, signal)),
    ...demoHandlers(ports),
    health: async () => ({ ok: true, value: { ok: true, version: settings.version } }),
  };
}

function spanOf(
  query: { from?: string | undefined; until?: string | undefined },
  nowMs: number,
): { fromMs: number; untilMs: number } | Refusal {
  const untilMs = query.until === undefined ? nowMs + logAheadMs : Date.parse(query.until);
  const fromMs = query.from === undefined ? Math.min(nowMs, untilMs) - logPastMs : Date.parse(query.from);
  return fromMs < untilMs && untilMs - fromMs <= logSpanMsMax ? { fromMs, untilMs } : spanWrong;
}
