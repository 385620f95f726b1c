/** The real board under an agent: its disk, network, decoder, output and probes, as the settings name them. */
import type { AgentEdges } from './compose.ts';
import type { Board, Player, SoundProbe } from './contracts.ts';
import { keepsTime } from './edges/battery.ts';
import { machineBoardFiles } from './edges/board-switch.ts';
import { machineClock } from './edges/clock.ts';
import { openMachineDisk } from './edges/machine-disk.ts';
import { machineNetwork } from './edges/machine-network.ts';
import type { Network } from './edges/network.ts';
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
import { loopbackProbe } from './fronts/probes/loopback.ts';
import { openFaultsFile } from './keep/open-faults.ts';
import type { AgentSettings } from './settings.ts';

export interface Machine {
  edges: AgentEdges;
  player: Player;
  probes: readonly SoundProbe[];
  switches: readonly OpenedSwitch[];
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
  const ffmpegPath = findFfmpeg(environment);
  const decode = ffmpegDecoder({ ffmpegPath, run: runProgram, clock: machineClock });
  const relay =
    ffmpegPath === undefined
      ? undefined
      : ffmpegRelay({ ffmpegPath, run: runProgram, open: machineStream(), clock: machineClock, decode });
  const { routineDb, emergencyDb, switches: fitted } = settings;
  const levels = { routineDb, emergencyDb, emergencyFloorDb: fitted.emergencyFloorDb };
  const switchEdges = { run: runProgram, clock: machineClock, files: machineBoardFiles, probes };
  return {
    edges: { clock: machineClock, random: machineRandom, disk, network: withMqttUrl(network, settings.mqttUrl) },
    player: createPlayer({ sink, decode, relay, clock: machineClock, levels }),
    ...openSwitches(fitted, switchEdges),
    board: boardOf(settings, { stream: relay !== undefined }),
    remarks:
      ffmpegPath === undefined ? ['No ffmpeg was found: nothing can be decoded. Install it or set FFMPEG_PATH.'] : [],
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
      deviceKind: settings.switches.deviceKind,
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
