/** The root key leaves the server on paper alone; a misread character is told; a rotation overlaps. */
import { copyFile, readdir, readFile, rm, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { keyFromSeed, keyId, keySetSchema, open, publicPart } from '@loa/protocol/device';
import { machineDisk } from '@loa/server/edges/disk.ts';
import { machineRandom } from '@loa/server/edges/random.ts';
import { decodeCrockford, encodeCrockford } from '@loa/server/keep/keys/crockford.ts';
import { printRootSeed, readRootSeed } from '@loa/server/keep/keys/root-seed.ts';
import { makeSigningKeys, openSigningKeys, rotateSigningKey } from '@loa/server/keep/keys/signing-keys.ts';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { makeFolder } from '../../harness/stores.ts';

const nowMs = Date.UTC(2026, 10, 23);

test('every seed is read back from its paper, and from careless typing of it', () => {
  fc.assert(
    fc.property(fc.uint8Array({ minLength: 32, maxLength: 32 }), (seed) => {
      const text = printRootSeed(seed);
      expect(text).toMatch(/^([0-9A-Z]{4}-){13}[0-9A-Z]{4}$/);
      const careless = text.toLowerCase().replaceAll('-', ' ').replaceAll('0', 'o').replaceAll('1', 'l');
      expect(readRootSeed(text)).toEqual(seed);
      expect(readRootSeed(careless)).toEqual(seed);
    }),
  );
});

test('one wrong character is noticed, wherever it stands', () => {
  const text = printRootSeed(machineRandom.bytes(32));
  for (const [at, letter] of [...text].entries()) {
    if (letter === '-') continue;
    const wrong = text.slice(0, at) + (letter === '7' ? '8' : '7') + text.slice(at + 1);
    expect(readRootSeed(wrong), `character ${at}`).toBeUndefined();
  }
  expect(readRootSeed(text.slice(0, -1))).toBeUndefined();
  expect(readRootSeed(`${text}7`)).toBeUndefined();
});

test('base32 gives every length of bytes back', () => {
  fc.assert(
    fc.property(fc.uint8Array({ maxLength: 40 }), (bytes) => {
      expect(decodeCrockford(encodeCrockford(bytes))).toEqual(bytes);
    }),
  );
});

test('no file holds the root seed, and only the owner may read the signing key', async () => {
  const folder = join(await makeFolder(), 'keys');
  const { rootSeedText } = await makeSigningKeys({ folder, disk: machineDisk, random: machineRandom });
  const seed = Buffer.from(readRootSeed(rootSeedText) ?? []);
  expect(seed).toHaveLength(32);
  const files = await readdir(folder);
  expect(files).toEqual(['key-set.jws', 'root-public.json', 'signing-key.json']);
  for (const file of files) {
    const content = await readFile(join(folder, file));
    for (const form of [seed, seed.toString('base64url'), seed.toString('hex'), rootSeedText])
      expect(content.includes(form)).toBe(false);
  }
  expect((await stat(join(folder, 'signing-key.json'))).mode & 0o777).toBe(0o600);
  const keys = await openSigningKeys({ folder, disk: machineDisk });
  expect(keyId(keys.rootKey)).toBe(keyId(publicPart(keyFromSeed(seed))));
});

test('what is signed is believed by who knows the root key alone, before and after a rotation', async () => {
  const folder = join(await makeFolder(), 'keys');
  const place = { folder, disk: machineDisk, random: machineRandom };
  const { rootSeedText } = await makeSigningKeys(place);
  const before = await openSigningKeys(place);
  const oldDocument = before.sign({ n: 1 });
  const rotated = await rotateSigningKey({ ...place, rootSeedText, nowMs });
  const after = await openSigningKeys(place);
  const newDocument = after.sign({ n: 2 });

  expect(after.keySet().number).toBeGreaterThan(before.keySet().number);
  expect(rotated).toEqual({ ok: true, value: { number: after.keySet().number } });
  const opened = open({ text: after.keySet().envelope, keys: [before.rootKey], type: 'loa-keys' });
  const set = keySetSchema.parse(opened.ok ? opened.payload : undefined);
  for (const text of [oldDocument, newDocument])
    expect(open({ text, keys: set.keys, type: 'loa-document' }).ok).toBe(true);
  const again = await rotateSigningKey({ ...place, rootSeedText, nowMs: 0 });
  expect(again).toEqual({ ok: true, value: { number: after.keySet().number + 1 } });
});

test('a rotation with another root key, or a misread one, changes nothing', async () => {
  const folder = join(await makeFolder(), 'keys');
  const place = { folder, disk: machineDisk, random: machineRandom, nowMs };
  await makeSigningKeys(place);
  const before = await readFile(join(folder, 'signing-key.json'), 'utf8');
  for (const rootSeedText of [printRootSeed(machineRandom.bytes(32)), 'ABCD'])
    expect(await rotateSigningKey({ ...place, rootSeedText })).toMatchObject({
      ok: false,
      refusal: { code: 'wrong-root-key' },
    });
  expect(await readFile(join(folder, 'signing-key.json'), 'utf8')).toBe(before);
  await expect(makeSigningKeys(place)).rejects.toThrow('There are keys');
});

test('keys that do not belong together are refused at start', async () => {
  const [one, other] = [join(await makeFolder(), 'keys'), join(await makeFolder(), 'keys')];
  for (const folder of [one, other]) await makeSigningKeys({ folder, disk: machineDisk, random: machineRandom });
  await copyFile(join(other, 'signing-key.json'), join(one, 'signing-key.json'));
  await expect(openSigningKeys({ folder: one, disk: machineDisk })).rejects.toThrow('not in the key set');
  await copyFile(join(other, 'key-set.jws'), join(one, 'key-set.jws'));
  await expect(openSigningKeys({ folder: one, disk: machineDisk })).rejects.toThrow('not signed by the root key');
  await rm(join(one, 'key-set.jws'));
  await expect(openSigningKeys({ folder: one, disk: machineDisk })).rejects.toThrow('not complete');
});
