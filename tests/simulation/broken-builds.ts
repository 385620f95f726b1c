/**
 * Builds that break a promise on purpose, each by one room or edge that does not do its work, with the promise whose
 * check must go red. They show that the checker can fail.
 */
import { accept } from '@loa/server/refusal.ts';
import {
  atAnyHour,
  behind,
  believed,
  deaf,
  isClip,
  isForged,
  renumbered,
  replanned,
  undrilled,
  without,
} from './broken-boards.ts';
import { ahead, credulous, oneLost, openDoor, redated, twice, unasked, unread } from './broken-servers.ts';
import type { Breach } from './checker.ts';
import type { Scene } from './gauntlet.ts';
import type { TownOptions } from './town.ts';

export interface BrokenBuild extends Pick<TownOptions, 'boardSabotage' | 'serverSabotage'> {
  name: string;
  breaks: Breach['promise'];
  /** Where it is caught. */
  scene: Scene;
}

export const brokenBuilds: readonly BrokenBuild[] = [
  {
    name: 'a server that says accepted before it has written',
    breaks: 'P1',
    scene: 'deathsAtTheAnswer',
    serverSabotage: { losesLastMs: 2_000 },
  },
  {
    name: 'an outbox that sends again under new numbers',
    breaks: 'P2',
    scene: 'powerCutsInPlay',
    serverSabotage: { work: (work) => ({ ...work, intake: { ...work.intake, open: twice(work.intake) } }) },
  },
  {
    name: 'an intake that receipts what it does not store',
    breaks: 'P2',
    scene: 'powerCutsInPlay',
    serverSabotage: { work: (work) => ({ ...work, intake: { ...work.intake, open: unread(work.intake) } }) },
  },
  {
    name: 'a restore that does not raise the epoch',
    breaks: 'P5',
    scene: 'restoring',
    serverSabotage: { keepsEpoch: true },
  },
  {
    name: 'a ledger that forgets',
    breaks: 'P3',
    scene: 'powerCutsInPlay',
    boardSabotage: { disk: (disk) => without(disk, (path) => path === 'ledger') },
  },
  {
    name: 'a ledger that is written one entry late',
    breaks: 'P3',
    scene: 'powerCutsInPlay',
    boardSabotage: { disk: behind },
  },
  {
    name: 'a plan that is not kept on disk',
    breaks: 'P4',
    scene: 'alone',
    boardSabotage: { disk: (disk) => without(disk, (path) => path.endsWith('/plan')) },
  },
  {
    name: 'clips that are not kept on disk',
    breaks: 'P4',
    scene: 'alone',
    boardSabotage: {
      disk: (disk) => ({
        ...without(disk, isClip),
        list: async (folder) => (folder === 'clips' ? [] : disk.list(folder)),
      }),
    },
  },
  {
    name: 'a verifier that believes any signature',
    breaks: 'P5',
    scene: 'attacks',
    boardSabotage: ({ server }) => ({ mqtt: (_topic, payload) => believed(server, payload, isForged) }),
  },
  {
    name: 'a verifier that believes any number',
    breaks: 'P5',
    scene: 'replays',
    boardSabotage: ({ server }) => ({ mqtt: (topic, payload) => renumbered(server, topic, payload) }),
  },
  {
    name: 'a withdrawal that is answered and not carried out',
    breaks: 'P5',
    scene: 'replays',
    serverSabotage: {
      work: (work) => ({
        ...work,
        desk: {
          ...work.desk,
          withdrawBulletin: async (person, bulletinId) => {
            const found = (await work.desk.listBulletins(person)).find(({ id }) => id === bulletinId);
            if (found === undefined) throw new Error('Nothing to withdraw');
            return accept(found);
          },
        },
      }),
    },
  },
  {
    name: 'a server that tells the time some seconds ahead',
    breaks: 'P5',
    scene: 'powerCutsInPlay',
    serverSabotage: { work: (work) => ({ ...work, intake: { ...work.intake, open: ahead(work.intake) } }) },
  },
  {
    name: 'a door that asks for no key',
    breaks: 'P5',
    scene: 'attacks',
    serverSabotage: { enrolment: openDoor },
  },
  {
    name: 'an intake that drops one report of a frame and receipts it',
    breaks: 'P2',
    scene: 'alone',
    serverSabotage: { work: (work) => ({ ...work, intake: { ...work.intake, open: oneLost(work.intake) } }) },
  },
  {
    name: 'reports dated when they are received',
    breaks: 'P2',
    scene: 'alone',
    serverSabotage: { work: (work) => ({ ...work, intake: { ...work.intake, open: redated(work.intake) } }) },
  },
  {
    name: 'a player that lets what sounds run out before an emergency',
    breaks: 'P6',
    scene: 'interruptions',
    boardSabotage: { player: deaf },
  },
  {
    name: 'an emergency at the level of routine',
    breaks: 'P6',
    scene: 'interruptions',
    boardSabotage: {
      player: (player) => ({ ...player, prepare: (asked) => player.prepare({ ...asked, level: 'routine' }) }),
    },
  },
  {
    name: 'a policy of dropping that goes on all the same',
    breaks: 'P6',
    scene: 'interruptions',
    boardSabotage: ({ server }) => ({
      mqtt: (topic, payload) => replanned(server, topic, payload, (item) => ({ ...item, resume: 'resume' })),
    }),
  },
  {
    name: 'a player that does not stop',
    breaks: 'P7',
    scene: 'stops',
    boardSabotage: { player: deaf },
  },
  {
    name: 'a stop that is answered and not carried out',
    breaks: 'P7',
    scene: 'stops',
    serverSabotage: {
      work: (work) => ({
        ...work,
        desk: {
          ...work.desk,
          withdrawBulletin: async (person, bulletinId) => {
            const found = (await work.desk.listBulletins(person)).find(({ id }) => id === bulletinId);
            if (found === undefined) throw new Error('Nothing to withdraw');
            return accept(found);
          },
        },
      }),
    },
  },
  {
    name: 'a withdrawal that names nobody',
    breaks: 'P7',
    scene: 'stops',
    serverSabotage: {
      work: (work) => ({
        ...work,
        desk: {
          ...work.desk,
          withdrawal: async (person, bulletinId) => {
            const answer = await work.desk.withdrawal(person, bulletinId);
            return answer.ok ? accept({ ...answer.value, untold: [] }) : answer;
          },
        },
      }),
    },
  },
  {
    name: 'a board that judges no hours',
    breaks: 'P8',
    scene: 'evening',
    boardSabotage: ({ server }) => ({
      mqtt: (topic, payload) => atAnyHour(server, topic, payload),
    }),
  },
  {
    name: 'a board that believes a clock which nobody has set',
    breaks: 'P9',
    scene: 'blindBoards',
    boardSabotage: { clock: (clock, world) => ({ ...clock, wallMs: () => Math.floor(world.trueMs) - 3_000 }) },
  },
  {
    name: 'a server that believes its clock whatever it says',
    breaks: 'P9',
    scene: 'wrongClock',
    serverSabotage: {
      clock: credulous,
      work: (work) => ({ ...work, intake: { ...work.intake, open: unasked(work.intake) } }),
    },
  },
  {
    name: 'a board that keeps emergencies back until it knows the time',
    breaks: 'P9',
    scene: 'blindBoards',
    boardSabotage: {
      mqtt: (topic, payload, knowsTime) => (topic.endsWith('/orders') && !knowsTime ? 'later' : payload),
    },
  },
  {
    name: 'a board that knows no drills',
    breaks: 'P12',
    scene: 'drills',
    boardSabotage: ({ server }) => ({ mqtt: (topic, payload) => undrilled(server, topic, payload) }),
  },
  {
    name: 'a server that signs drills as real',
    breaks: 'P12',
    scene: 'drills',
    serverSabotage: {
      work: (work) => ({
        ...work,
        emergencies: {
          ...work.emergencies,
          push: (person, request) => work.emergencies.push(person, { ...request, drill: false }),
        },
      }),
    },
  },
];

/** A server that plans for the night: one mistake, which boards that judge by themselves make good (P8). */
export const nightPlanner: Pick<TownOptions, 'boardSabotage'> = {
  boardSabotage: ({ server }) => ({
    mqtt: (topic, payload) =>
      replanned(server, topic, payload, (item) => ({ ...item, atMs: item.atMs + nightAfterMs })),
  }),
};

/** From the end of the evening's scene into hours that permit nothing. */
const nightAfterMs = 5 * 60_000;
