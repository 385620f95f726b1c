/**
 * A town from a seed: one server, some boards over a few communes, the people who work there, everybody enrolled. What
 * befalls it is the scenario's; here is how it is founded, broken, mended, and what its history is in the end.
 */
import { reportSchema } from '@loa/protocol/device';
import type { History, Span, StoredReport } from './history.ts';
import { badLink, goodLink, type LinkQuality } from './network.ts';
import { Office } from './office.ts';
import { foundProvince, type Places } from './places.ts';
import { type BoardSabotage, SimulatedBoard } from './simulated-board.ts';
import { type ServerSabotage, SimulatedServer } from './simulated-server.ts';
import { type Chance, World } from './world.ts';

/** Saturday 2026-11-21, 03:00 in Vietnam: before the horns begin. */
export const townStartMs = Date.parse('2026-11-21T03:00:00+07:00');

export interface TownOptions {
  seed: number;
  /** Default 4. */
  boards?: number;
  /** Occurrences are followed so long. Default 1. */
  days?: number;
  startMs?: number;
  /** Weeks go by faster when devices and server look after what nobody waits for less often. Default false. */
  isCalm?: boolean;
  /** How a board differs from what the seed would draw. */
  board?: Partial<Nature>;
  /** The same for single boards. */
  natures?: readonly Partial<Nature>[];
  boardSabotage?: BoardSabotage | ((town: { server: SimulatedServer }) => BoardSabotage);
  serverSabotage?: ServerSabotage;
}

/** What kind of board it is. */
export interface Nature {
  quality: LinkQuality;
  clockKept: boolean;
  hasProbe: boolean;
  offsetMs: number;
  driftPpm: number;
  drillsAudible: boolean;
}

export class Town {
  readonly world: World;
  readonly places: Places;
  readonly server: SimulatedServer;
  readonly boards: readonly SimulatedBoard[];
  readonly office: Office;
  readonly startMs: number;
  readonly chance: Chance;
  readonly intrusions: string[] = [];
  /** What befell it, for whoever reads a failing seed. */
  readonly events: string[] = [];
  readonly #restoredSpans: Span[] = [];
  #backups: { madeMs: number; bytes: Uint8Array }[] = [];

  constructor(options: TownOptions) {
    const { seed } = options;
    this.startMs = options.startMs ?? townStartMs;
    const world = new World({ seed, startMs: this.startMs });
    this.world = world;
    this.chance = world.chance.fork('town');
    this.places = foundProvince(options.boards ?? 4);
    this.server = new SimulatedServer({
      world,
      places: this.places,
      onKilled: () => {
        for (const board of this.boards) board.network.resetAll();
      },
      isCalm: options.isCalm ?? false,
      sabotage: options.serverSabotage ?? {},
    });
    const { boardSabotage } = options;
    const sabotage = typeof boardSabotage === 'function' ? boardSabotage({ server: this.server }) : boardSabotage;
    this.boards = this.places.clusters.map((place, index) => {
      const chance = world.chance.fork(`nature ${place.clusterId}`);
      const nature = {
        quality: chance.isTrue(0.5) ? goodLink : badLink,
        clockKept: chance.isTrue(0.6),
        hasProbe: chance.isTrue(0.5),
        offsetMs: Math.round(chance.between(-20_000, 20_000)),
        driftPpm: chance.between(-50, 50),
        drillsAudible: chance.isTrue(0.75),
      };
      return new SimulatedBoard({
        world,
        place,
        doors: () => this.server.doors,
        durationMsOf: (hash) => this.server.sounds.durationMsOf(hash),
        isCalm: options.isCalm ?? false,
        ...nature,
        ...options.board,
        ...options.natures?.[index],
        sabotage,
      });
    });
    const untilMs = this.startMs + (options.days ?? 1) * 86_400_000 + 3_600_000;
    this.office = new Office({ world, server: this.server, boards: this.boards, untilMs });
  }

  /** Founds the installation, enrols every board and waits until each has its plan. */
  async found(): Promise<void> {
    await this.server.found();
    const { now } = this.server;
    if (now === undefined) throw new Error('The server did not start');
    for (const board of this.boards) {
      const code = await now.enrolment.makeClaimCode(this.places.people.technician, board.place.clusterId);
      if (!code.ok) throw new Error(`No claim code: ${code.refusal.code}`);
      board.powerOn(code.value.claimCode);
    }
    const isReady = () => this.boards.every((board) => board.agent?.documents.holds().plan !== undefined);
    if (!(await this.world.until(isReady, 180_000))) throw new Error('Not every board was enrolled');
  }

  /** kill -9 of the server, and another start after a while. */
  killServer(downMs: number): void {
    if (this.server.now === undefined) return;
    this.server.kill();
    this.startServerAfter(downMs);
  }

  startServerAfter(downMs: number): void {
    this.world.after(downMs, () => {
      this.server.start().catch((error: unknown) => this.world.fail(error));
    });
  }

  /** A new signing key, as an installation gets one: known from the next start of the server. */
  rotateKey(downMs: number): void {
    if (this.server.now === undefined || this.office.isAsking) return;
    this.server.kill();
    this.server.rotateKey();
    this.startServerAfter(downMs);
  }

  /** The server's civil clock jumps, and is set right after a while. */
  jumpServerClock(byMs: number, forMs: number): void {
    this.server.stepClock(byMs);
    this.world.after(forMs, () => this.server.stepClock(undefined));
  }

  backUp(): void {
    this.#backups = [...this.#backups.slice(-20), { madeMs: this.world.trueMs, bytes: this.server.backup() }];
  }

  /** Puts the backup made `ago` backups before the last one in place; false when there is none, or the time is bad. */
  async restore(ago: number, downMs: number): Promise<boolean> {
    const backup = this.#backups.at(-1 - ago);
    if (backup === undefined || this.office.isAsking || this.server.now === undefined) return false;
    await this.server.restore(backup.bytes);
    this.#backups = [];
    const bulletinIds = new Set(this.server.storedBulletinIds());
    this.office.restored({ madeMs: backup.madeMs, bulletinIds });
    this.#restoredSpans.push({ fromMs: backup.madeMs, untilMs: this.world.trueMs });
    this.startServerAfter(downMs);
    return true;
  }

  /** Everything works again: power, links, server. */
  async mend(): Promise<void> {
    await this.server.start();
    for (const board of this.boards) {
      board.network.isUp = true;
      board.network.isSocketBlocked = false;
      board.network.quality = goodLink;
      board.powerOn();
    }
  }

  /** What happened, for the checker. Keys are sorted, so that equal histories are equal texts. */
  history(): History {
    for (const board of this.boards) board.settle();
    const byDevice = <T>(of: (board: SimulatedBoard) => T): Record<string, T> =>
      Object.fromEntries(this.boards.map((board) => [board.deviceId, of(board)]));
    return {
      accepted: this.office.notes,
      emissions: this.boards.flatMap((board) => board.emissions),
      airings: this.server.storedAirings(),
      reports: this.server.storedReports().map(storedReport),
      storedBulletinIds: this.server.storedBulletinIds(),
      ableSpans: byDevice((board) => board.ableSpans),
      reachableSpans: byDevice((board) => board.reachableSpans),
      powerCutsMs: byDevice((board) => board.powerCutsMs),
      held: byDevice((board) => Object.fromEntries(board.plans.held)),
      reachable: this.boards.filter((board) => board.isOn && board.network.isUp).map((board) => board.deviceId),
      restoredSpans: this.#restoredSpans,
      intrusions: this.intrusions,
      endMs: this.world.trueMs,
      arrivals: this.boards.flatMap((board) => (board.isEnrolled ? board.alarms.arrivals(board.deviceId) : [])),
      connectionsLostMs: byDevice((board) => board.network.connectionsLostMs),
      drillsSilentOn: this.boards.filter((board) => !board.drillsAudible).map((board) => board.deviceId),
      signedDrills: this.server.record.signedDrills,
      serverClockWrong: this.server.clockWrong(),
      plansSignedMs: this.server.record.plansSignedMs,
      rots: this.boards.flatMap((board) => board.rots),
    };
  }
}

/** A founded town. */
export async function openTown(options: TownOptions): Promise<Town> {
  const town = new Town(options);
  await town.found();
  return town;
}

function storedReport(row: { deviceId: string; stream: string; seq: number; report: string }): StoredReport {
  const parsed: unknown = JSON.parse(row.report);
  const { at, clockTrusted, event } = reportSchema.parse(parsed);
  const { deviceId, stream, seq } = row;
  return {
    deviceId,
    stream,
    seq,
    kind: event.kind,
    atMs: Date.parse(at),
    clockTrusted,
    ...('occurrence' in event ? { occurrence: event.occurrence } : {}),
    ...(event.kind === 'started' ? { startedMs: event.startedMs } : {}),
    ...(event.kind === 'ended' ? { isDrill: event.evidence?.drill === true } : {}),
    ...(event.kind === 'dropped' ? { count: event.count } : {}),
    ...(event.kind === 'fault-opened' ? { code: event.code } : {}),
  };
}
