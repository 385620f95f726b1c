/**
 * The real agent, whose only way out is a proxy on one port, enrols with the real server over TLS, gets its documents by
 * MQTT, reports by WebSocket, and is back by itself after the line was cut. It is in shadow, and the server knows.
 */
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { hasOpenssl } from '../harness/authority.ts';
import { type OnePortTown, openOnePortTown } from '../harness/one-port-town.ts';

describe.skipIf(!hasOpenssl)('a board with one way out', () => {
  let town: OnePortTown;

  beforeAll(async () => {
    town = await openOnePortTown();
  });
  afterAll(() => town.close());

  it('is in reach and holds its plan, and everything went through the proxy', async () => {
    const snapshot = async () => (await town.technician.call('reach', { body: { areaIds: ['p68'] } })).reachable;
    await expect.poll(snapshot, { timeout: 20_000 }).toBe(1);
    expect(new Set(town.proxy.asked)).toEqual(new Set(['loa.invalid:443']));
    expect(town.door.taken()).toBe(town.proxy.asked.length);
  });

  it('comes back by itself when the line was cut', async () => {
    town.door.cut();
    await expect.poll(town.isConnected, { timeout: 10_000 }).toBe(false);
    await expect.poll(town.isConnected, { timeout: 60_000 }).toBe(true);
    expect(new Set(town.proxy.asked)).toEqual(new Set(['loa.invalid:443']));
  });
});
