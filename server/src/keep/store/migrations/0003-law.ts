/**
 * The law of places: limits, sessions, languages and volume of areas and clusters, rest days, holidays, exceptions,
 * turns; units that change and named groups; what comes down to communes and how they answered.
 */
import type { Migration } from './migration.ts';

export const law: Migration = {
  name: '0003-law',
  statements: ({ integer, text, end }) => [
    ...[
      'limits',
      'sessions',
      'languages',
      'volume',
      'valid_from',
      'valid_until',
      'predecessor_ids',
      'member_area_ids',
      'member_cluster_ids',
      'approval',
    ].map((column) => `alter table areas add column ${column} ${text}`),
    ...['former_area_ids', 'languages', 'volume'].map((column) => `alter table clusters add column ${column} ${text}`),
    ...['cluster_ids', 'slot', 'versions', 'made_in', 'origin_id', 'decided_by', 'decision_reason'].map(
      (column) => `alter table bulletins add column ${column} ${text}`,
    ),
    `alter table bulletins add column decided_ms ${integer}`,
    `alter table clusters add column standing_since_ms ${integer}`,
    'create index bulletins_origin on bulletins (origin_id) where origin_id is not null',

    `create table holidays (
      date ${text} primary key,
      name ${text} not null,
      document ${text} not null,
      created_by ${text} not null,
      created_ms ${integer} not null
    ) ${end}`,

    `create table rest_days (
      id ${text} primary key,
      area_ids ${text} not null,
      from_date ${text} not null,
      until_date ${text} not null,
      reason ${text} not null,
      document ${text} not null,
      created_by ${text} not null,
      created_ms ${integer} not null,
      ended_ms ${integer}
    ) ${end}`,
    'create index rest_days_until on rest_days (until_date)',

    `create table exceptions (
      id ${text} primary key,
      area_ids ${text} not null,
      from_ms ${integer} not null,
      until_ms ${integer} not null,
      reason ${text} not null,
      document ${text} not null,
      created_by ${text} not null,
      created_ms ${integer} not null,
      ended_ms ${integer}
    ) ${end}`,
    'create index exceptions_until on exceptions (until_ms)',

    `create table turns (
      area_id ${text} not null,
      pair ${text} not null,
      first_occurrence ${text} not null,
      second_occurrence ${text} not null,
      until_ms ${integer} not null,
      created_by ${text} not null,
      created_ms ${integer} not null,
      primary key (area_id, pair)
    ) ${end}`,
    'create index turns_until on turns (until_ms)',

    `create table inbox_answers (
      bulletin_id ${text} not null references bulletins (id),
      area_id ${text} not null references areas (id),
      kind ${text} not null,
      reason ${text},
      made_id ${text},
      created_by ${text} not null,
      created_ms ${integer} not null,
      primary key (bulletin_id, area_id)
    ) ${end}`,

    `create table changes (
      created_by ${text} not null,
      request_id ${text} not null,
      change ${text} not null,
      created_ms ${integer} not null,
      primary key (created_by, request_id)
    ) ${end}`,
  ],
};
