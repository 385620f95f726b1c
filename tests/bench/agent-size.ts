/**
 * What the packaged agent costs a board: memory idle and playing with its decoder, start to ready, processor time while
 * nothing is asked of it, and one decision over a full week's plan; each beside what cannot be avoided.
 * `npm run bench -- --agent` prints these lines alone.
 */
import { type ChildProcess, spawn } from 'node:child_process';
import { createHash } from 'node:crypto';
import { readdirSync, readFileSync } from 'node:fs';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Settings } from '@loa/device-agent/contracts.ts';
import { machineClock } from '@loa/device-agent/edges/clock.ts';
import type { Disk } from '@loa/device-agent/edges/disk.ts';
import { openMachineDisk } from '@loa/device-agent/edges/machine-disk.ts';
import { machineRandom } from '@loa/device-agent/edges/random.ts';
import { openDocuments } from '@loa/device-agent/keep/documents/documents.ts';
import { openSettings } from '@loa/device-agent/keep/settings/settings.ts';
import { type Clip, type PlanItem, seal, topics } from '@loa/protocol/device';
import { packageAgent } from '../../device-agent/package/bundle.ts';
import { deviceId, identity, installation, signingKey } from '../device-agent/installation.ts';
import { openStage } from '../harness/agent-stage.ts';
import { encodeFile, ffmpegForTests, speechLike, writeWav } from '../harness/sound.ts';
import { equippedLines } from './agent-equipped.ts';
import { measureIdle, residentMb } from './processes.ts';

const playedS = 20;
const playAfterMs = 15_000;
/** A commune's week: a hundred items a day. */
const weekItems = 700;

type Line = (what: string, figure: string, floor: string) => void;

/** Measures and prints; about a minute and a half. */
export async function benchAgentSize(line: Line): Promise<void> {
  const folder = await mkdtemp(join(tmpdir(), 'loa-agent-size-'));
  const { ffmpegPath } = await ffmpegForTests();
  const started: ChildProcess[] = [];

  /** What it is and when it said that it is ready. */
  async function start(
    [command = '', ...program]: readonly string[],
    dir: string,
  ): Promise<{ pid: number; readyMs: number }> {
    const { NODE_COMPILE_CACHE: _cache, NODE_OPTIONS: _options, ...outer } = process.env;
    const child = spawn(command, [...program, 'run'], {
      env: {
        ...outer,
        LOA_NODE: process.execPath,
        LOA_USER: 'nobody-else',
        LOA_SETTINGS_FILE: '/nowhere',
        LOA_SERVER_URL: identity.serverUrl,
        LOA_AGENT_DIR: dir,
        LOA_AGENT_PLAYER: 'file',
        LOA_AGENT_CLOCK: 'kept',
        FFMPEG_PATH: ffmpegPath,
      },
    });
    started.push(child);
    const fromMs = performance.now();
    await new Promise<void>((resolve, reject) => {
      let said = '';
      child.stdout.on('data', (piece) => {
        said += String(piece);
        if (/ ready\n/.test(said)) resolve();
      });
      child.on('close', () => reject(new Error(`It ended: ${said}`)));
    });
    return { pid: child.pid ?? 0, readyMs: performance.now() - fromMs };
  }

  async function end(): Promise<void> {
    const child = started.pop();
    if (child === undefined || child.exitCode !== null) return;
    const ended = new Promise((resolve) => child.on('close', resolve));
    child.kill('SIGTERM');
    await ended;
  }

  try {
    const {
      folder: packaged,
      programBytes,
      releaseBytes,
    } = await packageAgent({
      folder: join(folder, 'package'),
      number: 1,
      version: '0.1.0',
    });
    line('agent packaged', `${kB(programBytes)}, gzipped ${kB(releaseBytes)}`, 'floor: none');
    const program = [join(packaged, 'loa-agent')];
    const bareMs = await bareStartMs();
    const dir = join(folder, 'agent');
    await heldFolder(dir, folder);
    const first = await start(program, dir);
    await end();
    const agent = await start(program, dir);
    line(
      'packaged agent, start to ready',
      `${(agent.readyMs / 1_000).toFixed(2)} s (limit 5), its very first start ${(first.readyMs / 1_000).toFixed(2)} s`,
      `floor: an empty node process, ${(bareMs / 1_000).toFixed(2)} s`,
    );
    const playingMb = await largestMb(agent.pid, playAfterMs + playedS * 1_000);
    const idle = (await measureIdle([agent.pid], 20_000))[0] ?? { residentMb: Number.NaN, corePercent: Number.NaN };
    await end();
    const direct = await start(
      [process.execPath, join(import.meta.dirname, '../../device-agent/src/main.ts')],
      join(folder, 'direct'),
    );
    await pause(15_000);
    const directMb = residentMb(direct.pid);
    await end();
    const bareMb = await bareResidentMb();
    line(
      'packaged agent resident, idle after a play',
      `${idle.residentMb.toFixed(0)} MB (limit 85)`,
      `floor: an empty node process, ${bareMb.toFixed(0)} MB; TypeScript run directly, ${directMb.toFixed(0)} MB`,
    );
    line(
      'packaged agent and its decoder resident, playing, at most',
      `${playingMb.both.toFixed(0)} MB (limit 130), of it the decoder ${playingMb.decoder.toFixed(0)} MB`,
      `floor: an empty node process, ${bareMb.toFixed(0)} MB`,
    );
    line('packaged agent processor, idle', `${idle.corePercent.toFixed(2)} % of a core (limit 2)`, 'floor: 0 %');
    for (const told of await equippedLines({ launcher: join(packaged, 'loa-agent'), ffmpegPath, bareMb }))
      line(...told);
    const step = await measureStep();
    line(
      `decision step over a week's plan, ${weekItems} items, median of ${step.count}`,
      `${step.medianMs.toFixed(3)} ms (limit 1), 99 of 100 under ${step.p99Ms.toFixed(3)} ms`,
      `floor: the items looked at once, ${step.floorMs.toFixed(3)} ms`,
    );
  } finally {
    while (started.length > 0) await end();
    await rm(folder, { recursive: true, force: true });
  }

  /** A folder as after days of running, with a clip that is due soon. */
  async function heldFolder(agentDir: string, scratch: string): Promise<void> {
    const wav = await writeWav(join(scratch, 'clip.wav'), speechLike({ seconds: playedS, seed: 5 }));
    const ogg = join(scratch, 'clip.ogg');
    await encodeFile({ from: wav, to: ogg, options: ['-c:a', 'libopus', '-b:a', '32k'] });
    const bytes = await readFile(ogg);
    const hash = createHash('sha256').update(bytes).digest('hex');
    for (const each of [agentDir, join(scratch, 'direct')]) {
      const disk = await openMachineDisk(each);
      const settings = await openSettings({ disk, onDamaged: () => undefined });
      await settings.update((data) => {
        data.identity = identity;
      });
      await disk.replace(`clips/${hash}`, bytes);
      const renditions: Clip['renditions'] = [{ format: 'ogg-opus', hash, sizeBytes: bytes.length }];
      await holdPlan({ disk, settings }, { id: hash, durationMs: playedS * 1_000, renditions });
      await disk.close();
    }
  }

  async function holdPlan({ disk, settings }: { disk: Disk; settings: Settings }, clip: Clip): Promise<void> {
    const issuedAtMs = Date.now();
    const server = installation();
    // The first start comes and goes before it is due; what the second one plays is measured.
    const items = [
      issuedAtMs + 25_000,
      ...Array.from({ length: weekItems }, (_, n) => issuedAtMs + 3_600_000 + n * 60_000),
    ];
    const plan = server.plan({ issuedAtMs, clips: [clip], items: items.map(itemAt), byHash: true });
    const hours = {
      kind: 'hours',
      v: 1,
      aud: deviceId,
      epoch: 1,
      number: 99,
      issuedAt: new Date(issuedAtMs).toISOString(),
      timeZone: 'Asia/Ho_Chi_Minh',
      spans: [{ weekdays: [1, 2, 3, 4, 5, 6, 7], from: '00:00', until: '24:00' }],
      document: 'bench',
    };
    const documents = await openDocuments({
      disk,
      settings,
      identity,
      clock: machineClock,
      random: machineRandom,
      now: () => ({ ms: Date.now(), trusted: true, boundMs: 1 }),
      refusals: { refused: ({ reason }) => console.warn(`refused: ${reason}`) },
      fetchBody: async () => Buffer.from(plan.bodyText),
      onChange: () => undefined,
      onWritten: () => undefined,
      onDamaged: () => undefined,
    });
    const sealedHours = Buffer.from(seal({ payload: hours, key: signingKey, type: 'loa-document' }));
    for (const { topic, payload } of [server.keys(), plan, { topic: topics.hours(deviceId), payload: sealedHours }])
      documents.receive(topic, payload);
    await pause(500);
    await documents.written();
    documents.close();
  }
}

function itemAt(atMs: number): PlanItem {
  return {
    occurrence: `bench@${Math.floor(atMs / 1_000)}`,
    atMs,
    class: 'normal',
    clip: 0,
    repeat: { count: 1, gapMs: 0 },
    late: { kind: 'start', lateMsMax: 20_000 },
    resume: 'drop',
    lengthMsMax: 60_000,
  };
}

/** One look at everything and one decision, as at every change, with nothing new to find. */
async function measureStep(): Promise<{ count: number; medianMs: number; p99Ms: number; floorMs: number }> {
  const stage = await openStage();
  const items = Array.from({ length: weekItems }, (_, n) => ({ occurrence: `w${n}@1`, at: 600_000 + n * 860_000 }));
  stage.setPlan(items);
  await stage.advance(1_000);
  const count = 2_000;
  for (let n = 0; n < 500; n += 1) stage.conductor.reconsider();
  const figures = Array.from({ length: count }, () => timeOf(() => stage.conductor.reconsider())).sort((a, b) => a - b);
  const floors = Array.from({ length: count }, () => timeOf(() => items.reduce((sum, { at }) => sum + at, 0))).sort(
    (a, b) => a - b,
  );
  await stage.stop();
  const at = (sorted: readonly number[], share: number) => sorted[Math.floor(sorted.length * share)] ?? Number.NaN;
  return { count, medianMs: at(figures, 0.5), p99Ms: at(figures, 0.99), floorMs: at(floors, 0.5) };
}

function timeOf(run: () => unknown): number {
  const fromMs = performance.now();
  run();
  return performance.now() - fromMs;
}

/** The most that the agent and what it started held at once. */
async function largestMb(pid: number, spanMs: number): Promise<{ both: number; decoder: number }> {
  const endMs = performance.now() + spanMs;
  let largest = { both: 0, decoder: 0 };
  while (performance.now() < endMs) {
    const decoder = childrenOf(pid).reduce((sum, child) => sum + residentOf(child), 0);
    const both = residentOf(pid) + decoder;
    if (decoder > 0 && both > largest.both) largest = { both, decoder };
    await pause(100);
  }
  return largest;
}

function childrenOf(pid: number): number[] {
  return readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name))
    .map(Number)
    .filter((each) => parentOf(each) === pid);
}

function parentOf(pid: number): number | undefined {
  try {
    return Number(readFileSync(`/proc/${pid}/stat`, 'utf8').split(') ')[1]?.split(' ')[1]);
  } catch {
    return undefined;
  }
}

/** A process may end between two looks. */
function residentOf(pid: number): number {
  try {
    return residentMb(pid) || 0;
  } catch {
    return 0;
  }
}

async function bareStartMs(): Promise<number> {
  const figures: number[] = [];
  for (let n = 0; n < 5; n += 1) {
    const fromMs = performance.now();
    await new Promise((resolve) => spawn(process.execPath, ['-e', '']).on('close', resolve));
    figures.push(performance.now() - fromMs);
  }
  return figures.sort((a, b) => a - b)[2] ?? Number.NaN;
}

async function bareResidentMb(): Promise<number> {
  const bare = spawn(process.execPath, ['-e', 'setInterval(() => {}, 1e6)']);
  await pause(1_000);
  const figure = residentMb(bare.pid ?? 0);
  bare.kill();
  return figure;
}

const kB = (bytes: number): string => `${Math.round(bytes / 1_000)} kB`;

function pause(ms: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, ms));
}
