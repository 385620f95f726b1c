/**
 * Over what the board reaches the world and how well: cable, Wi-Fi or mobile by the interface of its default route;
 * Wi-Fi's level from the kernel, a modem's from where the settings say.
 */
import type { Readings } from '@loa/protocol/device';
import type { Sensor } from '../../contracts.ts';
import type { BoardFiles } from '../../edges/board-files.ts';
import { wayOut } from './interface.ts';
import { readSource, type TextSource } from './text-source.ts';

const everyMs = 30_000;
/** A level outside of this is a modem's word for "not known". */
const plausibleDbm = { least: -140, most: -20 };

/** Undefined: not Linux. `signal`: a modem's level in dBm. */
export async function findLinkWay(parts: {
  files: BoardFiles;
  signal: TextSource | undefined;
}): Promise<Sensor | undefined> {
  const { files, signal } = parts;
  if ((await files.read('/proc/net/route')) === undefined) return undefined;

  async function levelOf(name: string, kind: Readings['linkKind']): Promise<number | undefined> {
    if (kind === 'wifi') {
      const rows = ((await files.read('/proc/net/wireless')) ?? '').split('\n').map((row) => row.trim().split(/\s+/));
      return Number.parseFloat(rows.find(([first]) => first === `${name}:`)?.[3] ?? '');
    }
    return kind === 'mobile' && signal !== undefined ? await readSource(files, signal) : undefined;
  }

  return {
    kind: 'link',
    everyMs,
    async read() {
      const name = await wayOut(files);
      if (name === undefined) return undefined;
      const linkKind = await kindOf(files, name);
      const level = await levelOf(name, linkKind);
      const isPlausible = level !== undefined && level >= plausibleDbm.least && level <= plausibleDbm.most;
      return { linkKind, ...(isPlausible ? { linkSignalDbm: Math.round(level) } : {}) };
    },
  };
}

async function kindOf(files: BoardFiles, name: string): Promise<NonNullable<Readings['linkKind']>> {
  const folder = `/sys/class/net/${name}`;
  if ((await files.list(folder)).includes('wireless')) return 'wifi';
  const said = (await files.read(`${folder}/uevent`)) ?? '';
  if (/DEVTYPE=wlan/.test(said)) return 'wifi';
  if (/DEVTYPE=wwan/.test(said) || /^(wwan|ppp|rmnet|usb|cdc)/.test(name)) return 'mobile';
  return (await files.read(`${folder}/type`)) === '1' ? 'ethernet' : 'unknown';
}
