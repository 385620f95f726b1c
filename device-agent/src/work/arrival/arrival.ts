/**
 * Waits until the board is enrolled: takes invitations from wherever one comes (card, page, command, environment), tries
 * one at a time for as long as it may succeed, and says how it stands. The newest invitation counts.
 */
import { retryDelayMs } from '../../edges/backoff.ts';
import type { Cancel, Clock } from '../../edges/clock.ts';
import type { Random } from '../../edges/random.ts';
import type { EnrolmentState, EnrolProblem } from '../../pole-state.ts';
import type { Invitation } from './enrol-note.ts';

/** Between tries while the server is not there yet. */
const backoff = { floorMs: 1_000, capMs: 60_000 };

/** What became of one try; `isFinal`: the same code will not do. */
export type Attempted =
  | { ok: true; keys: string }
  | { ok: false; reason: string; words?: { vi: string; en: string } | undefined; isFinal: boolean };

export interface Arrival {
  state(): EnrolmentState;
  /** Takes an invitation; refused while one is being tried at this instant, and once enrolled. */
  offer(invitation: Invitation): { ok: true } | { ok: false; reason: 'busy' | 'enrolled' };
  /** Somebody tried, and it cannot even be tried. Does not disturb one that is being tried. */
  note(problem: EnrolProblem): void;
  /** Resolves with the key set's envelope when a try has succeeded. Called once. */
  receive(attempt: (invitation: Invitation) => Promise<Attempted>): Promise<{ keys: string }>;
  /** The board was enrolled already. */
  known(): void;
}

/** An arrival that waits. */
export function createArrival(parts: {
  clock: Clock;
  random: Random;
  /** After each success: the code is used, and may be taken off the card. */
  onEnrolled: () => void;
  log: (line: string) => void;
}): Arrival {
  let state: EnrolmentState = { phase: 'waiting' };
  let invitation: Invitation | undefined;
  let isAsking = false;
  let wake: () => void = () => undefined;

  function rest(delayMs: number | undefined): Promise<void> {
    return new Promise((resolve) => {
      const cancel: Cancel = delayMs === undefined ? () => undefined : parts.clock.setTimer(resolve, delayMs);
      wake = () => {
        cancel();
        resolve();
      };
    });
  }

  return {
    state: () => state,
    offer(next) {
      if (state.phase === 'enrolled') return { ok: false, reason: 'enrolled' };
      if (isAsking) return { ok: false, reason: 'busy' };
      invitation = next;
      state = { phase: 'trying' };
      wake();
      return { ok: true };
    },
    note(problem) {
      if (state.phase === 'waiting' || state.phase === 'refused') state = { phase: 'refused', problem };
    },
    known() {
      state = { phase: 'enrolled' };
    },
    async receive(attempt) {
      for (let tries = 1; ; ) {
        const trying = invitation;
        if (trying === undefined) {
          parts.log('waits for a code to be enrolled with');
          await rest(undefined);
          continue;
        }
        isAsking = true;
        const answer = await attempt(trying);
        isAsking = false;
        if (answer.ok) {
          state = { phase: 'enrolled' };
          invitation = undefined;
          parts.onEnrolled();
          return { keys: answer.keys };
        }
        const detail = answer.reason.slice(0, 300);
        const words = answer.words && { vi: answer.words.vi.slice(0, 300), en: answer.words.en.slice(0, 300) };
        const why = { detail, ...(words === undefined ? {} : { words }) };
        parts.log(`not enrolled yet: ${detail}`);
        if (answer.isFinal) {
          state = { phase: 'refused', problem: 'refused', ...why };
          invitation = undefined;
          continue;
        }
        state = { phase: 'trying', problem: 'not-reached', ...why };
        await rest(retryDelayMs({ backoff, attempt: tries, fraction: parts.random.fraction() }));
        tries = invitation === trying ? tries + 1 : 1;
      }
    },
  };
}
