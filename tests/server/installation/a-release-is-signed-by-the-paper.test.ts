/**
 * A release of the agent is signed by the root key on paper and by nothing that the server holds; it is kept whole, its
 * number grows, and it comes back with a backup.
 */
import { createHash } from 'node:crypto';
import { readdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { open, orderSchema, releaseBytesMax, releaseSchema } from '@loa/protocol/device';
import { type CommandPorts, init, releaseAdd, releaseList } from '@loa/server/commands.ts';
import { machineDisk as disk } from '@loa/server/edges/disk.ts';
import { machineFetch } from '@loa/server/edges/network.ts';
import { machineRandom as random } from '@loa/server/edges/random.ts';
import { backupInstallation } from '@loa/server/installation/backup-installation.ts';
import { openInstallation } from '@loa/server/installation/open-installation.ts';
import { restoreInstallation } from '@loa/server/installation/restore-installation.ts';
import { readReleases } from '@loa/server/keep/store/rows/service-row.ts';
import { expect, test } from 'vitest';
import { z } from 'zod';
import { createHandClock } from '../../harness/hand-clock.ts';
import { makeFolder } from '../../harness/stores.ts';
import { unitsText } from './units.ts';

const clock = createHandClock();
const bundle = gzipSync('console.log("loa")');

interface Place {
  ports: CommandPorts;
  rootSeedText: string;
  /** Writes a bundle and gives its path. */
  file(bytes: Uint8Array): Promise<string>;
}

async function openPlace(): Promise<Place> {
  const folder = await makeFolder();
  const settings = { dataDir: join(folder, 'data'), databaseUrl: undefined };
  const ports = { settings, clock, random, disk, fetch: machineFetch };
  const made = await init(ports, unitsText);
  if (!made.ok) throw new Error(made.refusal.en);
  const { rootKey } = z.object({ rootKey: z.string() }).parse(made.value.value);
  const file = async (bytes: Uint8Array) => {
    const path = join(folder, 'agent.gz');
    await writeFile(path, bytes);
    return path;
  };
  return { ports, rootSeedText: rootKey, file };
}

async function add({ ports, rootSeedText, file }: Place, changes: object = {}, bytes: Uint8Array = bundle) {
  const wanted = { number: 1, version: '1.0', path: await file(bytes), rootSeedText, ...changes };
  const done = await releaseAdd(ports, wanted);
  return done.ok ? 'added' : done.refusal.code;
}

async function rows({ ports }: Place) {
  const opened = await openInstallation({ ...ports.settings, disk });
  if (!opened.ok) throw new Error(opened.refusal.en);
  const { store, keys } = opened.value;
  const found = await store.read(readReleases);
  await store.close();
  return { found, rootKey: keys.rootKey };
}

test('signed by the root key alone, kept under its hash, and short enough for an order', async () => {
  const place = await openPlace();
  expect(await add(place)).toBe('added');
  const { found, rootKey } = await rows(place);
  const [row] = found;
  const hash = createHash('sha256').update(bundle).digest('hex');
  const opened = open({ text: row?.envelope ?? '', keys: [rootKey], type: 'loa-release' });
  const release = releaseSchema.parse(opened.ok ? opened.payload : undefined);
  expect(release).toEqual({ kind: 'release', v: 1, number: 1, version: '1.0', hash, sizeBytes: bundle.length });
  expect(open({ text: row?.envelope ?? '', keys: [rootKey], type: 'loa-document' }).ok).toBe(false);
  const kept = join(place.ports.settings.dataDir, 'releases');
  expect(await readdir(kept)).toEqual([hash]);
  expect((await readFile(join(kept, hash))).equals(bundle)).toBe(true);
  const instant = '2026-11-20T10:00:00Z';
  const order = { kind: 'update', id: 'v1', issuedAt: instant, expiresAt: instant, release: row?.envelope };
  expect(orderSchema.safeParse(order).success).toBe(true);
  const listed = await releaseList(place.ports);
  expect(listed).toMatchObject({ ok: true, value: { value: [{ number: 1, version: '1.0', hash }] } });
});

test('numbers grow, versions name one release', async () => {
  const place = await openPlace();
  expect(await add(place, { number: 5 })).toBe('added');
  expect(await add(place, { number: 5, version: '1.1' })).toBe('release-not-newer');
  expect(await add(place, { number: 4, version: '1.1' })).toBe('release-not-newer');
  expect(await add(place, { number: 6 })).toBe('release-version-used');
  expect(await add(place, { number: 6, version: '1.1' })).toBe('added');
  expect((await rows(place)).found.map(({ number }) => number)).toEqual([6, 5]);
});

test.each([
  { what: 'a root key that is misread', changes: { rootSeedText: 'ABCD' }, code: 'wrong-root-key' },
  { what: 'a file that is not there', changes: { path: '/nowhere/agent.gz' }, code: 'bad-release' },
  { what: 'what is no gzip', changes: {}, bytes: Buffer.from('console.log()'), code: 'bad-release' },
  { what: 'an empty file', changes: {}, bytes: new Uint8Array(), code: 'bad-release' },
  { what: 'a bundle that is too large', changes: {}, bytes: new Uint8Array(releaseBytesMax + 1), code: 'bad-release' },
  { what: 'number 0', changes: { number: 0 }, code: 'bad-release' },
  { what: 'a version that is too long', changes: { version: 'x'.repeat(41) }, code: 'bad-release' },
])('refused, and nothing is kept: $what', async ({ changes, bytes, code }) => {
  const place = await openPlace();
  expect(await add(place, changes, bytes)).toBe(code);
  expect((await rows(place)).found).toEqual([]);
  expect(await disk.list(join(place.ports.settings.dataDir, 'releases'))).toEqual([]);
});

test('another installation’s root key signs nothing here', async () => {
  const [place, other] = [await openPlace(), await openPlace()];
  expect(await add(place, { rootSeedText: other.rootSeedText })).toBe('wrong-root-key');
});

test('a release comes back with a backup', async () => {
  const place = await openPlace();
  expect(await add(place)).toBe('added');
  const target = join(await makeFolder(), 'backup');
  const made = await backupInstallation({ ...place.ports.settings, disk, clock, target });
  expect(made.ok).toBe(true);
  const dataDir = join(await makeFolder(), 'data');
  const restored = await restoreInstallation({ dataDir, databaseUrl: undefined, disk, clock, source: target });
  expect(restored.ok).toBe(true);
  const again = { ...place, ports: { ...place.ports, settings: { ...place.ports.settings, dataDir } } };
  const hash = (await rows(again)).found[0]?.hash ?? '';
  expect((await readFile(join(dataDir, 'releases', hash))).equals(bundle)).toBe(true);
});
