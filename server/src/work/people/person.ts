/**
 * A person as a row and as the panel sees it; what a login and a password must be. Pure, but for the hash it is given.
 */
import { type Person, type Role, rightsOf, roles } from '@loa/protocol/panel';
import { z } from 'zod';
import { newId, type Random } from '../../edges/random.ts';
import type { PeopleTable } from '../../keep/store/schema.ts';
import type { Refusal } from '../../refusal.ts';
import { badLogin, weakPassword } from './people-refusals.ts';

/** NIST SP 800-63B asks for length, not for signs. */
const passwordLengthMin = 12;
const passwordLengthMax = 200;
/** `aaaaaaaaaaaa` is long, and no password. */
const distinctCharactersMin = 5;

export interface NewPerson {
  login: string;
  name: string;
  role: Role;
  areaId: string;
  password: string;
}

/** A login as it is stored and looked up: without outer spaces, lower case. */
export function foldLogin(login: string): string {
  return login.trim().normalize('NFC').toLowerCase();
}

/** Why this person cannot be made, undefined when it can. */
export function judgeNewPerson(person: NewPerson): Refusal | undefined {
  const login = foldLogin(person.login);
  if (!/^[a-z0-9][a-z0-9._-]{1,63}$/.test(login)) return badLogin;
  const password = person.password.normalize('NFC').toLowerCase();
  const isWeak =
    [...password].length < passwordLengthMin ||
    password.length > passwordLengthMax ||
    new Set(password).size < distinctCharactersMin ||
    password.includes(login);
  return isWeak ? weakPassword : undefined;
}

export function newPersonRow(
  person: NewPerson,
  made: { random: Random; passwordHash: string; nowMs: number },
): PeopleTable {
  return {
    id: newId(made.random, 'u'),
    login: foldLogin(person.login),
    name: person.name.trim().normalize('NFC'),
    role: person.role,
    area_id: person.areaId,
    password_hash: made.passwordHash,
    created_ms: made.nowMs,
    disabled_ms: null,
  };
}

/** The person with the rights of the role. */
export function personOfRow(row: Pick<PeopleTable, 'id' | 'login' | 'name' | 'role' | 'area_id'>): Person {
  const role = z.enum(roles).parse(row.role);
  return { id: row.id, login: row.login, name: row.name, role, areaId: row.area_id, rights: [...rightsOf[role]] };
}
