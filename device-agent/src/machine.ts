/** The real board under an agent: its disk, network, decoder, output and probes, as the settings name them. */
import type { ProbeKind, SensorKind, ServiceKind } from '@loa/protocol/device';
import type { AgentEdges } from './compose.ts';
import type { SensingOptions } from './compose-sensing.ts';
import type { Board, Player, SoundProbe } from './contracts.ts';
import { type Ears, openEars } from './ears.ts';
import { addressedNetwork } from './edges/addressed-network.ts';
import { keepsTime } from './edges/battery.ts';
import { machineBoardFiles } from './edges/board-files.ts';
import { machineSwitchFiles } from './edges/board-switch.ts';
import { readCardPlace } from './edges/card-place.ts';
import { machineClock } from './edges/clock.ts';
import type { Damage } from './edges/damaged-file.ts';
import { openMachineDisk } from './edges/machine-disk.ts';
import { machineNetwork } from './edges/machine-network.ts';
import type { Network } from './edges/network.ts';
import { closeToOthers } from './edges/own-folder.ts';
import { readPinnedAuthorities } from './edges/pinned-file.ts';
import { findFfmpeg, runProgram } from './edges/process.ts';
import { machineRandom } from './edges/random.ts';
import { soundFolder } from './edges/sound-folder.ts';
import { machineStream } from './edges/stream.ts';
import { type OpenedSwitch, openSwitches } from './fronts/amplifier/open-switches.ts';
import { alsaSink } from './fronts/player/alsa.ts';
import { ffmpegDecoder } from './fronts/player/decoder.ts';
import { fileSink } from './fronts/player/file.ts';
import { createPlayer } from './fronts/player/player.ts';
import { ffmpegRelay } from './fronts/player/relay.ts';
import { silentSink } from './fronts/player/silent.ts';
import type { Sink } from './fronts/player/sink.ts';
import { tapped } from './fronts/player/tapped.ts';
import { loopbackProbe } from './fronts/probes/loopback.ts';
import { shadowProbe } from './fronts/probes/shadow.ts';
import { findSensors } from './fronts/sensors/find-sensors.ts';
import { openHearing } from './keep/hearing.ts';
import { openFaultsFile, openFaultsPaths } from './keep/open-faults.ts';
import type { AgentSettings } from './settings.ts';

export interface Machine {
  edges: AgentEdges;
  player: Player;
  probes: readonly SoundProbe[];
  switches: readonly OpenedSwitch[];
  ears: Ears;
  board: Board;
  sensing: SensingOptions;
  /** Files found damaged on the way here, for the agent to tell. */
  damages: readonly Damage[];
  /** What a person should know of this board at its start. */
  remarks: readonly string[];
  /** Another server is meant from now on: a board that waits to be enrolled learns its address. */
  turnTo(serverUrl: string): void;
  close(): Promise<void>;
}

/** Opens the board. Rejects with why when its folder or its pinned authority cannot be used. */
export async function openMachine(
  settings: AgentSettings,
  environment: Readonly<Record<string, string | undefined>>,
): Promise<Machine> {
  closeToOthers(settings.dir);
  const disk = await openMachineDisk(settings.dir, { vital: ['ledger', 'outbox', ...openFaultsPaths] }).catch(
    (error: unknown) => {
      throw new Error(`The folder ${settings.dir} cannot be used: ${String(error)}`);
    },
  );
  const network = addressedNetwork(settings.serverUrl, (serverUrl) =>
    machineNetwork(wayOf({ ...settings, serverUrl })),
  );
  // An output that was missing when the agent ended is missing still, until somebody puts it back.
  const wasPulled = (await openFaultsFile(disk).read()).some(({ code }) => code === 'output-missing');
  const { sink, probes } = openOutput(settings, { soundPath: disk.absolute('sound'), wasPulled });
  const damages: Damage[] = [];
  const onDamaged = (damage: Damage) => void damages.push(damage);
  const memory = await openHearing({ disk, clock: machineClock, onDamaged });
  const ears = openEars({ settings: settings.ears, clock: machineClock, run: runProgram, memory, environment });
  const heard = ears.listener === undefined ? sink : tapped(sink, ears.listener);
  const ffmpegPath = findFfmpeg(environment);
  const decode = ffmpegDecoder({ ffmpegPath, run: runProgram, clock: machineClock });
  const proxyUrlFor = (isSecure: boolean) => proxyUrlOf(settings, isSecure);
  const relay =
    ffmpegPath === undefined
      ? undefined
      : ffmpegRelay({ ffmpegPath, run: runProgram, open: machineStream({ proxyUrlFor }), clock: machineClock, decode });
  const dataBytesMonthMax = settings.dataMbMonth === undefined ? undefined : settings.dataMbMonth * 1_000_000;
  const { routineDb, emergencyDb, switches: fitted } = settings;
  const levels = { routineDb, emergencyDb, emergencyFloorDb: fitted.emergencyFloorDb };
  const switchEdges = {
    run: runProgram,
    clock: machineClock,
    files: machineSwitchFiles,
    probes: [...probes, ...ears.probes],
  };
  const opened = openSwitches(fitted, switchEdges);
  const sensing = await findSensors({
    files: machineBoardFiles({ run: runProgram, wait: machineClock.setTimer }),
    disk,
    onDamaged,
    settings: settings.sensors,
    hasSwitch: opened.switches.length > 0,
    currentMa: ears.kinds.includes('amplifier-current') ? ears.amplifierCurrentMa : undefined,
    residentBytes: () => process.memoryUsage.rss(),
  });
  return {
    edges: { clock: machineClock, random: machineRandom, disk, network: withMqttUrl(network, settings.mqttUrl) },
    player: createPlayer({ sink: heard, decode, relay, clock: machineClock, levels }),
    ...opened,
    ears,
    board: boardOf(settings, {
      stream: relay !== undefined,
      sensors: sensing.sensors.map(({ kind }) => kind),
      fitted: ears.kinds,
    }),
    sensing: { ...sensing, limits: { dataBytesMonthMax } },
    damages,
    remarks:
      ffmpegPath === undefined ? ['No ffmpeg was found: nothing can be decoded. Install it or set FFMPEG_PATH.'] : [],
    turnTo: network.turnTo,
    async close() {
      ears.close();
      await memory.close();
      network.close();
      await disk.close();
    },
  };
}

/** What this board is and can, from its settings and its decoder: a relay needs one, like everything else. */
export function boardOf(
  settings: AgentSettings,
  { stream, sensors, fitted }: { stream: boolean; sensors: readonly SensorKind[]; fitted: readonly ProbeKind[] },
): Board {
  const probes = [...settings.probes.filter((kind) => kind === 'loopback'), ...fitted];
  return {
    capabilities: {
      formats: [...settings.formats],
      probes,
      stream,
      clockKept: settings.clock === 'auto' ? keepsTime() : settings.clock === 'kept',
      deviceKind: settings.switches.deviceKind,
      sensors: [...sensors],
      ...(settings.player === 'silent' ? { shadow: true } : {}),
      services: servicesOf(settings, probes),
    },
    description: settings.board,
  };
}

/** A silent test needs somebody to measure it, an audible one an output. */
function servicesOf({ player }: AgentSettings, probes: readonly ProbeKind[]): ServiceKind[] {
  if (player === 'silent') return [];
  return probes.length === 0 ? ['audible-test'] : ['silent-test', 'audible-test'];
}

function openOutput(
  settings: AgentSettings,
  { soundPath, wasPulled }: { soundPath: string; wasPulled: boolean },
): { sink: Sink; probes: readonly SoundProbe[] } {
  switch (settings.player) {
    case 'alsa':
      return {
        sink: alsaSink({ device: settings.alsaDevice, run: runProgram, clock: machineClock, readPlace: readCardPlace }),
        probes: [],
      };
    case 'silent':
      return { sink: silentSink(), probes: [shadowProbe] };
    case 'file': {
      const sink = fileSink({ folder: soundFolder(soundPath), clock: machineClock, wasPulled });
      return { sink, probes: settings.probes.includes('loopback') ? [loopbackProbe(sink.readBack)] : [] };
    }
  }
}

function wayOf(settings: AgentSettings & { serverUrl: string }) {
  const { serverUrl, caFile } = settings;
  const pinnedPem = caFile === undefined ? undefined : readPinnedAuthorities(caFile);
  return { serverUrl, proxyUrl: proxyUrlOf(settings, serverUrl.startsWith('https:')), pinnedPem };
}

/** The environment's proxy is for https, as everywhere; ours is for every server and station. */
function proxyUrlOf({ proxyUrl, httpsProxyUrl }: AgentSettings, isSecure: boolean): string | undefined {
  const common = isSecure ? httpsProxyUrl : undefined;
  return proxyUrl === 'none' ? undefined : (proxyUrl ?? common);
}

/** The operator's address for MQTT comes before the one the server says. */
function withMqttUrl(network: Network, url: string | undefined): Network {
  if (url === undefined) return network;
  return { ...network, openMqtt: (opening) => network.openMqtt({ ...opening, url }) };
}
