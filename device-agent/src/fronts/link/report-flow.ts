/**
 * Reports from the outbox to the server over one connection: one frame in flight until its receipt, oldest first. A
 * receipt counts only for this stream and for what was sent. What the server will not take holds up nothing for ever.
 */
import { type DeviceMessage, linkFrameBytesMax, reportsPerFrameMax, type ServerMessage } from '@loa/protocol/device';
import type { Cancel, Clock } from '../../edges/clock.ts';
import type { ReportQueue } from '../../keep/outbox.ts';

/** Reports of one frame; leaves room for its frame and for one that is at its bound. */
const frameBytes = linkFrameBytesMax * 0.75;

/** A server that has not receipted a frame in this time is not storing. */
export const receiptWaitMs = 30_000;

/** A report that was refused so often alone is given up, and counted as dropped. */
export const refusalsMax = 3;

export interface ReportFlow {
  /** How far the stream is stored; false when the server knows more of it than we ever sent. */
  welcomed(storedSeq: number): boolean;
  /** False when it is for another stream or beyond what was sent. */
  receipted(receipt: Extract<ServerMessage, { kind: 'receipt' }>): boolean;
  /** A frame of ours was refused; the one in flight is taken for it. */
  refused(): void;
  /** There may be something to send. */
  pump(): void;
  stop(): void;
}

/** `onStuck` asks for the connection to be closed. */
export function createReportFlow(parts: {
  clock: Clock;
  outbox: Pick<ReportQueue, 'stream' | 'lastSeq' | 'next' | 'receipt' | 'discard'>;
  send: (message: DeviceMessage) => void;
  onStuck: (reason: string) => void;
}): ReportFlow {
  const { outbox } = parts;
  let isOpen = false;
  let storedSeq = 0;
  let inFlight: { seqs: readonly number[]; cancel: Cancel } | undefined;
  /** Sent one by one up to here, to find the report that the server refuses. */
  let aloneUpToSeq = 0;
  let refusals = { seq: 0, count: 0 };

  function pump(): void {
    if (!isOpen || inFlight !== undefined) return;
    const countMax = storedSeq < aloneUpToSeq ? 1 : reportsPerFrameMax;
    const reports = outbox.next({ afterSeq: storedSeq, countMax, bytesMax: frameBytes });
    if (reports.length === 0) return;
    const cancel = parts.clock.setTimer(() => parts.onStuck('no receipt for reports'), receiptWaitMs);
    inFlight = { seqs: reports.map(({ seq }) => seq), cancel };
    parts.send({ kind: 'reports', stream: outbox.stream(), reports });
  }

  function land(): void {
    inFlight?.cancel();
    inFlight = undefined;
  }

  async function discard(seq: number): Promise<void> {
    await outbox.discard(seq).catch(() => undefined);
    storedSeq = Math.max(storedSeq, seq);
    pump();
  }

  return {
    welcomed(seq) {
      if (seq > outbox.lastSeq()) return false;
      storedSeq = seq;
      isOpen = true;
      outbox.receipt(seq);
      pump();
      return true;
    },
    receipted({ stream, seq }) {
      const lastSent = inFlight?.seqs.at(-1) ?? storedSeq;
      if (stream !== outbox.stream() || seq > lastSent) return false;
      if (seq <= storedSeq) return true;
      storedSeq = seq;
      outbox.receipt(seq);
      land();
      pump();
      return true;
    },
    refused() {
      const first = inFlight?.seqs[0];
      if (first === undefined) return;
      aloneUpToSeq = Math.max(aloneUpToSeq, inFlight?.seqs.at(-1) ?? 0);
      const isAlone = inFlight?.seqs.length === 1;
      land();
      if (!isAlone) return pump();
      refusals = { seq: first, count: refusals.seq === first ? refusals.count + 1 : 1 };
      if (refusals.count < refusalsMax) pump();
      else void discard(first);
    },
    pump,
    stop() {
      isOpen = false;
      land();
    },
  };
}
