/**
 * What the forecast says is what the real conductor then does: for generated plans, relays among them, emergencies and
 * hours, every start, end and outcome of the stage's device is the one foretold.
 */
import type { EndedEvent } from '@loa/device-agent/contracts.ts';
import {
  classRank,
  type ForecastLine,
  forecast,
  type HoursRule,
  permitsByHours,
  planDevice,
  plannedLengthMs,
  type SessionPart,
} from '@loa/schedules';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { emergency, openStage, type StageItem, stageNoonMs } from '../harness/agent-stage.ts';

/** The tails of what a card had taken before a cut, one after the other. */
const toleranceMs = 1_000;

const zone = 'Asia/Ho_Chi_Minh';

/** Everything falls on whole seconds, limits between them: a hair's breadth is not what this is about. */
const itemArb = (index: number): fc.Arbitrary<StageItem> =>
  fc.record({
    occurrence: fc.constant(`item${index}@1`),
    at: fc.integer({ min: 5, max: 120 }).map((s) => s * 1_000),
    durationMs: fc.integer({ min: 1, max: 40 }).map((s) => s * 1_000),
    relay: fc.option(
      fc.integer({ min: 2, max: 50 }).map((s) => ({ url: stationOf(index), lengthMs: s * 1_000 })),
      { freq: 3, nil: undefined },
    ),
    class: fc.constantFrom('normal' as const, 'priority' as const),
    resume: fc.constantFrom('resume' as const, 'restart' as const, 'drop' as const),
    repeat: fc.record({ count: fc.integer({ min: 1, max: 3 }), gapMs: fc.constantFrom(0, 3_000, 10_000) }),
    late: fc.record({
      kind: fc.constantFrom('skip' as const, 'start' as const, 'join' as const),
      lateMsMax: fc.constantFrom(500, 1_500, 20_500, 90_500),
    }),
  });

const stationOf = (index: number) => `http://dai.example/${index}`;

const alarmArb = fc.record({
  /** Between the seconds, so that it never comes together with a start. */
  afterMs: fc.integer({ min: 1, max: 60 }).map((s) => s * 1_000 + 300),
  durationMs: fc.integer({ min: 1, max: 25 }).map((s) => s * 1_000),
  repeat: fc.record({ count: fc.integer({ min: 1, max: 2 }), gapMs: fc.constantFrom(0, 2_000) }),
});

const scriptArb = fc.record({
  items: fc
    .integer({ min: 1, max: 7 })
    .chain((count) => fc.tuple(...Array.from({ length: count }, (_, index) => itemArb(index))))
    .chain((items) =>
      fc.tuple(
        ...items.map((item) =>
          fc
            .option(fc.integer({ min: 1, max: 60 }), { freq: 3, nil: undefined })
            .map(
              (seconds): StageItem => (seconds === undefined ? item : { ...item, lengthMsMax: seconds * 1_000 + 250 }),
            ),
        ),
      ),
    ),
  alarms: fc.array(alarmArb, { maxLength: 2 }),
  untilTime: fc.constantFrom('21:00', '08:02:00.6', '08:01:00.6'),
});
type Script = typeof scriptArb extends fc.Arbitrary<infer T> ? T : never;

/** A session of three minutes with its tunes, in two languages, and bulletins at their own times beside it. */
const dayArb: fc.Arbitrary<Script> = fc
  .record({
    bulletins: fc.array(
      fc.record({
        isPlaced: fc.boolean(),
        at: fc.integer({ min: 5, max: 200 }),
        seconds: fc.integer({ min: 2, max: 30 }),
        chamSeconds: fc.option(fc.integer({ min: 2, max: 30 }), { nil: undefined }),
        class: fc.constantFrom('normal' as const, 'priority' as const),
        resume: fc.constantFrom('resume' as const, 'restart' as const, 'drop' as const),
        lateKind: fc.constantFrom('skip' as const, 'start' as const, 'join' as const),
      }),
      { minLength: 1, maxLength: 5 },
    ),
    gapMs: fc.constantFrom(2_000, 4_000),
    alarms: fc.array(alarmArb, { maxLength: 1 }),
  })
  .map(({ bulletins, gapMs, alarms }) => {
    const tune = (id: string): SessionPart => ({ kind: 'tune', id, clipId: id, clipDurationMs: 4_000 });
    const parts: SessionPart[] = [tune('opening'), { kind: 'bulletins', from: 'all' }, tune('closing')];
    const session = { name: 'sáng', slot: 'morning' as const, weekdays: [1], from: '08:01', until: '08:04', gapMs };
    const law = { hours: hoursUntil('21:00'), sessions: [{ ...session, parts }], languages: ['vi', 'cjm'] as const };
    const plan = planDevice({
      bulletins: bulletins.map(({ isPlaced, at, seconds, chamSeconds, lateKind, ...each }, index) => ({
        ...each,
        id: `b${index}`,
        areaIds: ['c1'],
        clipId: `b${index}`,
        clipDurationMs: seconds * 1_000,
        whens: [
          { kind: 'once', date: '2026-10-05', time: `08:0${Math.floor(at / 60)}:${String(at % 60).padStart(2, '0')}` },
        ],
        late: { kind: lateKind, lateMsMax: 20_500 },
        repeat: { count: 1, gapMs: 0 },
        timeZone: zone,
        acceptedNumber: index,
        ...(isPlaced ? { slot: 'morning' as const } : {}),
        ...(chamSeconds === undefined
          ? {}
          : { versions: [{ language: 'cjm', clipId: `b${index}-cjm`, clipDurationMs: chamSeconds * 1_000 }] }),
      })),
      areaIds: ['c1'],
      law,
      window: { fromMs: stageNoonMs, untilMs: stageNoonMs + 3_600_000 },
    });
    const items = plan.items.map(
      ({ occurrence, atMs, class: itemClass, repeat, late, resume, lengthMsMax }): StageItem => ({
        ...{ occurrence, class: itemClass, repeat, late, resume, lengthMsMax },
        at: atMs - stageNoonMs,
        durationMs: plannedLengthMs({ lengthMsMax }),
      }),
    );
    return { items, alarms, untilTime: '21:00' };
  });

test.each([
  ['of items at any time', scriptArb, 200],
  ['of a standing day', dayArb, 100],
])('every start, end and outcome %s', { timeout: 120_000 }, async (_name, scripts, numRuns) => {
  await fc.assert(
    fc.asyncProperty(scripts, async (script) => {
      const foretold = foretell(script);
      fc.pre(nudges.every((nudge) => isAlike(foretell(script, nudge), foretold)));
      const stage = await perform(script);
      for (const line of foretold) {
        const told = stage.ended(line.occurrence);
        expect(told, line.occurrence).toHaveLength(1);
        for (const end of told) expectSame(line, end);
        const heard = stage
          .heard()
          .filter((one) => one.clip === soundOf(script, line.occurrence) && one.untilMs - one.atMs > toleranceMs);
        const stretches = line.sounds.filter((one) => one.untilMs - one.fromMs > 1_500);
        expect(heard.length, JSON.stringify({ line, heard: stage.heard() })).toBe(stretches.length);
        for (const [index, { fromMs, untilMs }] of stretches.entries()) {
          expect(Math.abs((heard[index]?.atMs ?? Number.NaN) + stageNoonMs - fromMs)).toBeLessThan(toleranceMs);
          expect(Math.abs((heard[index]?.untilMs ?? Number.NaN) + stageNoonMs - untilMs)).toBeLessThan(toleranceMs);
        }
      }
    }),
    { seed: Number(process.env.LOA_TEST_SEED ?? 20261125), numRuns: Number(process.env.LOA_TEST_RUNS ?? numRuns) },
  );
});

function expectSame(line: ForecastLine, end: EndedEvent): void {
  // The hours end before its late policy does: the device looks once a minute, and may see either first.
  if (line.code === 'hours-end-before-its-turn') expect(end.startedMs).toBeUndefined();
  else expect(end.outcome, JSON.stringify({ line, end })).toBe(line.outcome);
}

/** What is heard of an item: its station where it has one, else its clip. */
function soundOf(script: Script, occurrence: string): string | undefined {
  const item = script.items.find((one) => one.occurrence === occurrence);
  return item?.relay?.url ?? item?.occurrence;
}

function planItems(script: Script): StageItem[] {
  return [...script.items].sort(
    (a, b) =>
      a.at - b.at ||
      classRank[b.class ?? 'normal'] - classRank[a.class ?? 'normal'] ||
      (a.occurrence < b.occurrence ? -1 : 1),
  );
}

function alarmsOf(script: Script) {
  let atMs = 0;
  return script.alarms.map((alarm, index) => {
    const fromMs = atMs + alarm.afterMs + index * 333;
    const airMs = alarm.durationMs * alarm.repeat.count + alarm.repeat.gapMs * (alarm.repeat.count - 1);
    atMs = Math.ceil((fromMs + airMs) / 1_000) * 1_000;
    return { ...alarm, fromMs, untilMs: fromMs + airMs };
  });
}

/**
 * A card's tail makes everything a breath later. A script whose outcomes hang on that breath says nothing of the law,
 * and is left out.
 */
const nudges: Nudge[] = [
  { alarmMs: 150, lengthMs: 0 },
  { alarmMs: 0, lengthMs: 120 },
  { alarmMs: 300, lengthMs: 120 },
  { alarmMs: 1_000, lengthMs: 0 },
  { alarmMs: 0, lengthMs: 1_000 },
];
interface Nudge {
  alarmMs: number;
  lengthMs: number;
}

function isAlike(nudged: readonly ForecastLine[], lines: readonly ForecastLine[]): boolean {
  return lines.every((line, index) => {
    const other = nudged[index];
    const isLong = [...line.sounds, ...(other?.sounds ?? [])].every((one) => one.untilMs - one.fromMs > 1_500);
    return (
      other?.code === line.code &&
      other.outcome === line.outcome &&
      other.sounds.length === line.sounds.length &&
      isLong
    );
  });
}

function hoursUntil(until: string): HoursRule {
  return { timeZone: zone, spans: [{ weekdays: [1, 2, 3, 4, 5, 6, 7], from: '08:00', until }], document: 'x' };
}

function foretell(script: Script, { alarmMs, lengthMs }: Nudge = { alarmMs: 0, lengthMs: 0 }): ForecastLine[] {
  const hours = hoursUntil(script.untilTime);
  const items = planItems(script).map((item) => {
    const { at, durationMs = 0, occurrence, relay, repeat = { count: 1, gapMs: 0 } } = item;
    const playMs = relay?.lengthMs ?? durationMs;
    return {
      bulletinId: occurrence,
      occurrence,
      atMs: stageNoonMs + at,
      class: item.class ?? 'normal',
      clipId: occurrence,
      repeat,
      late: item.late ?? { kind: 'skip', lateMsMax: 1_000 },
      resume: item.resume ?? 'drop',
      relay,
      lengthMsMax: (item.lengthMsMax ?? playMs * repeat.count + repeat.gapMs * (repeat.count - 1) + 2_000) + lengthMs,
    };
  });
  return forecast({
    plan: { items, omitted: [] },
    clipDurationsMs: new Map(script.items.map((item) => [item.occurrence, item.durationMs ?? 0])),
    permits: permitsByHours(hours),
    alarms: alarmsOf(script).map(({ fromMs, untilMs }, index) => ({
      occurrence: `alert${index}@1`,
      fromMs: stageNoonMs + fromMs + alarmMs,
      untilMs: stageNoonMs + untilMs + alarmMs,
    })),
  });
}

async function perform(script: Script) {
  const stage = await openStage({ prepareMs: 150, diskMs: 20 });
  stage.setHours([{ weekdays: [1, 2, 3, 4, 5, 6, 7], from: '08:00', until: script.untilTime }]);
  stage.setPlan(planItems(script));
  const orders = [];
  for (const [index, { fromMs, durationMs, repeat }] of alarmsOf(script).entries()) {
    await stage.advance(fromMs - stage.nowMs());
    orders.push(emergency(`alert${index}@1`, { at: fromMs, durationMs, repeat }));
    stage.setOrders(orders);
  }
  await stage.advance(1_500_000);
  return stage;
}
