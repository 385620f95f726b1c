/**
 * Carries out what `decide` decides: gathers the facts, prepares and starts sounds, writes them down before they sound,
 * tells the decider what came of them, and sets one timer. It makes no choice of its own.
 */
import type {
  Amplifier,
  ClipShelf,
  Conductor,
  Documents,
  EndedEvent,
  Faults,
  Ledger,
  Listen,
  Outbox,
  PlayEnd,
  Player,
  Playing,
  Timekeeper,
} from '../../contracts.ts';
import type { Cancel, Clock } from '../../edges/clock.ts';
import type { Random } from '../../edges/random.ts';
import { askedFor } from './asked.ts';
import {
  afterDecoderFailure,
  afterFirstSample,
  afterLogged,
  afterMeasured,
  afterObstacle,
  afterPlay,
  afterRelayAway,
  type Course,
  type CutReason,
  isLoggedFor,
  whileMeasuring,
} from './course.ts';
import { decide, initialState } from './decide.ts';
import type { ConductorState, Decision, Facts, Next } from './facts.ts';
import { createJournal } from './journal.ts';
import { askTimeEveryMs, askTimeLeadMs, outputRetryMs, prepareJitterMs, wholeWithinMs } from './limits.ts';
import { createOutlook } from './outlook.ts';
import { plannedEndMs } from './piece.ts';
import { recall } from './recall.ts';
import { progressOf } from './show.ts';
import { createSlot, type Slot } from './slot.ts';
import { soundAhead } from './sound-ahead.ts';
import { type LackingSince, lackOf } from './wishes.ts';

export interface ConductorPorts {
  clock: Clock;
  random: Random;
  time: Pick<Timekeeper, 'now' | 'serverToMonotonic' | 'monotonicToServer' | 'burst'>;
  /** The newest verified issue time, epoch ms: it cannot be earlier. */
  floorMs: () => number;
  ledger: Ledger;
  outbox: Outbox;
  documents: Documents;
  shelf: ClipShelf;
  player: Player;
  /** Absent where nothing is switched. */
  amplifier?: Amplifier | undefined;
  /** What the probes say of a play that has ended; absent: nothing is fitted. */
  listen?: Listen | undefined;
  faults: Faults;
  /** Whether drills sound here; default of a board: true, they say themselves that they are drills. */
  drillsAudible: boolean;
  /** Whether relays are taken here; else their clips sound. */
  takesStream: boolean;
  /** What `progress` says has changed in kind, not only in figures. */
  onProgress: () => void;
}

/** The conductor with its life. */
export interface RunningConductor extends Conductor {
  /** Takes up what the ledger remembers; nothing sounds before. */
  start(): void;
  /** The output's own word, as often as it is asked. */
  outputIs(present: boolean): void;
  /** When it last came to a decision, on the monotonic clock: whoever looks after it asks. */
  thoughtMonotonicMs(): number;
  /** Silence, everything written; what was cut is told at the next start. */
  stop(): Promise<void>;
}

/** A sound handed to the player. */
interface Live {
  occurrence: string;
  play: number;
  playing: Playing;
  cut?: CutReason | undefined;
  startedMonotonicMs?: number;
}

/** Thoughts in a row before the conductor is held to be turning in circles. */
const thoughtsMax = 10_000;

export function createConductor(ports: ConductorPorts): RunningConductor {
  const { clock, time, faults, player } = ports;
  const journal = createJournal(ports);
  const outlook = createOutlook(ports);
  const jitterMs = ports.random.fraction() * prepareJitterMs;
  const ended = new Set<string>();
  /** Occurrences whose next beginning is being written down. */
  const committing = new Set<string>();
  let state: ConductorState = initialState();
  let slot: Slot | undefined;
  let live: Live | undefined;
  let outputPresent = true;
  let isRunning = false;
  let isThinking = false;
  let isNews = false;
  let cancelTimer: Cancel = () => undefined;
  let timeAskedMs = Number.NEGATIVE_INFINITY;
  let shown = '';
  let lackingSince: LackingSince = new Map();
  let thoughtMonotonicMs = clock.monotonicMs();

  function think(): void {
    isNews = true;
    if (isThinking || !isRunning) return;
    isThinking = true;
    try {
      for (let thoughts = 0; isNews && isRunning; thoughts += 1) {
        if (thoughts > thoughtsMax) throw new Error('The conductor does not come to a decision');
        isNews = false;
        carryOut(decide(state, facts()));
      }
    } finally {
      isThinking = false;
    }
  }

  function facts(): Facts {
    const isEnded = (occurrence: string) => ended.has(occurrence);
    const audibleMonotonicMs = ports.amplifier?.audibleMonotonicMs();
    const audibleMs = audibleMonotonicMs === undefined ? undefined : time.monotonicToServer(audibleMonotonicMs);
    return { ...outlook.look(), isEnded, outputPresent, audibleMs, jitterMs };
  }

  function carryOut(decision: Decision): void {
    state = decision.state;
    for (const event of decision.endings) conclude(event);
    if (decision.cut !== undefined) cut(decision.cut);
    advance(decision.next);
    ports.amplifier?.expect(soundAhead(state, decision.next, ports));
    if (live !== undefined && clock.monotonicMs() - timeAskedMs >= askTimeEveryMs) askTime();
    const nowMs = time.now().ms;
    cancelTimer();
    cancelTimer = clock.setTimer(think, Math.min(decision.thinkAtMs - nowMs, tellLack(nowMs)));
    show(nowMs);
    thoughtMonotonicMs = clock.monotonicMs();
  }

  /** In how many ms what is lacking is to be looked at again. */
  function tellLack(nowMs: number): number {
    const at = { nowMs, monotonicMs: clock.monotonicMs(), find: ports.shelf.find, before: lackingSince };
    const { signal, since, againInMs } = lackOf(state.courses.values(), at);
    lackingSince = since;
    faults.signal('clip-missing', signal);
    return againInMs ?? Number.POSITIVE_INFINITY;
  }

  function conclude(event: EndedEvent): void {
    ended.add(event.occurrence);
    journal.end(event);
    isNews = true;
  }

  function cut(why: CutReason): void {
    if (live === undefined || state.sounding === undefined) return;
    live.cut = why;
    state = { ...state, sounding: { ...state.sounding, cut: why } };
    void live.playing.stop();
  }

  /** Brings the coming play one step further: prepared, written down, started. */
  function advance(next: Next | undefined): void {
    if (slot !== undefined && (next === undefined || !slot.isFor(next))) {
      slot.discard();
      slot = undefined;
    }
    if (next === undefined) return;
    const nowMs = time.now().ms;
    if (slot === undefined) {
      if (nowMs >= next.aim.startMs - askTimeLeadMs) askTime();
      if (nowMs >= next.prepareAtMs) slot = prepare(next);
      return;
    }
    const course = state.courses.get(next.occurrence);
    if (course === undefined || !next.isFree || nowMs < next.commitAtMs) return;
    if (slot.prepared === undefined || committing.has(next.occurrence)) return;
    if (isLoggedFor(course, next.aim)) startSound(slot, next);
    else void commit(next, course);
  }

  function askTime(): void {
    timeAskedMs = clock.monotonicMs();
    time.burst();
  }

  function prepare(next: Next): Slot | undefined {
    const course = state.courses.get(next.occurrence);
    const found = ports.shelf.find(next.piece.clip);
    const asked = course === undefined ? undefined : askedFor(next, { course, found, nowMs: time.now().ms });
    if (asked === undefined) return undefined;
    return createSlot({
      next,
      preparing: player.prepare(asked),
      onReady: think,
      onFailed: (own, { reason, evidence, relayed }) => {
        if (slot === own) slot = undefined;
        const end = { emittedMs: 0, atMs: time.now().ms, relayed };
        if (reason === 'relay-away') return change(next.occurrence, (waiting) => afterRelayAway(waiting, end));
        faults.signal('decoder-failed', { bad: true, certain: true, evidence });
        change(next.occurrence, (waiting) => afterDecoderFailure(waiting, end));
      },
    });
  }

  async function commit(next: Next, course: Course): Promise<void> {
    const { occurrence, aim, piece } = next;
    committing.add(occurrence);
    try {
      await journal.begin({
        kind: 'start',
        occurrence,
        play: aim.play,
        plannedMs: piece.atMs,
        atMs: Math.round(Math.max(aim.startMs, time.now().ms)),
        emergency: piece.emergency,
        ...(course.again === undefined ? {} : { again: course.again }),
      });
    } catch {
      // A warning is not withheld because a disk is worn out; routine sound waits for the disk.
      if (!piece.emergency) {
        committing.delete(occurrence);
        const untilMs = time.now().ms + outputRetryMs;
        return change(occurrence, (waiting) => afterObstacle(waiting, { untilMs }));
      }
    }
    committing.delete(occurrence);
    change(occurrence, (waiting) => afterLogged(waiting, aim));
  }

  function startSound(own: Slot, next: Next): void {
    if (own.prepared === undefined) throw new Error('Nothing is prepared');
    slot = undefined;
    const { occurrence, aim, piece } = next;
    const untilMonotonicMs = piece.relay === undefined ? undefined : time.serverToMonotonic(plannedEndMs(piece));
    const lengthMsMax = Math.max(0, piece.lengthMsMax - (state.courses.get(occurrence)?.usedMs ?? 0));
    // A clip keeps its place among the other boards'; a station has no other place than its own.
    const monotonicAt = (soundMs: number) =>
      piece.relay === undefined && time.now().trusted ? time.serverToMonotonic(aim.startMs + soundMs) : undefined;
    const options = { untilMonotonicMs, lengthMsMax, monotonicAt };
    const playing = own.prepared.startAt(time.serverToMonotonic(aim.startMs), options);
    const sound: Live = { occurrence, play: aim.play, playing };
    live = sound;
    change(occurrence, (course) => afterLogged(course, aim));
    state = { ...state, sounding: { occurrence, aim: { ...aim, startMs: Math.max(aim.startMs, time.now().ms) } } };
    playing.started.then(({ monotonicMs }) => onFirstSample(sound, monotonicMs));
    playing.ended.then((end) => onEnded(sound, end));
  }

  function onFirstSample(sound: Live, monotonicMs: number): void {
    sound.startedMonotonicMs = monotonicMs;
    const startedMs = time.monotonicToServer(monotonicMs);
    const { occurrence, play } = sound;
    const plannedMs = state.courses.get(occurrence)?.plannedMs ?? startedMs;
    journal.started({ occurrence, play, plannedMs, startedMs });
    if (state.sounding !== undefined && live === sound)
      state = { ...state, sounding: { ...state.sounding, startedMs } };
    change(occurrence, (course) => afterFirstSample(course, startedMs));
  }

  /** An emergency that comes in the last moment of a play leaves nothing of it to be heard again. */
  function asHeard(sound: Live, told: PlayEnd): PlayEnd {
    const piece = state.courses.get(sound.occurrence)?.piece;
    const { sounding } = state;
    if (told.how !== 'stopped' || sound.cut !== 'emergency' || piece === undefined || piece.relay !== undefined)
      return told;
    const leftMs = piece.clip.durationMs - (sounding?.aim.fromMs ?? 0) - told.emittedMs;
    return leftMs <= wholeWithinMs ? { ...told, how: 'completed' } : told;
  }

  function onEnded(sound: Live, told: PlayEnd): void {
    live = undefined;
    const end = asHeard(sound, told);
    const { sounding: _over, ...quiet } = state;
    state = quiet;
    if (!isRunning) return;
    const atMs = time.now().ms;
    const { occurrence, play } = sound;
    if (end.how === 'decoder-failed')
      faults.signal('decoder-failed', { bad: true, certain: true, evidence: { occurrence, emittedMs: end.emittedMs } });
    if (end.how === 'completed') {
      faults.signal('decoder-failed', { bad: false, evidence: {} });
      journal.done({ kind: 'done', occurrence, play, atMs: Math.round(atMs) });
      measure(sound, end);
    }
    change(occurrence, (course) => afterPlay(course, { ...end, cut: sound.cut, atMs }));
  }

  function measure({ occurrence, startedMonotonicMs }: Live, end: PlayEnd): void {
    if (ports.listen === undefined || startedMonotonicMs === undefined) return;
    const stretch = {
      fromMonotonicMs: startedMonotonicMs,
      untilMonotonicMs: clock.monotonicMs(),
      emittedMs: end.emittedMs,
      sentDbfs: end.sentDbfs,
    };
    state = withCourse(state, occurrence, whileMeasuring);
    void ports
      .listen(stretch)
      .then((measured) =>
        change(occurrence, (course) => afterMeasured(course, measured === undefined ? [] : [measured])),
      );
  }

  function change(occurrence: string, changed: (course: Course) => Course): void {
    state = withCourse(state, occurrence, changed);
    think();
  }

  function show(nowMs: number): void {
    const kinds = progressOf(state, { nowMs, find: ports.shelf.find }).map(
      ({ occurrence, phase }) => `${occurrence} ${phase}`,
    );
    const now = kinds.join('\n');
    if (now === shown) return;
    shown = now;
    ports.onProgress();
  }

  return {
    start() {
      const remembered = recall(ports.ledger.entries());
      for (const occurrence of remembered.ended) ended.add(occurrence);
      state = initialState(remembered.courses);
      journal.recover(remembered.unreported);
      isRunning = true;
      outlook.refresh(ended);
      think();
    },
    reconsider() {
      if (!isRunning) return;
      outlook.refresh(ended);
      think();
    },
    outputIs(present) {
      if (present === outputPresent) return;
      outputPresent = present;
      think();
    },
    thoughtMonotonicMs: () => thoughtMonotonicMs,
    progress: () => progressOf(state, { nowMs: time.now().ms, find: ports.shelf.find }),
    async stop() {
      isRunning = false;
      cancelTimer();
      slot?.discard();
      slot = undefined;
      await live?.playing.stop();
      await journal.idle();
    },
  };
}

function withCourse(state: ConductorState, occurrence: string, changed: (course: Course) => Course): ConductorState {
  const course = state.courses.get(occurrence);
  if (course === undefined) return state;
  return { ...state, courses: new Map(state.courses).set(occurrence, changed(course)) };
}
