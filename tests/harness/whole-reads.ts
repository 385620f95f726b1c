/**
 * Makes `read()` of a stream return all that is buffered, as it did before Node 24: aedes reads once for each
 * `readable` event and would leave the rest of a CONNECT that came in several WebSocket frames lying.
 */
import type { Duplex } from 'node:stream';

/** The same stream, for `broker.handle`. */
export function wholeReads<S extends Duplex>(stream: S): S {
  const read = stream.read.bind(stream);
  stream.read = () => {
    const chunks: Uint8Array[] = [];
    for (let chunk: unknown = read(); chunk instanceof Uint8Array; chunk = read()) chunks.push(chunk);
    return chunks.length === 0 ? null : Buffer.concat(chunks);
  };
  return stream;
}
