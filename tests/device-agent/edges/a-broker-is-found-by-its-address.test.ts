/** The broker's address is taken apart as mqtt.js would, without the function that Node warns of at each start. */
import { brokerPlace } from '@loa/device-agent/edges/broker-place.ts';
import { expect, test } from 'vitest';

test.each([
  ['ws://10.0.0.2/mqtt', { protocol: 'ws', host: '10.0.0.2', port: 80, path: '/mqtt' }],
  ['wss://loa.example/sub/mqtt?a=1', { protocol: 'wss', host: 'loa.example', port: 443, path: '/sub/mqtt?a=1' }],
  ['wss://[2001:db8::7]:8443/mqtt', { protocol: 'wss', host: '[2001:db8::7]', port: 8443, path: '/mqtt' }],
  ['mqtt://loa.example', { protocol: 'mqtt', host: 'loa.example', port: 1883 }],
  ['mqtts://[::1]', { protocol: 'mqtts', host: '::1', port: 8883 }],
])('%s', (address, place) => {
  expect(brokerPlace(new URL(address))).toEqual({ ...place, hostname: place.host });
});

test('another kind of address is refused', () => {
  expect(() => brokerPlace(new URL('http://loa.example'))).toThrow('Not the address of a broker');
});
