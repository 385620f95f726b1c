/**
 * What devices say over their links: who is there and what it holds, reports that are stored once and receipted only
 * when durable, progress for the live picture, and the time. One frame at a time per device; a device has one link, and
 * a newer one ends the former.
 */
import {
  beatMs,
  behindAfterMs,
  type ClockState,
  type DeviceMessage,
  type Holds,
  type Presence,
  type Progress,
  type ServerMessage,
} from '@loa/protocol/device';
import type { TestView } from '@loa/protocol/panel';
import type { Selectable } from 'kysely';
import type { Cancel } from '../../edges/clock.ts';
import { newId } from '../../edges/random.ts';
import type { AiringsTable, FaultsTable } from '../../keep/store/schema.ts';
import type { DeviceIdentity, DeviceLife, DeviceNews, Intake, WorkPorts } from '../contracts.ts';
import { applyReports, clearLostFaults } from './apply-reports.ts';
import { createLastReadings } from './last-readings.ts';
import { createLastSeen } from './last-seen.ts';

type Hello = Extract<DeviceMessage, { kind: 'hello' }>;
type Heartbeat = Extract<DeviceMessage, { kind: 'heartbeat' }>;

/**
 * A device that beats tells by itself when what it holds changes. One that stays behind all the same is asked: at each
 * look for so long, then seldom, since a fault has opened by then.
 */
const askOftenMs = 30_000;
const askSeldomMs = 30_000;

/** What is no account of itself is noted as a sign of life this often. */
const seenEveryMs = 10_000;

/** What a link that is open now has told. */
export interface OpenLink {
  holds: Holds;
  clock: ClockState;
  /** The holds have been these, on this link, since this instant of the monotonic clock. */
  sinceMs: number;
  /** When reports came last on this link, or it opened; monotonic. */
  reportedMs: number;
  /** What the device thinks of its own time. */
  clockTrusted: boolean;
  /** Occurrences it told progress of last. */
  underEye: ReadonlySet<string>;
}

export interface IntakePorts extends Pick<WorkPorts, 'store' | 'clock' | 'random' | 'log'> {
  areasOf(deviceId: string): readonly string[];
  /** Dispatch's. */
  repair(device: { deviceId: string; areaIds: readonly string[]; holds: Holds }): Promise<void>;
  isBehind(device: { deviceId: string; areaIds: readonly string[]; holds: Holds }): boolean;
  /** Watch's: any frame is a sign of life. */
  heard(deviceId: string): Promise<void>;
  /** The live picture's. */
  deviceSeen(news: DeviceNews): void;
  progressed(deviceId: string, progress: readonly Progress[]): void;
  /** The clock's guard hears what devices think of the time, and whether it may be told. */
  clockTold(deviceId: string, clock: ClockState): void;
  tellsTime(): boolean;
  airingsChanged(rows: readonly Selectable<AiringsTable>[]): void;
  faultsChanged(rows: readonly Selectable<FaultsTable>[]): void;
  tested(deviceId: string, test: TestView): void;
  /** Repairs': the device has answered something it was asked. */
  answered(deviceId: string): void;
}

export interface IntakeRoom extends Intake {
  /** What the device told on the link that is open now; undefined while there is none. */
  linkOf(deviceId: string): OpenLink | undefined;
  /** What MQTT says about the device; a witness, not a verdict. */
  witnessOf(deviceId: string): Presence | undefined;
  /** Asks nobody any more, and writes what is only in memory. */
  stop(): Promise<void>;
}

interface Link {
  close(): void;
  send(message: ServerMessage): void;
  /** Its hello said that it beats. */
  beats: boolean;
  /** Behind by what it told; monotonic. */
  behind: { sinceMs: number; askedMs: number } | undefined;
  told: OpenLink | undefined;
  reportedMs: number;
  /** When it was last noted as there; monotonic. */
  seenMs: number;
}

export function createIntake(ports: IntakePorts): IntakeRoom {
  const { store, clock } = ports;
  /** At most one per device. */
  const links = new Map<string, Link>();
  const witnesses = new Map<string, Presence>();
  const lastSeen = createLastSeen(ports);
  const lastReadings = createLastReadings(ports);
  let cancelAsking: Cancel | undefined;
  let isStopped = false;

  function open(device: DeviceIdentity, send: (message: ServerMessage) => void, close: () => void): DeviceLife {
    const { deviceId } = device;
    const reportedMs = clock.monotonicMs();
    const link: Link = {
      close,
      send,
      beats: false,
      behind: undefined,
      told: undefined,
      reportedMs,
      seenMs: reportedMs,
    };
    links.get(deviceId)?.close();
    links.set(deviceId, link);

    async function heard(account: Hello | Heartbeat): Promise<void> {
      const { holds } = account;
      ports.clockTold(deviceId, account.clock);
      const isSame = JSON.stringify(link.told?.holds) === JSON.stringify(holds);
      const progress = account.kind === 'heartbeat' ? account.progress : [];
      link.told = {
        holds,
        clock: account.clock,
        sinceMs: isSame && link.told !== undefined ? link.told.sinceMs : clock.monotonicMs(),
        reportedMs: link.reportedMs,
        clockTrusted: account.clock.trusted,
        underEye: new Set(progress.map(({ occurrence }) => occurrence)),
      };
      const news = { deviceId, atMs: clock.nowMs(), holds, clock: account.clock };
      if (account.kind === 'hello') {
        const { agentVersion, capabilities } = account;
        ports.deviceSeen({ ...news, agentVersion, capabilities });
      } else {
        const { readings } = account;
        lastSeen.note(deviceId, news);
        if (readings !== undefined) lastReadings.note(deviceId, { atMs: news.atMs, readings });
        ports.deviceSeen({ ...news, readings });
        ports.progressed(deviceId, account.progress);
      }
      await ports.repair({ deviceId, areaIds: ports.areasOf(deviceId), holds });
    }

    function answerTime(sentMs: number): void {
      if (!ports.tellsTime()) return;
      const receivedMs = clock.nowMs();
      send({ kind: 'time-answer', sentMs, receivedMs, answeredMs: clock.nowMs() });
    }

    /** Still there, and as told before. */
    function beaten(): void {
      if (link.told === undefined) return;
      link.seenMs = clock.monotonicMs();
      const { holds, clock: told } = link.told;
      const news = { deviceId, atMs: clock.nowMs(), holds, clock: told };
      lastSeen.note(deviceId, news);
      ports.deviceSeen(news);
    }

    function progressed(progress: readonly Progress[]): void {
      if (link.told !== undefined)
        link.told = { ...link.told, underEye: new Set(progress.map(({ occurrence }) => occurrence)) };
      ports.progressed(deviceId, progress);
    }

    async function greet(hello: Hello): Promise<void> {
      const { storedSeq, cleared } = await welcome(ports, { deviceId, hello });
      ports.faultsChanged(cleared);
      link.beats = hello.beats === true;
      send({ kind: 'welcome', storedSeq, ...(link.beats ? { beatMs } : {}) });
      if (link.beats) askSoon();
      await heard(hello);
    }

    async function keepReports(message: Extract<DeviceMessage, { kind: 'reports' }>): Promise<void> {
      const { stream, reports } = message;
      link.reportedMs = clock.monotonicMs();
      const receivedMs = clock.nowMs();
      const newFaultId = () => newId(ports.random, 'f');
      const applied = await store.write((tx) => applyReports(tx, { device, stream, reports, receivedMs, newFaultId }));
      // Numbers never come back: what is missing below the highest was dropped by the device itself.
      send({ kind: 'receipt', stream, seq: Math.max(...reports.map(({ seq }) => seq)) });
      ports.airingsChanged(applied.airings);
      ports.faultsChanged(applied.faults);
      if (applied.test !== undefined) ports.tested(deviceId, applied.test);
      if (applied.isAnswered) ports.answered(deviceId);
      for (const detail of applied.ignored) ports.log('warn', 'a report changed nothing', { deviceId, ...detail });
    }

    return {
      receive: async (message) => {
        if (message.kind === 'time-request') answerTime(message.sentMs);
        else if (message.kind !== 'hello' && link.told === undefined) {
          send({ kind: 'refused', reason: 'say hello first', fatal: false });
          return;
        }
        // Any frame is a sign of life: a device that has just said something else sends no beat.
        if (message.kind === 'hello' || link.told !== undefined) await ports.heard(deviceId);
        if (message.kind === 'hello') await greet(message);
        else if (message.kind === 'heartbeat') await heard(message);
        else if (clock.monotonicMs() - link.seenMs >= seenEveryMs) beaten();
        if (message.kind === 'progress') progressed(message.progress);
        else if (message.kind === 'reports') await keepReports(message);
      },
      closed: () => {
        if (links.get(deviceId) === link) links.delete(deviceId);
      },
    };
  }

  function askIfBehind(deviceId: string, link: Link): void {
    const { told } = link;
    if (!link.beats || told === undefined) return;
    const nowMs = clock.monotonicMs();
    if (!ports.isBehind({ deviceId, areaIds: ports.areasOf(deviceId), holds: told.holds })) {
      link.behind = undefined;
      return;
    }
    if (link.behind === undefined) {
      link.behind = { sinceMs: nowMs, askedMs: Number.NEGATIVE_INFINITY };
      // The lag begins to count here; the answer to the question is judged by it.
      return;
    }
    const everyMs = nowMs - link.behind.sinceMs <= askOftenMs ? behindAfterMs : askSeldomMs;
    if (nowMs - link.behind.askedMs < everyMs) return;
    link.behind.askedMs = nowMs;
    link.send({ kind: 'say-holds' });
  }

  /** Looks every `behindAfterMs`, while there is a device that beats. */
  function askSoon(): void {
    cancelAsking ??= clock.setTimer(() => {
      cancelAsking = undefined;
      for (const [deviceId, link] of links) askIfBehind(deviceId, link);
      if (!isStopped && [...links.values()].some(({ beats }) => beats)) askSoon();
    }, behindAfterMs);
  }

  return {
    open,
    presence: (deviceId, presence) => {
      witnesses.set(deviceId, presence);
    },
    linkOf: (deviceId) => links.get(deviceId)?.told,
    witnessOf: (deviceId) => witnesses.get(deviceId),
    stop: async () => {
      isStopped = true;
      cancelAsking?.();
      await lastSeen.flush();
      await lastReadings.flush();
    },
  };
}

/** Writes what a hello tells; answers how far its stream is stored, and the faults that a lost stream left open. */
async function welcome(
  ports: IntakePorts,
  options: { deviceId: string; hello: Hello },
): Promise<{ storedSeq: number; cleared: Selectable<FaultsTable>[] }> {
  const { deviceId, hello } = options;
  const nowMs = ports.clock.nowMs();
  return await ports.store.write(async (tx) => {
    await tx
      .updateTable('devices')
      .set({
        capabilities: JSON.stringify(hello.capabilities),
        agent_version: hello.agentVersion,
        last_seen_ms: nowMs,
        holds: JSON.stringify(hello.holds),
      })
      .where('id', '=', deviceId)
      .execute();
    const { stored } = await tx
      .selectFrom('reports')
      .select((eb) => eb.fn.max('seq').as('stored'))
      .where('device_id', '=', deviceId)
      .where('stream', '=', hello.stream)
      .executeTakeFirstOrThrow();
    const storedSeq = Number(stored ?? 0);
    const cleared = storedSeq === 0 ? await clearLostFaults(tx, { deviceId, nowMs }) : [];
    return { storedSeq, cleared };
  });
}
