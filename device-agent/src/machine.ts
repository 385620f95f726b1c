/** The real board under an agent: its disk, network, decoder, output and probes, as the settings name them. */
import type { ProbeKind, ServiceKind } from '@loa/protocol/device';
import type { AgentEdges } from './compose.ts';
import type { Board, Player, SoundProbe } from './contracts.ts';
import { type Ears, openEars } from './ears.ts';
import { keepsTime } from './edges/battery.ts';
import { machineClock } from './edges/clock.ts';
import { openMachineDisk } from './edges/machine-disk.ts';
import { machineNetwork } from './edges/machine-network.ts';
import type { Network } from './edges/network.ts';
import { findFfmpeg, runProgram } from './edges/process.ts';
import { machineRandom } from './edges/random.ts';
import { soundFolder } from './edges/sound-folder.ts';
import { machineStream } from './edges/stream.ts';
import { alsaSink } from './fronts/player/alsa.ts';
import { ffmpegDecoder } from './fronts/player/decoder.ts';
import { fileSink } from './fronts/player/file.ts';
import { createPlayer } from './fronts/player/player.ts';
import { ffmpegRelay } from './fronts/player/relay.ts';
import { silentSink } from './fronts/player/silent.ts';
import type { Sink } from './fronts/player/sink.ts';
import { tapped } from './fronts/player/tapped.ts';
import { loopbackProbe } from './fronts/probes/loopback.ts';
import { openHearing } from './keep/hearing.ts';
import { openFaultsFile } from './keep/open-faults.ts';
import type { AgentSettings } from './settings.ts';

export interface Machine {
  edges: AgentEdges;
  player: Player;
  probes: readonly SoundProbe[];
  ears: Ears;
  board: Board;
  /** What a person should know of this board at its start. */
  remarks: readonly string[];
  close(): Promise<void>;
}

/** Opens the board. Rejects when its folder cannot be used. */
export async function openMachine(
  settings: AgentSettings & { serverUrl: string },
  environment: Readonly<Record<string, string | undefined>>,
): Promise<Machine> {
  const disk = await openMachineDisk(settings.dir);
  const network = machineNetwork({ serverUrl: settings.serverUrl });
  // An output that was missing when the agent ended is missing still, until somebody puts it back.
  const wasPulled = (await openFaultsFile(disk).read()).some(({ code }) => code === 'output-missing');
  const { sink, probes } = openOutput(settings, { soundPath: disk.absolute('sound'), wasPulled });
  const memory = await openHearing({ disk, clock: machineClock });
  const ears = openEars({ settings: settings.ears, clock: machineClock, run: runProgram, memory, environment });
  const heard = ears.listener === undefined ? sink : tapped(sink, ears.listener);
  const ffmpegPath = findFfmpeg(environment);
  const decode = ffmpegDecoder({ ffmpegPath, run: runProgram, clock: machineClock });
  const relay =
    ffmpegPath === undefined
      ? undefined
      : ffmpegRelay({ ffmpegPath, run: runProgram, open: machineStream(), clock: machineClock, decode });
  const levels = { routineDb: settings.routineDb, emergencyDb: settings.emergencyDb };
  return {
    edges: { clock: machineClock, random: machineRandom, disk, network: withMqttUrl(network, settings.mqttUrl) },
    player: createPlayer({ sink: heard, decode, relay, clock: machineClock, levels }),
    probes: [...probes, ...ears.probes],
    ears,
    board: boardOf(settings, { stream: relay !== undefined, fitted: ears.kinds }),
    remarks:
      ffmpegPath === undefined ? ['No ffmpeg was found: nothing can be decoded. Install it or set FFMPEG_PATH.'] : [],
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
  { stream, fitted }: { stream: boolean; fitted: readonly ProbeKind[] },
): Board {
  const probes = [...settings.probes.filter((kind) => kind === 'loopback'), ...fitted];
  return {
    capabilities: {
      formats: [...settings.formats],
      probes,
      stream,
      clockKept: settings.clock === 'auto' ? keepsTime() : settings.clock === 'kept',
      deviceKind: 'receiver',
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
      return { sink: alsaSink({ device: settings.alsaDevice, run: runProgram, clock: machineClock }), probes: [] };
    case 'silent':
      return { sink: silentSink(), probes: [] };
    case 'file': {
      const sink = fileSink({ folder: soundFolder(soundPath), clock: machineClock, wasPulled });
      return { sink, probes: settings.probes.includes('loopback') ? [loopbackProbe(sink.readBack)] : [] };
    }
  }
}

/** The operator's address for MQTT comes before the one the server says. */
function withMqttUrl(network: Network, url: string | undefined): Network {
  if (url === undefined) return network;
  return { ...network, openMqtt: (opening) => network.openMqtt({ ...opening, url }) };
}
