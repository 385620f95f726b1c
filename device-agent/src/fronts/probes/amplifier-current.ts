/** The current the amplifier draws, milliampere, from a file of the board (IIO) or of a program that reads a serial line. */
import type { Gauge } from '../../contracts.ts';

/** A horn driven at speech level takes hundreds; a good converter's noise is a few. */
const riseMinMa = 10;

export function amplifierCurrent(read: Gauge['read']): Gauge {
  return { kind: 'amplifier-current', riseMin: riseMinMa, read };
}
