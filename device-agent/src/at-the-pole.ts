/**
 * What the agent does for people beside the board, from its first moment on: log, lamp, local page, socket file, and
 * the reception of whoever enrols it. Puts these rooms together; the agent itself is told to it once it runs.
 */
import { fittingOf } from '@loa/protocol/device';
import type { Agent, AgentOptions } from './compose.ts';
import { machineCard } from './edges/card.ts';
import { openLampLine } from './edges/lamp-line.ts';
import { startLamp } from './fronts/lamp/lamp.ts';
import { openLocalPage } from './fronts/local-page/local-page.ts';
import { openLocalSocket, socketName } from './fronts/local-socket/local-socket.ts';
import { openLogRing } from './keep/log/log-ring.ts';
import { gatherLog } from './keep/log/read-log.ts';
import type { Machine } from './machine.ts';
import { enrolPaths } from './pole-settings.ts';
import type { PoleState } from './pole-state.ts';
import type { AgentSettings } from './settings.ts';
import { createArrival } from './work/arrival/arrival.ts';
import { type CardParts, readCardNote, tidyCard, watchCard } from './work/arrival/card-note.ts';
import { lampSignOf } from './work/signs/lamp-sign.ts';

export interface AtThePole {
  log: (line: string) => void;
  /** For the agent that is to be opened; without a reception when this board has no way to be enrolled by. */
  options: Pick<AgentOptions, 'reception' | 'gatherLog'>;
  /** The agent runs. */
  hold(agent: Pick<Agent, 'state'>): Promise<void>;
  stop(): Promise<void>;
}

/** Begins; `print` takes each line of the log as it is kept. */
export async function standAtThePole(options: {
  settings: AgentSettings;
  machine: Machine;
  /** Of the running release, for people. */
  agentVersion: string;
  print: (line: string) => void;
}): Promise<AtThePole> {
  const { settings, machine, agentVersion } = options;
  const { clock, random, disk } = machine.edges;
  const ring = await openLogRing({ disk, clock });
  const log = (line: string) => options.print(ring.add(line));
  if (settings.claimCode !== undefined) ring.hide(settings.claimCode);
  const card: CardParts = { card: machineCard, disk, paths: enrolPathsOf(settings), knownServer: settings.serverUrl };
  const arrival = createArrival({ clock, random, onEnrolled: () => void tidy(), log });
  let agent: Pick<Agent, 'state'> | undefined;
  let page: ReturnType<typeof openLocalPage> | undefined;

  function state(): PoleState {
    const { capabilities, description } = machine.board;
    return {
      agentVersion,
      board: description,
      player: machine.player.name,
      fitting: fittingOf(capabilities.probes),
      probes: [...capabilities.probes],
      ...(page?.state() === undefined ? {} : { page: page.state() }),
      enrolment: arrival.state(),
      running: agent?.state(),
    };
  }

  async function tidy(): Promise<void> {
    for (const { path, isBlanked } of await tidyCard(card))
      log(isBlanked ? `The used code is taken off ${path}` : `${path} cannot be written: its code counts as used`);
  }

  const waits = await waitsForSomebody(settings, card);
  if (waits && settings.claimCode !== undefined && settings.serverUrl !== undefined)
    arrival.offer({ serverUrl: settings.serverUrl, claimCode: settings.claimCode });
  const watch = watchCard({
    ...card,
    clock,
    onInvitation(invitation) {
      ring.hide(invitation.claimCode);
      // What the board was told by its owner comes before what a paper says; it is what the next start goes by.
      const serverUrl = settings.serverUrl ?? invitation.serverUrl;
      return arrival.state().phase === 'enrolled' || arrival.offer({ ...invitation, serverUrl }).ok;
    },
    onProblem: arrival.note,
  });
  const lamp =
    settings.lamp === undefined
      ? undefined
      : startLamp({ clock, line: openLampLine(settings.lamp), sign: () => lampSignOf(state()), log });
  const shared = { clock, random, state, arrival, knownServer: settings.serverUrl, log };
  if (settings.localPage !== undefined) page = openLocalPage({ ...shared, ...settings.localPage });
  const socket = await openLocalSocket({
    ...shared,
    socketPath: disk.absolute(socketName),
    flushLog: ring.flush,
    output: machine.player.output,
  });

  return {
    log,
    options: {
      gatherLog: async (sinceMs) => {
        await ring.flush();
        return gatherLog(disk, sinceMs);
      },
      ...(waits ? { reception: { arrival, turnTo: machine.turnTo } } : {}),
    },
    async hold(running) {
      agent = running;
      arrival.known();
      watch.stop();
      await tidy();
    },
    async stop() {
      watch.stop();
      await lamp?.stop();
      await page?.stop();
      await socket.stop();
      await ring.stop();
    },
  };
}

function enrolPathsOf(settings: AgentSettings): readonly string[] {
  return settings.enrolFile === undefined ? [...enrolPaths, `${settings.dir}/enrol.txt`] : [settings.enrolFile];
}

/** Whether somebody can enrol this board without a terminal; otherwise it says what is missing and ends, as ever. */
async function waitsForSomebody(settings: AgentSettings, card: CardParts): Promise<boolean> {
  if (settings.localPage !== undefined || settings.lamp !== undefined || settings.enrolFile !== undefined) return true;
  return (await readCardNote(card)).kind !== 'none';
}
