/**
 * The panel's HTTP API as one table: method, path, who may, what goes in and what comes out. Server routes and the
 * panel's client are both made from it; `/api/openapi.json` shows it.
 */
import { z } from 'zod';
import {
  bulletinRequestSchema,
  bulletinViewSchema,
  clipViewSchema,
  emergencyRequestSchema,
  reachAnswerSchema,
  reachRequestSchema,
  returnRequestSchema,
  speechRequestSchema,
  textCheckAnswerSchema,
  textCheckRequestSchema,
  withdrawalSchema,
} from './bulletin-form.ts';
import { releaseViewSchema, serviceRequestSchema, serviceViewSchema } from './device-service.ts';
import { clashViewSchema, inboxAnswerSchema, inboxItemSchema } from './inbox.ts';
import { changedViewSchema, changeRequestSchema, lawViewSchema } from './law-form.ts';
import { airingViewSchema, faultViewSchema } from './live.ts';
import { meSchema, type Right, signInSchema } from './people.ts';
import { explanationSchema, previewAnswerSchema, previewRequestSchema } from './preview.ts';
import { restRequestSchema, restViewSchema } from './rest-form.ts';
import { timetableImportedSchema, timetableImportSchema, timetableReadSchema } from './timetable-form.ts';
import { timetableViewSchema } from './timetable-view.ts';

/** One endpoint. `right` is what the signed-in person must hold; `open` needs no sign-in. */
export interface Endpoint {
  method: 'GET' | 'POST' | 'DELETE';
  path: string;
  right: Right | 'open' | 'signed-in';
  summary: string;
  params?: z.ZodType;
  query?: z.ZodType;
  body?: z.ZodType;
  answer: z.ZodType;
  /** Success status, 200 unless given. */
  status?: 200 | 201 | 204;
}

const idParams = z.object({ id: z.string().max(128) });
const nothing = z.null();

export const demoFaultKinds = ['unplugged', 'output-broken'] as const;

export const api = {
  signIn: {
    method: 'POST',
    path: '/api/session',
    right: 'open',
    summary: 'Sign in',
    body: signInSchema,
    answer: meSchema,
  },
  me: { method: 'GET', path: '/api/session', right: 'signed-in', summary: 'Who is signed in', answer: meSchema },
  signOut: {
    method: 'DELETE',
    path: '/api/session',
    right: 'signed-in',
    summary: 'Sign out',
    answer: nothing,
    status: 204,
  },

  checkText: {
    method: 'POST',
    path: '/api/texts/check',
    right: 'schedule',
    summary: 'How a pasted text will be read',
    body: textCheckRequestSchema,
    answer: textCheckAnswerSchema,
  },
  makeSpeech: {
    method: 'POST',
    path: '/api/clips/speech',
    right: 'schedule',
    summary: 'Speak a text into a prepared clip',
    body: speechRequestSchema,
    answer: clipViewSchema,
    status: 201,
  },
  /** Multipart: one `file` part, at most 200 MB, and an optional `title` field. */
  uploadClip: {
    method: 'POST',
    path: '/api/clips',
    right: 'schedule',
    summary: 'Upload sound; it is prepared or refused',
    answer: clipViewSchema,
    status: 201,
  },
  listClips: {
    method: 'GET',
    path: '/api/clips',
    right: 'schedule',
    summary: 'Clips made in own areas, newest first',
    answer: z.array(clipViewSchema),
  },
  /** audio/mpeg, ranged. */
  previewClip: {
    method: 'GET',
    path: '/api/clips/:id/preview',
    right: 'see',
    summary: 'Hear a prepared clip',
    params: idParams,
    answer: z.unknown(),
  },

  reach: {
    method: 'POST',
    path: '/api/reach',
    right: 'see',
    summary: 'How many clusters a choice of areas addresses',
    body: reachRequestSchema,
    answer: reachAnswerSchema,
  },
  preview: {
    method: 'POST',
    path: '/api/preview',
    right: 'schedule',
    summary: 'What a bulletin would do in the next seven days; nothing is kept',
    body: previewRequestSchema,
    answer: previewAnswerSchema,
  },
  acceptBulletin: {
    method: 'POST',
    path: '/api/bulletins',
    right: 'schedule',
    summary: 'Accept a bulletin; when this answers, it is kept',
    body: bulletinRequestSchema,
    answer: bulletinViewSchema,
    status: 201,
  },
  listBulletins: {
    method: 'GET',
    path: '/api/bulletins',
    right: 'see',
    summary: 'Bulletins of own areas, newest first',
    answer: z.array(bulletinViewSchema),
  },
  timetable: {
    method: 'GET',
    path: '/api/timetable',
    right: 'see',
    summary: 'What is planned on own clusters in the next seven days, at most 2,000 starts',
    answer: timetableViewSchema,
  },
  withdrawBulletin: {
    method: 'POST',
    path: '/api/bulletins/:id/withdraw',
    right: 'schedule',
    summary: 'Withdraw a bulletin: gone from every plan, stops where it sounds',
    params: idParams,
    answer: bulletinViewSchema,
  },

  approveBulletin: {
    method: 'POST',
    path: '/api/bulletins/:id/approve',
    right: 'approve',
    summary: 'Let a submitted bulletin be aired; nobody approves their own',
    params: idParams,
    answer: bulletinViewSchema,
  },
  returnBulletin: {
    method: 'POST',
    path: '/api/bulletins/:id/return',
    right: 'approve',
    summary: 'Send a submitted bulletin back with the reason',
    params: idParams,
    body: returnRequestSchema,
    answer: bulletinViewSchema,
  },
  withdrawal: {
    method: 'GET',
    path: '/api/bulletins/:id/withdrawal',
    right: 'see',
    summary: 'Where a withdrawn bulletin had sounded, and which clusters do not know of the withdrawal yet',
    params: idParams,
    answer: withdrawalSchema,
  },

  makeRest: {
    method: 'POST',
    path: '/api/rests',
    right: 'schedule',
    summary: 'Let clusters or areas rest until an instant; emergencies still sound',
    body: restRequestSchema,
    answer: restViewSchema,
    status: 201,
  },
  listRests: {
    method: 'GET',
    path: '/api/rests',
    right: 'see',
    summary: 'Rests in force or ahead in own areas',
    answer: z.array(restViewSchema),
  },
  endRest: {
    method: 'POST',
    path: '/api/rests/:id/end',
    right: 'schedule',
    summary: 'End a rest before its time',
    params: idParams,
    answer: restViewSchema,
  },

  law: {
    method: 'GET',
    path: '/api/areas/:id/law',
    right: 'see',
    summary: 'What is decided at an area and what holds there',
    params: idParams,
    answer: lawViewSchema,
  },
  previewChange: {
    method: 'POST',
    path: '/api/changes/preview',
    right: 'schedule',
    summary: 'Which clusters would sound differently in the next 24 hours; nothing is kept',
    body: changeRequestSchema.pick({ change: true }),
    answer: changedViewSchema,
  },
  makeChange: {
    method: 'POST',
    path: '/api/changes',
    right: 'schedule',
    summary: 'Decide hours, limits, sessions, languages, volume, rest days, exceptions, groups, units, turns',
    body: changeRequestSchema,
    answer: changedViewSchema,
  },

  inbox: {
    method: 'GET',
    path: '/api/inbox',
    right: 'see',
    summary: 'Bulletins from above that communes add to their schedule or not',
    answer: z.array(inboxItemSchema),
  },
  answerInbox: {
    method: 'POST',
    path: '/api/inbox/:id/answer',
    right: 'schedule',
    summary: 'Add a bulletin from above to the own schedule, or decline it',
    params: idParams,
    body: inboxAnswerSchema,
    answer: inboxItemSchema,
  },
  clashes: {
    method: 'GET',
    path: '/api/clashes',
    right: 'see',
    summary: 'Priority bulletins that want one time in the next seven days; decided with a change of kind `turn`',
    answer: z.array(clashViewSchema),
  },
  explain: {
    method: 'GET',
    path: '/api/explain',
    right: 'see',
    summary: 'Why something did or did not sound at a cluster at an instant',
    query: z.object({ cluster: z.string().max(64), at: z.iso.datetime({ offset: true }) }),
    answer: explanationSchema,
  },

  /** Multipart: one `file` part (.xlsx or .csv). */
  readTimetable: {
    method: 'POST',
    path: '/api/timetables/read',
    right: 'schedule',
    summary: 'Read a timetable from a spreadsheet; nothing is kept',
    answer: timetableReadSchema,
  },
  importTimetable: {
    method: 'POST',
    path: '/api/timetables',
    right: 'schedule',
    summary: 'Schedule all rows of a timetable, or none',
    body: timetableImportSchema,
    answer: timetableImportedSchema,
  },

  pushEmergency: {
    method: 'POST',
    path: '/api/emergencies',
    right: 'emergency',
    summary: 'Sound an emergency now',
    body: emergencyRequestSchema,
    answer: bulletinViewSchema,
    status: 201,
  },
  stopEmergency: {
    method: 'POST',
    path: '/api/emergencies/:id/stop',
    right: 'emergency',
    summary: 'Stop an emergency',
    params: idParams,
    answer: bulletinViewSchema,
  },

  airing: {
    method: 'GET',
    path: '/api/airings/:id',
    right: 'see',
    summary: 'One occurrence and how it ended on each cluster',
    params: idParams,
    answer: airingViewSchema,
  },
  listAirings: {
    method: 'GET',
    path: '/api/airings',
    right: 'see',
    summary: 'Playback log: occurrences between two instants, newest first',
    query: z.object({
      from: z.iso.datetime({ offset: true }).optional(),
      until: z.iso.datetime({ offset: true }).optional(),
    }),
    answer: z.array(airingViewSchema),
  },
  listFaults: {
    method: 'GET',
    path: '/api/faults',
    right: 'see',
    summary: 'Faults, open ones first',
    query: z.object({ open: z.enum(['true', 'false']).optional() }),
    answer: z.array(faultViewSchema),
  },
  makeClaimCode: {
    method: 'POST',
    path: '/api/clusters/:id/claim-code',
    right: 'enrol',
    summary: 'A one-time code with which a board enrols for this cluster',
    params: idParams,
    answer: z.object({ claimCode: z.string(), expiresAt: z.iso.datetime({ offset: true }) }),
    status: 201,
  },
  orderService: {
    method: 'POST',
    path: '/api/clusters/:id/services',
    right: 'repair',
    summary: 'Test, restart, ask for the log of, or update the device of a cluster',
    params: idParams,
    body: serviceRequestSchema,
    answer: serviceViewSchema,
    status: 201,
  },
  listServices: {
    method: 'GET',
    path: '/api/clusters/:id/services',
    right: 'repair',
    summary: 'What was asked of the device of a cluster, newest first, at most 50',
    params: idParams,
    answer: z.object({ services: z.array(serviceViewSchema), release: releaseViewSchema.nullable() }),
  },
  /** text/plain as the device sent it; 404 until it has arrived. */
  deviceLog: {
    method: 'GET',
    path: '/api/services/:id/log',
    right: 'repair',
    summary: 'The log that a device was asked for',
    params: idParams,
    answer: z.unknown(),
  },

  demoFault: {
    method: 'POST',
    path: '/api/demo/clusters/:id/fault',
    right: 'repair',
    summary: 'Demo only: make or mend a fault at a cluster',
    params: idParams,
    body: z.object({ kind: z.enum(demoFaultKinds), present: z.boolean() }),
    answer: z.object({ unplugged: z.boolean(), outputBroken: z.boolean() }),
  },
  demoState: {
    method: 'GET',
    path: '/api/demo/clusters',
    right: 'see',
    summary: 'Demo only: which faults were made by hand',
    answer: z.array(z.object({ clusterId: z.string(), unplugged: z.boolean(), outputBroken: z.boolean() })),
  },
  /** audio/wav of what the cluster emitted in the last minutes; 404 when it has emitted nothing. */
  demoSound: {
    method: 'GET',
    path: '/api/demo/clusters/:id/sound',
    right: 'see',
    summary: 'Demo only: listen at the pole',
    params: idParams,
    answer: z.unknown(),
  },

  health: {
    method: 'GET',
    path: '/api/health',
    right: 'open',
    summary: 'Whether the server is well',
    answer: z.object({ ok: z.boolean(), version: z.string() }),
  },
} as const satisfies Record<string, Endpoint>;

export type ApiName = keyof typeof api;
