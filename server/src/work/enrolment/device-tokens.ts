/**
 * Tokens that devices carry to MQTT, WebSocket and HTTP: in memory only, so that a restart makes every device sign in
 * again by its key. Never stored, never logged; looked up by hash.
 */
import { createHash } from 'node:crypto';
import { deviceTokenLifeMs } from '@loa/protocol/device';
import type { Random } from '../../edges/random.ts';
import type { DeviceIdentity } from '../contracts.ts';

const tokenBytes = 32;

/** A device that reconnects asks for a new one each time; older ones serve connections that are still ending. */
const tokensPerDevice = 3;

export interface DeviceTokens {
  /** Undefined when the device has been revoked, even while its sign-in was under way. */
  make(device: DeviceIdentity): string | undefined;
  deviceOf(token: string): DeviceIdentity | undefined;
  /** Ends all tokens of a device at once. */
  revoke(deviceId: string): void;
}

/** Holds at most `tokensPerDevice` for each device there is or was: devices are made by people, so that is the bound. */
export function createDeviceTokens(ports: { random: Random; monotonicMs: () => number }): DeviceTokens {
  const holders = new Map<string, DeviceIdentity & { untilMs: number }>();
  const perDevice = new Map<string, string[]>();
  const revoked = new Set<string>();

  return {
    make: (device) => {
      if (revoked.has(device.deviceId)) return undefined;
      const token = Buffer.from(ports.random.bytes(tokenBytes)).toString('base64url');
      const hash = hashOf(token);
      const hashes = [...(perDevice.get(device.deviceId) ?? []), hash];
      for (const old of hashes.splice(0, hashes.length - tokensPerDevice)) holders.delete(old);
      perDevice.set(device.deviceId, hashes);
      holders.set(hash, { ...device, untilMs: ports.monotonicMs() + deviceTokenLifeMs });
      return token;
    },
    deviceOf: (token) => {
      const hash = hashOf(token);
      const holder = holders.get(hash);
      if (holder === undefined) return undefined;
      if (holder.untilMs > ports.monotonicMs()) return { deviceId: holder.deviceId, clusterId: holder.clusterId };
      holders.delete(hash);
      return undefined;
    },
    revoke: (deviceId) => {
      for (const hash of perDevice.get(deviceId) ?? []) holders.delete(hash);
      perDevice.delete(deviceId);
      revoked.add(deviceId);
    },
  };
}

function hashOf(token: string): string {
  return createHash('sha256').update(token).digest('hex');
}
