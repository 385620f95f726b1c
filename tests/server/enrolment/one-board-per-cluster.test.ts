/** A board belongs to a cluster by a one-time code and its own key, and to none once it has been replaced. */
import { enrolAnswerSchema, keyFromSeed, publicPart, seal } from '@loa/protocol/device';
import type { Person } from '@loa/protocol/panel';
import { createEnrolment } from '@loa/server/work/enrolment/enrolment.ts';
import { describe, expect, test } from 'vitest';
import { createHandClock, createSeededRandom } from '../../harness/hand-clock.ts';
import { makeStore, type StoreKind, storeKinds } from '../../harness/stores.ts';
import { addTown } from '../store/town.ts';

const technician: Person = {
  id: 'u1',
  login: 'kythuat',
  name: 'Kỹ thuật',
  role: 'technician',
  areaId: 'commune',
  rights: ['see', 'repair', 'enrol'],
};

const capabilities = { formats: ['ogg-opus'], probes: [], stream: false, clockKept: false, deviceKind: 'receiver' };

async function makeEnrolment(kind: StoreKind = 'sqlite-inline') {
  const store = await makeStore(kind);
  await addTown(store);
  const clock = createHandClock();
  const random = createSeededRandom('enrolment');
  const told: string[] = [];
  const enrolment = createEnrolment({
    store,
    clock,
    random,
    keys: { rootKey: publicPart(keyFromSeed(random.bytes(32))), keySet: () => ({ envelope: 'the key set' }) },
    onEnrolled: async (deviceId) => {
      told.push(`enrolled ${deviceId}`);
    },
    onRevoked: async (deviceId) => {
      told.push(`revoked ${deviceId}`);
    },
  });
  const code = async (clusterId = 'c1') => {
    const made = await enrolment.makeClaimCode(technician, clusterId);
    if (!made.ok) throw new Error(made.refusal.en);
    return made.value.claimCode;
  };
  const board = (name: string) => {
    const key = keyFromSeed(createSeededRandom(name).bytes(32));
    const request = { publicKey: publicPart(key), capabilities, board: name, agentVersion: '1' };
    return {
      enrol: (claimCode: string) => enrolment.enrol({ ...request, claimCode }),
      proof: (deviceId: string, nonce: string) => seal({ payload: { deviceId, nonce }, key, type: 'loa-nonce' }),
      signIn: async (deviceId: string) => {
        const nonce = await enrolment.nonce({ deviceId });
        const proof = seal({
          payload: { deviceId, nonce: nonce.ok ? nonce.value.nonce : '' },
          key,
          type: 'loa-nonce',
        });
        return await enrolment.token({ proof });
      },
    };
  };
  return { store, clock, enrolment, told, code, board };
}

function codeOf(result: { ok: true } | { ok: false; refusal: { code: string } }): string {
  return result.ok ? 'ok' : result.refusal.code;
}

describe.each(storeKinds)('on %s', (kind) => {
  test('a board enrols, signs in by its key, and is known by its token', async () => {
    const { enrolment, clock, told, code, board } = await makeEnrolment(kind);
    const claimCode = await code();
    expect(claimCode).toMatch(/^[0-9A-HJKMNP-TV-Z]{5}-[0-9A-HJKMNP-TV-Z]{5}$/);
    const answer = await board('A').enrol(claimCode.toLowerCase().replace('-', ' '));
    if (!answer.ok) throw new Error(answer.refusal.en);
    expect(enrolAnswerSchema.parse(answer.value)).toMatchObject({ clusterName: 'Chợ', keys: 'the key set' });
    const { deviceId } = answer.value;
    expect(deviceId).toMatch(/^d[a-z2-7]{16}$/);
    expect(told).toEqual([`enrolled ${deviceId}`]);
    const signedIn = await board('A').signIn(deviceId);
    if (!signedIn.ok) throw new Error(signedIn.refusal.en);
    expect(enrolment.deviceOf(signedIn.value.token)).toEqual({ deviceId, clusterId: 'c1' });
    expect(enrolment.deviceOf(`${signedIn.value.token}x`)).toBeUndefined();
    clock.advance(15 * 60_000);
    expect(enrolment.deviceOf(signedIn.value.token)).toBeUndefined();
  });

  test('the next board takes the place of the former, whose token and key count no more', async () => {
    const { enrolment, told, code, board, store } = await makeEnrolment(kind);
    const first = await board('A').enrol(await code());
    const firstId = first.ok ? first.value.deviceId : '';
    const token = await board('A').signIn(firstId);
    const second = await board('B').enrol(await code());
    const secondId = second.ok ? second.value.deviceId : '';
    expect(secondId).not.toBe(firstId);
    expect(told).toEqual([`enrolled ${firstId}`, `revoked ${firstId}`, `enrolled ${secondId}`]);
    expect(enrolment.deviceOf(token.ok ? token.value.token : '')).toBeUndefined();
    expect(codeOf(await board('A').signIn(firstId))).toBe('device-not-known');
    expect(codeOf(await board('B').signIn(secondId))).toBe('ok');
    const rows = await store.read((db) =>
      db.selectFrom('devices').select('id').where('revoked_ms', 'is', null).execute(),
    );
    expect(rows).toEqual([{ id: secondId }]);
  });

  test('a code works once; a lost answer does no harm', async () => {
    const { clock, told, code, board } = await makeEnrolment(kind);
    const claimCode = await code();
    const [one, two] = await Promise.all([board('A').enrol(claimCode), board('A').enrol(claimCode)]);
    expect(one.ok && two.ok && one.value.deviceId === two.value.deviceId).toBe(true);
    expect(codeOf(await board('B').enrol(claimCode))).toBe('claim-code-used');
    clock.advance(3_600_000);
    expect(codeOf(await board('A').enrol(claimCode))).toBe('ok');
    clock.advance(1);
    expect(codeOf(await board('A').enrol(claimCode))).toBe('claim-code-used');
    expect(new Set(told).size).toBe(1);
  });
});

test('a code ends after a day, and when the next one is made for the cluster', async () => {
  const { clock, code, board } = await makeEnrolment();
  const old = await code();
  clock.advance(24 * 3_600_000);
  expect(codeOf(await board('A').enrol(old))).toBe('claim-code-unknown');
  const replaced = await code();
  const newest = await code();
  expect(codeOf(await board('A').enrol(replaced))).toBe('claim-code-unknown');
  expect(codeOf(await board('A').enrol(newest))).toBe('ok');
});

test('codes are made only by who may, for clusters of the own area', async () => {
  const { enrolment, store } = await makeEnrolment();
  const refusedFor = async (person: Person, clusterId: string) =>
    codeOf(await enrolment.makeClaimCode(person, clusterId));
  expect(await refusedFor({ ...technician, rights: ['see', 'schedule'] }, 'c1')).toBe('no-right');
  expect(await refusedFor({ ...technician, areaId: 'elsewhere' }, 'c1')).toBe('unknown-cluster');
  expect(await refusedFor(technician, 'c9')).toBe('unknown-cluster');
  const made = await enrolment.makeClaimCode(technician, 'c1');
  const stored = JSON.stringify(await store.read((db) => db.selectFrom('claim_codes').selectAll().execute()));
  expect(stored).not.toContain(made.ok ? made.value.claimCode.slice(0, 5) : '');
});

test('a nonce counts once, for its device, for a minute', async () => {
  const { enrolment, clock, code, board } = await makeEnrolment();
  const enrolled = await board('A').enrol(await code());
  const deviceId = enrolled.ok ? enrolled.value.deviceId : '';
  const nonceFor = async (id: string) => {
    const nonce = await enrolment.nonce({ deviceId: id });
    return nonce.ok ? nonce.value.nonce : '';
  };
  const nonce = await nonceFor(deviceId);
  const proof = board('A').proof(deviceId, nonce);
  expect(codeOf(await enrolment.token({ proof }))).toBe('ok');
  expect(codeOf(await enrolment.token({ proof }))).toBe('nonce-expired');
  expect(codeOf(await enrolment.token({ proof: board('A').proof(deviceId, await nonceFor('another')) }))).toBe(
    'nonce-expired',
  );
  expect(codeOf(await enrolment.token({ proof: board('A').proof(deviceId, 'made.up.nonce') }))).toBe('nonce-expired');
  expect(codeOf(await enrolment.token({ proof: board('B').proof(deviceId, await nonceFor(deviceId)) }))).toBe(
    'bad-proof',
  );
  const late = board('A').proof(deviceId, await nonceFor(deviceId));
  clock.advance(60_000);
  expect(codeOf(await enrolment.token({ proof: late }))).toBe('nonce-expired');
});

test('asking for a hundred thousand nonces pushes nobody else out', async () => {
  const { enrolment, code, board } = await makeEnrolment();
  const enrolled = await board('A').enrol(await code());
  const deviceId = enrolled.ok ? enrolled.value.deviceId : '';
  const nonce = await enrolment.nonce({ deviceId });
  for (let count = 0; count < 100_000; count += 1) await enrolment.nonce({ deviceId: `x${count}` });
  const proof = board('A').proof(deviceId, nonce.ok ? nonce.value.nonce : '');
  expect(codeOf(await enrolment.token({ proof }))).toBe('ok');
});

test('guessing codes is bounded for all addresses together, and a mistyped one does not stop the next', async () => {
  const { clock, code, board } = await makeEnrolment();
  const claimCode = await code();
  for (let count = 0; count < 600; count += 1)
    expect(codeOf(await board('X').enrol('7777777777'))).toBe('claim-code-unknown');
  expect(codeOf(await board('X').enrol('7777777777'))).toBe('too-many-attempts');
  expect(codeOf(await board('A').enrol(claimCode))).toBe('too-many-attempts');
  clock.advance(60_000);
  expect(codeOf(await board('A').enrol(claimCode))).toBe('ok');
});

test('whatever else comes in at the door is refused, not thrown', async () => {
  const { enrolment } = await makeEnrolment();
  for (const input of [undefined, null, 7, 'x', [], {}, { claimCode: 'short' }, { proof: 'a.b.c' }, { proof: '' }]) {
    expect(codeOf(await enrolment.enrol(input))).toBe('malformed-request');
    expect(codeOf(await enrolment.nonce(input))).toBe('malformed-request');
    expect(codeOf(await enrolment.token(input))).toBe('malformed-request');
  }
});
