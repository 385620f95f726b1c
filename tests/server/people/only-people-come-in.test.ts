/** Who signs in is who was made a person; guessing is slowed; nothing that is stored lets anybody in. */
import { createPeople } from '@loa/server/work/people/people.ts';
import { describe, expect, test } from 'vitest';
import { createHandClock, createSeededRandom } from '../../harness/hand-clock.ts';
import { makeStore, type StoreKind } from '../../harness/stores.ts';
import { addTown } from '../store/town.ts';

const password = 'nắng gió Phan Thiết 2026';
const person = { login: 'canbo', name: 'Cán bộ', role: 'officer', areaId: 'commune', password } as const;
const from = '10.0.0.1';

async function makePeople(kind: StoreKind = 'sqlite-inline', freeFailuresPerAddress?: number) {
  const store = await makeStore(kind);
  await addTown(store);
  const clock = createHandClock();
  const people = createPeople({ store, clock, random: createSeededRandom('people'), freeFailuresPerAddress });
  return { store, clock, people };
}

describe.each(['sqlite-threads', 'sqlite-inline', 'postgres'] as const)('on %s', (kind) => {
  test('a person signs in, is known by the token, signs out', async () => {
    const { people, store } = await makePeople(kind);
    const made = await people.create(person);
    const signedIn = await people.signIn({ login: ' CanBo ', password: password.normalize('NFD'), from });
    if (!made.ok || !signedIn.ok) throw new Error('not let in');
    expect(signedIn.value.person).toEqual(made.value);
    expect(made.value).toMatchObject({ login: 'canbo', role: 'officer', rights: ['see', 'schedule'] });
    expect(await people.personOf(signedIn.value.token)).toEqual(made.value);
    const everything = JSON.stringify(
      await store.read(async (db) => [
        await db.selectFrom('people').selectAll().execute(),
        await db.selectFrom('sign_ins').selectAll().execute(),
      ]),
    );
    expect(everything).toContain('$argon2id$v=19$m=19456,t=2,p=1$');
    expect(everything).not.toContain(signedIn.value.token);
    await people.signOut(signedIn.value.token);
    expect(await people.personOf(signedIn.value.token)).toBeUndefined();
  });

  test('a login is given once, in an area that exists, with a password that is one', async () => {
    const { people } = await makePeople(kind);
    expect((await people.create(person)).ok).toBe(true);
    const codeOf = async (change: Partial<Parameters<typeof people.create>[0]>) => {
      const result = await people.create({ ...person, login: 'khac', ...change });
      return result.ok ? 'accepted' : result.refusal.code;
    };
    expect(await codeOf({ login: 'Canbo' })).toBe('login-taken');
    expect(await codeOf({ areaId: 'nowhere' })).toBe('unknown-area');
    expect(await codeOf({ login: 'x' })).toBe('bad-login');
    expect(await codeOf({ password: 'ngắn quá' })).toBe('weak-password');
    expect(await codeOf({ password: 'aaaaaaaaaaaaaaaa' })).toBe('weak-password');
    expect(await codeOf({ password: 'khac-khac-2026-xa' })).toBe('weak-password');
    expect(await codeOf({})).toBe('accepted');
  });
});

test('a wrong password and an unknown login get the same answer', async () => {
  const { people } = await makePeople();
  await people.create(person);
  const wrong = await people.signIn({ login: 'canbo', password: 'x'.repeat(20), from });
  const unknown = await people.signIn({ login: 'nobody', password: 'x'.repeat(20), from });
  expect(wrong).toEqual(unknown);
  expect(wrong).toMatchObject({ ok: false, refusal: { code: 'wrong-sign-in', status: 401 } });
});

test('who guesses waits longer and longer, also with many guesses at once; the right one in time clears it', async () => {
  const { people, clock } = await makePeople();
  await people.create(person);
  const guess = () => people.signIn({ login: 'canbo', password: 'wrong wrong wrong', from });
  const codes = (await Promise.all(Array.from({ length: 20 }, guess))).map((each) => !each.ok && each.refusal.code);
  expect(codes.filter((code) => code === 'wrong-sign-in')).toHaveLength(5);
  expect(codes.filter((code) => code === 'too-many-attempts')).toHaveLength(15);
  const right = () => people.signIn({ login: 'canbo', password, from: '10.0.0.2' });
  expect(await right()).toMatchObject({ refusal: { code: 'too-many-attempts', status: 429 } });
  clock.advance(1_000);
  expect(await guess()).toMatchObject({ refusal: { code: 'wrong-sign-in' } });
  clock.advance(1_999);
  expect(await guess()).toMatchObject({ refusal: { code: 'too-many-attempts' } });
  clock.advance(1);
  expect((await right()).ok).toBe(true);
  expect(await guess()).toMatchObject({ refusal: { code: 'wrong-sign-in' } });
});

test('one address that tries many logins is slowed as well', async () => {
  const { people } = await makePeople('sqlite-inline', 4);
  const codes: string[] = [];
  for (let index = 0; index < 6; index += 1) {
    const result = await people.signIn({ login: `nobody${index}`, password: 'x', from });
    codes.push(result.ok ? 'in' : result.refusal.code);
  }
  expect(codes.slice(0, 4)).toEqual(Array(4).fill('wrong-sign-in'));
  expect(codes.at(-1)).toBe('too-many-attempts');
});

test('a sign-in lasts as long as it is used, and a week at most', async () => {
  const { people, clock } = await makePeople();
  await people.create(person);
  const signedIn = await people.signIn({ login: 'canbo', password, from });
  if (!signedIn.ok) throw new Error('not let in');
  const { token } = signedIn.value;
  for (let hour = 0; hour < 7 * 24; hour += 11) {
    expect(await people.personOf(token), `after ${hour} h`).toBeDefined();
    clock.advance(11 * 3_600_000);
  }
  expect(await people.personOf(token)).toBeUndefined();
  const second = await people.signIn({ login: 'canbo', password, from });
  clock.advance(12 * 3_600_000);
  expect(await people.personOf(second.ok ? second.value.token : '')).toBeUndefined();
});

test('a person who was disabled is out at once', async () => {
  const { people, store } = await makePeople();
  await people.create(person);
  const signedIn = await people.signIn({ login: 'canbo', password, from });
  await store.write((tx) => tx.updateTable('people').set({ disabled_ms: 1 }).execute());
  expect(await people.personOf(signedIn.ok ? signedIn.value.token : '')).toBeUndefined();
  expect((await people.signIn({ login: 'canbo', password, from })).ok).toBe(false);
});
