import { burstCount, burstGapMs } from '@loa/device-agent/work/timekeeper/timekeeper.ts';
import { afterEach, describe, expect, test } from 'vitest';
import { openStage, type Stage, type StageItem, type StageOptions } from '../../harness/agent-stage.ts';

let stage: Stage;
afterEach(() => stage.stop());

async function staged(items: readonly StageItem[], options: StageOptions = {}): Promise<Stage> {
  stage = await openStage(options);
  stage.setPlan(items);
  return stage;
}

describe('a plan item', () => {
  test('starts at its instant exactly, written down before it sounds, and ends as played', async () => {
    await staged([{ occurrence: 'a@1', at: 60_000 }]);
    await stage.advance(59_999);
    expect(stage.ledger).toMatchObject([{ kind: 'start', occurrence: 'a@1', play: 1 }]);
    expect(stage.heard()).toEqual([]);
    await stage.advance(10_000);
    expect(stage.heard()).toMatchObject([{ clip: 'a@1', atMs: 60_000, untilMs: 65_000 }]);
    expect(stage.ended('a@1')).toMatchObject([{ outcome: 'played', playsDone: 1, lateMs: 0 }]);
    expect(stage.reports.map((event) => event.kind)).toEqual(['started', 'ended']);
    expect(stage.ledger.map((entry) => entry.kind)).toEqual(['start', 'done', 'ended', 'reported']);
  });

  test('is repeated with its gaps, each play written down and reported', async () => {
    await staged([{ occurrence: 'a@1', at: 10_000, repeat: { count: 3, gapMs: 2_000 } }]);
    await stage.advance(60_000);
    expect(stage.heard().map((each) => each.atMs)).toEqual([10_000, 17_000, 24_000]);
    expect(stage.reports.filter((event) => event.kind === 'started')).toHaveLength(3);
    expect(stage.ended('a@1')).toMatchObject([{ outcome: 'played', playsDone: 3 }]);
  });

  test('asks for the time before every start, early enough for all the answers', async () => {
    await staged([
      { occurrence: 'a@1', at: 60_000, repeat: { count: 3, gapMs: 20_000 } },
      { occurrence: 'b@1', at: 300_000 },
    ]);
    await stage.advance(400_000);
    const starts = stage.heard().map(({ atMs }) => atMs);
    expect(starts).toEqual([60_000, 85_000, 110_000, 300_000]);
    const burstMs = burstCount * burstGapMs;
    for (const atMs of starts) {
      const askedMs = stage.timeAskedMs.filter((ms) => ms <= atMs - burstMs - 1_000 && ms > atMs - 2 * burstMs);
      expect(askedMs.length).toBeGreaterThan(0);
    }
    // Not all day long.
    expect(stage.timeAskedMs.filter((ms) => ms > 120_000 && ms < 280_000)).toEqual([]);
  });

  test('asks for the time every five minutes while it sounds', async () => {
    await staged([{ occurrence: 'a@1', at: 60_000, durationMs: 3_600_000, lengthMsMax: 4_000_000 }]);
    await stage.advance(3_660_000);
    const gaps = stage.timeAskedMs.slice(1).map((ms, index) => ms - (stage.timeAskedMs[index] ?? 0));
    expect(gaps.length).toBeGreaterThan(9);
    for (const gapMs of gaps) expect(gapMs).toBeLessThanOrEqual(6 * 60_000);
    const counted = stage.timeAskedMs.length;
    await stage.advance(3_600_000);
    expect(stage.timeAskedMs).toHaveLength(counted);
  });

  test.each([
    ['sound', 'confirmed'],
    ['none', 'silent'],
    ['too-low', 'played'],
    ['undecided', 'played'],
  ] as const)('that a probe measured as %s ends as %s', async (measured, outcome) => {
    await staged([{ occurrence: 'a@1', at: 10_000 }], { measured });
    await stage.advance(20_000);
    expect(stage.ended('a@1')).toMatchObject([{ outcome }]);
  });

  test('is cut off after its longest length', async () => {
    await staged([{ occurrence: 'a@1', at: 10_000, durationMs: 30_000, lengthMsMax: 8_000 }]);
    await stage.advance(60_000);
    expect(stage.heard()[0]?.untilMs).toBeGreaterThanOrEqual(18_000);
    expect(stage.heard()[0]?.untilMs).toBeLessThan(18_300);
    expect(stage.ended('a@1')).toMatchObject([{ outcome: 'partial', reason: 'too-long' }]);
  });
});

describe('late', () => {
  test.each<[string, Partial<StageItem>, number, { fromMs: number } | undefined]>([
    ['skip within its breath', { late: { kind: 'skip', lateMsMax: 1_000 } }, 600, { fromMs: 0 }],
    ['skip beyond it', { late: { kind: 'skip', lateMsMax: 1_000 } }, 1_500, undefined],
    ['start within its time', { late: { kind: 'start', lateMsMax: 60_000 } }, 50_000, { fromMs: 0 }],
    ['start beyond it', { late: { kind: 'start', lateMsMax: 60_000 } }, 61_000, undefined],
    ['join in the middle', { late: { kind: 'join', lateMsMax: 0 }, durationMs: 20_000 }, 7_000, { fromMs: 7_600 }],
    ['join after its end', { late: { kind: 'join', lateMsMax: 0 }, durationMs: 20_000 }, 20_500, undefined],
  ])('%s', async (_name, given, lateMs, heard) => {
    stage = await openStage();
    await stage.advance(10_000 + lateMs);
    stage.setPlan([{ occurrence: 'a@1', at: 10_000, ...given }]);
    await stage.advance(120_000);
    expect(stage.heard().map(({ fromMs }) => ({ fromMs }))).toEqual(heard === undefined ? [] : [heard]);
    expect(stage.ended('a@1')).toHaveLength(1);
    if (heard === undefined) expect(stage.ended('a@1')).toMatchObject([{ outcome: 'missed', reason: 'late' }]);
  });

  test('a join in a gap comes in at the next play, and says that something was lost', async () => {
    stage = await openStage();
    await stage.advance(16_000);
    stage.setPlan([
      { occurrence: 'a@1', at: 10_000, repeat: { count: 3, gapMs: 5_000 }, late: { kind: 'join', lateMsMax: 0 } },
    ]);
    await stage.advance(60_000);
    expect(stage.heard().map(({ atMs, fromMs }) => [atMs, fromMs])).toEqual([
      [20_000, 0],
      [30_000, 0],
    ]);
    expect(stage.ended('a@1')).toMatchObject([{ outcome: 'partial', reason: 'late', playsDone: 2 }]);
  });
});

describe('one sound at a time', () => {
  test('of two due at once the priority one sounds, the other afterwards as its late policy allows', async () => {
    await staged([
      { occurrence: 'n@1', at: 10_000, late: { kind: 'start', lateMsMax: 60_000 } },
      { occurrence: 'p@1', at: 10_000, class: 'priority' },
    ]);
    await stage.advance(60_000);
    expect(stage.heard().map(({ clip }) => clip)).toEqual(['p@1', 'n@1']);
    expect(stage.heard()[1]?.atMs).toBeLessThan(15_300);
  });

  test('a priority item waits for the normal one that sounds', async () => {
    await staged([
      { occurrence: 'n@1', at: 10_000, durationMs: 20_000 },
      { occurrence: 'p@1', at: 15_000, class: 'priority', late: { kind: 'start', lateMsMax: 60_000 } },
    ]);
    await stage.advance(90_000);
    expect(stage.heard().map(({ clip, atMs }) => [clip, Math.floor(atMs / 1000)])).toEqual([
      ['n@1', 10],
      ['p@1', 30],
    ]);
  });

  test('of those that waited the priority one comes first, though it was planned later', async () => {
    const late = { kind: 'start', lateMsMax: 120_000 } as const;
    await staged([
      { occurrence: 'a@1', at: 10_000, durationMs: 20_000 },
      { occurrence: 'n@1', at: 12_000, late },
      { occurrence: 'p@1', at: 14_000, late, class: 'priority' },
    ]);
    await stage.advance(90_000);
    expect(stage.heard().map(({ clip }) => clip)).toEqual(['a@1', 'p@1', 'n@1']);
  });

  test('what may not wait so long is missed, busy with the other', async () => {
    await staged([
      { occurrence: 'n@1', at: 10_000, durationMs: 20_000 },
      { occurrence: 'b@1', at: 15_000 },
    ]);
    await stage.advance(90_000);
    expect(stage.heard()).toHaveLength(1);
    expect(stage.ended('b@1')).toMatchObject([{ outcome: 'missed', reason: 'busy-with-other' }]);
  });

  test('one follows the other without a pause when it is planned so', async () => {
    await staged([
      { occurrence: 'a@1', at: 10_000 },
      { occurrence: 'b@1', at: 15_000 },
    ]);
    await stage.advance(60_000);
    expect(stage.heard().map(({ atMs }) => Math.round(atMs / 100))).toEqual([100, 150]);
  });
});

describe('what keeps it from sounding', () => {
  test('outside permitted hours it is refused, judged over its whole length', async () => {
    stage = await openStage();
    stage.setHours([{ weekdays: [1, 2, 3, 4, 5, 6, 7], from: '08:00', until: '08:01' }]);
    stage.setPlan([
      { occurrence: 'in@1', at: 20_000 },
      { occurrence: 'over@1', at: 57_000 },
    ]);
    await stage.advance(120_000);
    expect(stage.heard().map(({ clip }) => clip)).toEqual(['in@1']);
    expect(stage.ended('over@1')).toMatchObject([{ outcome: 'refused', reason: 'outside-permitted-hours' }]);
  });

  test('a clip that comes late starts within the late policy, else is missed', async () => {
    stage = await openStage();
    stage.setClip('a@1', 'fetching');
    stage.setClip('b@1', 'missing');
    stage.setPlan([
      { occurrence: 'a@1', at: 10_000, late: { kind: 'start', lateMsMax: 30_000 } },
      { occurrence: 'b@1', at: 60_000 },
    ]);
    await stage.advance(20_000);
    expect(stage.signals).toContainEqual({ code: 'clip-missing', bad: true });
    stage.setClip('a@1', 'here');
    await stage.advance(60_000);
    expect(stage.heard()).toMatchObject([{ clip: 'a@1' }]);
    expect(stage.heard()[0]?.atMs).toBeLessThan(20_500);
    expect(stage.ended('b@1')).toMatchObject([{ outcome: 'missed', reason: 'clip-missing' }]);
  });

  test('with a clock that is not trusted nothing sounds, and it is told once the time is known', async () => {
    await staged([{ occurrence: 'a@1', at: 10_000 }], { trusted: false });
    await stage.advance(60_000);
    expect(stage.heard()).toEqual([]);
    expect(stage.ended('a@1')).toEqual([]);
    stage.setTrusted(true);
    await stage.advance(1_000);
    expect(stage.ended('a@1')).toMatchObject([{ outcome: 'missed', reason: 'clock-not-trusted' }]);
  });

  test('an output that fails in the middle makes it partial', async () => {
    await staged([{ occurrence: 'a@1', at: 10_000 }]);
    await stage.advance(12_000);
    stage.setOutput(false);
    await stage.advance(20_000);
    expect(stage.ended('a@1')).toMatchObject([{ outcome: 'partial', reason: 'output-missing' }]);
    expect(stage.heard()).toHaveLength(1);
  });

  test('an output that was missing is tried again within the late policy', async () => {
    await staged([{ occurrence: 'a@1', at: 10_000, late: { kind: 'start', lateMsMax: 30_000 } }]);
    stage.setOutput(false);
    stage.conductor.outputIs(false);
    await stage.advance(20_000);
    stage.setOutput(true);
    stage.conductor.outputIs(true);
    await stage.advance(20_000);
    expect(stage.heard()).toMatchObject([{ clip: 'a@1', fromMs: 0 }]);
    expect(stage.ended('a@1')).toMatchObject([{ outcome: 'played' }]);
  });

  test('an output that fails unseen at the start is missed when its time is over', async () => {
    await staged([{ occurrence: 'a@1', at: 10_000 }]);
    stage.setOutput(false);
    await stage.advance(30_000);
    expect(stage.ended('a@1')).toMatchObject([{ outcome: 'missed', reason: 'output-missing' }]);
    expect(stage.ledger.filter((entry) => entry.kind === 'start')).toHaveLength(1);
  });

  test('a clip that cannot be decoded is given up after three tries', async () => {
    await staged([{ occurrence: 'a@1', at: 10_000, late: { kind: 'start', lateMsMax: 600_000 } }], {
      clips: () => undefined,
    });
    await stage.advance(60_000);
    expect(stage.ended('a@1')).toMatchObject([{ outcome: 'missed', reason: 'decoder-failed' }]);
    expect(stage.signals).toContainEqual({ code: 'decoder-failed', bad: true });
  });

  test('a decoder that breaks off makes it partial', async () => {
    await staged([{ occurrence: 'a@1', at: 10_000 }], { clips: () => ({ durationMs: 5_000, failsAtMs: 2_000 }) });
    await stage.advance(60_000);
    expect(stage.ended('a@1')).toMatchObject([{ outcome: 'partial', reason: 'decoder-failed' }]);
  });

  test('a disk that takes no entry keeps routine sound silent', async () => {
    await staged([{ occurrence: 'a@1', at: 10_000 }]);
    stage.setDisk('refuses');
    await stage.advance(30_000);
    expect(stage.heard()).toEqual([]);
    expect(stage.signals).toContainEqual({ code: 'storage-damaged', bad: true });
    stage.setDisk('good');
    await stage.advance(20_000);
    expect(stage.ended('a@1')).toMatchObject([{ outcome: 'missed' }]);
  });
});

describe('withdrawn', () => {
  test('before it sounded, near its start: told once as withdrawn', async () => {
    await staged([{ occurrence: 'a@1', at: 10_000 }]);
    await stage.advance(9_900);
    stage.setPlan([]);
    await stage.advance(30_000);
    expect(stage.heard()).toEqual([]);
    expect(stage.ended('a@1')).toMatchObject([{ outcome: 'withdrawn' }]);
  });

  test('while it sounds: silent within 300 ms and told as stopped', async () => {
    await staged([{ occurrence: 'a@1', at: 10_000 }]);
    await stage.advance(12_000);
    stage.setPlan([]);
    await stage.advance(30_000);
    expect(stage.heard()[0]?.untilMs).toBeLessThan(12_300);
    expect(stage.ended('a@1')).toMatchObject([{ outcome: 'stopped', reason: 'stopped-by-person' }]);
  });

  test('far from its start nothing is told, and it may come back', async () => {
    await staged([{ occurrence: 'a@1', at: 3_600_000 }]);
    await stage.advance(1_000);
    stage.setPlan([]);
    await stage.advance(1_000);
    stage.setPlan([{ occurrence: 'a@1', at: 3_600_000 }]);
    await stage.advance(3_700_000);
    expect(stage.ended('a@1')).toMatchObject([{ outcome: 'played' }]);
  });

  test('near its start it may come back too, and sounds at its instant', async () => {
    await staged([{ occurrence: 'a@1', at: 60_000 }]);
    await stage.advance(5_000);
    stage.setPlan([]);
    await stage.advance(10_000);
    expect(stage.ended('a@1')).toEqual([]);
    stage.setPlan([{ occurrence: 'a@1', at: 60_000 }]);
    await stage.advance(90_000);
    expect(stage.ended('a@1')).toMatchObject([{ outcome: 'played', lateMs: 0 }]);
  });

  test('a plan that only rolls on does not stop a long item', async () => {
    await staged([{ occurrence: 'a@1', at: 1_000, durationMs: 7_200_000, lengthMsMax: 7_300_000 }]);
    await stage.advance(3_700_000);
    stage.setPlan([], { fromMs: 100_000 });
    await stage.advance(4_000_000);
    expect(stage.ended('a@1')).toMatchObject([{ outcome: 'played' }]);
  });
});

test('a plan that rolls on in the gap between two plays withdraws nothing', async () => {
  await staged([{ occurrence: 'a@1', at: 10_000, repeat: { count: 2, gapMs: 20_000 } }]);
  await stage.advance(20_000);
  stage.setPlan([], { fromMs: 15_000 });
  await stage.advance(60_000);
  expect(stage.heard()).toHaveLength(2);
  expect(stage.ended('a@1')).toMatchObject([{ outcome: 'played', playsDone: 2 }]);
});

describe('what passed while the board was off', () => {
  test('is told as missed, offline at its start', async () => {
    await staged([
      { occurrence: 'a@1', at: 60_000 },
      { occurrence: 'b@1', at: 90_000 },
    ]);
    await stage.restart(300_000);
    await stage.advance(1_000);
    for (const occurrence of ['a@1', 'b@1'])
      expect(stage.ended(occurrence)).toMatchObject([{ outcome: 'missed', reason: 'offline-at-start' }]);
  });

  test('is told up to a bound for each boot, the newest first', async () => {
    await staged(Array.from({ length: 1_500 }, (_, index) => ({ occurrence: `a${index}@1`, at: 1_000 * index })));
    await stage.restart(2_000_000);
    await stage.advance(1_000);
    expect(stage.reports).toHaveLength(500);
    expect(stage.ended('a1499@1')).toHaveLength(1);
    await stage.restart();
    await stage.restart();
    expect(stage.reports).toHaveLength(1_500);
  });
});
