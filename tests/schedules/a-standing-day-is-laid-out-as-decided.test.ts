/**
 * The layout of one session of a commune's standing day: its parts in order, a station at its minute, who goes before
 * whom, what has no room, and that nothing moves once the session has begun.
 */
import { civilDayAt, layOutSession, type PlannedBulletin, type Session, type SessionPart } from '@loa/schedules';
import { describe, expect, test } from 'vitest';
import { at, bulletin, everyDay, morningSession, timeZone } from '../harness/schedule-samples.ts';

const day = civilDayAt(timeZone, at('2026-11-23T12:00'));
const minute = 60_000;

/** `what HH:MM:SS`, in order of time; what has no room is told with a question mark. */
function laidOut(session: Session, bulletins: readonly PlannedBulletin[], languages?: readonly ('vi' | 'cjm')[]) {
  return layOutSession({ session, day, bulletins, languages }).map(
    ({ atMs, isFull, sound: { bulletinId, language } }) => {
      const time = Temporal.Instant.fromEpochMilliseconds(atMs).toZonedDateTimeISO(timeZone).toPlainTime();
      const what = language === 'vi' ? bulletinId : `${bulletinId}.${language}`;
      return `${what}${isFull ? '?' : ''} ${time.toString({ smallestUnit: 'second' })}`;
    },
  );
}

let number = 0;
function placed(id: string, minutes: number, over: Partial<PlannedBulletin> = {}): PlannedBulletin {
  number += 1;
  return bulletin({ id, slot: 'morning', clipDurationMs: minutes * minute, acceptedNumber: number, ...over });
}

const cham = (minutes: number) => ({
  versions: [{ language: 'cjm' as const, clipId: 'b'.repeat(64), clipDurationMs: minutes * minute }],
});

test('a real-looking morning', () => {
  const bulletins = [
    placed('market', 3),
    placed('vaccination', 4, cham(5)),
    placed('province', 2, { isFromAbove: true }),
    placed('dike', 1, { class: 'priority' }),
  ];
  expect(laidOut(morningSession, bulletins, ['vi', 'cjm'])).toEqual([
    'opening 04:45:00',
    'station 04:46:00',
    'province 05:01:02',
    'dike 05:03:04',
    'market 05:04:06',
    'vaccination 05:07:08',
    'vaccination.cjm 05:11:10',
    'closing 05:16:12',
  ]);
});

const session = (over: Partial<Session>): Session => ({ ...morningSession, ...over });
const tune = (id: string, seconds: number): SessionPart => ({
  kind: 'tune',
  id,
  clipId: id,
  clipDurationMs: seconds * 1_000,
});
const relay = (id: string, minutes: number, start?: string): SessionPart => ({
  kind: 'relay',
  id,
  clipId: id,
  clipDurationMs: 1_000,
  relay: { url: 'https://station.example/live', lengthMs: minutes * minute },
  ...(start === undefined ? {} : { at: start }),
});
const all: SessionPart = { kind: 'bulletins', from: 'all' };
const above: SessionPart = { kind: 'bulletins', from: 'above' };
const fromAbove = { isFromAbove: true };

test.each<[string, Session, PlannedBulletin[], string[]]>([
  [
    'without parts: the bulletins alone, priority first, then from above, then as accepted',
    session({ parts: undefined }),
    [placed('own', 1), placed('above', 1, fromAbove), placed('priority', 1, { class: 'priority' }), placed('late', 1)],
    ['priority 04:45:00', 'above 04:46:02', 'own 04:47:04', 'late 04:48:06'],
  ],
  [
    'all that no other part has taken',
    session({ parts: [all, above] }),
    [placed('above', 1, fromAbove), placed('own', 1)],
    ['own 04:45:00', 'above 04:46:02'],
  ],
  ['what no part asks for is not in it', session({ parts: [above] }), [placed('own', 1)], []],
  [
    'repeats and their gaps count',
    session({ parts: [all, tune('end', 10)] }),
    [placed('twice', 2, { repeat: { count: 2, gapMs: 30_000 } })],
    ['twice 04:45:00', 'end 04:49:32'],
  ],
  [
    'its own gap between items',
    session({ gapMs: 5_000, parts: [all, tune('end', 10)] }),
    [placed('a', 1), placed('b', 1)],
    ['a 04:45:00', 'b 04:46:05', 'end 04:47:10'],
  ],
  [
    'a relay without a time stands where the order puts it',
    session({ parts: [tune('start', 10), relay('r', 15), all] }),
    [placed('a', 1)],
    ['start 04:45:00', 'r 04:45:12', 'a 05:00:14'],
  ],
  [
    'what does not fit before a relay goes after it, and what is smaller goes before',
    session({ parts: [all, relay('r', 15, '04:50'), tune('end', 10)] }),
    [placed('long', 6), placed('short', 4)],
    ['short 04:45:00', 'r 04:50:00', 'long 05:05:02', 'end 05:11:04'],
  ],
  [
    'an item that would leave no silence before a relay goes after it',
    session({ parts: [all, relay('r', 15, '04:50')] }),
    [placed('five', 5)],
    ['r 04:50:00', 'five 05:05:02'],
  ],
  [
    'one station hands over to the next without silence',
    session({ parts: [relay('r', 15, '04:45'), relay('s', 10, '05:00'), all] }),
    [placed('a', 1)],
    ['r 04:45:00', 's 05:00:00', 'a 05:10:02'],
  ],
  [
    'a relay that would run into another, or over the end, is left out whole',
    session({ parts: [relay('r', 15, '04:45'), relay('s', 10, '04:55'), relay('t', 20, '05:15'), relay('u', 40)] }),
    [],
    ['r 04:45:00', 's? 04:55:00', 't? 05:15:00', 'u? 05:00:02'],
  ],
  [
    'room is kept for the closing tune, and what still fits is taken',
    session({ until: '04:50', parts: [all, tune('end', 20)] }),
    [placed('three', 3), placed('two', 1.9), placed('one', 1)],
    ['three 04:45:00', 'two? 04:48:02', 'one 04:48:02', 'end 04:49:04'],
  ],
  [
    'two tunes at the end both close',
    session({ until: '04:48', parts: [all, tune('end', 20), tune('anthem', 30)] }),
    [placed('two', 2), placed('one', 1)],
    ['two 04:45:00', 'one? 04:47:02', 'end 04:47:02', 'anthem 04:47:24'],
  ],
  [
    'a fixed relay is worth more than the closing tune',
    session({ until: '05:00', parts: [relay('r', 15, '04:45'), tune('end', 20)] }),
    [],
    ['r 04:45:00', 'end? 05:00:02'],
  ],
  [
    'to the last second',
    session({ until: '04:47', parts: [all] }),
    [placed('one', 1), placed('rest', 58 / 60)],
    ['one 04:45:00', 'rest 04:46:02'],
  ],
])('%s', (_name, of, bulletins, expected) => {
  expect(laidOut(of, bulletins)).toEqual(expected);
});

describe('versions', () => {
  const parts = [all, relay('r', 15, '04:55')];

  test('are not torn apart by a relay', () => {
    expect(laidOut(session({ parts }), [placed('a', 8, cham(3)), placed('b', 9)], ['vi', 'cjm'])).toEqual([
      'b 04:45:00',
      'r 04:55:00',
      'a 05:10:02',
      'a.cjm 05:18:04',
    ]);
  });

  test('where there is no room for all of them, those sound that have it', () => {
    const of = session({ parts: [all], until: '04:55' });
    expect(laidOut(of, [placed('a', 8, cham(3))], ['vi', 'cjm'])).toEqual(['a 04:45:00', 'a.cjm? 04:53:02']);
  });
});

describe('once the session has begun nothing in it moves', () => {
  const of = session({ parts: [tune('start', 10), all, tune('end', 10)] });
  const standing = [placed('a', 3), placed('b', 3)];
  const now = ['start 04:45:00', 'a 04:45:12', 'b 04:48:14'];

  test('what is accepted after that goes behind everything, whatever its class', () => {
    const late = placed('late', 1, { class: 'priority', createdMs: at('2026-11-23T04:47') });
    expect(laidOut(of, [...standing, late])).toEqual([...now, 'late 04:51:16', 'end 04:52:18']);
  });

  test('what is accepted too late for that is not in it, and takes no room', () => {
    const late = placed('late', 1, { createdMs: at('2026-11-23T04:51:17') });
    expect(laidOut(of, [...standing, late])).toEqual([...now, 'end 04:51:16']);
  });

  test('what is withdrawn leaves its place silent', () => {
    const [a, b] = standing;
    const withdrawn = [
      { ...placed('x', 3), ...a, withdrawnMs: at('2026-11-23T04:46') },
      ...(b === undefined ? [] : [b]),
    ];
    expect(laidOut(of, withdrawn)).toEqual(['start 04:45:00', 'b 04:48:14', 'end 04:51:16']);
  });

  test('what was withdrawn before has no place', () => {
    const [a, b] = standing;
    const withdrawn = [
      { ...placed('x', 3), ...a, withdrawnMs: at('2026-11-23T04:45') },
      ...(b === undefined ? [] : [b]),
    ];
    expect(laidOut(of, withdrawn)).toEqual(['start 04:45:00', 'b 04:45:12', 'end 04:48:14']);
  });

  test('one that moves keeps its name, so that no device plays it twice', () => {
    const names = (bulletins: PlannedBulletin[]) =>
      layOutSession({ session: of, day, bulletins }).map(({ occurrence }) => occurrence);
    const more = placed('more', 1, { class: 'priority' });
    expect(names([more, ...standing])).toEqual(expect.arrayContaining(names(standing)));
  });
});

test('a session that ends before it begins has room for nothing', () => {
  expect(laidOut(session({ until: '04:00', weekdays: everyDay }), [placed('a', 1)])).toEqual([
    'station? 04:46:00',
    'opening? 04:45:00',
    'a? 04:45:00',
    'closing? 04:45:00',
  ]);
});
