/** The level on the amplifier's line, millivolt, rectified by whoever measures it, from a file of the board. */
import type { Gauge } from '../../contracts.ts';

/** A 100 V line at speech level gives volts, a divider of it hundreds of millivolt. */
const riseMinMv = 10;

export function lineLevel(read: Gauge['read']): Gauge {
  return { kind: 'line-level', riseMin: riseMinMv, read };
}
