/** What the law of a place says of one candidate taken by itself: a rest holds against an exception, all else gives way to one. */
import type { Candidate } from './candidate.ts';
import { type CarriedException, exceptionOf, hindranceOf, type OmissionReason, restOf } from './judge-span.ts';
import type { SoundingLaw } from './law.ts';

/** With a reason it is left out of the plan. `cause`: see `Hindrance`. */
export interface Verdict {
  readonly candidate: Candidate;
  readonly reason?: OmissionReason | undefined;
  readonly cause?: string | undefined;
  readonly exception?: CarriedException | undefined;
}

/** Hours, rest days, holidays, weekdays, rests, exceptions; limits count many and are no part of it. */
export function judgeAlone(law: SoundingLaw, candidate: Candidate): Verdict {
  const hindrance = hindranceOf(law, candidate);
  const exception = hindrance === undefined ? undefined : exceptionOf(law, candidate);
  if (hindrance !== undefined && exception === undefined) return { candidate, ...hindrance };
  return { candidate, exception, ...restOf(law, candidate) };
}
