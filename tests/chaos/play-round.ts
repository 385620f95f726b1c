/** One round from its opening to its verdict: sets the stage, lets the round play, waits for every outcome, judges. */
import { eventually } from '../harness/town.ts';
import { Chance } from '../simulation/world.ts';
import { layRecord, readRecord } from './captured.ts';
import { judgeRound, readStore, type Store, type Witness } from './judge-round.ts';
import { type Played, pause, type RoundParts } from './round.ts';
import { clockFile, playClock } from './rounds/clock.ts';
import { mountSmall, playDisk } from './rounds/disk.ts';
import { playKill, routineDbOfK3 } from './rounds/kill.ts';
import { playNetwork } from './rounds/network.ts';
import { type BoardName, openStage, type Stage } from './stage.ts';

export const roundKinds = ['kill', 'network', 'disk', 'clock'] as const;
export type RoundKind = (typeof roundKinds)[number];

const plays: Record<RoundKind, (parts: RoundParts) => Promise<Played>> = {
  kill: playKill,
  network: playNetwork,
  disk: playDisk,
  clock: playClock,
};

/** Everything is over and told by then: late starts, alarms, the pauses of a link that has failed often. */
const toldWithinMs = 150_000;

export type RoundTold =
  | { kind: 'skipped'; reason: string }
  /** Nothing can be said of the promises: the stage could not be set, or the machine was too busy. */
  | { kind: 'unplayed'; reason: string }
  | { kind: 'judged'; line: string; wrong: string[]; samples: number; kills: number };

export async function playRound({
  kind,
  seed,
  dir,
}: {
  kind: RoundKind;
  seed: number;
  dir: string;
}): Promise<RoundTold> {
  const chance = new Chance(seed);
  const notes: string[] = [];
  let unmount = async (): Promise<void> => undefined;
  let refusal: string | undefined;
  let stage: Stage | undefined;
  try {
    stage = await openStage({
      ...{ dir, chance: chance.fork('lines'), envOf: (name) => environmentOf(kind, name, dir) },
      async beforeBoards(dirs) {
        if (kind !== 'disk') return;
        const mounted = await mountSmall(dirs);
        if (mounted.ok) unmount = mounted.unmount;
        else refusal = mounted.reason;
        if (refusal !== undefined) throw new Error(refusal);
      },
    });
    const played = await plays[kind]({ stage, chance, note: (line) => notes.push(line) });
    const path = await stage.databasePath();
    await eventually(async () => isAllTold(played, readStore(path)), toldWithinMs, 500);
    await pause(1_500);
    const endMs = Date.now();
    const told = await judge({ stage, played, store: readStore(path), endMs });
    return { ...told, line: `${told.line}; ${notes.join(', ')}` };
  } catch (error) {
    if (refusal !== undefined) return { kind: 'skipped', reason: `no small file system may be mounted: ${refusal}` };
    return { kind: 'unplayed', reason: String(error) };
  } finally {
    await stage?.close();
    await unmount();
  }
}

function environmentOf(kind: RoundKind, name: BoardName, dir: string): Record<string, string> {
  if (kind === 'clock')
    return {
      LOA_CHAOS_CLOCK_FILE: clockFile(dir, name),
      ...(name === 'k3' ? { LOA_AGENT_CLOCK: 'none' } : {}),
    };
  return kind === 'kill' && name === 'k3' ? { LOA_ROUTINE_DB: String(routineDbOfK3) } : {};
}

function isAllTold({ asked, faultsOwed = [] }: Played, { airings, faults }: Store): boolean {
  const count = asked.reduce((sum, { startsMs }) => sum + startsMs.length, 0);
  const isSaid = faultsOwed.every((owed) =>
    faults.some((one) => one.board === owed.board && owed.codes.includes(one.code)),
  );
  return airings.length >= count && airings.every(({ outcome }) => outcome !== null) && isSaid;
}

async function judge(parts: { stage: Stage; played: Played; store: Store; endMs: number }) {
  const { stage, played, store, endMs } = parts;
  const witnesses: Witness[] = [];
  let samples = 0;
  for (const { name, soundDir, powerCutsMs } of stage.boards) {
    const record = await readRecord(soundDir);
    samples += record.pcm.length;
    const clips = played.asked.filter(({ board }) => board === name).map(({ clip }) => clip);
    const laid = layRecord(record, clips);
    const clock = played.clocks?.[name] ?? { clockMoves: [{ fromMs: 0, offsetMs: 0 }], blindSpans: [] };
    witnesses.push({ board: name, laid, powerCutsMs, ...clock });
  }
  const unsaid = (played.faultsOwed ?? []).filter(
    (owed) => !store.faults.some((one) => one.board === owed.board && owed.codes.includes(one.code)),
  );
  const wrong = [
    ...judgeRound({ asked: played.asked, witnesses, store, endMs }),
    ...unsaid.map(({ board, codes }) => `${board} never said ${codes.join(' or ')}`),
  ];
  const kills = stage.boards.reduce((sum, { powerCutsMs }) => sum + powerCutsMs.length, 0);
  const outcomes = [...Map.groupBy(store.airings, ({ outcome }) => outcome ?? 'open')].map(
    ([outcome, own]) => `${own.length} ${outcome}`,
  );
  const stretches = witnesses.reduce((sum, { laid }) => sum + laid.stretches.length, 0);
  const line =
    `${wrong.length === 0 ? 'kept' : 'BROKEN'}, ${kills} kills, ${stretches} stretches of ${samples} samples, ` +
    `${outcomes.join(' ')}, ${store.reports.length} reports`;
  return { kind: 'judged' as const, line, wrong, samples, kills };
}
