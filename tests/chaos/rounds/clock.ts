/**
 * The wall clock of each board is set back and forward, by minutes or days, while it waits and while it plays: under one
 * whose server is in reach, under one that is cut off and whose agent is killed, and under one without a battery that is
 * switched off while it is cut off. The first two start at the true instant all the same, the second by what its former
 * process had learnt in the same boot; the third plays nothing until it is told the time (P9).
 */
import { readdir, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { eventually } from '../../harness/town.ts';
import { askFor, prepareClip } from '../asks.ts';
import { type Played, pause, type RoundParts, until } from '../round.ts';
import type { BoardName, StageBoard } from '../stage.ts';

const minuteMs = 60_000;
const dayMs = 86_400_000;
/** Minutes, days, and beyond the window of any plan; both ways. */
const movesMs = [minuteMs, 7 * minuteMs, dayMs, 3 * dayMs, 20 * dayMs, 400 * dayMs].flatMap((ms) => [ms, -ms]);

/** Where a board's clock is told. */
export function clockFile(dir: string, board: BoardName): string {
  return join(dir, `${board}.clock`);
}

export async function playClock({ stage, chance, note }: RoundParts): Promise<Played> {
  const seed = chance.below(1_000_000);
  const clips = await Promise.all(
    stage.boards.map((_, index) => prepareClip(stage, { seconds: 6, seed: seed + index })),
  );
  const asked = await Promise.all(
    stage.boards.flatMap(({ name: board }, index) => {
      const prepared = clips[index];
      return prepared === undefined
        ? []
        : [askFor(stage, { board, prepared, afterMs: [14_000], late: { kind: 'skip', lateMsMax: 1_000 } })];
    }),
  );
  const startMs = asked[0]?.startsMs[0] ?? 0;
  const beganMs = Date.now();
  const moves = stage.boards.map(() => [{ fromMs: 0, offsetMs: 0 }]);
  const blind = stage.boards.map((): { fromMs: number; untilMs: number }[] => []);
  const set = async (board: StageBoard, index: number) => {
    const offsetMs = chance.pick(movesMs);
    note(`${board.name} ${offsetMs / minuteMs} min`);
    moves[index]?.push({ fromMs: Date.now(), offsetMs });
    await writeFile(clockFile(stage.dir, board.name), String(offsetMs));
  };
  await Promise.all(
    stage.boards.map(async (board, index) => {
      const mine = asked[index];
      if (mine === undefined) return;
      const isThere = async () => (await readdir(join(board.dir, 'clips'))).includes(mine.clip.id);
      const isHeld = await eventually(isThere, 8_000, 100);
      await pause(500);
      if (board.name !== 'k1') board.line.turn('drop');
      if (isHeld && board.name !== 'k3') mine.owedMs.push(...mine.startsMs);
      if (board.name === 'k2') board.cutPower();
      if (board.name === 'k3') {
        board.cutPower();
        // The machine does not begin anew with it: what was known in the former boot is of no use in another one.
        await rm(join(board.dir, 'clock.json'), { force: true });
        blind[index]?.push({ fromMs: Date.now(), untilMs: startMs + 22_000 });
        mine.forbidden.push({ atMs: startMs, why: 'and nothing had told the board the time' });
        await pause(chance.between(0, 2_000));
      }
      await set(board, index);
      await until(startMs + chance.between(500, 5_000));
      await set(board, index);
      await until(startMs + 22_000);
      board.line.turn('pass');
    }),
  );
  if (Date.now() < beganMs) throw new Error("The machine's own clock was set");
  const clocks = Object.fromEntries(
    stage.boards.map(({ name }, index) => [name, { clockMoves: moves[index] ?? [], blindSpans: blind[index] ?? [] }]),
  );
  return { asked, clocks };
}
