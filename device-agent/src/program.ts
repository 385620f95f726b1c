/**
 * What the command line and the environment ask for: runs the agent until it is told to end, enrols, or shows its
 * state. Leaves with a code: 0 ended as asked, 1 something broke, 2 told wrongly. Decides nothing of the agent's work.
 */
import { resolve } from 'node:path';
import { standAtThePole } from './at-the-pole.ts';
import { enrolRunning, lookOver, runningState, showLog, showStatus } from './commands.ts';
import { type Agent, openAgent } from './compose.ts';
import { machineClock } from './edges/clock.ts';
import { openMachineDisk } from './edges/machine-disk.ts';
import { handBackMemory } from './edges/memory.ts';
import { readAccess } from './edges/own-folder.ts';
import { releaseVersion } from './edges/own-release.ts';
import { regularly } from './edges/regularly.ts';
import { openSupervisor } from './edges/supervisor.ts';
import { openSettings } from './keep/settings/settings.ts';
import { openMachine } from './machine.ts';
import { type AgentSettings, readSettings, settingsTable } from './settings.ts';
import { lifeOf, watchEnrolment, watchOver } from './supervise.ts';
import { deniedWords } from './work/denied-words.ts';

/** What is not done by then is left to the next start, which can take a kill anyway. */
const stopMsMax = 5_000;

/** By then everything is loaded and compiled, and the link is up or waits; looked at as often afterwards. */
const handBackAfterMs = 8_000;

const usage = `Cách dùng / Usage: loa-agent [run | enrol CODE | status | selftest | logs | --version | --help]

  run         chạy chương trình (mặc định)
              runs the agent (the default); enrols first, by LOA_CLAIM_CODE, enrolment file or local page
  enrol CODE  đăng ký thiết bị bằng mã một lần
              enrols this board with its one-time code and ends; hands the code to the agent that runs and waits for one
  status      cho biết thiết bị là cụm nào, đang giữ gì, có gì hỏng
              says who this board is, what it holds and what is wrong, and ends
  selftest    kiểm tra thiết bị: 0 là tốt, 1 là có gì đó hỏng; --sound: phát cả tiếng thử
              looks the board over and ends with 0 (well) or 1 (something is wrong); --sound: with a tone to be heard
  logs        in nhật ký; -f: in tiếp khi có dòng mới
              prints the log; -f: goes on as it grows

Biến môi trường, trong /etc/loa-agent/agent.env / Environment, in /etc/loa-agent/agent.env:
${settingsTable.map(([name, fallback, meaning]) => `  ${name.padEnd(18)} ${meaning}${fallback === '' ? '' : ` [${fallback}]`}`).join('\n')}
`;

/** Reads the command and carries it out; the process ends when it resolves with nothing left running. */
export async function runProgram(args: readonly string[]): Promise<void> {
  const [command = 'run', ...rest] = args;
  const agentVersion = releaseVersion(process.env);
  // `status | head`: whoever read has gone, and that is no failure. Of the running agent it would be one.
  if (command !== 'run') process.stdout.on('error', () => process.exit());
  if (command === '--help' || command === '-h') return say(usage);
  if (command === '--version' || command === '-v') return say(`loa-agent ${agentVersion}`);
  if (!isUnderstood(command, rest)) {
    const given = args.join(' ');
    return refuse(`Không hiểu: ${given}. Xem loa-agent --help. / Not understood: ${given}. See loa-agent --help.`);
  }
  const read = readSettings(process.env);
  if (!read.ok) return refuse(read.reason);
  const { settings } = read;
  if (command !== 'run' && readAccess(settings.dir) === 'denied') return refuse(deniedWords(resolve(settings.dir)), 1);
  if (command === 'status') return showStatus(settings, { agentVersion, say });
  if (command === 'logs')
    return showLog(settings, { isFollowing: rest.length > 0, write: (text) => process.stdout.write(text) });
  if (command === 'selftest') {
    process.exitCode = await lookOver(settings, { withSound: rest.length > 0, environment: process.env, say });
    return;
  }
  const [code] = rest;
  const handed = code === undefined ? undefined : await enrolRunning(settings, code);
  if (handed !== undefined)
    return handed.ok
      ? say('Đang thử mã này, xem: loa-agent status. / The running agent tries this code; see loa-agent status.')
      : refuse(handed.reason);
  if ((await runningState(settings)) !== undefined)
    return refuse(
      `Chương trình đang chạy rồi, xem: loa-agent status. / An agent runs on ${settings.dir} already; see status.`,
    );
  return run(settings, { claimCode: code ?? settings.claimCode, isOnlyEnrolling: command === 'enrol' });
}

/** Each command and what may follow it. */
function isUnderstood(command: string, rest: readonly string[]): boolean {
  if (command === 'enrol') return rest.length === 1;
  const options: Record<string, readonly string[]> = { run: [], status: [], selftest: ['--sound'], logs: ['-f'] };
  const allowed = Object.hasOwn(options, command) ? options[command] : undefined;
  return allowed !== undefined && rest.length <= 1 && rest.every((one) => allowed.includes(one));
}

async function run(
  settings: AgentSettings,
  { claimCode, isOnlyEnrolling }: { claimCode: string | undefined; isOnlyEnrolling: boolean },
): Promise<void> {
  const agentVersion = releaseVersion(process.env);
  const serverUrl = settings.serverUrl ?? (await rememberedServerUrl(settings).catch(() => undefined));
  const machine = await openMachine({ ...settings, serverUrl }, process.env).catch((error: unknown) => {
    return error instanceof Error ? error.message : String(error);
  });
  if (typeof machine === 'string') return refuse(machine);
  const pole = await standAtThePole({ settings, machine, agentVersion, print: say });
  const { log } = pole;
  const reception = isOnlyEnrolling ? undefined : pole.options.reception;
  let agent: Agent | undefined;
  let watching: { stop(): void } | undefined;
  let watchingMemory: { stop(): void } | undefined;
  const close = async () => {
    watching?.stop();
    watchingMemory?.stop();
    await agent?.stop();
    await pole.stop();
    if (agent === undefined) await machine.player.close();
    await machine.close();
  };
  if (serverUrl === undefined && reception === undefined) {
    await close();
    return refuse(
      'Thiếu LOA_SERVER_URL, địa chỉ máy chủ. / LOA_SERVER_URL is missing: the address of the server, http(s)://…',
    );
  }
  for (const remark of machine.remarks) log(remark);
  let isEnding = false;
  const supervisor = openSupervisor(process.env);
  const leave = (why: string, how: 'end' | 'anew' = 'end') => {
    if (isEnding) return;
    isEnding = true;
    log(`${why}: ending`);
    machineClock.setTimer(() => supervisor.leave(how), stopMsMax);
    void close().then(() => supervisor.leave(how));
  };
  const life = lifeOf({ environment: process.env, beginAnew: (why) => leave(why, 'anew') });
  process.on('SIGTERM', (signal) => leave(signal));
  process.on('SIGINT', (signal) => leave(signal));

  const { close: _close, remarks: _remarks, ...parts } = machine;
  const { edges, player } = parts;
  const isEnrolled = (await rememberedServerUrl(settings).catch(() => undefined)) !== undefined;
  const enrolling = isEnrolled ? undefined : watchEnrolment(supervisor, edges.clock);
  const drillsAudible = settings.drills === 'sound';
  const { cheapHours, nightTestAt } = settings;
  const opened = await openAgent({
    ...parts,
    ...{ claimCode, serverUrl: serverUrl ?? '', drillsAudible, cheapHours, nightTestAt, life },
    ...pole.options,
    reception,
    agentVersion,
    log,
  });
  enrolling?.stop();
  if (!opened.ok) {
    await close();
    return refuse(opened.reason);
  }
  agent = opened.agent;
  await pole.hold(agent);
  watching = watchOver({ supervisor, agent, player, clock: edges.clock, disk: edges.disk, log });
  watchingMemory = handBackWhenQuiet(opened.agent);
  if (isOnlyEnrolling) leave(`enrolled as ${opened.agent.deviceId}`);
}

/** After the start and after each sound. Collecting takes some tens of milliseconds: not while something is about to sound. */
function handBackWhenQuiet(agent: Pick<Agent, 'conductor' | 'isQuiet'>): { stop(): void } {
  let isDue = true;
  return regularly(machineClock, handBackAfterMs, () => {
    if (agent.conductor.progress().some(({ phase }) => phase === 'playing')) isDue = true;
    if (!isDue || !agent.isQuiet()) return;
    isDue = false;
    handBackMemory();
  });
}

async function rememberedServerUrl({ dir }: AgentSettings): Promise<string | undefined> {
  const disk = await openMachineDisk(dir);
  const settings = await openSettings({ disk });
  await disk.close();
  return settings.read().identity?.serverUrl;
}

function say(text: string): void {
  process.stdout.write(`${text}\n`);
}

function refuse(reason: string, exitCode: 1 | 2 = 2): void {
  process.stderr.write(`${reason}\n`);
  process.exitCode = exitCode;
}
