/**
 * Was the pilot of a silent test heard? It lies where people hear little and many horns give nothing, so that not having
 * heard it means something only where it has been heard before. Pure.
 */
import type { UndecidedReason } from '@loa/protocol/device';
import type { Measured } from '../../contracts.ts';
import { delayMs } from './judge-hearing.ts';
import { dbOf, frameMs, type Levels } from './levels.ts';

/** A burst must stand so far above the same frequency around it. */
const standsOutDb = 6;

/** What was sent belongs to a burst from here on, dB below full scale. */
const burstDbfs = -55;

export function judgePilot(hearing: { sent: Levels; measured: Levels; wasHeardBefore: boolean }): Measured {
  const rises = { low: bestRise(hearing, 'low'), high: bestRise(hearing, 'high') };
  const riseDb = Math.max(rises.low, rises.high);
  const evidence = { pilotLowDb: round(rises.low), pilotHighDb: round(rises.high) };
  if (riseDb >= standsOutDb) return { verdict: 'sound', evidence };
  if (hearing.wasHeardBefore && riseDb > Number.NEGATIVE_INFINITY) return { verdict: 'none', evidence };
  const reason: UndecidedReason = hearing.wasHeardBefore ? 'recorded-too-little' : 'pilot-never-heard';
  return { verdict: 'undecided', evidence: { reason } };
}

/** How far bursts stand above the pauses between them, at the delay where they do most. */
function bestRise({ sent, measured }: { sent: Levels; measured: Levels }, tone: 'low' | 'high'): number {
  const isBurst = Array.from(sent[tone], (value) => dbOf(value) >= burstDbfs);
  const shift = sent.fromFrame - measured.fromFrame;
  let best = Number.NEGATIVE_INFINITY;
  for (let lag = delayMs.min / frameMs; lag <= delayMs.max / frameMs; lag += 1) {
    let [inside, insideCount, outside, outsideCount] = [0, 0, 0, 0];
    isBurst.forEach((is, index) => {
      const heard = measured[tone][index + shift + lag];
      if (heard === undefined || Number.isNaN(heard)) return;
      if (is) {
        inside += heard;
        insideCount += 1;
      } else {
        outside += heard;
        outsideCount += 1;
      }
    });
    if (insideCount < 8 || outsideCount < 8) continue;
    best = Math.max(best, dbOf(inside / insideCount) - dbOf(outside / outsideCount));
  }
  return best;
}

function round(value: number): number {
  return Number.isFinite(value) ? Number(value.toFixed(1)) : -120;
}
