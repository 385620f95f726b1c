/**
 * The bytes of a plan's body: the items of one area and the clips they use, as every device of that area gets them.
 * Equal input gives equal bytes, so that a plan that says the same is seen to. Pure.
 */
import { createHash } from 'node:crypto';
import { type Clip, planBodyBytesMax, planBodySchema, planItemsMax } from '@loa/protocol/device';
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
      return written(text, { fromMs: options.window.fromMs, untilMs });
    }
    count = Math.floor((count * planBodyBytesMax * 0.95) / sizeBytes);
  }
}

/**
 * The former body without what the present one no longer lists, however much else is new or moved there; undefined when
 * nothing is taken away. `former` covers `window`, `present` may cover less: beyond its end nothing is.
 */
export function shortenPlanBody(options: {
  former: string;
  window: Window;
  present: WrittenBody;
}): WrittenBody | undefined {
  const { former, window, present } = options;
  const { clips, items } = planBodySchema.parse(JSON.parse(former));
  const listed = new Set(planBodySchema.parse(JSON.parse(present.text)).items.map(({ occurrence }) => occurrence));
  const left = items.filter(({ occurrence, atMs }) => listed.has(occurrence) || atMs >= present.window.untilMs);
  if (left.length === items.length) return undefined;
  const used = [...new Set(left.map(({ clip }) => clip))];
  const text = JSON.stringify({
    clips: used.map((clip) => clips[clip]),
    items: left.map((item) => ({ ...item, clip: used.indexOf(item.clip) })),
  });
  return written(text, window);
}

function written(text: string, window: Window): WrittenBody {
  const hash = createHash('sha256').update(text).digest('hex');
  return { text, hash, sizeBytes: Buffer.byteLength(text), window };
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
