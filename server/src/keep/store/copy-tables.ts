/**
 * Copies every row of one store into another, empty one, whichever databases they are: how PostgreSQL is backed up into
 * a file, and how a file is restored into PostgreSQL. Reads one state of the source throughout.
 */
import { sql } from 'kysely';
import type { AreasTable, Tables } from './schema.ts';
import type { Reader, Store, Writer } from './store.ts';

/** Rows carried at a time: at most some 10,000 parameters, below what either database takes. */
const pageRows = 500;

/** Every table with its primary key, parents before children. */
export const tableKeys = {
  installation: ['id'],
  areas: ['id'],
  clusters: ['id'],
  devices: ['id'],
  claim_codes: ['code_hash'],
  people: ['id'],
  sign_ins: ['token_hash'],
  clips: ['id'],
  clip_makers: ['clip_id', 'area_id'],
  bulletins: ['id'],
  airings: ['occurrence', 'device_id'],
  documents: ['topic'],
  bodies: ['hash'],
  reports: ['device_id', 'stream', 'seq'],
  faults: ['id'],
  rests: ['id'],
  holidays: ['date'],
  rest_days: ['id'],
  exceptions: ['id'],
  turns: ['area_id', 'pair'],
  inbox_answers: ['bulletin_id', 'area_id'],
  changes: ['created_by', 'request_id'],
  services: ['id'],
  releases: ['number'],
  audit: ['id'],
} as const satisfies { [T in keyof Tables]: readonly (keyof Tables[T])[] };

export type TableName = keyof typeof tableKeys;

export const tableNames = Object.keys(tableKeys).filter((name): name is TableName => name in tableKeys);

/** Copies all tables; all or nothing. The target has its tables and no rows. */
export async function copyTables(options: { from: Store; to: Store }): Promise<void> {
  await options.from.read((source) =>
    options.to.write(async (target) => {
      for (const name of tableNames) {
        if (name === 'areas') await copyAreas(source, target);
        else await copyRows({ source, target, name });
      }
    }),
  );
}

/** Rows per table. */
export async function countRows(db: Reader): Promise<Record<TableName, number>> {
  const counts: [string, number][] = [];
  for (const name of tableNames) {
    const { rows } = await sql<{ rows: number }>`select count(*) as rows from ${sql.table(name)}`.execute(db);
    counts.push([name, rows[0]?.rows ?? 0]);
  }
  // The keys are tableNames.
  return Object.fromEntries(counts) as Record<TableName, number>;
}

async function copyRows(options: { source: Reader; target: Writer; name: TableName }): Promise<void> {
  const { source, target, name } = options;
  const keys: readonly string[] = tableKeys[name];
  const keyList = sql.join(keys.map((key) => sql.ref(key)));
  let after = sql``;
  for (;;) {
    const { rows } = await sql<
      Record<string, unknown>
    >`select * from ${sql.table(name)} ${after} order by ${keyList} limit ${sql.lit(pageRows)}`.execute(source);
    await insertRows({ target, name, rows });
    const last = rows.at(-1);
    if (last === undefined || rows.length < pageRows) return;
    after = sql`where (${keyList}) > (${sql.join(keys.map((key) => last[key]))})`;
  }
}

/** Parents first, since a child may sort before its parent. */
async function copyAreas(source: Reader, target: Writer): Promise<void> {
  let waiting: AreasTable[] = await source.selectFrom('areas').selectAll().orderBy('id').execute();
  const written = new Set<string>();
  while (waiting.length > 0) {
    const ready = waiting.filter((area) => area.parent_id === null || written.has(area.parent_id));
    if (ready.length === 0) throw new Error('The unit tree has a cycle and cannot be copied');
    for (let at = 0; at < ready.length; at += pageRows) {
      await target
        .insertInto('areas')
        .values(ready.slice(at, at + pageRows))
        .execute();
    }
    for (const area of ready) written.add(area.id);
    waiting = waiting.filter((area) => !written.has(area.id));
  }
}

async function insertRows(options: {
  target: Writer;
  name: TableName;
  rows: readonly Record<string, unknown>[];
}): Promise<void> {
  const { target, name, rows } = options;
  const columns = Object.keys(rows[0] ?? {});
  if (columns.length === 0) return;
  const values = rows.map((row) => sql`(${sql.join(columns.map((column) => row[column]))})`);
  const columnList = sql.join(columns.map((column) => sql.ref(column)));
  await sql`insert into ${sql.table(name)} (${columnList}) values ${sql.join(values)}`.execute(target);
}
