/**
 * kill -9 of each board again and again while it plays, once of the server, over two occurrences of three bulletins: one
 * that drops what was cut, one that restarts it, one that resumes it after an emergency. Catches a start that sounds
 * before it is on disk, a place that is forgotten, an outcome told twice.
 */
import { askFor, prepareClip, warn } from '../asks.ts';
import { type Played, pause, type RoundParts, until } from '../round.ts';
import type { StageBoard } from '../stage.ts';

const clipSeconds = 7;
const firstAfterMs = 9_000;
const secondAfterMs = 34_000;

export async function playKill({ stage, chance, note }: RoundParts): Promise<Played> {
  const seed = chance.below(1_000_000);
  const kinds = [
    { board: 'k1', resume: 'drop', gainDb: 0, repeat: { count: 2, gapMs: 1_000 } },
    { board: 'k2', resume: 'restart', gainDb: 0, repeat: { count: 1, gapMs: 0 } },
    { board: 'k3', resume: 'resume', gainDb: routineDbOfK3, repeat: { count: 1, gapMs: 0 } },
  ] as const;
  const alarm = await prepareClip(stage, { seconds: 2, seed });
  const wishes = await Promise.all(
    [firstAfterMs, secondAfterMs].flatMap((afterMs, turn) =>
      kinds.map(async (kind, index) => {
        const prepared = await prepareClip(stage, {
          ...{ seconds: clipSeconds, seed: seed + 1 + turn * kinds.length + index, gainDb: kind.gainDb },
        });
        return { ...kind, prepared, afterMs };
      }),
    ),
  );
  const beganMs = Date.now();
  const asked = await Promise.all(
    wishes.map(({ board, resume, repeat, prepared, afterMs }) =>
      askFor(stage, { board, resume, repeat, prepared, afterMs: [afterMs] }),
    ),
  );
  const [k1, k2, k3] = stage.boards;
  if (k1 === undefined || k2 === undefined || k3 === undefined) throw new Error('Three boards');
  const overMs = beganMs + secondAfterMs + 12_000;
  const killing = async (board: StageBoard, fromMs: number, untilMs: number) => {
    await until(fromMs);
    while (Date.now() < untilMs) {
      await pause(chance.between(100, 6_500));
      if (Date.now() < untilMs) board.cutPower();
    }
  };
  const alarming = async () => {
    await until(beganMs + firstAfterMs + chance.between(1_500, 5_000));
    asked.push(await warn(stage, 'k3', alarm));
    // In the alarm or in what goes on behind it; in every other round not at all, so that it goes on.
    if (!chance.isTrue(0.5)) return;
    await pause(chance.between(500, 5_000));
    k3.cutPower();
  };
  const serverDies = async () => {
    await until(beganMs + chance.between(8_000, secondAfterMs));
    stage.server.kill();
    note('server killed');
  };
  await Promise.all([
    killing(k1, beganMs + firstAfterMs - 600, overMs),
    killing(k2, beganMs + firstAfterMs - 600, overMs),
    killing(k3, beganMs + secondAfterMs - 600, overMs),
    alarming(),
    ...(chance.isTrue(0.5) ? [serverDies()] : []),
  ]);
  note(`${stage.boards.reduce((sum, { powerCutsMs }) => sum + powerCutsMs.length, 0)} kills`);
  return { asked };
}

/** Of the board whose gain is checked too. */
export const routineDbOfK3 = -6;
