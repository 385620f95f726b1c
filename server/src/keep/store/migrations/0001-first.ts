/**
 * The first tables. Meanings stand in `schema.ts`; here are keys, references and the indices that queries lean on.
 */
import type { Migration } from './migration.ts';

export const first: Migration = {
  name: '0001-first',
  statements: ({ integer, real, text, growingId, end }) => [
    `create table installation (
      id ${integer} primary key check (id = 1),
      epoch ${integer} not null check (epoch >= 1),
      number ${integer} not null,
      accepted ${integer} not null,
      time_zone ${text} not null,
      created_ms ${integer} not null
    ) ${end}`,

    `create table areas (
      id ${text} primary key,
      parent_id ${text} references areas (id),
      kind ${text} not null,
      name ${text} not null,
      name_folded ${text} not null,
      code ${text},
      old_district ${text},
      hours ${text}
    ) ${end}`,
    'create index areas_parent on areas (parent_id)',

    `create table clusters (
      id ${text} primary key,
      area_id ${text} not null references areas (id),
      name ${text} not null,
      horns ${integer} not null,
      lat ${real},
      lon ${real}
    ) ${end}`,
    'create index clusters_area on clusters (area_id)',

    `create table devices (
      id ${text} primary key,
      cluster_id ${text} not null references clusters (id),
      public_key ${text} not null,
      capabilities ${text} not null,
      board ${text} not null,
      agent_version ${text} not null,
      enrolled_ms ${integer} not null,
      revoked_ms ${integer},
      last_seen_ms ${integer},
      holds ${text}
    ) ${end}`,
    // Two boards that both think they are one cluster would sound everything twice.
    'create unique index devices_one_per_cluster on devices (cluster_id) where revoked_ms is null',

    `create table claim_codes (
      code_hash ${text} primary key,
      cluster_id ${text} not null references clusters (id),
      created_by ${text} not null,
      created_ms ${integer} not null,
      expires_ms ${integer} not null,
      used_ms ${integer},
      device_id ${text} references devices (id)
    ) ${end}`,
    'create index claim_codes_expires on claim_codes (expires_ms)',

    `create table people (
      id ${text} primary key,
      login ${text} not null unique,
      name ${text} not null,
      role ${text} not null,
      area_id ${text} not null references areas (id),
      password_hash ${text} not null,
      created_ms ${integer} not null,
      disabled_ms ${integer}
    ) ${end}`,

    `create table sign_ins (
      token_hash ${text} primary key,
      person_id ${text} not null references people (id),
      created_ms ${integer} not null,
      expires_ms ${integer} not null
    ) ${end}`,
    'create index sign_ins_expires on sign_ins (expires_ms)',

    `create table clips (
      id ${text} primary key,
      duration_ms ${integer} not null,
      loudness_lufs ${real} not null,
      true_peak_dbtp ${real} not null,
      renditions ${text} not null,
      created_ms ${integer} not null
    ) ${end}`,

    `create table clip_makers (
      clip_id ${text} not null references clips (id),
      area_id ${text} not null references areas (id),
      title ${text} not null,
      origin ${text} not null,
      text ${text},
      created_by ${text} not null,
      created_ms ${integer} not null,
      primary key (clip_id, area_id)
    ) ${end}`,
    'create index clip_makers_created on clip_makers (area_id, created_ms)',

    `create table bulletins (
      id ${text} primary key,
      request_id ${text} not null,
      class ${text} not null,
      title ${text} not null,
      clip_id ${text} not null references clips (id),
      area_ids ${text} not null,
      whens ${text} not null,
      now_at_ms ${integer},
      late ${text} not null,
      resume ${text} not null,
      repeat ${text} not null,
      drill ${integer} not null check (drill in (0, 1)),
      expires_ms ${integer},
      state ${text} not null,
      accepted_number ${integer} not null unique,
      created_by ${text} not null,
      created_ms ${integer} not null,
      withdrawn_ms ${integer},
      withdrawn_by ${text},
      last_ms ${integer},
      unique (created_by, request_id)
    ) ${end}`,
    'create index bulletins_created on bulletins (created_ms)',
    'create index bulletins_last on bulletins (last_ms)',

    `create table airings (
      occurrence ${text} not null,
      device_id ${text} not null,
      bulletin_id ${text} not null,
      cluster_id ${text} not null,
      planned_ms ${integer} not null,
      until_ms ${integer} not null,
      phase ${text} not null,
      outcome ${text},
      reason ${text},
      late_ms ${integer},
      started_ms ${integer},
      ended_ms ${integer},
      plays_done ${integer} not null,
      evidence ${text},
      decided_ms ${integer},
      primary key (occurrence, device_id)
    ) ${end}`,
    'create index airings_planned on airings (planned_ms)',
    'create index airings_device on airings (device_id, planned_ms)',
    'create index airings_cluster on airings (cluster_id, planned_ms)',
    'create index airings_bulletin on airings (bulletin_id)',
    'create index airings_undecided on airings (until_ms) where outcome is null',

    `create table documents (
      topic ${text} primary key,
      kind ${text} not null,
      epoch ${integer} not null,
      number ${integer} not null,
      envelope ${text} not null,
      published_ms ${integer} not null
    ) ${end}`,

    `create table bodies (
      hash ${text} primary key,
      body ${text} not null,
      created_ms ${integer} not null
    ) ${end}`,
    'create index bodies_created on bodies (created_ms)',

    `create table reports (
      device_id ${text} not null,
      stream ${text} not null,
      seq ${integer} not null,
      at_ms ${integer} not null,
      received_ms ${integer} not null,
      report ${text} not null,
      primary key (device_id, stream, seq)
    ) ${end}`,
    'create index reports_received on reports (received_ms)',

    `create table faults (
      id ${text} primary key,
      fault ${text} not null,
      device_id ${text} not null,
      cluster_id ${text} not null,
      code ${text} not null,
      judged_by ${text} not null,
      opened_ms ${integer} not null,
      cleared_ms ${integer},
      evidence ${text} not null
    ) ${end}`,
    'create unique index faults_open on faults (device_id, fault) where cleared_ms is null',
    'create index faults_opened on faults (opened_ms)',
    'create index faults_cluster on faults (cluster_id, opened_ms)',

    `create table audit (
      id ${growingId},
      at_ms ${integer} not null,
      who ${text} not null,
      action ${text} not null,
      target ${text} not null,
      detail ${text} not null
    ) ${end}`,
    'create index audit_at on audit (at_ms)',
  ],
};
