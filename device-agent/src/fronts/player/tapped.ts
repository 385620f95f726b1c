/** Tells somebody what a sink was given, so that what is heard can be compared with it. Changes nothing of the sound. */
import type { SentListener } from '../../contracts.ts';
import type { Sink } from './sink.ts';

/** The same sink; a block that it refused was not sent. */
export function tapped(sink: Sink, listener: SentListener): Sink {
  return {
    ...sink,
    write(block, at) {
      sink.write(block, at);
      listener.sent(block, at);
    },
    rest() {
      sink.rest();
      listener.rested();
    },
  };
}
