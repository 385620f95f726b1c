/**
 * Watches the bytes of an MQTT 3.1.1 session as they come from the broker, before a parser gathers a packet: mqtt.js
 * would hold any packet whole, up to the 256 MB that the protocol allows. Reads fixed headers only (§2.2). Pure.
 */
import type { Rule } from './network.ts';

/**
 * Sixteen times what any document takes: one that is too large is refused by itself and costs no session; what is
 * larger than this is not ours.
 */
export const mqttPacketBytesMax = 64 * 1024;

const connack = 2;
const publish = 3;

/**
 * What a broker sends to a client that subscribes and publishes with QoS 1 at most (§3.8.4: a broker grants no more than
 * was asked for): CONNACK, PUBLISH, PUBACK, SUBACK, UNSUBACK, PINGRESP.
 */
const kinds = new Set([connack, publish, 4, 9, 11, 13]);

/** Handed each piece in order; answers with the rule that was broken by what has come so far. */
export function createMqttGuard(): (piece: Uint8Array) => Rule | undefined {
  let isFirst = true;
  let skip = 0;
  /** Of the packet whose header is being read; `shift` is where the next seven bits of its length go. */
  let header: { length: number; shift: number } | undefined;

  function begin(byte: number): Rule | undefined {
    const kind = byte >> 4;
    const isRight = kinds.has(kind) && (kind === connack) === isFirst;
    const isAboveQos1 = kind === publish && (byte & 0b100) !== 0;
    isFirst = false;
    header = { length: 0, shift: 0 };
    return isRight && !isAboveQos1 ? undefined : 'not-mqtt';
  }

  function goOn(of: { length: number; shift: number }, byte: number): Rule | undefined {
    of.length += (byte & 0x7f) << of.shift;
    of.shift += 7;
    if (of.length > mqttPacketBytesMax) return 'packet-too-large';
    if (byte >= 0x80) return of.shift >= 28 ? 'not-mqtt' : undefined;
    skip = of.length;
    header = undefined;
    return undefined;
  }

  return (piece) => {
    for (let at = 0; at < piece.length; ) {
      if (skip > 0) {
        const some = Math.min(skip, piece.length - at);
        skip -= some;
        at += some;
        continue;
      }
      const byte = piece[at] ?? 0;
      const broken = header === undefined ? begin(byte) : goOn(header, byte);
      if (broken !== undefined) return broken;
      at += 1;
    }
    return undefined;
  };
}
