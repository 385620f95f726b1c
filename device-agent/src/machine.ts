/** The real board under an agent: its disk, network, decoder, output and probes, as the settings name them. */
import type { AgentEdges } from './compose.ts';
import type { Board, Player, SoundProbe } from './contracts.ts';
import { addressedNetwork } from './edges/addressed-network.ts';
import { keepsTime } from './edges/battery.ts';
import { machineClock } from './edges/clock.ts';
import { openMachineDisk } from './edges/machine-disk.ts';
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
import { loopbackProbe } from './fronts/probes/loopback.ts';
import { openFaultsFile } from './keep/open-faults.ts';
import type { AgentSettings } from './settings.ts';

export interface Machine {
  edges: AgentEdges;
  player: Player;
  probes: readonly SoundProbe[];
  board: Board;
  /** What a person should know of this board at its start. */
  remarks: readonly string[];
  /** Another server is meant from now on: a board that waits to be enrolled learns its address. */
  turnTo(serverUrl: string): void;
  close(): Promise<void>;
}

/** Opens the board. Rejects when its folder cannot be used. */
export async function openMachine(
  settings: AgentSettings,
  environment: Readonly<Record<string, string | undefined>>,
): Promise<Machine> {
  const disk = await openMachineDisk(settings.dir);
  const network = addressedNetwork(settings.serverUrl);
  // An output that was missing when the agent ended is missing still, until somebody puts it back.
  const wasPulled = (await openFaultsFile(disk).read()).some(({ code }) => code === 'output-missing');
  const { sink, probes } = openOutput(settings, { soundPath: disk.absolute('sound'), wasPulled });
  const ffmpegPath = findFfmpeg(environment);
  const decode = ffmpegDecoder({ ffmpegPath, run: runProgram, clock: machineClock });
  const relay =
    ffmpegPath === undefined
      ? undefined
      : ffmpegRelay({ ffmpegPath, run: runProgram, open: machineStream(), clock: machineClock, decode });
  const levels = { routineDb: settings.routineDb, emergencyDb: settings.emergencyDb };
  return {
    edges: { clock: machineClock, random: machineRandom, disk, network: withMqttUrl(network, settings.mqttUrl) },
    player: createPlayer({ sink, decode, relay, clock: machineClock, levels }),
    probes,
    board: boardOf(settings, { stream: relay !== undefined }),
    remarks:
      ffmpegPath === undefined ? ['No ffmpeg was found: nothing can be decoded. Install it or set FFMPEG_PATH.'] : [],
    turnTo: network.turnTo,
    async close() {
      network.close();
      await disk.close();
    },
  };
}

/** What this board is and can, from its settings and its decoder: a relay needs one, like everything else. */
export function boardOf(settings: AgentSettings, { stream }: { stream: boolean }): Board {
  return {
    capabilities: {
      formats: [...settings.formats],
      probes: [...settings.probes],
      stream,
      clockKept: settings.clock === 'auto' ? keepsTime() : settings.clock === 'kept',
      deviceKind: 'receiver',
    },
    description: settings.board,
  };
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
