/**
 * The commands beside `run`: how the board is, a look over it, its log. They ask the running agent through its socket
 * file and otherwise only look at its folder; none of them changes anything there.
 */
import { join, resolve } from 'node:path';
import { machineClock } from './edges/clock.ts';
import type { Disk } from './edges/disk.ts';
import { openMachineDisk } from './edges/machine-disk.ts';
import { findFfmpeg } from './edges/process.ts';
import { askEnrol, askFlush, askState, socketName } from './fronts/local-socket/local-socket.ts';
import { settledOutput } from './fronts/probes/output.ts';
import { followLog, readLog } from './keep/log/read-log.ts';
import { openFaultsFile } from './keep/open-faults.ts';
import { openSettings } from './keep/settings/settings.ts';
import { type Machine, openMachine } from './machine.ts';
import type { PoleState } from './pole-state.ts';
import type { AgentSettings } from './settings.ts';
import { testHere } from './test-here.ts';
import { judgeReadings } from './work/faults/judge-readings.ts';
import { isNearlyFull } from './work/faults/patience.ts';
import { exitCodeOf, type Finding, findingsOf, type SoundTest } from './work/look-over/findings.ts';
import { headline, lampWords, sayState } from './work/signs/say-state.ts';
import type { Words } from './work/words.ts';

type Say = (text: string) => void;

/** Where the running agent of this folder answers. */
export function socketPathOf({ dir }: Pick<AgentSettings, 'dir'>): string {
  return join(resolve(dir), socketName);
}

/** The agent that runs on this folder, as it says itself; undefined when none does. */
export function runningState(settings: AgentSettings): Promise<PoleState | undefined> {
  return askState(socketPathOf(settings));
}

/** Says who this board is, where, how it is linked, what it holds and what is wrong. */
export async function showStatus(settings: AgentSettings, say: Say): Promise<void> {
  const state = await runningState(settings);
  if (state === undefined) {
    await showFolder(settings, say);
    return say('Chương trình không chạy. / No agent runs on this folder.');
  }
  const { running } = state;
  if (running !== undefined) say(`Device ${running.deviceId} at ${running.clusterName}, server ${running.server}`);
  const { sign, words } = headline(state);
  say(`${both(words)} | Đèn / lamp: ${both(lampWords(sign))}`);
  for (const line of sayState(state)) say(`${line.isBad ? '!' : ' '} ${both(line.about)}: ${both(line.words)}`);
  if (running === undefined) return;
  say(`  MQTT: ${running.mqtt} | WebSocket: ${running.socket}`);
  const { documents, clock } = running;
  say(`  Documents: plan ${documents.plan}, hours ${documents.hours}, keys ${documents.keys}`);
  say(`  Clock: ±${Math.round(clock.boundMs)} ms${clock.distrust === undefined ? '' : `, ${clock.distrust}`}`);
}

/** What its folder says of a board whose agent does not run. */
async function showFolder(settings: AgentSettings, say: Say): Promise<void> {
  const disk = await openMachineDisk(settings.dir);
  const looking = onlyLooking(disk);
  const onDamaged = ({ path }: { path: string }) => say(`damaged: ${path}`);
  const { identity, newest } = (await openSettings({ disk: looking, onDamaged })).read();
  if (identity === undefined) say('Chưa đăng ký. / Not enrolled.');
  else say(`Device ${identity.deviceId} at ${identity.clusterName}, server ${identity.serverUrl}`);
  const { plan, hours } = newest.documents;
  say(`Documents: plan ${numberOf(plan)}, hours ${numberOf(hours)}, keys ${newest.keys}`);
  const faults = await openFaultsFile(looking, onDamaged).read();
  say(faults.length === 0 ? 'No open faults.' : `Open faults: ${faults.map(({ code }) => code).join(', ')}`);
  await disk.close();
}

/** Looks the board over and gives the exit code: 0 well, 1 something is wrong. */
export async function lookOver(
  settings: AgentSettings & { serverUrl: string | undefined },
  options: { withSound: boolean; environment: Readonly<Record<string, string | undefined>>; say: Say },
): Promise<0 | 1> {
  const { say, environment } = options;
  const state = await runningState(settings);
  // Its sound card is the running agent's: what it says of it counts, and a silent machine does the rest.
  const machine = await openMachine(
    state === undefined ? settings : { ...settings, player: 'silent', probes: [] },
    environment,
  );
  const { disk, network } = machine.edges;
  const { identity } = (await openSettings({ disk })).read();
  const serverUrl = settings.serverUrl ?? identity?.serverUrl;
  if (serverUrl !== undefined) machine.turnTo(serverUrl);
  const isMissing = state?.running?.faults.some(({ code }) => code === 'output-missing') ?? false;
  const findings = await findingsOf({
    output:
      state === undefined
        ? () => settledOutput({ clock: machine.edges.clock, player: machine.player })
        : async () => ({ present: !isMissing, evidence: { agent: 'runs' } }),
    hasDecoder: findFfmpeg(environment) !== undefined,
    probes: machine.board.capabilities.probes.map((kind) => ({ kind })),
    sensors: machine.sensing.sensors,
    judge: (readings) => judgeReadings(readings, machine.sensing.limits, () => false),
    space: disk.space,
    isShort: (space) => isNearlyFull(space, false),
    clockKept: machine.board.capabilities.clockKept,
    enrolledAs: identity && `${identity.deviceId}, ${identity.clusterName}`,
    reach:
      serverUrl === undefined
        ? undefined
        : async () => {
            await network.http({ method: 'GET', path: '/', timeoutMs: 10_000, answerBytesMax: 1_000_000 });
          },
    ...(options.withSound ? { soundTest: state === undefined ? soundHere(machine) : soundElsewhere } : {}),
  });
  for (const finding of findings) say(lineOf(finding));
  await machine.player.close();
  await machine.close();
  return exitCodeOf(findings);
}

/** A tone by this board's own output and probes, for whoever stands under its horns. */
function soundHere(machine: Machine): SoundTest {
  const { player, probes, board, edges } = machine;
  const kinds = board.capabilities.probes;
  return () => testHere({ player, probes, kinds, disk: edges.disk, clock: edges.clock }, 'audible');
}

/** The output is the running agent's: it makes tests by order, between what it plays. */
const soundElsewhere: SoundTest = async () => ({
  verdict: 'refused',
  evidence: { reason: 'the running agent has the output; order the test from the panel, or stop the agent first' },
});

/** Prints the log; with `isFollowing` goes on until the process is ended. */
export async function showLog(settings: AgentSettings, options: { isFollowing: boolean; write: Say }): Promise<void> {
  const disk = await openMachineDisk(settings.dir);
  await askFlush(socketPathOf(settings));
  options.write(await readLog(disk));
  if (options.isFollowing) followLog({ disk, clock: machineClock, onText: options.write });
  else await disk.close();
}

/** Hands a code to the agent that runs on this folder; undefined when none does. */
export function enrolRunning(
  settings: AgentSettings,
  code: string,
): Promise<{ ok: true } | { ok: false; reason: string } | undefined> {
  return askEnrol(socketPathOf(settings), { code, serverUrl: settings.serverUrl });
}

/** Another process may run on this folder: this one only looks. */
function onlyLooking(disk: Disk): Disk {
  const nothing = async () => undefined;
  return { ...disk, replace: nothing, append: nothing, rename: nothing, remove: nothing };
}

function lineOf({ about, verdict, words }: Finding): string {
  const signs = { well: 'ok', wrong: '!!', 'not-fitted': '--' };
  return `${signs[verdict]} ${both(about)}: ${words}`;
}

function both({ vi, en }: Words): string {
  return vi === en ? vi : `${vi} / ${en}`;
}

function numberOf(sequence: { epoch: number; number: number } | undefined): string {
  return sequence === undefined ? 'none' : `${sequence.epoch}.${sequence.number}`;
}
