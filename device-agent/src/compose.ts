/**
 * Puts the agent together: opens what is on disk, enrols when it must, hands the rooms each other's functions, starts
 * and stops them in order. Knows all rooms and decides nothing of theirs. A simulation hands in its own edges and
 * player; `machine.ts` hands in the real ones.
 */
import { topics } from '@loa/protocol/device';
import type { Board, Identity, LinkState, Player, Settings, SoundProbe } from './contracts.ts';
import type { Ears } from './ears.ts';
import { retryDelayMs } from './edges/backoff.ts';
import type { Clock } from './edges/clock.ts';
import type { Damage } from './edges/damaged-file.ts';
import type { Disk } from './edges/disk.ts';
import type { Network } from './edges/network.ts';
import type { Random } from './edges/random.ts';
import { regularly } from './edges/regularly.ts';
import { createDoor } from './fronts/link/door.ts';
import { enrol } from './fronts/link/enrol.ts';
import { createLink } from './fronts/link/link.ts';
import { watchDiskSpace } from './fronts/probes/disk-space.ts';
import { watchOutput } from './fronts/probes/output.ts';
import { openClipShelf } from './keep/clips/clip-shelf.ts';
import { type DocumentShelf, openDocuments } from './keep/documents/documents.ts';
import { openLedger } from './keep/ledger.ts';
import { openFaultsFile } from './keep/open-faults.ts';
import { openOutbox } from './keep/outbox.ts';
import { createRefusals } from './keep/refusals.ts';
import { openSettings } from './keep/settings/settings.ts';
import { openSelfTest } from './test-here.ts';
import { createConductor, type RunningConductor } from './work/conductor/conductor.ts';
import { createFaults } from './work/faults/faults.ts';
import { isNearlyFull } from './work/faults/patience.ts';
import { createListen } from './work/listening/listen.ts';
import { createTurns } from './work/self-test/turns.ts';
import { createTimekeeper } from './work/timekeeper/timekeeper.ts';

/** Told in hello and at enrolment. */
export const agentVersion = '0.1.0';

/** Whether the clock is trusted is looked at so often; a fault needs half a minute of distrust anyway. */
const clockEveryMs = 10_000;

/** Between tries to enrol, while the server is not there yet. */
const enrolBackoff = { floorMs: 1_000, capMs: 60_000 };

/** What an agent stands on. */
export interface AgentEdges {
  clock: Clock;
  random: Random;
  disk: Disk;
  network: Network;
}

export interface AgentOptions {
  edges: AgentEdges;
  player: Player;
  probes: readonly SoundProbe[];
  /** Looks for sound while nothing is planned; absent: nobody does. */
  ears?: Pick<Ears, 'watch'> | undefined;
  /** HH:MM of the nightly silent test, where the board declares one; absent: none. */
  nightTestAt?: string | undefined;
  board: Board;
  /** Absent: only an agent that is already enrolled runs. */
  claimCode?: string | undefined;
  serverUrl: string;
  drillsAudible: boolean;
  /** How often the output is asked whether sound can leave; default 2 s. */
  outputEveryMs?: number | undefined;
  /** One line for whoever reads the log; no secrets. */
  log: (line: string) => void;
}

export interface Agent {
  readonly deviceId: string;
  readonly conductor: RunningConductor;
  readonly documents: DocumentShelf;
  linkState(): LinkState;
  /** Silence, everything written, goodbye. */
  stop(): Promise<void>;
}

export type OpenedAgent = { ok: true; agent: Agent } | { ok: false; reason: string };

/** Opens and starts an agent. Resolves when it runs, or cannot for a reason that a person must remove. */
export async function openAgent(options: AgentOptions): Promise<OpenedAgent> {
  const { edges, log } = options;
  const { clock, random, disk, network } = edges;
  const damages: Damage[] = [];
  let onDamaged = (damage: Damage): void => {
    damages.push(damage);
  };
  const heardDamage = (damage: Damage) => onDamaged(damage);

  const settings = await openSettings({ disk, onDamaged: heardDamage });
  const enrolled = await identityOf(settings, options);
  if (!enrolled.ok) return enrolled;
  const { identity } = enrolled;

  let documents: DocumentShelf | undefined;
  /** Told once conductor and link are there; what happens before is seen by them at their start. */
  let reconsider = (): void => undefined;
  let tellHeld = (): void => undefined;
  const timekeeper = createTimekeeper({
    clock,
    clockKept: options.board.capabilities.clockKept,
    floorMs: () => documents?.floorMs() ?? settings.read().clockFloor.issuedMs,
    onChange: () => reconsider(),
  });
  const { now } = timekeeper;
  const outbox = await openOutbox({ disk, random, now, onDamaged: heardDamage });
  const ledger = await openLedger({ disk, now, onDamaged: heardDamage });
  const faults = createFaults({ clock, time: timekeeper, random, outbox, file: openFaultsFile(disk) });
  await faults.start();
  onDamaged = ({ path, reason, copy, lostBytes }) => {
    log(`damaged: ${path} ${reason}`);
    const evidence = { path, reason: reason.slice(0, 300), lostBytes, ...(copy === undefined ? {} : { copy }) };
    faults.signal('storage-damaged', { bad: true, certain: true, evidence });
  };
  for (const damage of damages) onDamaged(damage);
  const refusals = createRefusals({
    clock,
    report(event) {
      outbox.add(event).catch((error: unknown) => log(`A refusal could not be kept: ${String(error)}`));
    },
  });

  const door = createDoor({ network, clock, identity });
  documents = await openDocuments({
    disk,
    settings,
    identity,
    clock,
    random,
    now,
    refusals,
    fetchBody: door.fetchBody,
    onChange() {
      reconsider();
      tellHeld();
    },
    onWritten: () => tellHeld(),
    onDamaged: heardDamage,
  });
  const held = documents;
  if (enrolled.keys !== undefined) held.receive(topics.keys(), Buffer.from(enrolled.keys));

  let wasFull = false;
  function hearSpace(space: { freeBytes: number; totalBytes: number }, isShort: boolean): void {
    wasFull = isShort || isNearlyFull(space, wasFull);
    faults.signal('disk-nearly-full', { bad: wasFull, certain: isShort, evidence: { ...space, isShort } });
  }

  const shelf = await openClipShelf({
    disk,
    clock,
    random,
    now,
    formats: options.board.capabilities.formats,
    source: door.fetchClip,
    refusals,
    onChange: () => reconsider(),
    onSpace: ({ isShort, ...space }) => hearSpace(space, isShort),
  });
  const turns = createTurns(options.player);
  const listen = createListen({ probes: options.probes, clock, faults });
  const conductor = createConductor({
    clock,
    random,
    time: timekeeper,
    floorMs: held.floorMs,
    ledger,
    outbox,
    documents: held,
    shelf,
    player: turns.player,
    listen: options.probes.length === 0 ? undefined : listen,
    faults,
    drillsAudible: options.drillsAudible,
    takesStream: options.board.capabilities.stream,
    onProgress: () => link.progressChanged(),
  });
  const link = createLink({
    network,
    clock,
    random,
    door,
    deviceId: identity.deviceId,
    board: options.board,
    agentVersion,
    boot: Buffer.from(random.bytes(8)).toString('hex'),
    documents: held,
    outbox,
    timekeeper,
    progress: conductor.progress,
    refusals,
    onConnected() {
      shelf.retryNow();
      held.retryBody();
    },
    onState: logLink,
  });
  let loggedLink = '';
  /** Only what changed for somebody who reads: reached or not, and why not. */
  function logLink({ mqtt, socket }: LinkState): void {
    const line = `link: MQTT ${wordsOf(mqtt)}, WebSocket ${wordsOf(socket)}`;
    if (line !== loggedLink) log(line);
    loggedLink = line;
  }
  const selfTest = await openSelfTest({
    ...{ clock, random, disk, time: timekeeper, documents: held, outbox, refusals, turns, listen, log },
    ...{ floorMs: held.floorMs, onDamaged: heardDamage, nightlyAt: options.nightTestAt },
    capabilities: options.board.capabilities,
    isPlaying: () => conductor.progress().some(({ phase }) => phase === 'playing'),
  });
  reconsider = () => {
    conductor.reconsider();
    selfTest.reconsider();
  };
  tellHeld = link.documentsChanged;

  conductor.start();
  selfTest.start();
  const watches = [
    ...(options.ears === undefined ? [] : [options.ears.watch({ faults })]),
    watchOutput({
      clock,
      everyMs: options.outputEveryMs,
      player: options.player,
      onAnswer({ present, evidence }) {
        conductor.outputIs(present);
        faults.signal('output-missing', { bad: !present, evidence });
      },
    }),
    watchDiskSpace({
      clock,
      disk,
      onAnswer(space) {
        // No new damage since the last look; a fault of it clears after a day of that.
        faults.signal('storage-damaged', { bad: false, evidence: {} });
        if (space !== undefined) hearSpace(space, false);
      },
    }),
    regularly(clock, clockEveryMs, () => {
      const distrust = timekeeper.distrust();
      const evidence = { boundMs: Math.round(now().boundMs), ...(distrust === undefined ? {} : { reason: distrust }) };
      faults.signal('clock-not-trusted', { bad: distrust !== undefined, evidence });
    }),
  ];
  link.start();
  log(`running as ${identity.deviceId} (${identity.clusterName}), player ${options.player.name}`);

  const agent: Agent = {
    deviceId: identity.deviceId,
    conductor,
    documents: held,
    linkState: link.state,
    async stop() {
      for (const watch of watches) watch.stop();
      await Promise.all([conductor.stop(), selfTest.stop()]);
      await options.player.close();
      await faults.stop();
      await link.stop();
      timekeeper.close();
      shelf.close();
      held.close();
      await held.written();
    },
  };
  return { ok: true, agent };
}

/** Who this device is: known, or made known with the claim code, however long the server takes to answer. */
async function identityOf(
  settings: Settings,
  options: AgentOptions,
): Promise<{ ok: true; identity: Identity; keys?: string } | { ok: false; reason: string }> {
  const known = settings.read().identity;
  if (known !== undefined) return { ok: true, identity: known };
  const { claimCode, serverUrl, edges, board, log } = options;
  if (claimCode === undefined)
    return { ok: false, reason: 'Not enrolled: give this board its one-time code in LOA_CLAIM_CODE' };
  for (let attempt = 1; ; attempt += 1) {
    const { network, random } = edges;
    const answer = await enrol({ network, settings, random, board, agentVersion, serverUrl, claimCode });
    const { identity } = settings.read();
    if (answer.ok && identity !== undefined) return { ok: true, identity, keys: answer.keys };
    if (answer.ok) throw new Error('Enrolled without an identity');
    if (answer.isFinal) return { ok: false, reason: `Not enrolled: ${answer.reason}` };
    log(`not enrolled yet: ${answer.reason}`);
    const delayMs = retryDelayMs({ backoff: enrolBackoff, attempt, fraction: random.fraction() });
    await new Promise<void>((resolve) => edges.clock.setTimer(resolve, delayMs));
  }
}

function wordsOf({ phase, reason }: LinkState['mqtt']): string {
  if (phase === 'connected') return 'connected';
  return reason === undefined ? 'not connected' : `not connected (${reason})`;
}
