/**
 * A file of records that is only added to: one line each, `<crc32 of the JSON, 8 hex digits> <JSON>`. What is
 * acknowledged survives a power cut at any byte; what was torn is cut off at the next opening; a bit that rotted costs
 * one record at most, and none where it is a line's end. Concurrent appends share one sync. Knows nothing of what the records mean.
 */
import { crc32 } from 'node:zlib';
import type { z } from 'zod';
import { type Damage, setAside } from './damaged-file.ts';
import type { Disk } from './disk.ts';

/** Appends waiting for the disk; beyond it the disk is not answering and adding more only hides that. */
export const recordsWaitingMax = 10_000;

export interface RecordFile<T> {
  /** All records on disk, in the order they were added. */
  records(): readonly T[];
  /** Durable when it resolves; rejects when the disk would not take it, and then it does not count. */
  append(record: T): Promise<void>;
  /** Keeps only what `choose` returns; durable when it resolves, the old content until then. */
  rewrite(choose: (records: readonly T[]) => readonly T[]): Promise<void>;
  sizeBytes(): number;
}

/** What opening found: the file, and bytes that were no records. A torn end is normal after a power cut. */
export interface OpenedRecordFile<T> {
  file: RecordFile<T>;
  tornBytes: number;
  damage: Damage | undefined;
}

interface Waiting<T> {
  job: { kind: 'append'; record: T } | { kind: 'rewrite'; choose: (records: readonly T[]) => readonly T[] };
  resolve: () => void;
  reject: (error: unknown) => void;
}

/** Opens or begins the file at `path`; each record is held against `schema`. */
export async function openRecordFile<T>(options: {
  disk: Disk;
  path: string;
  schema: z.ZodType<T>;
}): Promise<OpenedRecordFile<T>> {
  const { disk, path } = options;
  const found = await readRecords(options);
  let records: T[] = found.records;
  let sizeBytes = found.sizeBytes;
  let isTailSound = found.isTailSound;
  let isWriting = false;
  const waiting: Waiting<T>[] = [];

  async function write(): Promise<void> {
    isWriting = true;
    for (let first = waiting.shift(); first !== undefined; first = waiting.shift()) {
      const group = [first];
      if (first.job.kind === 'append') while (waiting[0]?.job.kind === 'append') group.push(...waiting.splice(0, 1));
      try {
        await carryOut(group);
        for (const one of group) one.resolve();
      } catch (error) {
        isTailSound = false;
        for (const one of group) one.reject(error);
      }
    }
    isWriting = false;
  }

  async function carryOut(group: readonly Waiting<T>[]): Promise<void> {
    const added: T[] = [];
    let kept: readonly T[] = records;
    for (const { job } of group) {
      if (job.kind === 'append') added.push(job.record);
      else kept = job.choose(records);
    }
    if (isTailSound && kept === records) {
      const text = Buffer.from(textOf(added));
      await disk.append(path, text);
      sizeBytes += text.length;
      records.push(...added);
      return;
    }
    const next = [...kept, ...added];
    const text = Buffer.from(textOf(next));
    await disk.replace(path, text);
    sizeBytes = text.length;
    isTailSound = true;
    records = next;
  }

  function enqueue(job: Waiting<T>['job']): Promise<void> {
    if (waiting.length >= recordsWaitingMax) return Promise.reject(new Error(`The disk does not keep up with ${path}`));
    return new Promise((resolve, reject) => {
      waiting.push({ job, resolve, reject });
      if (!isWriting) void write();
    });
  }

  return {
    file: {
      records: () => records,
      append: (record) => enqueue({ kind: 'append', record }),
      rewrite: (choose) => enqueue({ kind: 'rewrite', choose }),
      sizeBytes: () => sizeBytes,
    },
    tornBytes: found.tornBytes,
    damage: found.damage,
  };
}

interface Found<T> {
  records: T[];
  sizeBytes: number;
  tornBytes: number;
  /** False when the next record must not simply be added to what is there. */
  isTailSound: boolean;
  damage: Damage | undefined;
}

async function readRecords<T>(options: { disk: Disk; path: string; schema: z.ZodType<T> }): Promise<Found<T>> {
  const { disk, path } = options;
  const nothing: Found<T> = { records: [], sizeBytes: 0, tornBytes: 0, isTailSound: true, damage: undefined };
  let content: Uint8Array | undefined;
  try {
    content = await disk.read(path);
  } catch (error) {
    const copy = await setAside(disk, { path, content: undefined });
    const damage = { path, copy, reason: `cannot be read: ${String(error)}`, lostBytes: 0 };
    return { ...nothing, isTailSound: false, damage };
  }
  if (content === undefined) return nothing;
  const { records, tornBytes, damagedBytes } = parseRecords(content, options.schema);
  if (tornBytes + damagedBytes === 0) return { ...nothing, records, sizeBytes: content.length };
  let damage: Damage | undefined;
  if (damagedBytes > 0) {
    const copy = await setAside(disk, { path, content });
    damage = { path, copy, reason: 'lines do not match their checksums', lostBytes: damagedBytes };
  }
  const text = Buffer.from(textOf(records));
  try {
    await disk.replace(path, text);
    return { ...nothing, records, sizeBytes: text.length, tornBytes, damage };
  } catch {
    // A full disk must not keep the agent from starting; the next record tries again.
    return { records, sizeBytes: content.length, tornBytes, isTailSound: false, damage };
  }
}

/**
 * The readable records of a file's content, and how many bytes were not: `torn` after the last line end, else damaged. A
 * record that is whole without its line end counts: the end may have rotted, and what it ended was acknowledged.
 */
export function parseRecords<T>(
  content: Uint8Array,
  schema: z.ZodType<T>,
): { records: T[]; tornBytes: number; damagedBytes: number } {
  const records: T[] = [];
  let damagedBytes = 0;
  let from = 0;
  for (let end = content.indexOf(10, from); end !== -1; end = content.indexOf(10, from)) {
    const line = content.subarray(from, end);
    const record = parseLine(line, schema);
    const found = record === undefined ? besideRottenEnds(line, schema) : { values: [record.value], lostBytes: 0 };
    records.push(...found.values);
    damagedBytes += found.lostBytes;
    from = end + 1;
  }
  const tail = content.subarray(from);
  const whole = parseLine(tail, schema) ?? parseLine(tail.subarray(0, -1), schema);
  if (whole === undefined) return { records, tornBytes: tail.length, damagedBytes };
  records.push(whole.value);
  // A line's end that never reached the disk is missing or zero; anything else has rotted.
  const isRotten = tail.at(-1) !== closing && tail.at(-1) !== 0;
  return { records, tornBytes: tail.length, damagedBytes: damagedBytes + (isRotten ? 1 : 0) };
}

const closing = 125;

/** The records of a line that does not match its checksum: several, where the ends between them rotted. */
function besideRottenEnds<T>(line: Uint8Array, schema: z.ZodType<T>): { values: T[]; lostBytes: number } {
  const values: T[] = [];
  let lostBytes = 1;
  let from = 0;
  for (let at = line.indexOf(closing); at !== -1; at = line.indexOf(closing, at + 1)) {
    // Only where another record seems to begin behind the next byte, so that a brace in a text parts nothing.
    const next = Buffer.from(line.subarray(at + 2, at + 12)).toString('latin1');
    if (at + 1 < line.length && !/^[0-9a-f]{8} \{/.test(next)) continue;
    const record = parseLine(line.subarray(from, at + 1), schema);
    if (record !== undefined) values.push(record.value);
    else lostBytes += at + 2 - from;
    from = at + 2;
  }
  return { values, lostBytes: lostBytes + Math.max(0, line.length - from) };
}

function parseLine<T>(line: Uint8Array, schema: z.ZodType<T>): { value: T } | undefined {
  const text = Buffer.from(line).toString('utf8');
  if (text[8] !== ' ' || text.slice(0, 8) !== checksum(text.slice(9))) return undefined;
  try {
    const parsed = schema.safeParse(JSON.parse(text.slice(9)));
    return parsed.success ? { value: parsed.data } : undefined;
  } catch {
    return undefined;
  }
}

function textOf(records: readonly unknown[]): string {
  return records
    .map((record) => {
      const json = JSON.stringify(record);
      return `${checksum(json)} ${json}\n`;
    })
    .join('');
}

function checksum(json: string): string {
  return crc32(json).toString(16).padStart(8, '0');
}
