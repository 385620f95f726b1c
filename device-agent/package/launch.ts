/**
 * Begins the agent: looks which release has its turn, refuses any whose bytes are not those that were verified, writes
 * down that it begins, and hands over in the same process. It comes with the package and no update ever replaces it, so
 * it stays small. What a release on trial does, it need not be trusted for: this counts its ends and gives it up.
 */
import {
  accessSync,
  closeSync,
  constants,
  fsyncSync,
  mkdirSync,
  openSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  writeSync,
} from 'node:fs';
// Not by name: an older Node that lacks the name would refuse the whole file before it can be told why.
import nodeModule from 'node:module';
import { dirname, join, resolve } from 'node:path';
import { pathToFileURL } from 'node:url';
import { closeToOthers } from '../src/edges/own-folder.ts';
import { beginAnewExitCode, bootName } from '../src/edges/supervisor.ts';
import { failed, nextStart } from '../src/keep/releases/next-start.ts';
import {
  parseSlot,
  parseSlots,
  programName,
  programPath,
  type Slot,
  type Slots,
  sha256Of,
  slotsPath,
  slotsText,
} from '../src/keep/releases/slots.ts';
import { deniedWords } from '../src/work/denied-words.ts';

/** A release that has not proved itself by then is given up from here, also when it has forgotten to look. */
const trialMsMax = Number(process.env.LOA_TRIAL_MS_MAX ?? 15 * 60_000);

/** A program that does not end within this when told is ended. */
const endMsMax = 10_000;

/** Compiled programs of releases long gone. */
const compiledMax = 24;

const settingsFile = process.env.LOA_SETTINGS_FILE ?? '/etc/loa-agent/agent.env';
const packageFolder = import.meta.dirname;

if (!('Temporal' in globalThis)) {
  const { version } = process;
  process.stderr.write(`Cần Node 26 trở lên; đây là ${version}. / Node 26 or newer is needed; this is ${version}.\n`);
  process.exit(2);
}
process.umask(0o077);
const [, , command = 'run'] = process.argv;
// Under systemd everything stands in the environment already, and what stands there counts.
try {
  accessSync(settingsFile, constants.R_OK);
  process.loadEnvFile(settingsFile);
} catch (error) {
  const isMissing = error instanceof Error && 'code' in error && error.code === 'ENOENT';
  if (!isMissing && command !== 'run' && !command.startsWith('-')) {
    process.stderr.write(`${deniedWords(settingsFile)}\n`);
    process.exit(1);
  }
}
const folder = resolve(process.env.LOA_AGENT_DIR ?? process.env.STATE_DIRECTORY ?? '/var/lib/loa-agent');
process.env.LOA_AGENT_DIR = folder;

const boot = bootName();
const held = readSlots();
const chosen = nextStart(held, { boot, packaged: packagedSlot(), isSound });
const next = command === 'run' ? chosen : { ...chosen, isTrial: false };
let isWritten = true;
if (command === 'run' && slotsText(chosen.slots) !== slotsText(held)) isWritten = writeSlots(chosen.slots);
// What cannot be written down is not tried: it would be tried for ever.
const run =
  next.isTrial && !isWritten
    ? nextStart({ ...held, trial: undefined }, { boot, packaged: packagedSlot(), isSound }).run
    : next.run;
if (run === undefined) {
  process.stderr.write('No program of the agent has the bytes it should have: install the package again.\n');
  process.exit(2);
}
if (command === 'run' && next.isTrial && isWritten) watchTrial(run.slot.number);
process.env.LOA_RELEASE_NUMBER = String(run.slot.number);
process.env.LOA_RELEASE_VERSION = run.slot.version;
keepCompiled();
await import(pathToFileURL(pathOf(run.slot, run.at)).href);

function watchTrial(number: number): void {
  const told = () => {
    const slots = readSlots();
    if (slots.trial?.number === number) writeSlots({ ...slots, trial: { ...slots.trial, phase: 'told' } });
  };
  process.on('exit', (code) => {
    if (code === 0 || code === beginAnewExitCode) told();
  });
  process.once('SIGTERM', () => {
    told();
    setTimeout(() => process.exit(0), endMsMax).unref();
  });
  setTimeout(() => {
    const slots = readSlots();
    if (slots.trial?.number !== number) return;
    writeSlots(failed(slots, slots.trial, 'it did not prove itself in time'));
    process.exit(beginAnewExitCode);
  }, trialMsMax).unref();
}

function packagedSlot(): Slot | undefined {
  try {
    return parseSlot(JSON.parse(readFileSync(join(packageFolder, 'loa-agent.json'), 'utf8')));
  } catch {
    return undefined;
  }
}

function pathOf({ number }: Slot, at: 'package' | 'folder'): string {
  return at === 'package' ? join(packageFolder, programName) : join(folder, programPath(number));
}

function isSound(slot: Slot, at: 'package' | 'folder'): boolean {
  try {
    return sha256Of(readFileSync(pathOf(slot, at))) === slot.sha256;
  } catch {
    return false;
  }
}

function readSlots(): Slots {
  try {
    return parseSlots(readFileSync(join(folder, slotsPath), 'utf8'));
  } catch {
    return {};
  }
}

/** Old or new after a power cut; false when the disk would not take it. */
function writeSlots(slots: Slots): boolean {
  const path = join(folder, slotsPath);
  try {
    mkdirSync(dirname(path), { recursive: true, mode: 0o700 });
    const file = openSync(`${path}.unfinished`, 'w', 0o600);
    writeSync(file, slotsText(slots));
    fsyncSync(file);
    closeSync(file);
    renameSync(`${path}.unfinished`, path);
    const above = openSync(dirname(path), 'r');
    fsyncSync(above);
    closeSync(above);
    return true;
  } catch {
    return false;
  }
}

/** Below the agent's folder and nowhere else: whoever can write there can change what this program does. */
function keepCompiled(): void {
  const compiled = join(folder, 'compiled');
  try {
    if (readdirSync(compiled, { recursive: true }).length > compiledMax) rmSync(compiled, { recursive: true });
  } catch {}
  closeToOthers(folder);
  closeToOthers(compiled);
  process.env.NODE_COMPILE_CACHE = compiled;
  nodeModule.enableCompileCache(compiled);
}
