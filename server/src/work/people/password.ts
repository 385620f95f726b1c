/**
 * Passwords as they are stored: Argon2id (RFC 9106) in PHC form, so that parameters can rise later and old hashes still
 * be read. Hashing runs beside the loop, and only so many at once.
 */
import { argon2, timingSafeEqual } from 'node:crypto';
import { promisify } from 'node:util';
import type { Random } from '../../edges/random.ts';

const argon2Async = promisify(argon2);

/** OWASP's choice (Password Storage Cheat Sheet): 19 MiB and two passes, some 30 ms here; a farm pays it per guess. */
const memoryKib = 19_456;
const passes = 2;
const parallelism = 1;
const tagBytes = 32;
const saltBytes = 16;

/** Half of the runtime's four threads, so that guessing cannot hold what else uses them. */
const hashingMax = 2;

/** Sign-ins that may wait for a thread: a second of work. */
const waitingMax = 30;

/** Runs so many hashes at once; the rest waits in line, and what is too many is refused. */
export interface Hasher {
  /** The PHC string, or undefined when too many wait. */
  hash(password: string): Promise<string | undefined>;
  /** Whether it is the password, or undefined when too many wait. Takes the same time for every PHC string of ours. */
  matches(password: string, phc: string): Promise<boolean | undefined>;
}

export function createHasher(random: Random): Hasher {
  let running = 0;
  const waiting: (() => void)[] = [];

  async function inTurn<T>(task: () => Promise<T>): Promise<T | undefined> {
    if (running >= hashingMax) {
      if (waiting.length >= waitingMax) return undefined;
      await new Promise<void>((resolve) => waiting.push(resolve));
    } else running += 1;
    try {
      return await task();
    } finally {
      const next = waiting.shift();
      if (next === undefined) running -= 1;
      else next();
    }
  }

  return {
    hash: (password) =>
      inTurn(async () => {
        const salt = random.bytes(saltBytes);
        const tag = await derive({ password, salt, memoryKib, passes, parallelism, tagBytes });
        return `$argon2id$v=19$m=${memoryKib},t=${passes},p=${parallelism}$${unpadded(salt)}$${unpadded(tag)}`;
      }),
    matches: (password, phc) =>
      inTurn(async () => {
        const parts = readPhc(phc);
        const tag = await derive({ password, ...parts, tagBytes: parts.tag.length });
        return timingSafeEqual(tag, parts.tag);
      }),
  };
}

interface Phc {
  memoryKib: number;
  passes: number;
  parallelism: number;
  salt: Uint8Array;
  tag: Uint8Array;
}

function readPhc(phc: string): Phc {
  const match = /^\$argon2id\$v=19\$m=(\d+),t=(\d+),p=(\d+)\$([A-Za-z0-9+/]+)\$([A-Za-z0-9+/]+)$/.exec(phc);
  if (match === null) throw new Error('A stored password is not in PHC form');
  const [, memory, time, lanes, salt, tag] = match;
  return {
    memoryKib: Number(memory),
    passes: Number(time),
    parallelism: Number(lanes),
    salt: Buffer.from(salt ?? '', 'base64'),
    tag: Buffer.from(tag ?? '', 'base64'),
  };
}

async function derive(options: Omit<Phc, 'tag'> & { password: string; tagBytes: number }): Promise<Buffer> {
  return await argon2Async('argon2id', {
    // The same letters typed on another keyboard may come in the other normal form.
    message: options.password.normalize('NFC'),
    nonce: options.salt,
    memory: options.memoryKib,
    passes: options.passes,
    parallelism: options.parallelism,
    tagLength: options.tagBytes,
  });
}

function unpadded(bytes: Uint8Array): string {
  return Buffer.from(bytes).toString('base64').replaceAll('=', '');
}
