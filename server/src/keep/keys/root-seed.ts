/**
 * The root key as it stands on paper: 32 bytes in groups of four characters, and a last group that tells a misread
 * character. The server makes it once, prints it, and forgets it.
 */
import { createHash } from 'node:crypto';
import { decodeCrockford, encodeCrockford, grouped, plainCrockford } from './crockford.ts';

const seedBytes = 32;
/** 256 bits and four zero bits. */
const seedCharacters = 52;
/** 20 bits: one misreading in a million passes. */
const checkCharacters = 4;

/** `7KQ2-…`: 14 groups of four, the last one the check. */
export function printRootSeed(seed: Uint8Array): string {
  if (seed.length !== seedBytes) throw new Error('A root seed has 32 bytes');
  return grouped(encodeCrockford(seed) + checkOf(seed), 4);
}

/** What was typed from the paper, or undefined when a character is wrong or missing. */
export function readRootSeed(text: string): Uint8Array | undefined {
  const characters = plainCrockford(text);
  if (characters.length !== seedCharacters + checkCharacters) return undefined;
  const seed = decodeCrockford(characters.slice(0, seedCharacters));
  if (seed === undefined) return undefined;
  return encodeCrockford(seed) + checkOf(seed) === characters ? seed : undefined;
}

function checkOf(seed: Uint8Array): string {
  return encodeCrockford(createHash('sha256').update('loa root seed').update(seed).digest()).slice(0, checkCharacters);
}
