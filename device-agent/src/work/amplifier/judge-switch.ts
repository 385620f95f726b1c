/**
 * Whether a switch should be on now, and when to think again: on so long before a planned start that it is warm at its
 * instant, on while something sounds, urgent or held to be on, and off some time after the last reason for it. Pure:
 * handed every instant, all of them monotonic.
 */
import type { SoundAhead } from '../../contracts.ts';

/**
 * On top of the warm-up: so long a hook may take to switch, and no longer does sound wait for one that hangs. Also room
 * for an estimate of server time that moves a little.
 */
export const switchLeadMs = 500;

export interface SwitchFigures {
  /** From switched on until sound is heard in full. */
  warmUpMs: number;
  /** Stays on so long after the last reason for it. */
  holdMs: number;
  /** Whether an area that keeps its amplifiers on keeps this one on. */
  mayStayOn: boolean;
}

export interface SwitchState {
  isOn: boolean;
  /** When it was switched on; of one that is off without meaning. */
  sinceMs: number;
  /** When there was a reason for it last; of one that has a reason now, when that was judged. */
  reasonMs: number;
  hasReason: boolean;
}

/** Off, and never needed. */
export const initialSwitch: SwitchState = {
  isOn: false,
  sinceMs: 0,
  reasonMs: Number.NEGATIVE_INFINITY,
  hasReason: false,
};

/** What becomes of the switch; `thinkAtMs` is absent when only news can change it. */
export function judgeSwitch(
  before: SwitchState,
  { nowMs, ahead, figures }: { nowMs: number; ahead: SoundAhead; figures: SwitchFigures },
): { state: SwitchState; thinkAtMs?: number | undefined } {
  const { warmUpMs, holdMs, mayStayOn } = figures;
  const wakeMs = (ahead.nextMonotonicMs ?? Number.POSITIVE_INFINITY) - warmUpMs - switchLeadMs;
  const hasReason = ahead.isSounding || ahead.isUrgent || (mayStayOn && ahead.staysOn) || nowMs >= wakeMs;
  const reasonMs = hasReason || before.hasReason ? nowMs : before.reasonMs;
  const untilMs = reasonMs + holdMs;
  const isHeld = before.isOn && nowMs < untilMs;
  // Off for less than a moment helps nobody and wears out a relay.
  const isSoonAgain = before.isOn && wakeMs - nowMs <= holdMs;
  const isOn = hasReason || isHeld || isSoonAgain;
  const sinceMs = isOn && !before.isOn ? nowMs : before.sinceMs;
  const wakes = [wakeMs, ...(isOn && !hasReason && !isSoonAgain ? [untilMs] : [])];
  const thinkAtMs = Math.min(...wakes.filter((atMs) => atMs > nowMs));
  return { state: { isOn, sinceMs, reasonMs, hasReason }, ...(Number.isFinite(thinkAtMs) ? { thinkAtMs } : {}) };
}

/** When sound would be heard in full if it were asked for now. `switchedMs`: when the hook said that it is on. */
export function audibleMs(
  state: SwitchState,
  { nowMs, warmUpMs, switchedMs }: { nowMs: number; warmUpMs: number; switchedMs: number | undefined },
): number {
  if (!state.isOn) return nowMs + warmUpMs;
  const latestMs = state.sinceMs + switchLeadMs;
  return Math.min(switchedMs ?? latestMs, latestMs) + warmUpMs;
}
