/**
 * Each board's line turns bad in one manner after another while plans come, while clips are fetched, while it plays and
 * while it reports. What a board held before must sound whole; everything is told once, in order, when the line is back.
 */
import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { eventually } from '../../harness/town.ts';
import { askFor, prepareClip } from '../asks.ts';
import { lineManners } from '../hostile-line.ts';
import { type Played, pause, type RoundParts, until } from '../round.ts';

export async function playNetwork({ stage, chance, note }: RoundParts): Promise<Played> {
  const seed = chance.below(1_000_000);
  const clips = await Promise.all(
    stage.boards.map((_, index) => prepareClip(stage, { seconds: 5, seed: seed + index })),
  );
  const later = await Promise.all(
    stage.boards.map((_, index) => prepareClip(stage, { seconds: 4, seed: seed + 9 + index })),
  );
  const beganMs = Date.now();
  const asked = await Promise.all(
    stage.boards.flatMap(({ name: board }, index) => {
      const prepared = clips[index];
      return prepared === undefined
        ? []
        : [askFor(stage, { board, prepared, afterMs: [14_000], late: { kind: 'skip', lateMsMax: 2_000 } })];
    }),
  );
  await Promise.all(
    stage.boards.map(async ({ name: board, line, dir }, index) => {
      const [mine, next] = [asked[index], later[index]];
      if (mine === undefined || next === undefined) return;
      const isThere = async () => (await readdir(join(dir, 'clips'))).includes(mine.clip.id);
      // A line that turns bad before the board held it obliges to nothing.
      const isPatient = chance.isTrue(0.7);
      if (isPatient && (await eventually(isThere, 9_000, 100))) {
        await pause(300);
        mine.owedMs.push(...mine.startsMs);
      } else await pause(chance.between(0, 1_000));
      const manners: string[] = [];
      const turning = async () => {
        while (Date.now() < beganMs + 28_000) {
          const manner = chance.pick(lineManners);
          manners.push(manner);
          line.turn(manner);
          await pause(chance.between(2_000, 8_000));
        }
        line.turn('pass');
      };
      const asking = async () => {
        await until(beganMs + 10_000 + chance.between(0, 4_000));
        const late = { kind: 'start', lateMsMax: 60_000 } as const;
        asked.push(await askFor(stage, { board, prepared: next, afterMs: [12_000], late }));
      };
      await Promise.all([turning(), asking()]);
      note(`${board} ${manners.join('+')}`);
    }),
  );
  return { asked };
}
