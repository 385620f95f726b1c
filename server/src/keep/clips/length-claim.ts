/**
 * Does a container hold as much sound as it claims? Pure. Less than claimed means that the end was lost on the way; far
 * less, of a claim of hours, that the claim itself is wrong, which needs another remedy.
 */

/** A claim of at least an hour, and of this many times the contents, is a wrong claim and no lost end. */
const wrongClaimMsMin = 60 * 60_000;
const wrongClaimFactor = 10;

/** What the container claims and what is there; `toleranceMs` is what its encoder may count differently. */
export interface LengthClaim {
  declaredMs: number;
  presentMs: number;
  toleranceMs: number;
}

/** What a walk found: the length the container declares, if it does, and what is wrong with it, if anything. */
export interface Walk {
  declaredMs?: number;
  /** There is more sound than the header tells, as where two recordings were put together. */
  understated?: boolean;
  fault?: { code: 'truncated' | 'length-mismatch'; detail: string };
}

/** Undefined when the claim is kept. More sound than claimed is no fault here: everything is decoded. */
export function judgeLengthClaim(claim: LengthClaim): 'truncated' | 'length-mismatch' | undefined {
  const { declaredMs, presentMs, toleranceMs } = claim;
  if (presentMs >= declaredMs - toleranceMs) return undefined;
  const wrong = declaredMs >= wrongClaimMsMin && declaredMs >= presentMs * wrongClaimFactor;
  return wrong ? 'length-mismatch' : 'truncated';
}
