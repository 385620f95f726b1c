/**
 * Who may come in to the panel: signs people in, knows them by their token, signs them out, makes them. Tokens are kept
 * only as hashes; guessing is slowed down per login and per address, and an unknown login costs as much as a known one.
 */
import { createHash } from 'node:crypto';
import type { Person } from '@loa/protocol/panel';
import type { Clock } from '../../edges/clock.ts';
import type { Random } from '../../edges/random.ts';
import { QueryFailed } from '../../keep/store/query-failed.ts';
import type { Store } from '../../keep/store/store.ts';
import { accept, type Result, refuse } from '../../refusal.ts';
import type { People } from '../contracts.ts';
import { createAttempts } from './attempts.ts';
import { createHasher } from './password.ts';
import { loginTaken, signInBusy, tooManyAttempts, unknownHome, wrongSignIn } from './people-refusals.ts';
import { foldLogin, judgeNewPerson, newPersonRow, personOfRow } from './person.ts';

/** A sign-in ends after this long without use: a working day. */
const signInLifeMs = 12 * 3_600_000;

/** And after this long in any case. */
const signInLifeMsMax = 7 * 24 * 3_600_000;

/** Use moves the end only when that gains this much, so that reading pages does not write each time. */
const slideMsMin = 5 * 60_000;

/** A person mistypes; a commune's whole office, or a province behind one address, mistypes more. */
const freeFailuresPerLogin = 5;
const freeFailuresPerAddressDefault = 100;

const tokenBytes = 32;

export interface PeoplePorts {
  store: Store;
  clock: Clock;
  random: Random;
  /** Wrong sign-ins from one address that cost no wait. Default 100. */
  freeFailuresPerAddress?: number | undefined;
}

export function createPeople(ports: PeoplePorts): People {
  const { store, clock, random } = ports;
  const hasher = createHasher(random);
  const monotonicMs = () => clock.monotonicMs();
  const perLogin = createAttempts({ monotonicMs, freeFailures: freeFailuresPerLogin });
  const perAddress = createAttempts({
    monotonicMs,
    freeFailures: ports.freeFailuresPerAddress ?? freeFailuresPerAddressDefault,
  });
  let decoy: Promise<string | undefined> | undefined;

  /** A hash that no password fits, so that an unknown login takes as long as a known one. */
  async function decoyHash(): Promise<string | undefined> {
    decoy ??= hasher.hash(Buffer.from(random.bytes(32)).toString('hex'));
    const hash = await decoy;
    if (hash === undefined) decoy = undefined;
    return hash;
  }

  async function signIn(input: {
    login: string;
    password: string;
    from: string;
  }): Promise<Result<{ token: string; person: Person; expiresMs: number }>> {
    const login = foldLogin(input.login).slice(0, 100);
    const waitMs = Math.max(perLogin.waitMs(login), perAddress.waitMs(input.from));
    if (waitMs > 0) return refuse(tooManyAttempts(waitMs));
    perLogin.count(login);
    perAddress.count(input.from);
    const decoyPhc = await decoyHash();
    const row = await store.read((db) =>
      db
        .selectFrom('people')
        .selectAll()
        .where('login', '=', login)
        .where('disabled_ms', 'is', null)
        .executeTakeFirst(),
    );
    const phc = row?.password_hash ?? decoyPhc;
    const isRight = phc === undefined ? undefined : await hasher.matches(input.password, phc);
    if (isRight === undefined) {
      perLogin.forgive(login, 'one');
      perAddress.forgive(input.from, 'one');
      return refuse(signInBusy);
    }
    if (row === undefined || !isRight) return refuse(wrongSignIn);
    perLogin.forgive(login, 'all');
    perAddress.forgive(input.from, 'one');
    const token = Buffer.from(random.bytes(tokenBytes)).toString('base64url');
    const nowMs = clock.nowMs();
    const expiresMs = nowMs + signInLifeMs;
    await store.write(async (tx) => {
      await tx.deleteFrom('sign_ins').where('expires_ms', '<=', nowMs).execute();
      await tx
        .insertInto('sign_ins')
        .values({ token_hash: hashOf(token), person_id: row.id, created_ms: nowMs, expires_ms: expiresMs })
        .execute();
    });
    return accept({ token, person: personOfRow(row), expiresMs });
  }

  async function personOf(token: string): Promise<Person | undefined> {
    const tokenHash = hashOf(token);
    const row = await store.read((db) =>
      db
        .selectFrom('sign_ins')
        .innerJoin('people', 'people.id', 'sign_ins.person_id')
        .select(['people.id', 'people.login', 'people.name', 'people.role', 'people.area_id'])
        .select(['sign_ins.created_ms', 'sign_ins.expires_ms'])
        .where('sign_ins.token_hash', '=', tokenHash)
        .where('people.disabled_ms', 'is', null)
        .executeTakeFirst(),
    );
    const nowMs = clock.nowMs();
    if (row === undefined || row.expires_ms <= nowMs) return undefined;
    const expiresMs = Math.min(nowMs + signInLifeMs, row.created_ms + signInLifeMsMax);
    if (expiresMs - row.expires_ms >= slideMsMin)
      await store.write((tx) =>
        tx.updateTable('sign_ins').set({ expires_ms: expiresMs }).where('token_hash', '=', tokenHash).execute(),
      );
    return personOfRow(row);
  }

  return {
    signIn,
    personOf,
    signOut: async (token) => {
      await store.write((tx) => tx.deleteFrom('sign_ins').where('token_hash', '=', hashOf(token)).execute());
    },
    create: async (input) => {
      const refusal = judgeNewPerson(input);
      if (refusal !== undefined) return refuse(refusal);
      const passwordHash = await hasher.hash(input.password);
      if (passwordHash === undefined) return refuse(signInBusy);
      const row = newPersonRow(input, { random, passwordHash, nowMs: clock.nowMs() });
      try {
        await store.write((tx) => tx.insertInto('people').values(row).execute());
      } catch (error) {
        if (error instanceof QueryFailed && error.kind === 'duplicate') return refuse(loginTaken(row.login));
        if (error instanceof QueryFailed && error.kind === 'reference') return refuse(unknownHome);
        throw error;
      }
      return accept(personOfRow(row));
    },
  };
}

function hashOf(token: string): string {
  return createHash('sha256').update(token).digest('hex');
}
