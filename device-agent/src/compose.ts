/**
 * Puts the agent together: opens what is on disk, enrols when it must, hands the rooms each other's functions, starts
 * and stops them in order. Knows all rooms and decides nothing of theirs. A simulation hands in its own edges and
 * player; `machine.ts` hands in the real ones.
 */
import { type DeviceFaultCode, topics } from '@loa/protocol/device';
import { type SensingOptions, startSensing } from './compose-sensing.ts';
import type { Board, Life, LinkState, Player, ServiceHands, SoundProbe } from './contracts.ts';
import type { Ears } from './ears.ts';
import type { Clock } from './edges/clock.ts';
import type { Damage } from './edges/damaged-file.ts';
import type { Disk } from './edges/disk.ts';
import type { Network } from './edges/network.ts';
import { checkoutVersion } from './edges/own-release.ts';
import type { Random } from './edges/random.ts';
import { regularly } from './edges/regularly.ts';
import { countBrokenRules } from './fronts/link/count-broken-rules.ts';
import { createDoor } from './fronts/link/door.ts';
import { createLink } from './fronts/link/link.ts';
import { watchDiskSpace } from './fronts/probes/disk-space.ts';
import { watchOutput } from './fronts/probes/output.ts';
import { identityOf, type Reception } from './identity-of.ts';
import { openClipShelf } from './keep/clips/clip-shelf.ts';
import { fetchFile } from './keep/clips/fetch-clip.ts';
import type { CheapHours } from './keep/clips/when-to-fetch.ts';
import { openClockMemory } from './keep/clock-memory.ts';
import { type DocumentShelf, openDocuments } from './keep/documents/documents.ts';
import { openLedger } from './keep/ledger.ts';
import { openFaultsFile } from './keep/open-faults.ts';
import { openOutbox } from './keep/outbox.ts';
import { createRefusals } from './keep/refusals.ts';
import { openReleaseShelf } from './keep/releases/release-shelf.ts';
import { openSettings } from './keep/settings/settings.ts';
import type { RunningState } from './pole-state.ts';
import { openSelfTest } from './test-here.ts';
import { createAmplifier, type FittedSwitch } from './work/amplifier/amplifier.ts';
import { createConductor, type RunningConductor } from './work/conductor/conductor.ts';
import { createFaults } from './work/faults/faults.ts';
import { judgeOutput } from './work/faults/judge-output.ts';
import { isNearlyFull } from './work/faults/patience.ts';
import { watchStarts } from './work/health/starts.ts';
import { createListen } from './work/listening/listen.ts';
import { isQuiet, type QuietFacts } from './work/quiet.ts';
import { createTurns } from './work/self-test/turns.ts';
import { openServices, withServices } from './work/services/open-services.ts';
import { watchRunning } from './work/signs/running-state.ts';
import { createTimekeeper } from './work/timekeeper/timekeeper.ts';
import { createUpdates, type Updates } from './work/update/updates.ts';

/** Whether the clock is trusted is looked at so often; a fault needs half a minute of distrust anyway. */
const clockEveryMs = 10_000;

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
  /** What is switched on for sound and off between; default nothing. */
  switches?: readonly FittedSwitch[] | undefined;
  /** Looks for sound while nothing is planned; absent: nobody does. */
  ears?: Pick<Ears, 'watch'> | undefined;
  /** HH:MM of the nightly silent test, where the board declares one; absent: none. */
  nightTestAt?: string | undefined;
  board: Board;
  /** Of the running release, told in hello and at enrolment; default what a checkout says. */
  agentVersion?: string | undefined;
  /** Files found damaged before the agent was opened. */
  damages?: readonly Damage[] | undefined;
  /** What the board senses of itself; absent: nothing. */
  sensing?: SensingOptions | undefined;
  /** Absent: only an agent that is already enrolled runs. */
  claimCode?: string | undefined;
  serverUrl: string;
  drillsAudible: boolean;
  /** When data costs less; default: always the same. */
  cheapHours?: CheapHours | undefined;
  /** Where invitations to enrol come from, for a board that waits for one; the network is turned to its server. */
  reception?: Reception | undefined;
  /** The log since an instant, gzipped; absent: it cannot be asked for. */
  gatherLog?: ((sinceMs: number | undefined) => Promise<Uint8Array>) | undefined;
  /** Who restarts and updates this board; what is handed in is declared and obeyed. */
  hands?: Partial<Omit<ServiceHands, 'logs'>> | undefined;
  /** How often the output is asked whether sound can leave; default 2 s. */
  outputEveryMs?: number | undefined;
  /** Absent: nobody starts it again, and it is what it is. */
  life?: Life | undefined;
  /** How often its trust in the clock is looked at; default 10 s. */
  clockEveryMs?: number | undefined;
  /** How often what is held is told; default 5 s, below the 30 s after which the server misses a device. */
  heartbeatEveryMs?: number | undefined;
  /** One line for whoever reads the log; no secrets. */
  log: (line: string) => void;
}

export interface Agent {
  readonly deviceId: string;
  readonly conductor: RunningConductor;
  readonly documents: DocumentShelf;
  linkState(): LinkState;
  /** Nothing sounds, waits its turn, or begins within a minute. */
  isQuiet(): boolean;
  /** For the lamp, the local page and the `status` command. */
  state(): RunningState;
  /** Silence, everything written, goodbye. */
  stop(): Promise<void>;
}

export type OpenedAgent = { ok: true; agent: Agent } | { ok: false; reason: string };

/** Opens and starts an agent. Resolves when it runs, or cannot for a reason that a person must remove. */
export async function openAgent(options: AgentOptions): Promise<OpenedAgent> {
  const { edges, log, agentVersion = checkoutVersion } = options;
  const { clock, random, disk } = edges;
  const board = withServices(options.board, {
    logs: options.gatherLog !== undefined,
    restart: options.life !== undefined || options.hands?.restart !== undefined,
    update: options.life?.isReplaceable === true || options.hands?.update !== undefined,
  });
  const damages: Damage[] = [];
  let onDamaged = (damage: Damage): void => {
    damages.push(damage);
  };
  function heardDamage(damage: Damage): void {
    log(`damaged: ${damage.path} ${damage.reason}`);
    onDamaged(damage);
  }
  options.damages?.forEach(heardDamage);

  const settings = await openSettings({ disk, onDamaged: heardDamage });
  const enrolled = await identityOf(settings, { ...options, board, agentVersion });
  if (!enrolled.ok) return enrolled;
  const { identity } = enrolled;

  let documents: DocumentShelf | undefined;
  /** Told once conductor and link are there; what happens before is seen by them at their start. */
  let reconsider = (): void => undefined;
  let tellHeld = (): void => undefined;
  const { life } = options;
  const memory = life === undefined ? undefined : await openClockMemory({ disk, life, onDamaged: heardDamage });
  const timekeeper = createTimekeeper({
    clock,
    memory,
    clockKept: board.capabilities.clockKept,
    floorMs: () => documents?.floorMs() ?? settings.read().clockFloor.issuedMs,
    onChange: () => reconsider(),
  });
  const { now } = timekeeper;
  const outbox = await openOutbox({ disk, random, now, onDamaged: heardDamage });
  const ledger = await openLedger({ disk, now, onDamaged: heardDamage });
  const faults = createFaults({ clock, time: timekeeper, random, outbox, file: openFaultsFile(disk, heardDamage) });
  await faults.start();
  onDamaged = ({ path, reason, copy, lostBytes }) => {
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

  const network = countBrokenRules(edges.network, refusals);
  const door = createDoor({ network, clock, identity, refusals });
  documents = await openDocuments({
    disk,
    settings,
    identity,
    clock,
    random,
    now,
    serverNow: timekeeper.serverNow,
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
  network.knowsTime?.(() => ({ ...now(), floorMs: held.floorMs() }));
  if (enrolled.keys !== undefined) held.receive(topics.keys(), Buffer.from(enrolled.keys));

  let wasFull = false;
  function hearSpace(space: { freeBytes: number; totalBytes: number }, isShort: boolean): void {
    wasFull = isShort || isNearlyFull(space, wasFull);
    faults.signal('disk-nearly-full', {
      bad: wasFull,
      certain: isShort,
      evidence: { ...space, ...(isShort ? { isShort } : {}) },
    });
  }

  const shelf = await openClipShelf({
    disk,
    clock,
    random,
    now,
    formats: board.capabilities.formats,
    cheapHours: options.cheapHours,
    timeZone: () => held.hours()?.timeZone ?? 'Asia/Ho_Chi_Minh',
    source: door.fetchClip,
    refusals,
    onDamaged: heardDamage,
    onChange: () => reconsider(),
    onSpace: ({ isShort, ...space }) => hearSpace(space, isShort),
  });
  const openedBy = (code: DeviceFaultCode) => faults.open().find((fault) => fault.code === code)?.evidence;
  const amplifier = createAmplifier({
    clock,
    switches: options.switches ?? [],
    faults,
    failedBefore: openedBy('amplifier-failed'),
    onReady: () => reconsider(),
  });
  const turns = createTurns(options.player);
  const missingBefore = openedBy('sound-missing');
  const listen = createListen({ probes: options.probes, clock, faults, missingBefore });
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
    amplifier,
    listen: options.probes.length === 0 ? undefined : listen,
    faults,
    drillsAudible: options.drillsAudible,
    takesStream: board.capabilities.stream,
    onProgress: () => link.progressChanged(),
  });
  const sensed =
    options.sensing === undefined
      ? undefined
      : startSensing({
          clock,
          sensing: options.sensing,
          time: timekeeper,
          faults,
          timeZone: () => held.hours()?.timeZone,
          amplifierOn: amplifier.isOn,
          onSeen: () => link.readingsSeen(),
        });
  const link = createLink({
    network,
    clock,
    random,
    door,
    deviceId: identity.deviceId,
    board: board,
    agentVersion,
    heartbeatEveryMs: options.heartbeatEveryMs,
    boot: Buffer.from(random.bytes(8)).toString('hex'),
    documents: held,
    outbox,
    timekeeper,
    progress: conductor.progress,
    readings: sensed?.readings,
    refusals,
    onConnected() {
      shelf.retryNow();
      held.retryBody();
    },
    onState(state) {
      running.heardLink(state);
      logLink(state);
    },
  });
  const running = watchRunning({
    clock,
    time: timekeeper,
    identity,
    link: link.state,
    documents: held,
    progress: conductor.progress,
    faults: faults.open,
  });
  const updates = options.life === undefined ? undefined : openUpdates(options.life);
  const services = await openServices({
    disk,
    clock,
    random,
    time: timekeeper,
    documents: held,
    outbox,
    refusals,
    progress: conductor.progress,
    gatherLog: options.gatherLog,
    sendLog: door.sendLog,
    hands: updates?.hands ?? options.hands,
    onDamaged: heardDamage,
    log,
  });
  let loggedLink = '';
  /** Only what changed for somebody who reads: reached or not, and why not. */
  function logLink({ mqtt, socket }: LinkState): void {
    const line = `link: MQTT ${wordsOf(mqtt)}, WebSocket ${wordsOf(socket)}`;
    if (line !== loggedLink) log(line);
    loggedLink = line;
  }
  const selfTest = await openSelfTest({
    powerUp: amplifier.powerUp,
    ...{ clock, random, disk, time: timekeeper, documents: held, outbox, refusals, turns, listen, log },
    ...{ floorMs: held.floorMs, onDamaged: heardDamage, nightlyAt: options.nightTestAt },
    capabilities: board.capabilities,
    isPlaying: () => conductor.progress().some(({ phase }) => phase === 'playing'),
  });
  reconsider = () => {
    conductor.reconsider();
    selfTest.reconsider();
    services.consider();
  };
  tellHeld = link.documentsChanged;

  conductor.start();
  selfTest.start();
  const watches = [
    ...(options.ears === undefined ? [] : [options.ears.watch({ faults, isAmplifierOn: amplifier.isOn })]),
    watchOutput({
      clock,
      everyMs: options.outputEveryMs,
      player: options.player,
      onAnswer(answer) {
        conductor.outputIs(answer.present);
        for (const { code, ...signal } of judgeOutput(answer)) faults.signal(code, signal);
      },
    }),
    watchDiskSpace({
      clock,
      disk,
      onAnswer(space) {
        // No new damage since the last look; a fault of it clears after a day of that.
        faults.signal('storage-damaged', { bad: false, evidence: {} });
        if (space === undefined) return;
        hearSpace(space, false);
        // A disk that fails is told by whoever needs it; the next look tries again.
        shelf.giveWay(space).catch(() => undefined);
      },
    }),
    regularly(clock, options.clockEveryMs ?? clockEveryMs, () => {
      const distrust = timekeeper.distrust();
      const evidence = { boundMs: Math.round(now().boundMs), ...(distrust === undefined ? {} : { reason: distrust }) };
      faults.signal('clock-not-trusted', { bad: distrust !== undefined, evidence });
    }),
  ];
  if (options.life !== undefined)
    watches.push(await watchStarts({ disk, clock, life: options.life, faults, onDamaged: heardDamage }));
  link.start();
  await updates?.start();
  services.start();
  log(`running as ${identity.deviceId} (${identity.clusterName}), player ${options.player.name}`);

  function quietFacts(): QuietFacts {
    return {
      nowMs: now().ms,
      progress: conductor.progress(),
      items: held.plan()?.body.items ?? [],
      orders: held.orders().map(({ order }) => order),
    };
  }

  function openUpdates(life: Life): Updates {
    return createUpdates({
      clock,
      random,
      now,
      life,
      rootKey: identity.rootKey,
      releases: openReleaseShelf({
        disk,
        fetchFile: (file) => fetchFile({ ...file, disk, source: door.fetchRelease, onProgress: () => undefined }),
      }),
      faults,
      quietFacts,
      isLinked: () => Object.values(link.state()).every(({ phase }) => phase === 'connected'),
      hasOutput: async () => (await options.player.output()).present,
      log,
    });
  }

  const agent: Agent = {
    deviceId: identity.deviceId,
    conductor,
    documents: held,
    linkState: link.state,
    isQuiet: () => isQuiet(quietFacts()),
    state: running.state,
    async stop() {
      services.stop();
      updates?.stop();
      for (const watch of watches) watch.stop();
      sensed?.stop();
      await Promise.all([conductor.stop(), selfTest.stop()]);
      await options.player.close();
      await amplifier.stop();
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

function wordsOf({ phase, reason }: LinkState['mqtt']): string {
  if (phase === 'connected') return 'connected';
  return reason === undefined ? 'not connected' : `not connected (${reason})`;
}
