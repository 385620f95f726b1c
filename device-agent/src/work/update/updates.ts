/**
 * Carries out restarts and updates: waits for a quiet moment, fetches and verifies a release, puts it on trial, watches
 * it prove itself, and tells what became of it. Trusts nothing but the root key pinned at enrolment; never interrupts a
 * sound. Whoever starts the program again, and with which release, is the launcher's doing.
 */
import { openRelease, type PublicKey, type Release, type ServiceReason, type UpdateOrder } from '@loa/protocol/device';
import type { Faults, Life, Now, Served, ServiceHands } from '../../contracts.ts';
import { retryDelayMs } from '../../edges/backoff.ts';
import type { Cancel, Clock } from '../../edges/clock.ts';
import type { Random } from '../../edges/random.ts';
import { failed, proved } from '../../keep/releases/next-start.ts';
import type { ReleaseShelf } from '../../keep/releases/release-shelf.ts';
import type { Slot, Trial } from '../../keep/releases/slots.ts';
import { isSounding, type QuietFacts, whenQuiet } from '../quiet.ts';
import { judgeTrial, proveAfterMs, proveMsMax } from './judge-trial.ts';

/** A whole province is told at once and fetches some hundred kilobytes each: spread over so long. */
export const politeFetchMsMax = 10 * 60_000;

const fetchBackoff = { floorMs: 2_000, capMs: 5 * 60_000 };

/** A failed trial leaves the board to the former release at the first quiet moment within this. */
const giveWayMsMax = 5 * 60_000;

const lookEveryMs = 5_000;

export interface UpdatePorts {
  clock: Clock;
  random: Random;
  now: () => Now;
  life: Life;
  /** Pinned at enrolment. */
  rootKey: PublicKey;
  releases: ReleaseShelf;
  faults: Pick<Faults, 'signal'>;
  quietFacts: () => QuietFacts;
  isLinked: () => boolean;
  hasOutput: () => Promise<boolean>;
  log: (line: string) => void;
  /** Other limits than a board's, for a test. */
  limits?: { proveAfterMs: number; proveMsMax: number } | undefined;
}

export interface Updates {
  readonly hands: Pick<ServiceHands, 'restart' | 'update' | 'outcomeOf'>;
  /** Takes up a trial under way, tells of what the launcher found. */
  start(): Promise<void>;
  stop(): void;
}

export function createUpdates(ports: UpdatePorts): Updates {
  const { clock, life, releases } = ports;
  const limits = ports.limits ?? { proveAfterMs, proveMsMax };
  const giveUp = new AbortController();
  let isUpdating = false;
  let cancelLook: Cancel = () => undefined;

  async function restart(order: Parameters<ServiceHands['restart']>[0]): Promise<Served> {
    if (!(await quietUntil(expiryMs(order)))) return { result: 'failed', ...notQuiet };
    life.beginAnew('restart ordered');
    return { result: 'later' };
  }

  async function update(order: UpdateOrder): Promise<Served> {
    if (isUpdating) return { result: 'refused', code: 'update-under-way', reason: 'Another update is under way.' };
    isUpdating = true;
    try {
      return await carryOut(order);
    } finally {
      isUpdating = false;
    }
  }

  async function carryOut(order: UpdateOrder): Promise<Served> {
    const judged = judge(order);
    if (!judged.ok) return { result: 'refused', code: judged.code, reason: judged.reason };
    const { release } = judged;
    const held = await releases.read();
    if (held.trial !== undefined)
      return { result: 'refused', code: 'release-on-trial', reason: 'Another release is still on trial.' };
    const fetched = await fetchUntil(release, expiryMs(order));
    if (!fetched.ok) {
      const reason = `The release did not come: ${fetched.reason}.`.slice(0, 300);
      return { result: 'failed', code: 'release-not-come', reason };
    }
    if (!(await quietUntil(expiryMs(order)))) return { result: 'failed', ...notQuiet };
    const trial: Trial = {
      ...fetched.slot,
      order: order.id,
      expects: { linked: ports.isLinked(), output: await ports.hasOutput() },
      phase: 'waiting',
      boot: '',
      crashes: 0,
      cuts: 0,
    };
    await releases.write({ ...held, trial, verdict: undefined });
    life.beginAnew(`update to release ${release.number}`);
    return { result: 'later' };
  }

  function judge({ release: text }: UpdateOrder): Judged {
    if (!life.isReplaceable) return refused('not-packaged', 'This agent was not started from a package.');
    const opened = openRelease({ text, rootKey: ports.rootKey });
    if (!opened.ok)
      return refused('release-not-signed', `The release is not signed by the root key (${opened.reason}).`);
    const { number } = opened.release;
    if (number > life.running.number) return { ok: true, release: opened.release };
    return refused('release-not-newer', `Release ${number} is not newer than ${life.running.number}, which runs.`);
  }

  async function fetchUntil(
    release: Release,
    untilMs: number,
  ): Promise<{ ok: true; slot: Slot } | { ok: false; reason: string }> {
    const endMonotonicMs = clock.monotonicMs() + untilMs - ports.now().ms;
    const leftMs = () => endMonotonicMs - clock.monotonicMs();
    await pause(ports.random.fraction() * Math.min(politeFetchMsMax, leftMs() / 3));
    for (let attempt = 1; ; attempt += 1) {
      if (giveUp.signal.aborted || leftMs() <= 0) return { ok: false, reason: 'the order expired' };
      const fetched = await releases
        .fetch(release, giveUp.signal)
        .catch((error: unknown) => ({ ok: false, isFinal: false, reason: String(error) }) as const);
      if (fetched.ok) return fetched;
      const waitMs = retryDelayMs({ backoff: fetchBackoff, attempt, fraction: ports.random.fraction() });
      if (fetched.isFinal || waitMs >= leftMs()) return { ok: false, reason: fetched.reason };
      await pause(waitMs);
    }
  }

  async function outcomeOf(
    begun: Parameters<ServiceHands['outcomeOf']>[0],
  ): Promise<Awaited<ReturnType<ServiceHands['outcomeOf']>>> {
    // Who asks stands in a later start than the one that was asked.
    if (begun.kind === 'restart') return { result: 'done' };
    const slots = await releases.read().catch(() => undefined);
    if (slots === undefined) return undefined;
    const { trial, verdict } = slots;
    if (trial?.order === begun.order) return undefined;
    const { running } = life;
    const evidence = { runs: running.number, version: running.version };
    if (verdict?.order !== begun.order) return { result: 'failed', ...notTried, evidence, isUntried: true };
    if (verdict.result === 'done') return { result: 'done', evidence };
    const reason = `Release ${verdict.number} was given up: ${verdict.reason}.`;
    return { result: 'failed', code: 'release-given-up', reason, evidence };
  }

  /** Looks again until the trial is over; a disk that takes no verdict now may take it later. */
  function lookAt(trial: Trial, openedMonotonicMs: number): void {
    if (giveUp.signal.aborted) return;
    judgedOver(trial, openedMonotonicMs).then(
      (isOver) => {
        if (!isOver) again();
      },
      (error: unknown) => {
        ports.log(`The trial of release ${trial.number}: ${String(error)}`);
        again();
      },
    );
    function again(): void {
      const delayMs = Math.min(lookEveryMs, limits.proveAfterMs);
      cancelLook = clock.setTimer(() => lookAt(trial, openedMonotonicMs), delayMs);
    }
  }

  async function judgedOver(trial: Trial, openedMonotonicMs: number): Promise<boolean> {
    const facts = { isLinked: ports.isLinked(), hasOutput: await ports.hasOutput() };
    const judgement = judgeTrial(trial, { ...facts, ranMs: clock.monotonicMs() - openedMonotonicMs }, limits);
    if (judgement.kind === 'wait') return false;
    const slots = await releases.read();
    if (slots.trial?.number !== trial.number) return true;
    if (judgement.kind === 'proved') {
      const good = proved(slots, slots.trial);
      await releases.write(good);
      ports.log(`release ${trial.number} has proved itself`);
      tellVerdict(good.verdict);
      await releases.clean(good).catch(() => undefined);
      return true;
    }
    await releases.write(failed(slots, slots.trial, judgement.reason));
    ports.log(`release ${trial.number} is given up: ${judgement.reason}`);
    const isQuiet = await quietUntil(ports.now().ms + giveWayMsMax);
    if (isQuiet || !isSounding(ports.quietFacts())) life.beginAnew('back to the former release');
    return true;
  }

  function tellVerdict(verdict: { result: string; reason: string; number: number } | undefined): void {
    const bad = verdict?.result === 'failed';
    const evidence = bad ? { release: verdict.number, reason: verdict.reason.slice(0, 300) } : {};
    ports.faults.signal('update-failed', { bad, evidence });
  }

  function quietUntil(untilMs: number): Promise<boolean> {
    return whenQuiet({ clock, now: ports.now, facts: ports.quietFacts, untilMs, giveUp: giveUp.signal });
  }

  function pause(ms: number): Promise<void> {
    return new Promise((resolve) => clock.setTimer(resolve, ms));
  }

  return {
    hands: { restart, update, outcomeOf },
    async start() {
      const slots = await releases.read().catch(() => undefined);
      if (slots === undefined) return;
      tellVerdict(slots.verdict);
      const { damaged, trial } = slots;
      if (damaged !== undefined) {
        const path = damaged === 0 ? 'releases/slots' : `releases/${damaged}`;
        const evidence = { path, reason: 'does not match its checksum' };
        ports.faults.signal('storage-damaged', { bad: true, certain: true, evidence });
        await releases.write({ ...slots, damaged: undefined }).catch(() => undefined);
      }
      if (trial?.phase === 'running' && trial.number === life.running.number) lookAt(trial, clock.monotonicMs());
    },
    stop() {
      giveUp.abort();
      cancelLook();
    },
  };
}

type Judged = { ok: true; release: Release } | { ok: false; code: ServiceReason; reason: string };

function refused(code: ServiceReason, reason: string): Judged {
  return { ok: false, code, reason };
}

const notQuiet = { code: 'not-quiet', reason: 'Something sounded all the while.' } as const;
const notTried = { code: 'release-not-tried', reason: 'The board began anew before the release was tried.' } as const;

function expiryMs({ expiresAt }: { expiresAt: string }): number {
  return Temporal.Instant.from(expiresAt).epochMilliseconds;
}
