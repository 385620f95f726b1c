/**
 * The pole as the server knows it: what a device senses of itself and how its newest test came out, what people asked of
 * it, releases of its program, whether amplifiers stay on, and which outcomes nobody heard.
 */
import type { Migration } from './migration.ts';

export const pole: Migration = {
  name: '0004-pole',
  statements: ({ integer, text, end }) => [
    `alter table areas add column amplifier ${text}`,
    `alter table airings add column shadow ${integer}`,
    `alter table devices add column readings ${text}`,
    `alter table devices add column readings_ms ${integer}`,
    `alter table devices add column last_test ${text}`,

    `create table services (
      id ${text} primary key,
      request_id ${text} not null,
      cluster_id ${text} not null references clusters (id),
      device_id ${text} not null references devices (id),
      kind ${text} not null,
      created_by ${text} not null,
      created_ms ${integer} not null,
      expires_ms ${integer} not null,
      result ${text},
      ended_ms ${integer},
      verdict ${text},
      reason ${text},
      evidence ${text},
      release_number ${integer},
      log_bytes ${integer},
      log_gone_ms ${integer},
      unique (created_by, request_id)
    ) ${end}`,
    'create index services_cluster on services (cluster_id, created_ms)',
    'create index services_device on services (device_id, created_ms)',
    'create index services_in_force on services (expires_ms) where result is null',

    `create table releases (
      number ${integer} primary key,
      version ${text} not null,
      hash ${text} not null,
      size_bytes ${integer} not null,
      envelope ${text} not null,
      added_ms ${integer} not null
    ) ${end}`,
  ],
};
