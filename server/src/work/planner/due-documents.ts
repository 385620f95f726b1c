/**
 * Which of a device's plan and hours documents have to be published anew, and what they say: those that are missing, of
 * an older epoch, would say something else, or whose window must roll. Pure; handed the programme, what is published,
 * and the instant.
 */
import {
  type HoursDocument,
  inlineBodyBytesMax,
  type PlanDocument,
  type SignedDocument,
  topics,
} from '@loa/protocol/device';
import { type HoursRule, planPastMs, planWindowMs, type Window } from '@loa/schedules';
import { createAreaPlans, type Place } from '../../keep/store/rows/area-plan.ts';
import { amplifierStaysOn } from '../../keep/store/rows/area-tree.ts';
import { instantText } from '../../keep/store/rows/column.ts';
import type { PlacedDevice, Programme } from '../../keep/store/rows/programme.ts';
import type { Unstamped } from '../draft.ts';
import { shortenPlanBody, type WrittenBody, writePlanBody } from './plan-body.ts';

const hourMs = 3_600_000;
const dayMs = 86_400_000;

/** A window that ends sooner is rolled: a day after it was made, so that seven days are always held (DESIGN P4). */
export const rollBeforeMs = planWindowMs - dayMs;

/** Documents to publish for one device. */
export interface DueDocuments {
  deviceId: string;
  plan?: { topic: string; document: Unstamped<PlanDocument>; body: WrittenBody };
  hours?: { topic: string; document: Unstamped<HoursDocument> };
}

/** A function from device to what is due for it; areas that share a plan share the work. */
export function createDueDocuments(options: {
  programme: Programme;
  /** By topic, for the devices in question. */
  published: ReadonlyMap<string, SignedDocument>;
  nowMs: number;
  /**
   * Bodies of what is published, by hash: given while the clock is not believed. Then a plan stays what it was, but for
   * what is taken out of it: what a person withdrew must not sound because a clock is wrong, whatever else is waiting.
   */
  takingAwayFrom?: ReadonlyMap<string, string> | undefined;
}): (device: PlacedDevice) => DueDocuments {
  const { programme, published, nowMs } = options;
  const fresh = freshWindow(nowMs);
  const bodies = new Map<string, ReturnType<typeof bodiesOver>>();

  function bodiesOver(window: Window) {
    const planOf = createAreaPlans(programme, window);
    const written = new Map<unknown, WrittenBody>();
    return (place: Place) => {
      const plan = planOf(place);
      const body = written.get(plan.items) ?? writePlanBody({ items: plan.items, clips: programme.clips, window });
      written.set(plan.items, body);
      return { ...plan, body };
    };
  }

  function planOver(window: Window, place: Place) {
    const key = `${window.fromMs} ${window.untilMs}`;
    const known = bodies.get(key) ?? bodiesOver(window);
    bodies.set(key, known);
    return known(place);
  }

  return ({ deviceId, areaId, clusterId, formerAreaIds, standingSinceMs }) => {
    const place = { areaId, clusterId, formerAreaIds, standingSinceMs };
    const due: DueDocuments = { deviceId };
    const planTopic = topics.plan(deviceId);
    const former = published.get(planTopic);
    const head = former?.kind === 'plan' ? former : undefined;
    const window = head === undefined || options.takingAwayFrom === undefined ? fresh : windowOf(head);
    const { addresses, hours, body: present } = planOver(window, place);
    const staysOn = amplifierStaysOn(programme.areas, areaId);
    const body =
      options.takingAwayFrom === undefined
        ? head !== undefined && stillSays(head, { addresses, place, staysOn })
          ? undefined
          : present
        : head && shortened(head, present, options.takingAwayFrom);
    if (body !== undefined)
      due.plan = { topic: planTopic, document: planHead({ deviceId, addresses, body, staysOn }), body };
    const hoursTopic = topics.hours(deviceId);
    const rule = published.get(hoursTopic);
    if (rule?.kind !== 'hours' || rule.epoch < programme.epoch || !sameRule(rule, hours)) {
      due.hours = { topic: hoursTopic, document: hoursDocument(deviceId, hours) };
    }
    return due;
  };

  function stillSays(
    head: PlanDocument,
    wanted: { addresses: readonly string[]; place: Place; staysOn: boolean },
  ): boolean {
    if ((head.amplifierStaysOn ?? false) !== wanted.staysOn) return false;
    if (head.epoch < programme.epoch || head.areas.join() !== wanted.addresses.join()) return false;
    const freshBody = planOver(fresh, wanted.place).body;
    if (head.untilMs < nowMs + rollBeforeMs) {
      return head.untilMs === freshBody.window.untilMs && head.body.hash === freshBody.hash;
    }
    return head.body.hash === planOver(windowOf(head), wanted.place).body.hash;
  }
}

function shortened(
  head: PlanDocument,
  present: WrittenBody,
  bodies: ReadonlyMap<string, string>,
): WrittenBody | undefined {
  const former = bodies.get(head.body.hash);
  return former === undefined ? undefined : shortenPlanBody({ former, window: windowOf(head), present });
}

function windowOf({ fromMs, untilMs }: PlanDocument): Window {
  return { fromMs, untilMs };
}

/** On whole hours, so that devices planned within one hour share their bodies. */
function freshWindow(nowMs: number): Window {
  return {
    fromMs: Math.floor(nowMs / hourMs) * hourMs - planPastMs,
    untilMs: Math.ceil(nowMs / hourMs) * hourMs + planWindowMs,
  };
}

function planHead(options: {
  deviceId: string;
  addresses: readonly string[];
  body: WrittenBody;
  staysOn: boolean;
}): Unstamped<PlanDocument> {
  const { deviceId, addresses, body, staysOn } = options;
  const inline = body.sizeBytes <= inlineBodyBytesMax ? { inline: body.text } : {};
  return {
    kind: 'plan',
    aud: deviceId,
    expiresAt: instantText(body.window.untilMs),
    areas: [...addresses],
    ...(staysOn ? { amplifierStaysOn: true } : {}),
    fromMs: body.window.fromMs,
    untilMs: body.window.untilMs,
    body: { hash: body.hash, sizeBytes: body.sizeBytes, ...inline },
  };
}

function hoursDocument(deviceId: string, rule: HoursRule): Unstamped<HoursDocument> {
  return {
    kind: 'hours',
    aud: deviceId,
    timeZone: rule.timeZone,
    spans: rule.spans.map((span) => ({ weekdays: [...span.weekdays], from: span.from, until: span.until })),
    document: rule.document,
  };
}

function sameRule(document: HoursDocument, rule: HoursRule): boolean {
  const wanted = hoursDocument(document.aud, rule);
  const { timeZone, spans } = document;
  return (
    JSON.stringify([timeZone, spans, document.document]) ===
    JSON.stringify([wanted.timeZone, wanted.spans, wanted.document])
  );
}
