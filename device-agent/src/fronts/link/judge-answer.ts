/**
 * Whether the answer to a download is what was asked for, as far as its head and length tell: the bytes themselves are
 * judged by their hash. What is not is refused at once, before the rest of it has crossed a thin line. Pure.
 */
import { type Rule, RuleBroken } from '../../edges/network.ts';

interface Head {
  status: number;
  headers: Record<string, string>;
}

export interface AnswerJudge {
  /** Throws `RuleBroken` for a piece that should not have come. */
  piece(chunk: Uint8Array, head: Head): void;
  /** Throws `RuleBroken` for an answer that has ended as it should not. */
  end(head: Head): void;
}

/** Of one answer to a question for everything from `fromBytes` on of a file of `sizeBytes`. */
export function createAnswerJudge(asked: { fromBytes: number; sizeBytes: number }): AnswerJudge {
  let received = 0;
  let dueBytes: number | undefined;

  function begin({ status, headers }: Head): number {
    if (status >= 300) return Number.POSITIVE_INFINITY;
    const encoding = headers['content-encoding'] ?? 'identity';
    if (encoding !== 'identity') throw broken('encoded', `as ${encoding.slice(0, 40)}`);
    const startsAt = status === 206 ? rangeStart(headers['content-range'], asked.sizeBytes) : 0;
    // From its beginning is always right (RFC 9110 §14.2): what was there is given up.
    if (startsAt === undefined || (startsAt !== 0 && startsAt !== asked.fromBytes))
      throw broken('wrong-range', (headers['content-range'] ?? 'no Content-Range').slice(0, 80));
    const due = asked.sizeBytes - startsAt;
    const said = headers['content-length'];
    if (said !== undefined && Number(said) !== due)
      throw broken(Number(said) > due ? 'longer-than-said' : 'shorter-than-said', `${said} instead of ${due} bytes`);
    return due;
  }

  return {
    piece(chunk, head) {
      dueBytes ??= begin(head);
      received += chunk.length;
      if (received > dueBytes) throw broken('longer-than-said', `more than ${dueBytes} bytes`);
    },
    end(head) {
      const { status } = head;
      if (status >= 300 && status < 400) throw broken('redirected', `answered ${status}`);
      if (status === 416 && asked.fromBytes === 0) throw broken('wrong-range', 'answered 416 to all of it');
      if (status >= 300) return;
      dueBytes ??= begin(head);
      if (received < dueBytes) throw broken('shorter-than-said', `${received} instead of ${dueBytes} bytes`);
    },
  };
}

/** Where a part begins; undefined when it is none of a file of this size. */
function rangeStart(contentRange: string | undefined, sizeBytes: number): number | undefined {
  const found = /^bytes (\d+)-(\d+)\/(\d+|\*)$/.exec(contentRange ?? '');
  if (found === null) return undefined;
  const [, start, end, total] = found;
  const isOfIt = (total === '*' || Number(total) === sizeBytes) && Number(end) === sizeBytes - 1;
  return isOfIt ? Number(start) : undefined;
}

function broken(rule: Rule, said: string): RuleBroken {
  return new RuleBroken(rule, `The answer is not what was asked for: ${said}`);
}
