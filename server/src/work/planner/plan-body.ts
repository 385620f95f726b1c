/**
 * The bytes of a plan's body: the items of one area and the clips they use, as every device of that area gets them.
 * Equal input gives equal bytes, so that a plan that says the same is seen to. Pure.
 */
import { createHash } from 'node:crypto';
import { type Clip, planBodyBytesMax, planItemsMax } from '@loa/protocol/device';
import type { CarriedException, PlanItem, Window } from '@loa/schedules';

export interface WrittenBody {
  text: string;
  /** SHA-256 of the UTF-8 bytes, hex. */
  hash: string;
  sizeBytes: number;
  /** What the body covers: shorter than asked for when not everything fits, so that nothing is left out in silence. */
  window: Window;
}

/** Writes a body. What exceeds the wire's bounds is cut at its far end; the next roll brings it. */
export function writePlanBody(options: {
  items: readonly PlanItem[];
  clips: ReadonlyMap<string, Clip>;
  window: Window;
}): WrittenBody {
  let count = Math.min(options.items.length, planItemsMax);
  for (;;) {
    const text = bodyText(options.items.slice(0, count), options.clips);
    const sizeBytes = Buffer.byteLength(text);
    if (sizeBytes <= planBodyBytesMax) {
      const untilMs = options.items[count]?.atMs ?? options.window.untilMs;
      const hash = createHash('sha256').update(text).digest('hex');
      return { text, hash, sizeBytes, window: { fromMs: options.window.fromMs, untilMs } };
    }
    count = Math.floor((count * planBodyBytesMax * 0.95) / sizeBytes);
  }
}

function bodyText(items: readonly PlanItem[], clips: ReadonlyMap<string, Clip>): string {
  const ids = [...new Set(items.map((item) => item.clipId))];
  const index = new Map(ids.map((id, at) => [id, at]));
  return JSON.stringify({
    clips: ids.map((id) => clips.get(id)),
    items: items.map((item) => ({
      occurrence: item.occurrence,
      atMs: item.atMs,
      class: item.class,
      clip: index.get(item.clipId),
      repeat: { count: item.repeat.count, gapMs: item.repeat.gapMs },
      late: { kind: item.late.kind, lateMsMax: item.late.lateMsMax },
      resume: item.resume,
      lengthMsMax: item.lengthMsMax,
      ...(item.exception === undefined ? {} : { exception: exceptionOf(item.exception) }),
      ...(item.relay === undefined ? {} : { relay: { url: item.relay.url, lengthMs: item.relay.lengthMs } }),
      ...(item.gainDb === undefined ? {} : { gainDb: item.gainDb }),
    })),
  });
}

function exceptionOf({ document, fromMs, untilMs }: CarriedException): CarriedException {
  return { document, fromMs, untilMs };
}
