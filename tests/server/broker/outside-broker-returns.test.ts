/** Promise: an outside broker that dies and comes back gets everything again; one that is not there is said so. */
import { topics } from '@loa/protocol/device';
import { machineClock } from '@loa/server/edges/clock.ts';
import { machineRandom } from '@loa/server/edges/random.ts';
import type { BrokerFront } from '@loa/server/fronts/broker/broker-front.ts';
import { connectOutsideBroker } from '@loa/server/fronts/broker/outside.ts';
import { afterEach, expect, test } from 'vitest';
import { type Mosquitto, mosquittoMissing, startMosquitto } from './mosquitto.ts';

const missing = mosquittoMissing();
if (missing !== undefined) console.error(`\n  NOT TESTED ON MOSQUITTO: ${missing}\n`);

const ports = {
  deviceOf: () => undefined,
  areasOf: () => [],
  presence: () => {},
  log: () => {},
  clock: machineClock,
  random: machineRandom,
};
let mosquitto: Mosquitto | undefined;
let front: BrokerFront | undefined;
afterEach(async () => {
  await front?.stop();
  await mosquitto?.stop();
});

test.runIf(missing === undefined)('after the broker was killed and started everything is published again', async () => {
  mosquitto = await startMosquitto();
  let returns = 0;
  front = await connectOutsideBroker({
    ...ports,
    url: mosquitto.url,
    returned: async () => {
      returns += 1;
    },
  });
  await front.publish(topics.plan('d1'), 'one');
  await mosquitto.kill();
  await expect(front.publish(topics.plan('d1'), 'two')).rejects.toThrow('broker');
  await mosquitto.start();
  await expect.poll(() => returns, { timeout: 10_000 }).toBe(1);
  await front.publish(topics.plan('d1'), 'three');
  // Its other connection comes back by itself; until then boards are told to come again.
  await expect
    .poll(() => front?.admit('d1', 'token').then(() => 'admitted', String), { timeout: 10_000 })
    .toBe('admitted');
});

test.runIf(missing === undefined)('a wrong password is told as such', async () => {
  mosquitto = await startMosquitto();
  const url = mosquitto.url.replace(/:[0-9a-f]+@/, ':wrong@');
  let giveUp = () => {};
  const clock = {
    ...machineClock,
    setTimer: (run: () => void) => {
      giveUp = run;
      return () => {};
    },
  };
  const opening = connectOutsideBroker({ ...ports, clock, url, returned: async () => {} });
  setTimeout(() => giveUp(), 500);
  await expect(opening).rejects.toThrow(/MQTT_URL cannot be used: .*Not authorized/);
  front = undefined;
});
