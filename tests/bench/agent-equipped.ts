/**
 * What the packaged agent costs a board with everything: gauges on the line and the amplifier, every sensor, a switched
 * amplifier, the local page, linked over TLS to a real server of whose week it holds a hundred items a day.
 */
import { readFileSync } from 'node:fs';
import { mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { requestId, soon, uploadSound } from '../harness/bulletins.ts';
import { type OnePortTown, openOnePortTown } from '../harness/one-port-town.ts';
import { speechLike } from '../harness/sound.ts';
import { eventually } from '../harness/town.ts';
import { measureIdle } from './processes.ts';

const bulletins = 5;
const timesADay = 20;
/** From tomorrow on, of the seven that a plan reaches at least. */
const heldDaysMin = 6;

/** It has handed back by then what its start needed, and asked for the time often. */
const settleMs = 30_000;
const spanMs = 30_000;

export interface EquippedCost {
  residentMb: number;
  /** Its share of what others map too: closer to what a board that runs one Node gives up. */
  proportionalMb: number;
  corePercent: number;
}

/** The figures as the bench prints them. `launcher` starts the packaged agent. */
export async function equippedLines(options: {
  launcher: string;
  ffmpegPath: string;
  bareMb: number;
}): Promise<[string, string, string][]> {
  const cost = await measureEquipped({
    command: [options.launcher, 'run'],
    env: {
      LOA_NODE: process.execPath,
      LOA_USER: 'nobody-else',
      LOA_SETTINGS_FILE: '/nowhere',
      FFMPEG_PATH: options.ffmpegPath,
    },
  });
  return [
    [
      'packaged agent with gauges, sensors, page, and a week from a server over TLS, resident, idle',
      `${cost.residentMb.toFixed(0)} MB (limit 85), its share ${cost.proportionalMb.toFixed(0)} MB`,
      `floor: an empty node process, ${options.bareMb.toFixed(0)} MB`,
    ],
    ['… processor, idle', `${cost.corePercent.toFixed(2)} % of a core (limit 2)`, 'floor: 0 %'],
  ];
}

/** Measures; about two minutes. `command` starts the packaged agent. */
export async function measureEquipped(options: {
  command: readonly [string, ...string[]];
  env: Readonly<Record<string, string>>;
}): Promise<EquippedCost> {
  const folder = await mkdtemp(join(tmpdir(), 'loa-equipped-'));
  const file = async (name: string, text: string): Promise<string> => {
    await writeFile(join(folder, name), `${text}\n`);
    return `file:${join(folder, name)}`;
  };
  const gauge = await file('gauge', '120');
  const board = {
    LOA_AGENT_DIR: join(folder, 'agent'),
    LOA_AGENT_PLAYER: 'file',
    LOA_AGENT_PROBES: 'line-level,amplifier-current',
    LOA_LINE_LEVEL: gauge,
    LOA_AMPLIFIER_CURRENT: gauge,
    LOA_AMPLIFIER: `sysfs:${join(folder, 'switch')}`,
    LOA_MAINS: await file('mains', '1'),
    LOA_BATTERY: await file('battery', '80'),
    LOA_SIGNAL: await file('signal', '-80'),
    LOA_DOOR: await file('door', '0'),
    LOA_DATA_MB_MONTH: '2000',
    LOA_LOCAL_PAGE: '127.0.0.1:0',
  };
  await writeFile(join(folder, 'switch'), '0');
  const town = await openOnePortTown({ command: options.command, env: { ...options.env, ...board } });
  try {
    await planWeek(town, join(folder, 'agent/documents'));
    await new Promise((resolve) => setTimeout(resolve, settleMs));
    const idle = (await measureIdle([town.pid], spanMs))[0];
    if (!town.isConnected()) throw new Error(`The line was lost: ${town.said()}`);
    return {
      residentMb: idle?.residentMb ?? Number.NaN,
      corePercent: idle?.corePercent ?? Number.NaN,
      proportionalMb: proportionalMb(town.pid),
    };
  } finally {
    await town.close();
    await rm(folder, { recursive: true, force: true });
  }
}

/** From tomorrow on, nine minutes apart, so that nothing sounds while it is measured. */
async function planWeek({ officer }: OnePortTown, documents: string): Promise<void> {
  const clip = await uploadSound(officer, speechLike({ seconds: 5, seed: 5 }), 'week');
  const { date } = soon(86_400_000);
  for (let n = 0; n < bulletins; n += 1) {
    const whens = Array.from({ length: timesADay }, (_, index) => {
      const minutes = 5 * 60 + 10 + (n * timesADay + index) * 9;
      const time = [Math.floor(minutes / 60), minutes % 60].map((each) => String(each).padStart(2, '0')).join(':');
      return { kind: 'daily', from: date, time } as const;
    });
    const request = { requestId: requestId(), title: `Bản tin ${n + 1}`, clipId: clip.id, areaIds: ['c1'], whens };
    await officer.call('acceptBulletin', { body: request });
  }
  const isHeld = async (): Promise<boolean> => {
    const texts = await Promise.all((await readdir(documents)).map((name) => readFile(join(documents, name), 'utf8')));
    return texts.some((text) => text.split('"occurrence"').length > bulletins * timesADay * heldDaysMin);
  };
  if (!(await eventually(isHeld, 60_000))) throw new Error('The week did not come down');
}

function proportionalMb(pid: number): number {
  const kib = /^Pss:\s+(\d+) kB/m.exec(readFileSync(`/proc/${pid}/smaps_rollup`, 'utf8'))?.[1];
  return Number(kib) / 1024;
}
