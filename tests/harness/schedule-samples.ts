/** Bulletins and laws with the usual things left out, and makers of generated ones. Civil times of Vietnam. */
import {
  type AreaLimits,
  type HoursRule,
  languages,
  type PlannedBulletin,
  type Session,
  type SessionPart,
  type SessionSlot,
  type SoundingLaw,
  sessionSlots,
  type Weekday,
} from '@loa/schedules';
import fc from 'fast-check';

export const timeZone = 'Asia/Ho_Chi_Minh';
export const everyDay: readonly Weekday[] = [1, 2, 3, 4, 5, 6, 7];
export const allDay: HoursRule = {
  timeZone,
  spans: [{ weekdays: everyDay, from: '00:00', until: '24:00' }],
  document: 'QĐ 1',
};

/** A civil time as epoch ms. */
export function at(civil: string, zone = timeZone): number {
  return Temporal.PlainDateTime.from(civil).toZonedDateTime(zone).epochMilliseconds;
}

/** A normal bulletin of one minute, daily at 05:00 from 2026-11-23 on, in area c1. */
export function bulletin(over: Partial<PlannedBulletin> = {}): PlannedBulletin {
  return {
    id: 'b1',
    class: 'normal',
    areaIds: ['c1'],
    clipId: 'a'.repeat(64),
    clipDurationMs: 60_000,
    whens: [{ kind: 'daily', from: '2026-11-23', time: '05:00' }],
    late: { kind: 'start', lateMsMax: 60_000 },
    resume: 'drop',
    repeat: { count: 1, gapMs: 0 },
    timeZone,
    acceptedNumber: 1,
    ...over,
  };
}

/** One bulletin that is aired once. */
export function once(id: string, civil: string, over: Partial<PlannedBulletin> = {}): PlannedBulletin {
  const [date = '', time = ''] = civil.split('T');
  return bulletin({ id, whens: [{ kind: 'once', date, time }], ...over });
}

const clock = fc.integer({ min: 0, max: 24 * 12 - 1 }).map((five) => clockOf(five * 5));
const weekdays = fc.subarray([...everyDay], { minLength: 1 });

/** `HH:MM` of a minute of the day. */
export function clockOf(minute: number): string {
  return `${String(Math.floor(minute / 60)).padStart(2, '0')}:${String(minute % 60).padStart(2, '0')}`;
}

/** Rules of up to four spans, also empty, overlapping and reversed ones. */
export function anyHours(zone: fc.Arbitrary<string> = fc.constant(timeZone)): fc.Arbitrary<HoursRule> {
  const span = fc.record({ weekdays, from: clock, until: fc.oneof(clock, fc.constant('24:00')) });
  return fc.record({
    timeZone: zone,
    spans: fc.array(span, { maxLength: 4 }),
    document: fc.constantFrom('QĐ 1', 'QĐ 2', ''),
  });
}

function decided<T>(value: fc.Arbitrary<T>): fc.Arbitrary<{ value: T; document: string } | undefined> {
  return fc.option(fc.record({ value, document: fc.constant('QĐ 3') }), { nil: undefined });
}

export const anyLimits: fc.Arbitrary<AreaLimits> = fc.record({
  sessionsPerDayMax: decided(fc.integer({ min: 0, max: 3 })),
  sessionMinutesMax: decided(fc.integer({ min: 0, max: 40 })),
  weekdays: decided(weekdays),
  restsOnHolidays: decided(fc.boolean()),
});

const november = fc.integer({ min: 20, max: 30 });

const date = november.map((day) => `2026-11-${day}`);

/** A span of up to three days in the last third of November 2026, epoch ms. */
const anySpan = fc
  .tuple(fc.integer({ min: 0, max: 10 * 288 }), fc.integer({ min: 1, max: 3 * 288 }))
  .map(([from, length]) => {
    const fromMs = at('2026-11-20T00:00') + from * 300_000;
    return { fromMs, untilMs: fromMs + length * 300_000 };
  });

/** Laws of one place with everything in them, for plans in the last third of November 2026. */
export const anyLaw: fc.Arbitrary<SoundingLaw> = fc.record({
  hours: fc.oneof(anyHours(), fc.constant(allDay)),
  limits: anyLimits,
  sessions: fc.array(fc.record({ name: fc.constant('sáng'), weekdays, from: clock, until: clock }), { maxLength: 3 }),
  holidays: fc.array(fc.record({ date, name: fc.constant('lễ') }), { maxLength: 2 }),
  restDays: fc.array(
    fc.record({
      id: fc.constant('r1'),
      areaIds: fc.constant(['c1']),
      fromDate: date,
      untilDate: date,
      reason: fc.constant('quốc tang'),
      document: fc.constant('CĐ 1'),
    }),
    { maxLength: 1 },
  ),
  exceptions: fc.array(
    anySpan.map((span) => ({
      id: 'e1',
      personName: 'Chủ tịch xã',
      document: 'CV 9',
      reason: 'hội làng',
      areaIds: ['c1'],
      ...span,
    })),
    { maxLength: 2 },
  ),
  rests: fc.array(
    anySpan.map((span) => ({ id: 's1', areaIds: ['c1'], clusterIds: [], reason: 'tang lễ', by: 'canbo', ...span })),
    { maxLength: 1 },
  ),
});

/** Up to twelve bulletins that air daily, weekly or once in the last third of November 2026. */
export const anyBulletins: fc.Arbitrary<PlannedBulletin[]> = fc
  .array(
    fc.record({
      class: fc.constantFrom('normal' as const, 'priority' as const),
      clipDurationMs: fc.integer({ min: 1_000, max: 1_200_000 }),
      repeat: fc.record({ count: fc.integer({ min: 1, max: 3 }), gapMs: fc.constantFrom(0, 5_000) }),
      whens: fc.array(
        fc.oneof(
          fc.record({ kind: fc.constant('once' as const), date, time: clock }),
          fc.record({ kind: fc.constant('daily' as const), from: date, time: clock }),
          fc.record({ kind: fc.constant('weekly' as const), from: date, weekdays, time: clock }),
        ),
        { minLength: 1, maxLength: 2 },
      ),
      createdMs: fc.option(
        anySpan.map(({ fromMs }) => fromMs),
        { nil: undefined },
      ),
    }),
    { maxLength: 12 },
  )
  .map((specs) => specs.map((spec, index) => bulletin({ id: `b${index}`, acceptedNumber: index, ...spec })));

/** The morning of a real-looking commune: signature, the national station at its minute, from above, own, closing. */
export const morningSession: Session = {
  name: 'sáng',
  weekdays: everyDay,
  from: '04:45',
  until: '05:30',
  slot: 'morning',
  parts: [
    { kind: 'tune', id: 'opening', clipId: 'c'.repeat(64), clipDurationMs: 20_000 },
    {
      kind: 'relay',
      id: 'station',
      clipId: 'd'.repeat(64),
      clipDurationMs: 30_000,
      at: '04:46',
      relay: { url: 'https://station.example/live', lengthMs: 15 * 60_000 },
    },
    { kind: 'bulletins', from: 'above' },
    { kind: 'bulletins', from: 'own' },
    { kind: 'tune', id: 'closing', clipId: 'e'.repeat(64), clipDurationMs: 15_000 },
  ],
};

const anyLength = fc.oneof(fc.integer({ min: 1_000, max: 40_000 }), fc.integer({ min: 60_000, max: 1_200_000 }));

const anyPart = (id: string): fc.Arbitrary<SessionPart> => {
  const own = { id: fc.constant(id), clipId: fc.constant(id.padEnd(64, 'f')), clipDurationMs: anyLength };
  return fc.oneof(
    fc.record({ kind: fc.constant('tune' as const), ...own }),
    fc.record({
      kind: fc.constant('relay' as const),
      ...own,
      at: fc.option(clock, { nil: undefined, freq: 1 }),
      relay: fc.record({ url: fc.constant('https://station.example/live'), lengthMs: anyLength }),
    }),
    fc.record({ kind: fc.constant('bulletins' as const), from: fc.constantFrom('above', 'own', 'all') }),
  );
};

/** A session of a slot, also one with its times reversed or its relays outside it. */
function anyProgramme(slot: SessionSlot): fc.Arbitrary<Session> {
  const parts = fc
    .integer({ min: 0, max: 6 })
    .chain((count) => fc.tuple(...Array.from({ length: count }, (_, index) => anyPart(`${slot}${index}`))));
  return fc
    .record({
      weekdays,
      from: clock,
      lengthMinutes: fc.integer({ min: -10, max: 180 }),
      gapMs: fc.constantFrom(undefined, 0, 5_000),
      parts: fc.option(parts, { nil: undefined, freq: 4 }),
    })
    .map(({ from, lengthMinutes, ...rest }) => {
      const [hours = 0, minutes = 0] = from.split(':').map(Number);
      const endMinute = Math.min(24 * 60, Math.max(0, hours * 60 + minutes + lengthMinutes));
      return { name: slot, slot, from, until: clockOf(endMinute), ...rest };
    });
}

/** Laws with standing days, languages and volumes too. Turns name occurrences, and are for the test to draw. */
export const anyStandingLaw: fc.Arbitrary<SoundingLaw> = fc
  .tuple(
    fc.oneof(
      anyLaw,
      anyLaw.map((law) => ({ hours: law.hours })),
      fc.constant({ hours: allDay }),
    ),
    fc.record({
      sessions: fc
        .tuple(...sessionSlots.map((slot) => fc.option(anyProgramme(slot), { nil: undefined, freq: 3 })))
        .map((found) => found.filter((session) => session !== undefined)),
      languages: fc.option(fc.shuffledSubarray([...languages], { minLength: 1 }), { nil: undefined }),
      volume: fc.array(
        fc.record({
          from: clock,
          until: fc.oneof(clock, fc.constant('24:00')),
          volumePercent: fc.integer({ min: 10, max: 100 }),
        }),
        { maxLength: 2 },
      ),
    }),
  )
  .map(([law, sound]) => ({ ...law, ...sound }));

const anyVersion = fc.record({
  language: fc.constantFrom(...languages),
  clipId: fc.constant('b'.repeat(64)),
  clipDurationMs: anyLength,
});

/** As `anyBulletins`, some with versions, some that ask for a slot, from above, or withdrawn since. */
export const anyStandingBulletins: fc.Arbitrary<PlannedBulletin[]> = fc
  .tuple(
    anyBulletins,
    fc.array(
      fc.record({
        slot: fc.constantFrom(undefined, ...sessionSlots, ...sessionSlots),
        isFromAbove: fc.boolean(),
        versions: fc.uniqueArray(anyVersion, { maxLength: 2, selector: ({ language }) => language }),
        withdrawnMs: fc.option(
          anySpan.map(({ fromMs }) => fromMs),
          { nil: undefined, freq: 1 },
        ),
      }),
      { minLength: 12, maxLength: 12 },
    ),
  )
  .map(([bulletins, overs]) =>
    bulletins.map((each, index) => {
      const { versions, ...over } = overs[index] ?? {};
      const recorded = versions?.map((version) => ({ ...version, clipId: `${each.id}-${version.language}` }));
      return { ...each, ...over, clipId: each.id, versions: recorded };
    }),
  );
