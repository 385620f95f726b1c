/**
 * The commands of an installation besides `serve`: made, copied, brought back, its people and keys. Each says what it
 * did, as lines for a person and as a value for a program; secrets are in them once and nowhere else.
 */
import { roles } from '@loa/protocol/panel';
import { z } from 'zod';
import type { Clock } from './edges/clock.ts';
import type { Disk } from './edges/disk.ts';
import type { Fetch } from './edges/network.ts';
import type { Random } from './edges/random.ts';
import { backupInstallation } from './installation/backup-installation.ts';
import { makeClaimCodes } from './installation/claim-codes.ts';
import { importWeek, type WeekFiles } from './installation/import-week.ts';
import { initInstallation } from './installation/init-installation.ts';
import { type Installation, openInstallation } from './installation/open-installation.ts';
import { openPanelClient } from './installation/panel-client.ts';
import { addRelease, listReleases, type NewRelease } from './installation/releases.ts';
import { restoreInstallation } from './installation/restore-installation.ts';
import { grouped, randomCrockford } from './keep/keys/crockford.ts';
import { rotateSigningKey } from './keep/keys/signing-keys.ts';
import { accept, type Result, refuse } from './refusal.ts';
import type { Settings } from './settings.ts';
import { createPeople } from './work/people/people.ts';

/** What a command did. */
export interface Done {
  /** For `--json`. */
  value: unknown;
  lines: string[];
}

export interface CommandPorts {
  settings: Pick<Settings, 'dataDir' | 'databaseUrl'>;
  clock: Clock;
  random: Random;
  disk: Disk;
  fetch: Fetch;
}

/** 100 bits, four groups of five. */
const passwordCharacters = 20;

/** Makes an installation from the text of a units file. */
export async function init(ports: CommandPorts, unitsText: string): Promise<Result<Done>> {
  const made = await initInstallation({ ...placeOf(ports), ...ports, unitsText });
  if (!made.ok) return made;
  const { people, rootKey } = made.value;
  return accept({
    value: made.value,
    lines: [
      `Made an installation in ${ports.settings.dataDir}.`,
      '',
      'First passwords, shown this once / Mật khẩu đầu tiên, chỉ hiện lần này:',
      ...people.map(({ login, name, role, password }) => `  ${login.padEnd(16)} ${password}   ${name} (${role})`),
      '',
      'Root key, shown this once: write it on paper twice, keep it away from the server, give it to two people.',
      'Khóa gốc, chỉ hiện lần này: chép ra giấy hai bản, cất xa máy chủ, giao cho hai người.',
      `  ${rootKey}`,
    ],
  });
}

/** Copies the installation into an empty folder, also while its server runs. */
export async function backup(ports: CommandPorts, target: string): Promise<Result<Done>> {
  const made = await backupInstallation({ ...placeOf(ports), clock: ports.clock, target });
  if (!made.ok) return made;
  const { manifest, damagedClips } = made.value;
  return accept({
    value: { target, epoch: manifest.epoch, files: manifest.files.length, damagedClips },
    lines: [
      `Copied ${manifest.files.length} files into ${target} (epoch ${manifest.epoch}).`,
      ...damagedClips.map((path) => `Damaged on this disk, copied as it is: ${path}`),
    ],
  });
}

/** Makes the installation from a backup; the data folder must be empty. */
export async function restore(ports: CommandPorts, source: string): Promise<Result<Done>> {
  const made = await restoreInstallation({ ...placeOf(ports), clock: ports.clock, source });
  if (!made.ok) return made;
  const { madeMs, epochBefore, epoch } = made.value;
  return accept({
    value: made.value,
    lines: [
      `Restored the backup of ${new Date(madeMs).toISOString()} into ${ports.settings.dataDir}.`,
      `The epoch was raised from ${epochBefore} to ${epoch}: devices obey the restored server. Everybody signs in again.`,
    ],
  });
}

/** Makes a new signing key; `rootSeedText` is what stands on the paper. Takes effect at the next start. */
export async function rotateKey(ports: CommandPorts, rootSeedText: string): Promise<Result<Done>> {
  const opened = await openInstallation(placeOf(ports));
  if (!opened.ok) return opened;
  await opened.value.store.close();
  const { clock, random, disk } = ports;
  const folder = opened.value.places.keys;
  const made = await rotateSigningKey({ folder, disk, random, rootSeedText, nowMs: clock.nowMs() });
  if (!made.ok) return made;
  const lines = [`Made a new signing key; the key set is number ${made.value.number}. Restart the server.`];
  return accept({ value: made.value, lines });
}

const newPersonSchema = z.object({
  login: z.string(),
  name: z.string().min(1),
  role: z.enum(roles),
  area: z.string(),
});

/** Makes a person with a password that is shown once. */
export async function addPerson(ports: CommandPorts, options: unknown): Promise<Result<Done>> {
  const parsed = newPersonSchema.safeParse(options);
  if (!parsed.success) {
    return refuse({
      code: 'bad-person',
      status: 400,
      vi: `Cần có --login, --name, --role (${roles.join(', ')}) và --area.`,
      en: `A person needs --login, --name, --role (${roles.join(', ')}) and --area.`,
    });
  }
  return withInstallation(ports, async ({ store }) => {
    const { random, clock } = ports;
    const { login, name, role, area } = parsed.data;
    const password = grouped(randomCrockford(random.bytes(passwordCharacters)).toLowerCase(), 5);
    const made = await createPeople({ store, clock, random }).create({ login, name, role, areaId: area, password });
    if (!made.ok) return made;
    const lines = [`${made.value.login} may sign in with this password, shown this once: ${password}`];
    return accept({ value: { login: made.value.login, password }, lines });
  });
}

/** One-time codes for every cluster that has no board. */
export async function claimCodes(ports: CommandPorts): Promise<Result<Done>> {
  return withInstallation(ports, async ({ store }) => {
    const codes = await makeClaimCodes({ store, random: ports.random, nowMs: ports.clock.nowMs() });
    const lines = codes.map(({ clusterId, claimCode }) => `${clusterId.padEnd(24)} ${claimCode}`);
    return accept({ value: codes, lines: lines.length > 0 ? lines : ['Every cluster has a board.'] });
  });
}

/** Signs a release of the agent by the root key and keeps it; devices get it when somebody updates them. */
export async function releaseAdd(ports: CommandPorts, release: NewRelease): Promise<Result<Done>> {
  return withInstallation(ports, async ({ store, places }) => {
    const { disk, clock } = ports;
    const added = await addRelease({ store, places, disk, clock }, release);
    if (!added.ok) return added;
    const { number, version, hash, sizeBytes } = added.value;
    return accept({
      value: added.value,
      lines: [`Added release ${number} (${version}), ${sizeBytes} bytes, ${hash}.`],
    });
  });
}

/** The releases that the installation holds, newest first. */
export async function releaseList(ports: CommandPorts): Promise<Result<Done>> {
  return withInstallation(ports, async ({ store }) => {
    const releases = await listReleases(store);
    const lines = releases.map(
      ({ number, version, hash, addedMs }) =>
        `${String(number).padStart(6)}  ${version.padEnd(16)} ${new Date(addedMs).toISOString()}  ${hash}`,
    );
    return accept({ value: releases, lines: lines.length > 0 ? lines : ['There is no release yet.'] });
  });
}

/** Brings a week in over the API of a running server, as the person who signs in. */
export async function importFiles(
  ports: Pick<CommandPorts, 'fetch'>,
  options: { url: string; login: string; password: string } & WeekFiles,
): Promise<Result<Done>> {
  const client = await openPanelClient({ ...options, fetch: ports.fetch });
  if (!client.ok) return client;
  const done = await importWeek(client.value, options);
  if (!done.ok) return done;
  const { sessions, bulletins, clusters, standIns } = done.value;
  return accept({
    value: done.value,
    lines: [
      `Kept ${sessions} sessions and ${bulletins} bulletins; ${clusters} clusters sound differently within 24 hours.`,
      ...standIns.map((title) => `A tone stands for the recording “${title}”: put the real one in its place.`),
    ],
  });
}

async function withInstallation(
  ports: CommandPorts,
  work: (installation: Pick<Installation, 'store' | 'places'>) => Promise<Result<Done>>,
): Promise<Result<Done>> {
  const opened = await openInstallation(placeOf(ports));
  if (!opened.ok) return opened;
  try {
    return await work(opened.value);
  } finally {
    await opened.value.store.close();
  }
}

function placeOf({ settings, disk }: CommandPorts) {
  return { dataDir: settings.dataDir, databaseUrl: settings.databaseUrl, disk };
}
