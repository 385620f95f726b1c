/** How an occurrence ended on this board, and the report of it (DESIGN P2). Pure. */
import type { Evidence } from '@loa/protocol/device';
import type { EndedEvent, Measured } from '../../contracts.ts';
import { type Course, hasSounded, lossVerdict, type Verdict } from './course.ts';

/** The verdict of a course whose plays are all over: what was measured when all of it sounded, else what was lost. */
export function verdictOf(course: Course): Verdict {
  if (course.verdict !== undefined) return course.verdict;
  if (course.loss !== undefined || course.playsDone === 0) return lossVerdict(course, course.loss);
  // Its clip stepped in for the station: something sounded, and not what was planned; the evidence says what happened.
  if (course.relayed?.fellBack !== undefined) return { outcome: 'partial', reason: 'relay-away' };
  const verdicts = course.measured.map((measured) => measured.verdict);
  if (verdicts.includes('none')) return { outcome: 'silent' };
  const isConfirmed = verdicts.length > 0 && verdicts.every((verdict) => verdict === 'sound');
  return { outcome: isConfirmed ? 'confirmed' : 'played' };
}

/** The report of an end; sent once, kept in the ledger until the outbox has it. */
export function endedEvent(course: Course, verdict: Verdict, endedMs: number): EndedEvent {
  const startedMs = course.startedMs === undefined ? undefined : Math.round(course.startedMs);
  return {
    kind: 'ended',
    occurrence: course.occurrence,
    outcome: verdict.outcome,
    ...(verdict.reason === undefined ? {} : { reason: verdict.reason }),
    playsDone: course.playsDone,
    plannedMs: course.plannedMs,
    ...(startedMs === undefined ? {} : { startedMs, lateMs: Math.max(0, startedMs - course.plannedMs) }),
    endedMs: Math.round(endedMs),
    evidence: evidenceOf(course),
  };
}

function evidenceOf(course: Course): Evidence {
  return {
    emittedMs: Math.round(course.emittedMs),
    ...(course.piece === undefined ? {} : { playsPlanned: course.piece.repeat.count }),
    ...(course.piece?.drill === true ? { drill: true } : {}),
    ...(hasSounded(course) && course.heldOffMs > 0 ? { heldOffMs: Math.round(course.heldOffMs) } : {}),
    ...relayEvidence(course),
    ...worstMeasured(course.measured)?.evidence,
  };
}

function relayEvidence({ relayed }: Course): Evidence {
  if (relayed === undefined) return {};
  const { soundedMs, clipMs, reconnects, fellBack, said } = relayed;
  return {
    relayMs: Math.round(soundedMs),
    ...(reconnects === 0 ? {} : { relayReconnects: reconnects }),
    ...(fellBack === undefined ? {} : { relayFellBack: fellBack, relayClipMs: Math.round(clipMs) }),
    ...(said === undefined ? {} : { relaySaid: said.slice(0, 300) }),
  };
}

const order: Record<Measured['verdict'], number> = {
  none: 0,
  wrong: 1,
  distorted: 2,
  'too-low': 3,
  undecided: 4,
  sound: 5,
};

function worstMeasured(measured: readonly Measured[]): Measured | undefined {
  return [...measured].sort((a, b) => order[a.verdict] - order[b.verdict])[0];
}
