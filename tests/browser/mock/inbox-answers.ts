/** What the mock says of what comes down to a commune: bulletins to be taken or not, and priority clashes. */
import { api, type ClashView, type InboxItem } from '@loa/protocol/panel';
import { isWithin } from '@loa/schedules';
import { type Call, Refused } from './call.ts';
import { lawAnswers } from './law-answers.ts';
import { timetableAnswers } from './timetable-answers.ts';
import { areas, timeZone } from './town.ts';
import type { World } from './world.ts';

const dayMs = 86_400_000;
const areaMap = new Map(areas.map((area) => [area.id, area]));

/** What a town's communes have decided. */
interface Decisions {
  answers: Map<string, NonNullable<InboxItem['answer']>>;
  turns: Map<string, NonNullable<ClashView['decided']>>;
}

const decisionsOf = new WeakMap<World, Decisions>();

function decisions(world: World): Decisions {
  const kept = decisionsOf.get(world);
  if (kept !== undefined) return kept;
  const declined = {
    kind: 'declined' as const,
    by: 'Nguyễn Thị Hồng',
    at: iso(world.nowMs() - 2 * dayMs),
    reason: 'Phường không trồng lúa',
  };
  const fresh: Decisions = { answers: new Map([['b-tren-lua ham-thang', declined]]), turns: new Map() };
  decisionsOf.set(world, fresh);
  return fresh;
}

function inboxOf({ world, person }: Call): InboxItem[] {
  const communes = areas.filter((area) => area.kind === 'commune' && isWithin(areaMap, area.id, person.areaId));
  const offered = world.bulletins.filter((bulletin) => bulletin.isOffered);
  return communes.flatMap((commune) =>
    offered
      .filter((bulletin) => bulletin.areaIds.some((id) => isWithin(areaMap, commune.id, id)))
      .map((bulletin) => {
        const answer = decisions(world).answers.get(`${bulletin.id} ${commune.id}`);
        return { bulletin: world.view(bulletin), areaId: commune.id, ...(answer === undefined ? {} : { answer }) };
      }),
  );
}

function clashesOf({ world, person }: Call): ClashView[] {
  if (!isWithin(areaMap, 'ham-thang', person.areaId)) return [];
  const tomorrow = Temporal.Instant.fromEpochMilliseconds(world.nowMs())
    .toZonedDateTimeISO(timeZone)
    .toPlainDate()
    .add({ days: 1 });
  const at = (time: string) => tomorrow.toZonedDateTime({ timeZone, plainTime: time }).toInstant().toString();
  const decided = decisions(world).turns.get('ham-thang');
  return [
    {
      areaId: 'ham-thang',
      clusterCount: 4,
      sides: [
        {
          occurrence: `b-chieu@${Date.parse(at('17:00')) / 1_000}`,
          title: 'Bản tin chiều và tiếp âm Đài tỉnh',
          at: at('17:00'),
          until: at('17:24'),
          isFromAbove: true,
        },
        {
          occurrence: `b-nuoc@${Date.parse(at('17:10')) / 1_000}`,
          title: 'Cắt nước để sửa đường ống chính',
          at: at('17:10'),
          until: at('17:13'),
          isFromAbove: false,
        },
      ],
      defaultFirst: `b-chieu@${Date.parse(at('17:00')) / 1_000}`,
      decideBefore: at('17:00'),
      ...(decided === undefined ? {} : { decided }),
    },
  ];
}

export const inboxAnswers = {
  ...timetableAnswers,
  inbox: inboxOf,
  answerInbox: (call: Call) => {
    const { world, person, params, body } = call;
    const answer = api.answerInbox.body.parse(JSON.parse(body.toString('utf8')));
    const { areaId } = answer;
    const origin = world.bulletins.find((bulletin) => bulletin.id === params.id);
    if (origin === undefined || origin.withdrawnMs !== undefined)
      throw new Refused(409, 'recalled', 'Cấp trên đã thu hồi bản tin này.', 'This bulletin has been recalled.');
    const made =
      answer.kind === 'declined'
        ? { reason: answer.reason }
        : {
            bulletinId: world.accept({
              ...answer.request,
              title: origin.title,
              class: 'normal',
              clipId: origin.clip.id,
              drill: false,
              by: person.name,
              originId: origin.id,
              isFromAbove: true,
              isSubmitted: !person.rights.includes('approve') && world.needsApproval(person.areaId),
            }).id,
          };
    const at = iso(world.nowMs());
    decisions(world).answers.set(`${origin.id} ${areaId}`, { kind: answer.kind, by: person.name, at, ...made });
    return inboxOf(call).find((item) => item.bulletin.id === origin.id && item.areaId === areaId);
  },
  clashes: clashesOf,
  previewChange: (call: Call) => {
    const { change } = api.previewChange.body.parse(JSON.parse(call.body.toString('utf8')));
    return change.kind === 'turn' ? turnChanged(call, change.first) : lawAnswers.previewChange(call);
  },
  makeChange: (call: Call) => {
    const { change } = api.makeChange.body.parse(JSON.parse(call.body.toString('utf8')));
    if (change.kind !== 'turn') return lawAnswers.makeChange(call);
    const at = iso(call.world.nowMs());
    const changed = turnChanged(call, change.first);
    decisions(call.world).turns.set(change.areaId, { first: change.first, by: call.person.name, at });
    return changed;
  },
};

/** Nothing when the one that goes first does so already; else the other is moved behind it. */
function turnChanged(call: Call, first: string) {
  const [clash] = clashesOf(call);
  const now = clash?.decided?.first ?? clash?.defaultFirst;
  const until = iso(call.world.nowMs() + dayMs);
  const other = clash?.sides.find((side) => side.occurrence !== first);
  const one = clash?.sides.find((side) => side.occurrence === first);
  if (now === first || other === undefined || one === undefined)
    return { until, clusterCount: 0, groups: [], groupsLeftOutCount: 0 };
  return {
    until,
    clusterCount: 4,
    groups: [
      {
        clusterIds: ['c-ubnd', 'c-thang-loi', 'c-cho-kim-ngoc', 'c-da-dung'],
        lines: [{ at: one.until, fromAt: other.at, title: other.title, how: 'moved' as const }],
        leftOutCount: 0,
      },
    ],
    groupsLeftOutCount: 0,
  };
}

function iso(atMs: number): string {
  return new Date(atMs).toISOString();
}
