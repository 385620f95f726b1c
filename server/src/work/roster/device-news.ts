/**
 * What a device's account of itself changes in the picture, and whether that is worth telling panels: figures that move
 * with every heartbeat are not, except now and then. Pure but for the device it is handed.
 */
import { type ClockState, compareSequence } from '@loa/protocol/device';
import type { DeviceNews } from '../contracts.ts';
import { readingStates } from '../reading-states.ts';
import type { DeviceState } from './picture.ts';

/** "Last seen" and clock figures move all the time; panels are told of them this often unless something else changed. */
const figuresEveryMs = 60_000;
/** A clock that moved by more is news. */
const clockNewsMs = 50;

/** Takes the account into the device's state; true when panels should be told. */
export function takeNews(device: DeviceState, news: DeviceNews): boolean {
  const before = told(device);
  const hasClockMoved = clockMoved(device.clock, news.clock);
  device.reachSinceMs ??= news.atMs;
  device.lastSeenMs = news.atMs;
  device.holds = news.holds;
  device.clock = news.clock;
  device.agentVersion = news.agentVersion ?? device.agentVersion;
  device.capabilities = news.capabilities ?? device.capabilities;
  if (news.readings !== undefined) device.readings = { told: news.readings, atMs: news.atMs };
  rememberHeld(device);
  const isDue = news.atMs - device.figuresToldMs >= figuresEveryMs;
  if (!isDue && !hasClockMoved && before === told(device)) return false;
  device.figuresToldMs = news.atMs;
  return true;
}

/** Notes how far the plan reaches that the device holds, when it is the published one. */
export function rememberHeld(device: DeviceState): void {
  const { published, holds } = device;
  if (published === undefined || holds?.plan === undefined) return;
  if (compareSequence(holds.plan, published.sequence) === 0) device.heldUntilMs = published.untilMs;
}

function told(device: DeviceState): string {
  const { holds, agentVersion, capabilities, reachSinceMs, readings } = device;
  const states = readingStates(readings?.told ?? {});
  return JSON.stringify([holds?.plan, agentVersion, capabilities, reachSinceMs, states]);
}

function clockMoved(before: ClockState | undefined, after: ClockState): boolean {
  if (before === undefined || before.trusted !== after.trusted) return true;
  return Math.abs(before.offsetMs - after.offsetMs) > clockNewsMs;
}
