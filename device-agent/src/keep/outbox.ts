/**
 * Reports, on disk until the server says that they are stored. Numbers them within a stream that the file itself
 * names, so that a lost file can never number anew under an old name. Bounded: what matters least goes first, and is
 * counted. Does not send; the link asks for what is next.
 */
import { type Report, type ReportEvent, reportSchema } from '@loa/protocol/device';
import { z } from 'zod';
import type { Now, Outbox } from '../contracts.ts';
import type { Damage } from '../edges/damaged-file.ts';
import type { Disk } from '../edges/disk.ts';
import type { Random } from '../edges/random.ts';
import { openRecordFile } from '../edges/record-file.ts';

/** A year of a busy device offline; a re-send of all takes an hour on 4 kB/s. */
export const outboxBounds = { reportsMax: 50_000, bytesMax: 16 * 1024 * 1024 };

/** One report; longer evidence is left out. Many fit into one frame of the link. */
export const reportBytesMax = 8 * 1024;

/** Names of events taken `once`, remembered across restarts: some days of occurrences. */
const onceNamesMax = 512;

/** Dropped at once when full, so that the file is not written anew for each report. */
const dropShare = 0.02;

/** Receipted bytes that make a rewrite worth while. */
const compactBytes = 64 * 1024;

/** The outbox as the link uses it. */
export interface ReportQueue extends Outbox {
  stream(): string;
  /** The highest number given; 0 when none. */
  lastSeq(): number;
  /** The oldest reports after `afterSeq` that are not receipted, within both bounds; empty when there are none. */
  next(options: { afterSeq: number; countMax: number; bytesMax: number }): Report[];
  /** Everything up to `seq` is stored by the server. */
  receipt(seq: number): void;
  /** Gives one report up that the server will not take; counted as dropped. */
  discard(seq: number): Promise<void>;
  /** Begins a new stream with what is left, numbered from 1: the server knows more of the old one than we do. */
  renew(): Promise<void>;
  /** Called after each report that became durable. */
  onAdded(listener: () => void): void;
}

const recordSchema = z.discriminatedUnion('kind', [
  z.object({
    kind: z.literal('head'),
    stream: z.string().min(1).max(64),
    nextSeq: z.int().min(1),
    /** Names of events taken `once` whose reports may be gone. */
    once: z.array(z.string()).default([]),
  }),
  z.object({ kind: z.literal('report'), report: reportSchema, once: z.string().optional() }),
]);
type OutboxRecord = z.infer<typeof recordSchema>;

/** Opens the outbox, or begins one under a new stream name. */
export async function openOutbox(parts: {
  disk: Disk;
  random: Random;
  now: () => Now;
  onDamaged: (damage: Damage) => void;
  /** Default `outboxBounds`. */
  bounds?: typeof outboxBounds;
}): Promise<ReportQueue> {
  const bounds = parts.bounds ?? outboxBounds;
  const { file, damage } = await openRecordFile({ disk: parts.disk, path: 'outbox', schema: recordSchema });
  if (damage !== undefined) parts.onDamaged(damage);
  const listeners: (() => void)[] = [];
  let receiptedSeq = 0;
  let { stream, nextSeq } = beginning(file.records(), damage?.lostBytes ?? 0);
  let isRewriting = false;
  /** Numbers of reports that the disk refused, below one that it is still asked to take. */
  const unused = new Set<number>();
  const onceNames = new Map<string, Promise<void>>();
  for (const name of namesIn(file.records())) onceNames.set(name, Promise.resolve());

  const head = (): OutboxRecord => ({
    kind: 'head',
    stream,
    nextSeq,
    once: [...onceNames.keys()].slice(-onceNamesMax),
  });
  const isLeft = (record: OutboxRecord) => record.kind === 'report' && record.report.seq > receiptedSeq;

  async function renew(): Promise<void> {
    stream = Buffer.from(parts.random.bytes(16)).toString('hex');
    await file.rewrite((records) => {
      const left = records.filter(isLeft);
      receiptedSeq = 0;
      nextSeq = left.length + 1;
      unused.clear();
      return [head(), ...left.map((record, index) => renumbered(record, index + 1))];
    });
  }

  /** Rewrites the file without what is receipted and, when it is still too full, without what matters least. */
  async function compact(): Promise<void> {
    if (isRewriting) return;
    isRewriting = true;
    try {
      await file.rewrite((records) => {
        const left = records.filter(isLeft);
        const kept = withinBounds(left, bounds);
        const count = left.length - kept.length;
        if (count > 0) kept.push({ kind: 'report', report: numbered({ kind: 'dropped', count }) });
        return [head(), ...kept];
      });
    } finally {
      isRewriting = false;
    }
  }

  async function add(event: ReportEvent, once: string | undefined): Promise<void> {
    if (file.records().length >= bounds.reportsMax || file.sizeBytes() >= bounds.bytesMax) await compact();
    const report = numbered(event);
    try {
      await file.append({ kind: 'report', report, once });
    } catch (error) {
      giveBack(report.seq);
      throw error;
    }
    for (const listener of listeners) listener();
  }

  /** A number that no report came to carry is given to the next one: a gap is a report that was lost. */
  function giveBack(seq: number): void {
    unused.add(seq);
    while (unused.delete(nextSeq - 1)) nextSeq -= 1;
  }

  function numbered(event: ReportEvent): Report {
    const { ms, trusted } = parts.now();
    const report = reportSchema.parse({
      seq: nextSeq,
      at: instantText(ms),
      clockTrusted: trusted,
      event: shortened(event),
    });
    nextSeq += 1;
    return report;
  }

  if (stream === '') {
    // Without a place to write to, the stream still has a name: reports are sent, only not kept.
    await renew().catch(() => undefined);
  }

  return {
    stream: () => stream,
    lastSeq: () => nextSeq - 1,

    add(event, options) {
      const name = options?.once;
      if (name === undefined) return add(event, undefined);
      const taken = onceNames.get(name);
      if (taken !== undefined) return taken;
      const adding = add(event, name);
      onceNames.set(name, adding);
      adding.catch(() => onceNames.delete(name));
      for (const oldest of onceNames.keys()) {
        if (onceNames.size <= 2 * onceNamesMax) break;
        onceNames.delete(oldest);
      }
      return adding;
    },

    next({ afterSeq, countMax, bytesMax }) {
      const found: Report[] = [];
      let bytes = 0;
      for (const record of file.records()) {
        if (record.kind !== 'report' || record.report.seq <= Math.max(afterSeq, receiptedSeq)) continue;
        bytes += Buffer.byteLength(JSON.stringify(record.report));
        if (found.length >= countMax || (found.length > 0 && bytes > bytesMax)) break;
        found.push(record.report);
      }
      return found;
    },

    receipt(seq) {
      if (seq <= receiptedSeq) return;
      receiptedSeq = seq;
      const records = file.records();
      const leftCount = records.filter(isLeft).length;
      const isWorthWhile = leftCount * 2 < records.length && (file.sizeBytes() > compactBytes || records.length > 500);
      // A disk that refuses keeps the longer file; the server stores a repeated number once.
      if (isWorthWhile) compact().catch(() => undefined);
    },

    async discard(seq) {
      await file.rewrite((records) => {
        const kept = records.filter((record) => record.kind !== 'report' || record.report.seq !== seq);
        const count = records.length - kept.length;
        if (count > 0) kept.push({ kind: 'report', report: numbered({ kind: 'dropped', count }) });
        return kept;
      });
    },

    renew,
    onAdded: (listener) => {
      listeners.push(listener);
    },
  };
}

/** Stream and next number of a file's records; an empty stream when its head is lost. */
function beginning(records: readonly OutboxRecord[], lostBytes: number): { stream: string; nextSeq: number } {
  const head = records.find((record) => record.kind === 'head');
  if (head?.kind !== 'head') return { stream: '', nextSeq: 1 };
  const seqs = records.map((record) => (record.kind === 'report' ? record.report.seq : 0));
  // A lost line may have carried a number that the server has seen: numbers are skipped, never given twice.
  const highest = seqs.reduce((a, b) => Math.max(a, b), head.nextSeq - 1);
  return { stream: head.stream, nextSeq: highest + 1 + lostBytes };
}

function namesIn(records: readonly OutboxRecord[]): string[] {
  return records.flatMap((record) =>
    record.kind === 'head' ? record.once : record.once === undefined ? [] : [record.once],
  );
}

const importance: Record<ReportEvent['kind'], number> = {
  refused: 0,
  'fault-opened': 1,
  'fault-cleared': 1,
  tested: 1,
  started: 2,
  served: 2,
  ended: 3,
  dropped: 4,
};

/** The oldest of the least important left out until there is room again; in order. */
function withinBounds(left: readonly OutboxRecord[], bounds: typeof outboxBounds): OutboxRecord[] {
  const { reportsMax, bytesMax } = bounds;
  const sized = left.map((record, index) => ({
    index,
    rank: record.kind === 'report' ? importance[record.report.event.kind] : 9,
    bytes: Buffer.byteLength(JSON.stringify(record)) + 10,
  }));
  let count = sized.length;
  let bytes = sized.reduce((sum, one) => sum + one.bytes, 0);
  if (count < reportsMax - 1 && bytes < bytesMax - reportBytesMax) return [...left];
  const dropped = new Set<number>();
  for (const one of sized.sort((a, b) => a.rank - b.rank || a.index - b.index)) {
    if (count <= reportsMax * (1 - dropShare) && bytes <= bytesMax * (1 - dropShare)) break;
    dropped.add(one.index);
    count -= 1;
    bytes -= one.bytes;
  }
  return left.filter((_record, index) => !dropped.has(index));
}

function renumbered(record: OutboxRecord, seq: number): OutboxRecord {
  return record.kind === 'report' ? { ...record, report: { ...record.report, seq } } : record;
}

/** Evidence is the only part that may grow; a report too long for its place goes without. */
function shortened(event: ReportEvent): ReportEvent {
  if (Buffer.byteLength(JSON.stringify(event)) <= reportBytesMax || !('evidence' in event)) return event;
  return { ...event, evidence: { note: 'evidence left out: too long' } };
}

function instantText(ms: number): string {
  const endOf9999Ms = 253_402_300_799_999;
  return new Date(Math.min(Math.max(0, Math.round(ms)), endOf9999Ms)).toISOString();
}
