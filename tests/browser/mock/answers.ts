/** What the mock answers to each endpoint of the panel's API, and how it refuses. */
import { type ApiName, api } from '@loa/protocol/panel';
import { approvalAnswers, isAsked, viewFor } from './approval-answers.ts';
import { type Call, Refused } from './call.ts';
import { inboxAnswers } from './inbox-answers.ts';
import { lawAnswers } from './law-answers.ts';
import { plannedAnswers } from './planned-answers.ts';
import { serviceAnswers } from './service-answers.ts';
import { tone } from './tone.ts';
import type { World } from './world.ts';

const hourMs = 3_600_000;

/** One answer for each endpoint; undefined when it has written the response itself. */
export const answers: Record<ApiName, (call: Call) => unknown> = {
  ...lawAnswers,
  ...inboxAnswers,
  ...approvalAnswers,
  ...plannedAnswers,
  ...serviceAnswers,
  signIn: () => undefined,
  me: () => undefined,
  signOut: () => undefined,
  checkText: ({ body }) => checkText(api.checkText.body.parse(json(body)).text),
  makeSpeech: async ({ world, body }) => {
    const { text, title } = api.makeSpeech.body.parse(json(body));
    const checked = checkText(text);
    await new Promise((resolve) => setTimeout(resolve, 400));
    const durationMs = Math.max(2_000, checked.spoken.length * 68);
    return world.addClip({ title: title ?? 'Thông báo', durationMs, text: checked.text });
  },
  uploadClip: ({ world, body }) => {
    const name = /filename="([^"]+)"/.exec(body.toString('utf8'))?.[1] ?? 'Tệp ghi âm';
    if (body.length < 1_000) {
      throw new Refused(
        422,
        'not-audio',
        'Tệp này không phải âm thanh. Xin chọn tệp khác.',
        'This file holds no sound.',
      );
    }
    return world.addClip({ title: name.replace(/\.[^.]+$/, ''), durationMs: 31_000 });
  },
  listClips: ({ world }) => world.clips,
  previewClip: ({ world, params, response }) => {
    const clip = world.clips.find((one) => one.id === params.id);
    response.writeHead(200, { 'content-type': 'audio/wav' }).end(tone(Math.min(8_000, clip?.durationMs ?? 3_000)));
  },
  reach: ({ world, person, body }) => world.reach(person, api.reach.body.parse(json(body)).areaIds),
  preview: ({ world, person, body }) => {
    const request = api.preview.body.parse(json(body));
    if (request.whens.some((when) => when.kind === 'rule' && !when.text.includes('RRULE')))
      throw new Refused(422, 'rule-faulty', 'Quy tắc lặp này thiếu dòng RRULE.', 'This rule lacks its RRULE line.');
    const clusterIds = [...world.reach(person, request.areaIds).clusterIds, ...(request.clusterIds ?? [])];
    const at = (hours: number) => new Date(world.nowMs() + hours * hourMs).toISOString();
    const line = { isNew: true, title: '', verdict: 'plays' as const, code: 'on-time', lateMs: 0 };
    const late = { ...line, verdict: 'late' as const, code: 'late-after-other', lateMs: 240_000 };
    return {
      until: at(7 * 24),
      groups: [
        {
          clusterIds,
          lines: [
            { ...line, at: at(1), startAt: at(1), endAt: at(1.02) },
            { ...late, at: at(25), startAt: at(25.1), endAt: at(25.12), otherTitle: 'Bản tin chiều' },
            { ...line, at: at(49), verdict: 'omitted' as const, code: 'outside-permitted-hours' },
          ],
          leftOutCount: 0,
          airUse: airUse(world),
        },
      ],
      groupsLeftOutCount: 0,
      changedClusterCount: clusterIds.length,
    };
  },
  acceptBulletin: ({ world, person, body }) => {
    const request = api.acceptBulletin.body.parse(json(body));
    const isFromAbove = person.role === 'department';
    const isOffered = isFromAbove && request.class === 'normal';
    const isSubmitted = !isOffered && isAsked(world, person);
    return world.view(world.accept({ ...request, drill: false, by: person.name, isFromAbove, isOffered, isSubmitted }));
  },
  listBulletins: ({ world, person }) =>
    world.bulletins
      .filter((one) => world.reach(person, one.areaIds).clusters + (one.clusterIds?.length ?? 0) > 0)
      .map((one) => viewFor(world, person, one)),
  withdrawBulletin: ({ world, params }) => withdraw(world, params.id),
  makeRest: ({ world, person, body }) => {
    const request = api.makeRest.body.parse(json(body));
    const from = request.from ?? new Date(world.nowMs()).toISOString();
    const { areaIds, clusterIds, until, reason } = request;
    const rest = {
      id: `r-${world.rests.length}`,
      areaIds,
      clusterIds,
      from,
      until,
      reason,
      by: person.name,
      mayEnd: true,
    };
    world.rests.push(rest);
    return rest;
  },
  endRest: ({ world, params }) => {
    const rest = world.rests.find(({ id }) => id === params.id);
    if (rest === undefined) throw new Refused(404, 'unknown-rest', 'Không tìm thấy.', 'Not found.');
    world.rests.splice(world.rests.indexOf(rest), 1);
    return rest;
  },
  listRests: ({ world }) => world.rests,
  withdrawal: ({ world, person, params }) => {
    const bulletin = world.bulletins.find((one) => one.id === params.id);
    if (bulletin?.withdrawnMs === undefined)
      throw new Refused(409, 'not-withdrawn', 'Bản tin này chưa bị gỡ.', 'This bulletin has not been withdrawn.');
    const [told, ...others] = world.reach(person, bulletin.areaIds).clusterIds;
    const untold = others.at(-1);
    const nextAt = new Date(world.nowMs() + 12 * hourMs).toISOString();
    return {
      withdrawnAt: new Date(bulletin.withdrawnMs).toISOString(),
      sounded: told === undefined ? [] : [{ clusterId: told, at: new Date(world.nowMs() - hourMs).toISOString() }],
      untold: untold === undefined ? [] : [{ clusterId: untold, reach: 'out-of-reach' as const, nextAt }],
    };
  },
  pushEmergency: ({ world, person, body }) => {
    const request = api.pushEmergency.body.parse(json(body));
    return world.view(world.accept({ ...request, class: 'emergency', whens: [{ kind: 'now' }], by: person.name }));
  },
  stopEmergency: ({ world, params }) => withdraw(world, params.id),
  airing: ({ world, person, params }) => {
    const nowMs = world.nowMs();
    const all = world.airings(person, { fromMs: nowMs - 40 * 24 * hourMs, untilMs: nowMs + 24 * hourMs });
    const found = all.find((airing) => airing.occurrence === params.id);
    if (found === undefined) throw new Refused(404, 'unknown-airing', 'Không có lần phát này.', 'No such broadcast.');
    return found;
  },
  listAirings: ({ world, person, query }) =>
    world.airings(person, {
      fromMs: Date.parse(query.get('from') ?? '') || world.nowMs() - 24 * hourMs,
      untilMs: Date.parse(query.get('until') ?? '') || world.nowMs(),
    }),
  listFaults: ({ world }) =>
    [...world.faults].sort((a, b) => Number(a.clearedAt !== undefined) - Number(b.clearedAt !== undefined)),
  makeClaimCode: ({ world }) => ({
    claimCode: 'KQ7M-2XFP-9TDA',
    expiresAt: new Date(world.nowMs() + hourMs).toISOString(),
  }),
  demoFault: ({ world, params, body }) => {
    const { kind, present } = api.demoFault.body.parse(json(body));
    return world.setFault(params.id ?? '', kind, present);
  },
  demoState: ({ world }) => world.demoState(),
  demoSound: ({ response }) => {
    response.writeHead(200, { 'content-type': 'audio/wav' }).end(tone(6_000));
  },
  health: () => ({ ok: true, version: 'mock' }),
};

const shortForms: Record<string, string> = {
  UBND: 'Ủy ban nhân dân',
  HĐND: 'Hội đồng nhân dân',
  BHYT: 'bảo hiểm y tế',
  '8h00': 'tám giờ',
  '27/11': 'ngày hai mươi bảy tháng mười một',
};

/** Enough of the real thing to draw it: a few short forms, and one old font known by one of its letters. */
function checkText(text: string) {
  const isOld = /[µ¸¹§®©­¨ª«¬]/.test(text);
  const right = isOld ? 'Thông báo của UBND phường về việc tiêm vắc xin cho trẻ em.' : text.normalize('NFC');
  const readings = Object.entries(shortForms)
    .filter(([written]) => right.includes(written))
    .map(([written, spoken]) => ({ written, spoken }));
  const spoken = readings.reduce((said, reading) => said.replaceAll(reading.written, reading.spoken), right);
  return { text: right, charset: isOld ? 'tcvn3' : 'unicode', converted: isOld, spoken, readings };
}

/** Two days of a commune whose second evening is over what is allowed. */
function airUse(world: World) {
  const dateOf = (dayCount: number) =>
    Temporal.Instant.fromEpochMilliseconds(world.nowMs() + dayCount * 24 * hourMs)
      .toZonedDateTimeISO('Asia/Ho_Chi_Minh')
      .toPlainDate()
      .toString();
  const session = (name: string, minutes: number) => ({
    name,
    usedMs: minutes * 60_000,
    usedMsMax: 45 * 60_000,
    isOver: minutes > 45,
  });
  return [
    {
      date: dateOf(0),
      usedMs: 32 * 60_000,
      sessions: [session('Buổi sáng', 0), session('Buổi chiều', 32)],
      outsideMs: 0,
    },
    {
      date: dateOf(1),
      usedMs: 70 * 60_000,
      sessions: [session('Buổi sáng', 18), session('Buổi chiều', 52)],
      outsideMs: 150_000,
    },
  ];
}

function withdraw(world: World, id: string | undefined) {
  const bulletin = world.bulletins.find((one) => one.id === id);
  if (bulletin === undefined) throw new Refused(404, 'unknown-bulletin', 'Không có bản tin này.', 'No such bulletin.');
  bulletin.withdrawnMs ??= world.nowMs();
  return world.view(bulletin);
}

function json(body: Buffer): unknown {
  return JSON.parse(body.toString('utf8'));
}
