/**
 * How large is the MQTT packet that is coming in? Reads fixed headers (MQTT 3.1.1 §2.2) out of the byte stream and says
 * so before the packet is collected: the broker library would gather up to 256 MB of it in memory. Pure.
 */

/** Takes the next bytes of a stream; false when a packet in it is larger than allowed or its length is malformed. */
export type PacketMeter = (chunk: Uint8Array) => boolean;

/** A meter for one connection. `bytesMax` counts what follows the fixed header. */
export function createPacketMeter(bytesMax: number): PacketMeter {
  let phase: 'type' | 'length' | 'body' = 'type';
  let lengthBytes = 0;
  let leftBytes = 0;

  return (chunk) => {
    let at = 0;
    while (at < chunk.length) {
      if (phase === 'body') {
        const taken = Math.min(leftBytes, chunk.length - at);
        at += taken;
        leftBytes -= taken;
        if (leftBytes === 0) phase = 'type';
        continue;
      }
      const byte = chunk[at] ?? 0;
      at += 1;
      if (phase === 'type') {
        phase = 'length';
        lengthBytes = 0;
        leftBytes = 0;
        continue;
      }
      leftBytes += (byte & 0x7f) * 128 ** lengthBytes;
      lengthBytes += 1;
      const isLast = (byte & 0x80) === 0;
      if (leftBytes > bytesMax || (!isLast && lengthBytes === 4)) return false;
      if (isLast) phase = leftBytes === 0 ? 'type' : 'body';
    }
    return true;
  };
}

/**
 * Puts a meter before whatever reads `stream`; a packet that is too large destroys the stream. A read gives all that
 * has come: since Node 26 the platform's gives one buffer, and the broker library, which reads once when it is told
 * that something can be read, would leave the rest lying until more comes (a CONNECT in pieces was never answered).
 */
export function meterReads(
  stream: { read(size?: number): unknown; destroy(error?: Error): unknown },
  bytesMax: number,
): void {
  const meter = createPacketMeter(bytesMax);
  const read = stream.read.bind(stream);
  stream.read = (size) => {
    if (typeof size === 'number') return read(size);
    const chunks: Uint8Array[] = [];
    for (let chunk = read(); chunk instanceof Uint8Array; chunk = read()) {
      if (!meter(chunk)) {
        stream.destroy(new Error('an MQTT packet is larger than allowed'));
        return null;
      }
      chunks.push(chunk);
    }
    return chunks.length === 0 ? null : Buffer.concat(chunks);
  };
}
