/**
 * The commands beside `run`: how the board is, a look over it, its log. They ask the running agent through its socket
 * file and otherwise only look at its folder; none of them changes anything there.
 */
import { join, resolve } from 'node:path';
import type { DeviceFaultCode, Evidence } from '@loa/protocol/device';
import { machineClock } from './edges/clock.ts';
import type { Disk } from './edges/disk.ts';
import { listen } from './edges/listener.ts';
import { openMachineDisk } from './edges/machine-disk.ts';
import { readAccess } from './edges/own-folder.ts';
import { findFfmpeg } from './edges/process.ts';
import { askEnrol, askFlush, askOutput, askState, socketName } from './fronts/local-socket/local-socket.ts';
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
import { bothOf, faultWords, type Words } from './work/words.ts';

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
export async function showStatus(settings: AgentSettings, options: { agentVersion: string; say: Say }): Promise<void> {
  const { say } = options;
  const state = await runningState(settings);
  if (state === undefined) {
    await showFolder(settings, say);
    say(`Phiên bản / Version: ${options.agentVersion}`);
    return say('Chương trình không chạy. / No agent runs on this folder.');
  }
  const { running } = state;
  if (running !== undefined) say(bothOf(deviceWords(running)));
  const { sign, words } = headline(state);
  say(`${bothOf(words)} | Đèn / lamp: ${bothOf(lampWords(sign))}`);
  for (const line of sayState(state)) say(`${line.isBad ? '!' : ' '} ${bothOf(line.about)}: ${bothOf(line.words)}`);
  if (running === undefined) return;
  say(`  MQTT: ${running.mqtt} | WebSocket: ${running.socket}`);
  const { documents, clock } = running;
  say(`  ${bothOf(documentWords(documents))}`);
  say(
    `  Đồng hồ / Clock: ±${Math.round(clock.boundMs)} ms${clock.distrust === undefined ? '' : `, ${clock.distrust}`}`,
  );
}

/** What its folder says of a board whose agent does not run. */
async function showFolder(settings: AgentSettings, say: Say): Promise<void> {
  const notEnrolled = 'Chưa đăng ký. / Not enrolled.';
  // A look makes no folder: whoever makes it owns it.
  if (readAccess(settings.dir) === 'missing') return say(notEnrolled);
  const disk = await openMachineDisk(settings.dir);
  const looking = onlyLooking(disk);
  const onDamaged = ({ path }: { path: string }) => say(`! Tệp hỏng / Damaged: ${path}`);
  const { identity, newest } = (await openSettings({ disk: looking, onDamaged })).read();
  if (identity === undefined) say(notEnrolled);
  else say(bothOf(deviceWords({ ...identity, server: identity.serverUrl })));
  const { plan, hours } = newest.documents;
  say(bothOf(documentWords({ plan: numberOf(plan), hours: numberOf(hours), keys: newest.keys })));
  const faults = await openFaultsFile(looking, onDamaged).read();
  if (faults.length === 0) say('Không có sự cố. / No open faults.');
  for (const { code } of faults) say(`! Sự cố / Open fault: ${bothOf(faultWords[code])}`);
  await disk.close();
}

function deviceWords(of: { deviceId: string; clusterName: string; server: string }): Words {
  const { deviceId, clusterName, server } = of;
  return {
    vi: `Thiết bị ${deviceId} tại ${clusterName}, máy chủ ${server}`,
    en: `Device ${deviceId} at ${clusterName}, server ${server}`,
  };
}

function documentWords({ plan, hours, keys }: { plan: string; hours: string; keys: number }): Words {
  const vi = (number: string) => (number === 'none' ? 'chưa có' : number);
  return {
    vi: `Tài liệu: lịch phát ${vi(plan)}, giờ phát ${vi(hours)}, bộ khóa ${keys}`,
    en: `Documents: plan ${plan}, hours ${hours}, keys ${keys}`,
  };
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
  const faults = state?.running?.faults ?? (await openFaultsFile(onlyLooking(disk)).read());
  const findings = await findingsOf({
    output:
      state === undefined
        ? () => settledOutput({ clock: machine.edges.clock, player: machine.player })
        : () => outputElsewhere(settings, faults),
    hasDecoder: findFfmpeg(environment) !== undefined,
    probes: (state?.probes ?? machine.board.capabilities.probes).map((kind) => ({ kind })),
    faults: faults.map(({ code }) => code),
    page: state === undefined ? await pageHere(settings) : state.page,
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

/** The output is the running agent's: it is asked, or, when it is not one that can be, what it reported counts. */
async function outputElsewhere(
  settings: AgentSettings,
  faults: readonly { code: DeviceFaultCode }[],
): Promise<{ present: boolean; evidence: Evidence }> {
  const asked = await askOutput(socketPathOf(settings));
  if (asked !== undefined) return asked;
  return { present: !faults.some(({ code }) => code === 'output-missing'), evidence: { agent: 'does not say' } };
}

/** Whether the board's own page could be opened here and now; it is closed at once. */
async function pageHere({ localPage }: AgentSettings): Promise<PoleState['page']> {
  if (localPage === undefined) return undefined;
  const opened = await listen({ at: localPage, answer: () => ({ status: 503, headers: {}, body: '' }) });
  if (!opened.ok) return opened.problem;
  await opened.listener.close();
  return 'open';
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
  evidence: {
    reason:
      'chương trình đang giữ đường ra; thử từ trang quản lý, hoặc dừng chương trình trước / ' +
      'the running agent has the output; order the test from the panel, or stop the agent first',
  },
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
  return `${signs[verdict]} ${bothOf(about)}: ${bothOf(words)}`;
}

function numberOf(sequence: { epoch: number; number: number } | undefined): string {
  return sequence === undefined ? 'none' : `${sequence.epoch}.${sequence.number}`;
}
