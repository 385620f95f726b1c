/**
 * Carries out the service orders of the device's own document, each once: written down as begun before it begins, its
 * report written down before the outbox has it. A power cut between any two steps neither repeats nor loses one. Knows
 * nothing of how a board restarts or updates; the hands do.
 */
import type { ServiceOrder } from '@loa/protocol/device';
import type { Documents, Outbox, Refusals, Served, ServiceHands, Timekeeper } from '../../contracts.ts';
import type { Cancel, Clock } from '../../edges/clock.ts';
import type { EndedService, ServiceRecord } from '../../keep/service-record.ts';
import { isServiceOrder, judgeServiceOrder } from './judge-order.ts';
import { type Course, type Left, recallServices } from './recall.ts';

/** What waits (for quiet, for the disk, for the outcome of a former start) is looked at again after this. */
export const lookAgainMs = 10_000;

/** An outcome that is not known by then will not be: an update proves itself within minutes. */
export const outcomeMsMax = 24 * 3_600_000;

/** Orders of areas told as refused; beyond it the oldest may be told again. */
const toldMax = 256;

export interface Services {
  /** Takes up what a former start left, then looks at the orders. */
  start(): void;
  /** Documents changed. */
  consider(): void;
  /** Begins nothing more. */
  stop(): void;
}

export interface ServiceParts {
  clock: Clock;
  time: Pick<Timekeeper, 'now'>;
  /** Newest verified issue time, epoch ms: the least that the time can be. */
  floorMs: () => number;
  documents: Pick<Documents, 'orders'>;
  record: ServiceRecord;
  outbox: Outbox;
  refusals: Refusals;
  /** Those that are there; an order for another one is refused. */
  hands: Partial<ServiceHands>;
  /** Nothing sounds, and nothing is about to. */
  isQuiet: () => boolean;
  /** One line for whoever reads the log. */
  log: (line: string) => void;
}

/** The services, idle until started. */
export function createServices(parts: ServiceParts): Services {
  const { clock, record, hands } = parts;
  const recalled = recallServices(record.entries());
  const courses = new Map<string, Course>(recalled.courses);
  const untold = new Map<string, EndedService>(recalled.untold.map((ended) => [ended.order, ended]));
  const told = new Set<string>();
  const startedMs = clock.monotonicMs();
  let isRunning = false;
  let isTelling = false;
  let cancel: Cancel = () => undefined;

  /** Later than this it certainly is not. */
  function nowMs(): number {
    const now = parts.time.now();
    return now.trusted ? Math.max(now.ms, parts.floorMs()) : parts.floorMs();
  }

  function lookAgain(): void {
    cancel();
    if (isRunning) cancel = clock.setTimer(look, lookAgainMs);
  }

  function look(): void {
    if (!isRunning) return;
    cancel();
    for (const { order, document } of parts.documents.orders()) {
      // Asked at every change of anything: what follows is for the rare order.
      if (!isServiceOrder(order) || courses.has(order.id)) continue;
      const verdict = judgeServiceOrder({
        order,
        document,
        nowMs: nowMs(),
        isKnown: courses.has(order.id),
        isFitted: order.kind in hands,
        isQuiet: parts.isQuiet(),
        underWay: new Set([...courses.values()].flatMap((course) => (course.phase === 'under-way' ? course.kind : []))),
      });
      if (verdict === 'nothing') continue;
      if (verdict === 'for-an-area') refuseForArea(order);
      else if (verdict === 'wait') lookAgain();
      else if (verdict === 'begin') void begin(order);
      else void finish(order, { result: 'refused', ...refusals[verdict] });
    }
    if (untold.size > 0) void tellAll();
  }

  function refuseForArea(order: ServiceOrder): void {
    if (told.has(order.id)) return;
    told.add(order.id);
    for (const oldest of told) if (told.size > toldMax) told.delete(oldest);
    parts.refusals.refused({ subject: `${order.kind} ${order.id}`, reason: 'service order for an area' });
  }

  async function begin(order: ServiceOrder): Promise<void> {
    const { id, kind, issuedAt, expiresAt } = order;
    courses.set(id, { phase: 'under-way', kind });
    const since = order.kind === 'logs' && order.sinceMs !== undefined ? { sinceMs: order.sinceMs } : {};
    try {
      await record.append({ kind: 'begun', order: id, service: kind, issuedAt, expiresAt, ...since });
    } catch (error) {
      // What cannot be written down could happen twice: not begun, looked at again.
      parts.log(`service ${kind} ${id} waits for the disk: ${String(error)}`);
      courses.delete(id);
      lookAgain();
      return;
    }
    // Stopped meanwhile: it counts as begun, and the next start takes it from there.
    if (isRunning) await carryOut(order);
  }

  async function carryOut(order: ServiceOrder): Promise<void> {
    parts.log(`service ${order.kind} ${order.id} begins`);
    const served = await handOver(order).catch((error: unknown): Served => {
      return { result: 'failed', code: 'failed', reason: String(error) };
    });
    // The process ends; its next start knows and tells.
    if (served.result !== 'later') await finish(order, served);
  }

  async function handOver(order: ServiceOrder): Promise<Served> {
    const missing: Served = { result: 'failed', ...refusals['not-fitted'] };
    if (order.kind === 'restart') return hands.restart?.(order) ?? missing;
    if (order.kind === 'logs') return hands.logs?.(order) ?? missing;
    return hands.update?.(order) ?? missing;
  }

  async function finish(
    { id, kind }: Pick<ServiceOrder, 'id' | 'kind'>,
    served: Exclude<Served, { result: 'later' }>,
  ): Promise<void> {
    // An upload that the end of the process broke off is not over: the next start goes on.
    if (!isRunning) return;
    const reason = served.reason === undefined ? {} : { reason: served.reason.slice(0, 300) };
    const told = served.code === undefined ? served.evidence : { ...served.evidence, reason: served.code };
    const evidence = told === undefined ? {} : { evidence: told };
    const { result } = served;
    const ended: EndedService = { kind: 'ended', order: id, service: kind, result, ...reason, ...evidence };
    courses.set(id, { phase: 'over' });
    parts.log(`service ${kind} ${id}: ${result}${served.reason === undefined ? '' : `, ${served.reason}`}`);
    await record.append(ended).catch((error: unknown) => parts.log(`service ${id} is not written: ${String(error)}`));
    untold.set(id, ended);
    await tellAll();
    // Something may have waited for this one.
    look();
  }

  /** The outbox takes each once by its name; a disk that refuses is asked again. */
  async function tellAll(): Promise<void> {
    if (isTelling) return;
    isTelling = true;
    for (const [id, { kind: _kind, order, ...rest }] of [...untold]) {
      try {
        await parts.outbox.add({ kind: 'served', order, ...rest }, { once: `served:${id}` });
        untold.delete(id);
        await record.append({ kind: 'reported', order });
      } catch {
        lookAgain();
      }
    }
    isTelling = false;
  }

  async function takeUp({ begun }: Left): Promise<void> {
    const { order: id, service } = begun;
    if (service === 'logs') {
      // The server stores one log for an order, so the same one again is not a second one.
      const isOver = Date.parse(begun.expiresAt) <= nowMs();
      if (isOver) return finish({ id, kind: 'logs' }, { result: 'failed', ...brokenOff });
      const { issuedAt, expiresAt, sinceMs } = begun;
      return carryOut({ kind: 'logs', id, issuedAt, expiresAt, ...(sinceMs === undefined ? {} : { sinceMs }) });
    }
    const served = await hands.outcomeOf?.({ kind: service, order: id }).catch(() => undefined);
    const again = served?.isUntried === true ? inForce(id) : undefined;
    if (again !== undefined && parts.time.now().trusted) return isRunning ? carryOut(again) : undefined;
    const isKnown = served !== undefined && served.result !== 'later';
    // Without the time nobody can say whether the order is over: it waits for the server's.
    if (isKnown && again === undefined) return finish({ id, kind: service }, served);
    const isGivenUp = hands.outcomeOf === undefined || clock.monotonicMs() - startedMs >= outcomeMsMax;
    if (isGivenUp) return finish({ id, kind: service }, { result: 'failed', ...notKnown });
    if (isRunning) clock.setTimer(() => void (isRunning && takeUp({ begun })), lookAgainMs);
  }

  /** A cut takes nothing from an order that is still listed and lives. */
  function inForce(id: string): ServiceOrder | undefined {
    const found = parts.documents.orders().find(({ order }) => order.id === id);
    if (found === undefined || found.document.scope !== 'device' || !isServiceOrder(found.order)) return undefined;
    return Date.parse(found.order.expiresAt) > nowMs() ? found.order : undefined;
  }

  return {
    start() {
      isRunning = true;
      for (const left of recalled.left) void takeUp(left);
      look();
    },
    consider: look,
    stop() {
      isRunning = false;
      cancel();
    },
  };
}

const refusals = {
  expired: { code: 'order-expired', reason: 'The order had expired before it could begin.' },
  'not-fitted': { code: 'not-fitted', reason: 'This board does not do that.' },
} as const;

const brokenOff = { code: 'broken-off-by-restart', reason: 'Broken off by a restart.' } as const;
const notKnown = { code: 'outcome-not-known', reason: 'What became of it is not known.' } as const;
