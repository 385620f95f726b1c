/** May the sound path be tested now? Pure: everything it may know is handed in. A test is never worth a disturbance. */
import type { HoursDocument, Order, PlanBody } from '@loa/protocol/device';
import { cautiousHours, isDaytimeTest, isPermitted } from '@loa/schedules';
import { testLengthMs } from './test-sounds.ts';

export type TestForm = 'silent' | 'audible';

/** Why not; told in the evidence. */
export type TestRefusal =
  | 'not-fitted'
  | 'expired'
  | 'clock-not-trusted'
  | 'emergency-in-force'
  | 'stopped'
  | 'sounding'
  | 'due-soon'
  | 'outside-permitted-hours';

/** Nothing may be due within this of a test: somebody asked for, and of the nightly one. */
export const quietMsMin = { ordered: 60_000, nightly: 120_000 } as const;

/** Where no rule is held: the zone of the installation's country. */
const hoursUntilTold = cautiousHours('Asia/Ho_Chi_Minh');

export interface TestFacts {
  nowMs: number;
  trusted: boolean;
  hours: HoursDocument | undefined;
  plan: PlanBody | undefined;
  /** All orders in force. */
  orders: readonly Order[];
  /** Something sounds, or is prepared. */
  isTaken: boolean;
  /** The board can make this form: declared in its capabilities. */
  isFitted: boolean;
}

export function judgeTest(
  form: TestForm,
  facts: TestFacts & { quietMs: number },
): { ok: true } | { ok: false; reason: TestRefusal } {
  const reason = obstacleOf(form, facts);
  return reason === undefined ? { ok: true } : { ok: false, reason };
}

/** What ends a test that sounds already: an emergency or a stop has come. */
export function mustGiveWay({ orders, nowMs }: Pick<TestFacts, 'orders' | 'nowMs'>): TestRefusal | undefined {
  const inForce = orders.filter((order) => Date.parse(order.expiresAt) > nowMs);
  if (inForce.some(({ kind }) => kind === 'emergency')) return 'emergency-in-force';
  return inForce.some((order) => order.kind === 'stop' && order.target.kind === 'all') ? 'stopped' : undefined;
}

function obstacleOf(form: TestForm, facts: TestFacts & { quietMs: number }): TestRefusal | undefined {
  if (!facts.isFitted) return 'not-fitted';
  if (!facts.trusted) return 'clock-not-trusted';
  const pressing = mustGiveWay(facts);
  if (pressing !== undefined) return pressing;
  if (facts.isTaken) return 'sounding';
  const { nowMs } = facts;
  const durationMs = testLengthMs[form];
  const untilMs = nowMs + durationMs + facts.quietMs;
  const touching = facts.plan?.items.find((item) => item.atMs < untilMs && endOf(item, facts.plan) > nowMs);
  if (touching !== undefined) return touching.atMs <= nowMs ? 'sounding' : 'due-soon';
  if (form === 'silent') return undefined;
  const hours = facts.hours ?? hoursUntilTold;
  const span = { atMs: nowMs, durationMs };
  const isAllowed = isPermitted(hours, span) || isDaytimeTest({ ...span, deviceCount: 1 }, hours.timeZone);
  return isAllowed ? undefined : 'outside-permitted-hours';
}

/** When an item is over if nothing disturbs it. */
function endOf({ atMs, clip, repeat, relay }: PlanBody['items'][number], plan: PlanBody | undefined): number {
  const playMs = relay?.lengthMs ?? plan?.clips[clip]?.durationMs ?? 0;
  return atMs + playMs * repeat.count + repeat.gapMs * (repeat.count - 1);
}
