/** Silence by one press: which places rest, until when, why and by whom. Kept after its end, as the log of it. */
import type { Migration } from './migration.ts';

export const rests: Migration = {
  name: '0002-rests',
  statements: ({ integer, text, end }) => [
    `create table rests (
      id ${text} primary key,
      request_id ${text} not null,
      area_ids ${text} not null,
      cluster_ids ${text} not null,
      from_ms ${integer} not null,
      until_ms ${integer} not null,
      reason ${text} not null,
      created_by ${text} not null,
      created_ms ${integer} not null,
      ended_ms ${integer},
      unique (created_by, request_id)
    ) ${end}`,
    'create index rests_until on rests (until_ms)',
  ],
};
