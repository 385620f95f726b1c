/**
 * What the command line and the environment ask for: runs the agent until it is told to end, enrols, or shows its
 * state. Leaves with a code: 0 ended as asked, 1 something broke, 2 told wrongly. Decides nothing of the agent's work.
 */
import { openAgent } from './compose.ts';
import { machineClock } from './edges/clock.ts';
import { openMachineDisk } from './edges/machine-disk.ts';
import { handBackMemory } from './edges/memory.ts';
import { openSupervisor } from './edges/supervisor.ts';
import { openFaultsFile } from './keep/open-faults.ts';
import { openSettings } from './keep/settings/settings.ts';
import { openMachine } from './machine.ts';
import { type AgentSettings, readSettings, settingsTable } from './settings.ts';
import { lifeOf, watchEnrolment, watchOver } from './supervise.ts';

/** What is not done by then is left to the next start, which can take a kill anyway. */
const stopMsMax = 5_000;

/** By then everything is loaded and compiled, and the link is up or waits. */
const handBackAfterMs = 8_000;

const usage = `Usage: node device-agent/src/main.ts [run | enrol CODE | status | --help]

  run         runs the agent (the default); enrols first when LOA_CLAIM_CODE is set and it is not enrolled
  enrol CODE  enrols this board with its one-time code and ends
  status      says who this board is, what it holds and what is wrong, and ends

Environment:
${settingsTable.map(([name, fallback, meaning]) => `  ${name.padEnd(18)} ${meaning}${fallback === '' ? '' : ` [${fallback}]`}`).join('\n')}
`;

/** Reads the command and carries it out; the process ends when it resolves with nothing left running. */
export async function runProgram(args: readonly string[]): Promise<void> {
  const [command = 'run', code, ...rest] = args;
  if (command === '--help' || command === '-h') return say(usage);
  const isKnown =
    (command === 'enrol' && code !== undefined) || ((command === 'run' || command === 'status') && code === undefined);
  if (!isKnown || rest.length > 0) return refuse(`Not understood: ${args.join(' ')}. See --help.`);
  const read = readSettings(process.env);
  if (!read.ok) return refuse(read.reason);
  if (command === 'status') return showStatus(read.settings);
  return run(read.settings, { claimCode: code ?? read.settings.claimCode, isOnlyEnrolling: command === 'enrol' });
}

async function run(
  settings: AgentSettings,
  { claimCode, isOnlyEnrolling }: { claimCode: string | undefined; isOnlyEnrolling: boolean },
): Promise<void> {
  const serverUrl = settings.serverUrl ?? (await rememberedServerUrl(settings).catch(() => undefined));
  if (serverUrl === undefined) return refuse('LOA_SERVER_URL is missing: the address of the server, http(s)://…');
  const machine = await openMachine({ ...settings, serverUrl }, process.env).catch((error: unknown) => {
    return error instanceof Error ? error.message : String(error);
  });
  if (typeof machine === 'string') return refuse(machine);
  for (const remark of machine.remarks) log(remark);
  let end: () => Promise<void> = machine.close;
  let isEnding = false;
  const supervisor = openSupervisor(process.env);
  const leave = (why: string, how: 'end' | 'anew' = 'end') => {
    if (isEnding) return;
    isEnding = true;
    log(`${why}: ending`);
    machineClock.setTimer(() => supervisor.leave(how), stopMsMax);
    void end().then(() => supervisor.leave(how));
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
    ...{ claimCode, serverUrl, drillsAudible, cheapHours, nightTestAt, log, life },
  });
  enrolling?.stop();
  if (!opened.ok) {
    await player.close();
    await machine.close();
    return refuse(opened.reason);
  }
  const watching = watchOver({ supervisor, agent: opened.agent, player, clock: edges.clock, disk: edges.disk, log });
  end = async () => {
    watching.stop();
    await opened.agent.stop();
    await machine.close();
  };
  handBackWhenQuiet(() => opened.agent.conductor.progress().some(({ phase }) => phase === 'playing'));
  if (isOnlyEnrolling) leave(`enrolled as ${opened.agent.deviceId}`);
}

/** Collecting takes some tens of milliseconds: not while something sounds. */
function handBackWhenQuiet(isSounding: () => boolean): void {
  machineClock.setTimer(() => (isSounding() ? handBackWhenQuiet(isSounding) : handBackMemory()), handBackAfterMs);
}

async function showStatus(settings: AgentSettings): Promise<void> {
  const disk = await openMachineDisk(settings.dir);
  // Another process may run on this folder: this one only looks.
  const looking = {
    ...disk,
    replace: async () => undefined,
    append: async () => undefined,
    rename: async () => undefined,
    remove: async () => undefined,
  };
  const { identity, newest } = (
    await openSettings({ disk: looking, onDamaged: ({ path }) => log(`damaged: ${path}`) })
  ).read();
  if (identity === undefined) say('Not enrolled.');
  else say(`Device ${identity.deviceId} at ${identity.clusterName}, server ${identity.serverUrl}`);
  say(
    `Documents: plan ${numberOf(newest.documents.plan)}, hours ${numberOf(newest.documents.hours)}, keys ${newest.keys}`,
  );
  const faults = await openFaultsFile(looking).read();
  say(faults.length === 0 ? 'No open faults.' : `Open faults: ${faults.map(({ code }) => code).join(', ')}`);
  await disk.close();
}

async function rememberedServerUrl({ dir }: AgentSettings): Promise<string | undefined> {
  const disk = await openMachineDisk(dir);
  const settings = await openSettings({ disk, onDamaged: () => undefined });
  await disk.close();
  return settings.read().identity?.serverUrl;
}

function numberOf(sequence: { epoch: number; number: number } | undefined): string {
  return sequence === undefined ? 'none' : `${sequence.epoch}.${sequence.number}`;
}

function log(line: string): void {
  process.stdout.write(`${new Date(machineClock.wallMs()).toISOString()} ${line}\n`);
}

function say(text: string): void {
  process.stdout.write(`${text}\n`);
}

function refuse(reason: string): void {
  process.stderr.write(`${reason}\n`);
  process.exitCode = 2;
}
