/**
 * Every step from an empty database to `schema.ts`, oldest first. A step that has been released is never changed; the
 * next one is added below.
 */
import { first } from './0001-first.ts';
import { rests } from './0002-rests.ts';
import { law } from './0003-law.ts';
import { pole } from './0004-pole.ts';
import type { Migration } from './migration.ts';

export const migrations: readonly Migration[] = [first, rests, law, pole];
