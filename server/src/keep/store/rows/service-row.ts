/**
 * What was asked of a device as the store holds it, releases, and the newest of them. Only reads and shapes.
 */
import { evidenceSchema, serviceKinds, testVerdicts } from '@loa/protocol/device';
import type { ServiceView } from '@loa/protocol/panel';
import type { Selectable } from 'kysely';
import { z } from 'zod';
import type { ReleasesTable, ServicesTable } from '../schema.ts';
import type { Reader, Writer } from '../store.ts';
import { instantText, parseColumn } from './column.ts';

export type ServiceRow = Selectable<ServicesTable>;
export type ReleaseRow = Selectable<ReleasesTable>;

const resultSchema = z.enum(['done', 'failed', 'refused']);
const kindSchema = z.enum(serviceKinds);
const verdictSchema = z.enum(testVerdicts);

/** The kind of a row. */
export function serviceKindOf(row: Pick<ServiceRow, 'kind'>): z.output<typeof kindSchema> {
  return kindSchema.parse(row.kind);
}

/** The row as people see it. `by` is the name of who ordered it, `version` of the release it was about. */
export function serviceView(
  row: ServiceRow,
  seen: { nowMs: number; by: string; version?: string | undefined },
): ServiceView {
  const phase =
    row.result === null ? (row.expires_ms > seen.nowMs ? 'sent' : 'expired') : resultSchema.parse(row.result);
  return {
    id: row.id,
    clusterId: row.cluster_id,
    deviceId: row.device_id,
    kind: serviceKindOf(row),
    phase,
    orderedBy: seen.by,
    orderedAt: instantText(row.created_ms),
    expiresAt: instantText(row.expires_ms),
    ...(row.ended_ms === null ? {} : { endedAt: instantText(row.ended_ms) }),
    ...(row.verdict === null ? {} : { verdict: verdictSchema.parse(row.verdict) }),
    ...(row.reason === null ? {} : { reason: row.reason }),
    ...(row.evidence === null ? {} : { evidence: parseColumn(evidenceSchema, row.evidence) }),
    ...(seen.version === undefined ? {} : { version: seen.version }),
    ...(row.log_bytes === null || row.log_gone_ms !== null ? {} : { logBytes: row.log_bytes }),
  };
}

/** All releases, the newest first. */
export async function readReleases(db: Reader | Writer): Promise<ReleaseRow[]> {
  return await db.selectFrom('releases').selectAll().orderBy('number', 'desc').execute();
}

/**
 * The number of the release that a device runs, told by its version; 0 when the installation never held that one, so
 * that any release counts as newer.
 */
export function runningNumber(releases: readonly ReleaseRow[], agentVersion: string): number {
  return releases.find(({ version }) => version === agentVersion)?.number ?? 0;
}
