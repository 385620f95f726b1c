/** An output that is not there on purpose: everything runs in real time and nothing sounds, beside an old system. */
import { aheadMsMax } from './player.ts';
import type { Sink } from './sink.ts';

export function silentSink(): Sink {
  return {
    name: 'silent',
    startLeadMs: aheadMsMax,
    write: () => undefined,
    rest: () => undefined,
    output: () => ({ present: true, evidence: { player: 'silent' } }),
    close: () => undefined,
  };
}
