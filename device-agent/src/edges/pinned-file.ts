/** The file that holds the pinned authorities. */
import { readFileSync } from 'node:fs';
import { parsePins } from './pinned-authority.ts';

/** Its PEM text; throws with the file's name and what is wrong with it. */
export function readPinnedAuthorities(path: string): string {
  try {
    const pem = readFileSync(path, 'utf8');
    parsePins(pem);
    return pem;
  } catch (error) {
    throw new Error(`LOA_CA_FILE ${path}: ${error instanceof Error ? error.message : String(error)}`);
  }
}
