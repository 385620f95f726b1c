import { afterEach, describe, expect, test } from 'vitest';
import { emergency, openStage, type Stage } from '../../harness/agent-stage.ts';

let stage: Stage;
afterEach(() => stage.stop());

describe('a restart in the middle', () => {
  test.each(['drop', 'resume'] as const)('ends the play; with %s it never starts again', async (resume) => {
    stage = await openStage();
    stage.setPlan([{ occurrence: 'a@1', at: 10_000, resume, late: { kind: 'start', lateMsMax: 600_000 } }]);
    await stage.advance(12_000);
    await stage.restart();
    await stage.advance(60_000);
    expect(stage.heard()).toHaveLength(1);
    expect(stage.ended('a@1')).toMatchObject([{ outcome: 'partial', reason: 'interrupted-by-restart', playsDone: 0 }]);
  });

  test('with restart as its policy it starts again while its time allows, and the ledger says why', async () => {
    stage = await openStage();
    stage.setPlan([
      { occurrence: 'a@1', at: 10_000, resume: 'restart', late: { kind: 'start', lateMsMax: 600_000 } },
      { occurrence: 'b@1', at: 60_000, resume: 'restart' },
    ]);
    await stage.advance(12_000);
    await stage.restart();
    await stage.advance(50_000);
    expect(stage.ended('a@1')).toMatchObject([{ outcome: 'played', playsDone: 1 }]);
    expect(stage.ledger).toContainEqual(expect.objectContaining({ kind: 'start', play: 1, again: 'restart' }));
    await stage.restart(60_000);
    await stage.advance(60_000);
    expect(stage.heard().map(({ clip }) => clip)).toEqual(['a@1', 'a@1', 'b@1']);
    expect(stage.ended('b@1')).toMatchObject([{ outcome: 'partial', reason: 'interrupted-by-restart' }]);
  });

  test('the plays that were still to come go on', async () => {
    stage = await openStage();
    stage.setPlan([
      { occurrence: 'a@1', at: 10_000, repeat: { count: 3, gapMs: 1_000 }, late: { kind: 'start', lateMsMax: 60_000 } },
    ]);
    await stage.advance(12_000);
    await stage.restart();
    await stage.advance(60_000);
    expect(stage.heard()).toHaveLength(3);
    expect(stage.ended('a@1')).toMatchObject([{ outcome: 'partial', reason: 'interrupted-by-restart', playsDone: 2 }]);
  });

  test("an emergency's play is over, its other plays follow", async () => {
    stage = await openStage();
    stage.setOrders([emergency('e@1', { at: 0, repeat: { count: 2, gapMs: 0 } })]);
    await stage.advance(2_000);
    await stage.restart();
    await stage.advance(60_000);
    expect(stage.heard()).toHaveLength(2);
    expect(stage.ended('e@1')).toMatchObject([{ outcome: 'partial', reason: 'interrupted-by-restart' }]);
  });

  test('a play that has crashed the board five times is given up', async () => {
    stage = await openStage();
    stage.setPlan([{ occurrence: 'a@1', at: 10_000, resume: 'restart', late: { kind: 'start', lateMsMax: 600_000 } }]);
    await stage.advance(12_000);
    for (let crash = 0; crash < 8; crash += 1) {
      await stage.restart();
      await stage.advance(2_000);
    }
    expect(stage.heard()).toHaveLength(5);
    expect(stage.ended('a@1')).toMatchObject([{ outcome: 'partial', reason: 'interrupted-by-restart' }]);
  });

  test('what is in the plan no more and had begun is told', async () => {
    stage = await openStage();
    stage.setPlan([{ occurrence: 'a@1', at: 10_000 }]);
    await stage.advance(12_000);
    stage.setDisk('refuses');
    stage.setPlan([]);
    await stage.advance(100);
    await stage.restart();
    stage.setDisk('good');
    await stage.advance(30_000);
    expect(stage.ended('a@1')).toHaveLength(1);
  });
});

describe('a crash between the ledger and the outbox', () => {
  test('loses no ending', async () => {
    stage = await openStage();
    stage.setPlan([{ occurrence: 'a@1', at: 10_000 }]);
    await stage.advance(12_000);
    stage.setDisk('outbox-refuses');
    await stage.advance(5_000);
    expect(stage.ledger.at(-1)).toMatchObject({ kind: 'ended' });
    expect(stage.ended('a@1')).toEqual([]);
    await stage.restart();
    stage.setDisk('good');
    await stage.restart();
    await stage.advance(1_000);
    expect(stage.ended('a@1')).toMatchObject([{ outcome: 'played' }]);
  });

  test('doubles no ending', async () => {
    stage = await openStage();
    stage.setPlan([{ occurrence: 'a@1', at: 10_000 }]);
    await stage.advance(20_000);
    expect(stage.ledger.pop()).toMatchObject({ kind: 'reported' });
    await stage.restart();
    await stage.advance(1_000);
    expect(stage.ended('a@1')).toHaveLength(1);
    expect(stage.ledger.at(-1)).toMatchObject({ kind: 'reported' });
  });

  test('a disk that refused the ending gets it later, in the same boot', async () => {
    stage = await openStage();
    stage.setPlan([{ occurrence: 'a@1', at: 10_000 }]);
    await stage.advance(12_000);
    stage.setDisk('refuses');
    await stage.advance(5_000);
    stage.setDisk('good');
    await stage.advance(15_000);
    expect(stage.ended('a@1')).toMatchObject([{ outcome: 'played' }]);
  });
});
