/**
 * A clip is called missing when a start has been due without it for ten seconds, or when it is needed within ten minutes
 * and lacking for a minute; not while it is fetched for what is to sound now, looked through, or left for later.
 */
import type { ClipShelf } from '@loa/device-agent/contracts.ts';
import { blank, type Course } from '@loa/device-agent/work/conductor/course.ts';
import { duePatienceMs, type LackingSince, lackOf } from '@loa/device-agent/work/conductor/wishes.ts';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { openStage, type Stage } from '../../harness/agent-stage.ts';
import { type FaultBench, openFaultBench } from '../../harness/fault-bench.ts';
import { type ManualClock, manualClock } from '../../harness/manual-clock.ts';

type Found = ReturnType<ClipShelf['find']>;

const fetching: Found = { state: 'fetching', fraction: 0 };
const checked: Found = { ...fetching, awaits: 'check' };
const polite: Found = { ...fetching, awaits: 'turn' };
const here: Found = { state: 'here', path: '/c', rendition: { format: 'mp3', hash: 'ab', sizeBytes: 1 } as never };

let clock: ManualClock;
let bench: FaultBench;
let since: LackingSince;

beforeEach(async () => {
  clock = manualClock({ wallMs: 1_800_000_000_000 });
  bench = await openFaultBench(clock);
  since = new Map();
});
afterEach(() => bench.stop());

/** Of one piece whose clip is found so for so long; looked at ten times a second. */
async function lacking(course: Course, found: Found, forMs: number): Promise<void> {
  for (let ms = 0; ms < forMs; ms += 100) {
    const at = { nowMs: clock.wallMs(), monotonicMs: clock.monotonicMs(), find: () => found, before: since };
    const lack = lackOf([course], at);
    since = lack.since;
    bench.faults.signal('clip-missing', lack.signal);
    await clock.advance(100);
  }
}

function courseAt(inMs: number, more: { emergency?: boolean } = {}): Course {
  const atMs = clock.wallMs() + inMs;
  const emergency = more.emergency ?? false;
  const piece = { occurrence: 'a@1', atMs, emergency, clip: { id: 'abc' }, repeat: { count: 1, gapMs: 0 } };
  return { ...blank('a@1', { plannedMs: atMs, emergency, seenMs: clock.wallMs() }), piece: piece as never };
}

test.each<[string, number, [Found, number][], ('opened' | 'cleared')[]]>([
  [
    'to be played now, here within a second',
    0,
    [
      [fetching, 900],
      [here, 60_000],
    ],
    [],
  ],
  ['to be played now, never here', 0, [[fetching, duePatienceMs + 200]], ['opened']],
  [
    'being looked through after a restart, due or not',
    -5_000,
    [
      [checked, 120_000],
      [here, 1_000],
    ],
    [],
  ],
  [
    'left for later on purpose',
    500_000,
    [
      [polite, 300_000],
      [fetching, 50_000],
      [here, 1_000],
    ],
    [],
  ],
  ['left for later beyond its instant', 20_000, [[polite, 31_000]], ['opened']],
  ['not here at its instant, nor before', 12_000, [[fetching, 11_900]], []],
  ['… and at its instant', 12_000, [[fetching, 12_200]], ['opened']],
  ['needed in nine minutes and lacking for one', 540_000, [[fetching, 61_000]], ['opened']],
  ['needed in an hour', 3_600_000, [[fetching, 120_000]], []],
  [
    'come at last: cleared after five seconds',
    0,
    [
      [fetching, 11_000],
      [here, 4_500],
    ],
    ['opened'],
  ],
  [
    '… and not before',
    0,
    [
      [fetching, 11_000],
      [here, 6_000],
    ],
    ['opened', 'cleared'],
  ],
])('%s', async (_name, inMs, steps, course) => {
  const own = courseAt(inMs);
  for (const [found, forMs] of steps) await lacking(own, found, forMs);
  expect(bench.course('clip-missing')).toEqual(course);
});

test('an emergency that is fetched is a fault after a minute', async () => {
  const own = courseAt(0, { emergency: true });
  await lacking(own, fetching, 50_000);
  expect(bench.course('clip-missing')).toEqual([]);
  await lacking(own, fetching, 11_000);
  expect(bench.course('clip-missing')).toEqual(['opened']);
});

test('one that has been lacking for long does not make another one certain', async () => {
  const [old, fresh] = [courseAt(500_000), { ...courseAt(30_000), occurrence: 'b@1' }];
  await lacking(old, fetching, 30_000);
  const at = { nowMs: clock.wallMs(), monotonicMs: clock.monotonicMs(), find: () => fetching, before: since };
  const piece = { ...fresh.piece, occurrence: 'b@1', atMs: clock.wallMs() } as never;
  expect(lackOf([old, { ...fresh, piece }], at)).toMatchObject({
    signal: { certain: false },
    againInMs: duePatienceMs,
  });
});

test('the conductor looks again in time though nobody tells it anything', async () => {
  const stage: Stage = await openStage();
  stage.setClip('a@1', 'fetching');
  stage.setPlan([{ occurrence: 'a@1', at: 1_000, late: { kind: 'start', lateMsMax: 60_000 } }]);
  await stage.advance(9_900);
  expect(stage.certain).toEqual([]);
  await stage.advance(1_000);
  expect(stage.certain).toContain('clip-missing');
  await stage.stop();
});
