/** The settings of what a board shows and takes at its pole: enrolment file, local page, lamp. Parsed with the others. */
import { isIP } from 'node:net';
import { z } from 'zod';
import type { LampAt } from './edges/lamp-line.ts';

export interface PoleSettings {
  /** Named by the environment; absent: the default places. */
  enrolFile: string | undefined;
  localPage: { address: string; port: number } | undefined;
  lamp: LampAt | undefined;
}

/** Where an enrolment file is looked for when none is named; `enrol.txt` in the agent's folder comes after them. */
export const enrolPaths = ['/boot/firmware/loa-enrol.txt', '/boot/loa-enrol.txt'] as const;

export const poleSettingsTable = [
  [
    'LOA_ENROL_FILE',
    '',
    `File with server and code that enrols this board [${enrolPaths.join(', ')}, <dir>/enrol.txt]; named: the board waits for it`,
  ],
  ['LOA_LOCAL_PAGE', 'off', "off, or <address>:<port> of the board's own network where it shows itself to a phone"],
  ['LOA_LAMP', 'none', 'none, led:<name> of /sys/class/leds, or sysfs:<path> that takes 0 and 1'],
] as const;

const text = z
  .string()
  .optional()
  .transform((given) => (given === undefined || given.trim() === '' ? undefined : given.trim()));

const pageSchema = text.transform((given, context) => {
  if (given === undefined || given === 'off') return undefined;
  const [, v6, v4, port] = /^(?:\[([0-9a-f:.]+)\]|([0-9.]+)):(\d{1,5})$/i.exec(given) ?? [];
  const address = v6 ?? v4;
  if (address !== undefined && isIP(address) !== 0 && Number(port) <= 65_535) return { address, port: Number(port) };
  context.addIssue({ code: 'custom', message: 'must be off or <address>:<port>, as in 10.42.0.1:8080' });
  return z.NEVER;
});

const lampSchema = text.transform((given, context): LampAt | undefined => {
  if (given === undefined || given === 'none') return undefined;
  const name = /^led:([\w:.+-]+)$/.exec(given)?.[1];
  if (name !== undefined && !/^\.+$/.test(name)) return { kind: 'led', name };
  const path = /^sysfs:(\/sys\/(?!.*\.\.)[\w:./+-]+)$/.exec(given)?.[1];
  if (path !== undefined) return { kind: 'sysfs', path };
  context.addIssue({ code: 'custom', message: 'must be none, led:<name> or sysfs:/sys/<path>' });
  return z.NEVER;
});

/** Joins the environment's schema. */
export const poleEnvironment = { LOA_ENROL_FILE: text, LOA_LOCAL_PAGE: pageSchema, LOA_LAMP: lampSchema };

/** The settings of parsed variables. */
export function poleSettingsOf(given: {
  LOA_ENROL_FILE: string | undefined;
  LOA_LOCAL_PAGE: PoleSettings['localPage'];
  LOA_LAMP: PoleSettings['lamp'];
}): PoleSettings {
  return { enrolFile: given.LOA_ENROL_FILE, localPage: given.LOA_LOCAL_PAGE, lamp: given.LOA_LAMP };
}
