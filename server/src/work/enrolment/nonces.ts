/**
 * Nonces that a device signs to prove its key. Made by HMAC, so that asking for any number of them costs no memory and
 * pushes nobody else's out; only those that were used are remembered, until they expire.
 */
import { createHmac, timingSafeEqual } from 'node:crypto';
import { nonceLifeMs } from '@loa/protocol/device';
import type { Random } from '../../edges/random.ts';

/** Used nonces remembered: every device of the largest installation twice in a nonce's life. */
const usedMax = 20_000;

export interface Nonces {
  make(deviceId: string): string;
  /** True once, within the nonce's life, for the device it was made for. */
  use(deviceId: string, nonce: string): boolean;
}

export function createNonces(ports: { random: Random; monotonicMs: () => number }): Nonces {
  const secret = ports.random.bytes(32);
  const used = new Map<string, number>();

  const seal = (deviceId: string, body: string) =>
    createHmac('sha256', secret)
      .update(JSON.stringify([deviceId, body]))
      .digest();

  function forgetExpired(nowMs: number): void {
    for (const [nonce, untilMs] of used) {
      if (untilMs > nowMs && used.size < usedMax) return;
      used.delete(nonce);
    }
  }

  return {
    make: (deviceId) => {
      const untilMs = Math.ceil(ports.monotonicMs() + nonceLifeMs);
      const body = `${untilMs}.${Buffer.from(ports.random.bytes(16)).toString('base64url')}`;
      return `${body}.${seal(deviceId, body).toString('base64url')}`;
    },
    use: (deviceId, nonce) => {
      const nowMs = ports.monotonicMs();
      const [until, random, signature, ...rest] = nonce.split('.');
      if (until === undefined || random === undefined || signature === undefined || rest.length > 0) return false;
      const expected = seal(deviceId, `${until}.${random}`);
      const given = Buffer.from(signature, 'base64url');
      if (given.length !== expected.length || !timingSafeEqual(given, expected)) return false;
      const untilMs = Number(until);
      // The text of a signature has more than one spelling; what was signed has one.
      const spelt = `${until}.${random}`;
      if (untilMs <= nowMs || used.has(spelt)) return false;
      forgetExpired(nowMs);
      used.set(spelt, untilMs);
      return true;
    },
  };
}
