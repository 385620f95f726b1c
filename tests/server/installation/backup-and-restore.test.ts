/** The whole state is copied while in use and comes back, on either database, under a higher epoch. */
import { createHash } from 'node:crypto';
import { mkdir, readdir, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { open, publicKeySchema } from '@loa/protocol/device';
import { machineDisk as disk } from '@loa/server/edges/disk.ts';
import { machineRandom as random } from '@loa/server/edges/random.ts';
import { backupInstallation } from '@loa/server/installation/backup-installation.ts';
import { makeClaimCodes } from '@loa/server/installation/claim-codes.ts';
import { initInstallation } from '@loa/server/installation/init-installation.ts';
import { openInstallation } from '@loa/server/installation/open-installation.ts';
import { restoreInstallation } from '@loa/server/installation/restore-installation.ts';
import { createPeople } from '@loa/server/work/people/people.ts';
import { describe, expect, onTestFinished, test } from 'vitest';
import { createHandClock } from '../../harness/hand-clock.ts';
import { makeDatabase, makeFolder } from '../../harness/stores.ts';
import { auditLine } from '../store/town.ts';
import { unitsText } from './units.ts';

const clock = createHandClock();
type Kind = 'sqlite' | 'postgres';

async function makePlace(kind: Kind) {
  const dataDir = join(await makeFolder(), 'data');
  return { dataDir, disk, ...(kind === 'postgres' ? { databaseUrl: await makeDatabase() } : {}) };
}

async function init(kind: Kind) {
  const place = await makePlace(kind);
  const made = await initInstallation({ ...place, unitsText, random, clock });
  if (!made.ok) throw new Error(made.refusal.en);
  return { place, firstRun: made.value };
}

async function start(place: Awaited<ReturnType<typeof makePlace>>) {
  const opened = await openInstallation(place);
  if (!opened.ok) throw new Error(opened.refusal.en);
  onTestFinished(() => opened.value.store.close());
  return opened.value;
}

async function addClip(clips: string, content: string): Promise<string> {
  const hash = createHash('sha256').update(content).digest('hex');
  await mkdir(join(clips, hash.slice(0, 2)), { recursive: true });
  await writeFile(join(clips, hash.slice(0, 2), hash), content);
  return hash;
}

async function backupOf(place: Awaited<ReturnType<typeof makePlace>>) {
  const target = join(await makeFolder(), 'backup');
  const made = await backupInstallation({ ...place, target, clock });
  if (!made.ok) throw new Error(made.refusal.en);
  return { target, ...made.value };
}

describe.each(['sqlite', 'postgres'] as const)('on %s', (kind) => {
  test('init makes units, keys and people, and shows each secret once', async () => {
    const { place, firstRun } = await init(kind);
    const { store, timeZone, keys } = await start(place);
    expect(timeZone).toBe('Asia/Ho_Chi_Minh');
    const areas = await store.read((db) => db.selectFrom('areas').selectAll().orderBy('id').execute());
    expect(areas.map(({ id, name_folded }) => [id, name_folded])).toEqual([
      ['c22933', 'xa ham thang'],
      ['p68', 'tinh lam dong'],
      ['v1', 'thon duc thang'],
    ]);
    const people = createPeople({ store, clock, random });
    for (const { login, password } of firstRun.people) {
      expect(password).toMatch(/^([0-9a-z]{5}-){3}[0-9a-z]{5}$/);
      expect((await people.signIn({ login, password, from: '::1' })).ok).toBe(true);
    }
    expect(publicKeySchema.parse(keys.rootKey)).toEqual(keys.rootKey);
    expect(firstRun.rootKey).toMatch(/^([0-9A-Z]{4}-){13}[0-9A-Z]{4}$/);
    const again = await initInstallation({ ...place, unitsText, random, clock });
    expect(again).toMatchObject({ ok: false, refusal: { code: 'folder-not-empty' } });
    const codes = await makeClaimCodes({ store, random, nowMs: clock.nowMs() });
    expect(codes.map(({ clusterId }) => clusterId)).toEqual(['k1', 'k2']);
  });

  test('a bad units file leaves nothing behind', async () => {
    const place = await makePlace(kind);
    const bad = await initInstallation({ ...place, unitsText: unitsText.replace('"k2"', '"k1"'), random, clock });
    expect(bad).toMatchObject({ ok: false, refusal: { code: 'bad-units' } });
    await expect(readdir(place.dataDir)).rejects.toThrow('ENOENT');
    expect((await initInstallation({ ...place, unitsText, random, clock })).ok).toBe(true);
  });

  test.each(['sqlite', 'postgres'] as const)('a backup made while in use is restored on %s', async (target) => {
    const { place, firstRun } = await init(kind);
    const running = await start(place);
    const clip = await addClip(running.places.clips, 'sound');
    await running.store.write((tx) =>
      tx
        .insertInto('documents')
        .values({ topic: 't', kind: 'plan', epoch: 1, number: 1, envelope: 'old', published_ms: 1 })
        .execute(),
    );
    const people = createPeople({ store: running.store, clock, random });
    const { login = '', password = '' } = firstRun.people[0] ?? {};
    const signedIn = await people.signIn({ login, password, from: '::1' });
    let isDone = false;
    const writing = (async () => {
      for (let count = 0; !isDone; count += 1)
        await running.store.write((tx) =>
          tx
            .insertInto('audit')
            .values(auditLine(`during ${count}`))
            .execute(),
        );
    })();
    const backup = await backupOf(place);
    isDone = true;
    await writing;
    expect(backup.damagedClips).toEqual([]);
    expect(backup.manifest).toMatchObject({ epoch: 1, rows: { areas: 3, clusters: 2, people: 2, documents: 1 } });

    const elsewhere = await makePlace(target);
    const restored = await restoreInstallation({ ...elsewhere, source: backup.target, clock });
    const seconds = Math.floor((clock.nowMs() - Date.UTC(2026, 0, 1)) / 1_000);
    expect(restored).toEqual({ ok: true, value: { madeMs: clock.nowMs(), epochBefore: 1, epoch: seconds } });
    const again = await start(elsewhere);
    expect(again.epoch).toBe(seconds);
    const left = await again.store.read(async (db) => ({
      documents: await db.selectFrom('documents').select('topic').execute(),
      signIns: await db.selectFrom('sign_ins').select('person_id').execute(),
      audit: (await db.selectFrom('audit').select('id').execute()).length,
    }));
    expect(left).toEqual({ documents: [], signIns: [], audit: (backup.manifest.rows.audit ?? 0) + 1 });
    await again.store.write((tx) => tx.insertInto('audit').values(auditLine('life goes on')).execute());
    expect(await readFile(join(again.places.clips, clip.slice(0, 2), clip), 'utf8')).toBe('sound');
    const document = again.keys.sign({ n: 1 });
    const set = open({ text: running.keys.keySet().envelope, keys: [again.keys.rootKey], type: 'loa-keys' });
    expect(set.ok).toBe(true);
    expect(document.split('.')[0]).toBe(running.keys.sign({ n: 1 }).split('.')[0]);
    const peopleAgain = createPeople({ store: again.store, clock, random });
    expect(await peopleAgain.personOf(signedIn.ok ? signedIn.value.token : '')).toBeUndefined();
    expect((await peopleAgain.signIn({ login, password, from: '::1' })).ok).toBe(true);
    expect((await readdir(elsewhere.dataDir)).includes('loa.db')).toBe(target === 'sqlite');
    expect((await stat(join(again.places.keys, 'signing-key.json'))).mode & 0o777).toBe(0o600);
  });

  test('a folder or database that is not empty is not restored over', async () => {
    const { place } = await init(kind);
    const { target } = await backupOf(place);
    const over = await restoreInstallation({ ...place, source: target, clock });
    expect(over.ok ? '' : over.refusal.code).toBe(kind === 'sqlite' ? 'folder-not-empty' : 'database-not-empty');
    expect((await openAndClose(place)).epoch).toBe(1);
    const again = await backupInstallation({ ...place, target, clock });
    expect(again).toMatchObject({ ok: false, refusal: { code: 'folder-not-empty' } });
  });
});

test('the epoch always grows, also with a clock that stands in the past', async () => {
  let { place } = await init('sqlite');
  let epoch = 1;
  for (const nowMs of [clock.nowMs(), 0, clock.nowMs()]) {
    const { target } = await backupOf(place);
    const next = await makePlace('sqlite');
    const restored = await restoreInstallation({ ...next, source: target, clock: { nowMs: () => nowMs } });
    expect(restored.ok && restored.value.epoch).toBeGreaterThan(epoch);
    epoch = restored.ok ? restored.value.epoch : 0;
    place = next;
  }
});

test.each([
  ['a clip was changed', async (backup: string) => writeFile(await firstClip(backup), 'other')],
  ['a clip is missing', async (backup: string) => rm(await firstClip(backup))],
  ['the database was changed', (backup: string) => writeFile(join(backup, 'loa.db'), 'x', { flag: 'a' })],
  ['the manifest is missing: it was interrupted', (backup: string) => rm(join(backup, 'manifest.json'))],
  ['the manifest is damaged', (backup: string) => writeFile(join(backup, 'manifest.json'), '{')],
  [
    'the manifest points out of the folder',
    async (backup: string) => {
      const path = join(backup, 'manifest.json');
      await writeFile(path, (await readFile(path, 'utf8')).replace('keys/key-set.jws', '../key-set.jws'));
    },
  ],
])('a backup is refused, and nothing written, when %s', async (_name, damage) => {
  const { place } = await init('sqlite');
  await addClip(join(place.dataDir, 'clips'), 'sound');
  const { target } = await backupOf(place);
  await damage(target);
  const elsewhere = await makePlace('sqlite');
  const restored = await restoreInstallation({ ...elsewhere, source: target, clock });
  expect(restored).toMatchObject({ ok: false, refusal: { code: 'bad-backup' } });
  await expect(readdir(elsewhere.dataDir)).rejects.toThrow('ENOENT');
});

test('an init or restore that was interrupted is not started from, and can be run again', async () => {
  const { place } = await init('sqlite');
  const { target } = await backupOf(place);
  const elsewhere = await makePlace('sqlite');
  const cut = { ...disk, writeSynced: cutAfter(3) };
  await expect(restoreInstallation({ ...elsewhere, disk: cut, source: target, clock })).rejects.toThrow('power cut');
  expect(await openInstallation(elsewhere)).toMatchObject({ ok: false, refusal: { code: 'installation-unfinished' } });
  expect((await restoreInstallation({ ...elsewhere, source: target, clock })).ok).toBe(true);
  expect((await openAndClose(elsewhere)).epoch).toBeGreaterThan(1);

  const fresh = await makePlace('sqlite');
  const cutInit = { ...disk, writeSynced: cutAfter(2) };
  await expect(initInstallation({ ...fresh, disk: cutInit, unitsText, random, clock })).rejects.toThrow('power cut');
  expect((await openInstallation(fresh)).ok).toBe(false);
  expect((await initInstallation({ ...fresh, unitsText, random, clock })).ok).toBe(true);
});

test('where nothing was installed, nothing starts', async () => {
  const place = await makePlace('sqlite');
  expect(await openInstallation(place)).toMatchObject({ ok: false, refusal: { code: 'not-installed' } });
  const backup = await backupInstallation({ ...place, target: join(place.dataDir, 'b'), clock });
  expect(backup).toMatchObject({ ok: false, refusal: { code: 'not-installed' } });
});

async function openAndClose(place: Awaited<ReturnType<typeof makePlace>>) {
  const opened = await openInstallation(place);
  if (!opened.ok) throw new Error(opened.refusal.en);
  await opened.value.store.close();
  return opened.value;
}

async function firstClip(backup: string): Promise<string> {
  const [shard = ''] = await readdir(join(backup, 'clips'));
  const [name = ''] = await readdir(join(backup, 'clips', shard));
  return join(backup, 'clips', shard, name);
}

function cutAfter(writes: number): typeof disk.writeSynced {
  let left = writes;
  return async (...args) => {
    left -= 1;
    if (left < 0) throw new Error('power cut');
    await disk.writeSynced(...args);
  };
}
