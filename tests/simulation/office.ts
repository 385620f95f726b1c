/**
 * The people of the simulated town at work: they ask the server as a panel does, again when it dies before it has
 * answered, and note what they were told is accepted. What they note is what the checker holds the town to.
 */
import type { Sequence } from '@loa/protocol/device';
import { topics } from '@loa/protocol/device';
import type { BulletinView, Person } from '@loa/protocol/panel';
import { cautiousHours, isPermitted, occurrencesOf } from '@loa/schedules';
import { documentOf } from '@loa/server/keep/store/rows/document-row.ts';
import type { Result } from '@loa/server/refusal.ts';
import type { AcceptBulletin, PushEmergency } from '@loa/server/work/contracts.ts';
import type { Accepted } from './history.ts';
import { ConnectionReset } from './life.ts';
import { timeZone } from './places.ts';
import type { SimulatedBoard } from './simulated-board.ts';
import type { ServerLife, SimulatedServer } from './simulated-server.ts';
import type { World } from './world.ts';

/** A panel tries again this often while the server is away. */
const againMs = 2_000;
/** Somebody looks so long after a stop who has not confirmed it. */
const askSilentAfterMs = 20_000;
/** A plan lists what began so long before it was made. */
const planPastMs = 3_600_000;

/** Notes are changed as more becomes known. */
export type Note = { -readonly [K in keyof Accepted]: Accepted[K] };

export type BulletinAsk = Omit<AcceptBulletin, 'requestId' | 'title' | 'clipId'> & { clipDurationMs: number };
export type EmergencyAsk = Omit<PushEmergency, 'requestId' | 'title' | 'clipId'> & { clipDurationMs: number };

export class Office {
  readonly notes: Note[] = [];
  /** What the server would not take, by reason. */
  readonly refusals: string[] = [];
  readonly #world: World;
  readonly #server: SimulatedServer;
  readonly #boards: readonly SimulatedBoard[];
  /** Occurrences are noted up to here. */
  readonly #untilMs: number;
  #requests = 0;
  #asking = 0;

  constructor(options: {
    world: World;
    server: SimulatedServer;
    boards: readonly SimulatedBoard[];
    untilMs: number;
  }) {
    this.#world = options.world;
    this.#server = options.server;
    this.#boards = options.boards;
    this.#untilMs = options.untilMs;
  }

  /** True while somebody waits for an answer. */
  get isAsking(): boolean {
    return this.#asking > 0;
  }

  /** Airs a recording of its own; undefined when it was refused. `onAccepted` runs in the instant of the answer. */
  async accept(person: Person, ask: BulletinAsk, onAccepted?: () => void): Promise<Note | undefined> {
    const { clipDurationMs, ...request } = ask;
    // What comes down as normal waits for a commune's choice; what shall sound comes down as priority.
    const of = person.role === 'department' ? 'priority' : ask.class;
    return this.#enter(person, clipDurationMs, (now, common) =>
      now.work.desk.acceptBulletin(person, { ...request, ...common, class: of }),
    ).then((view) => {
      if (view === undefined) return undefined;
      const note = this.#note(view, ask);
      onAccepted?.();
      return note;
    });
  }

  async push(person: Person, ask: EmergencyAsk, onAccepted?: () => void): Promise<Note | undefined> {
    const { clipDurationMs, ...request } = ask;
    const view = await this.#enter(person, clipDurationMs, (now, common) =>
      now.work.emergencies.push(person, { ...request, ...common }),
    );
    if (view === undefined) return undefined;
    const note = this.#note(view, { ...ask, resume: 'restart', late: { kind: 'start', lateMsMax: ask.lifeMs } });
    onAccepted?.();
    return note;
  }

  /** Withdraws a bulletin or stops an emergency. */
  async withdraw(person: Person, note: Note): Promise<void> {
    if (note.lostMs !== undefined || note.withdrawnMs !== undefined) return;
    const { bulletinId } = note;
    const isEmergency = note.class === 'emergency';
    const result = await this.#ask(({ work }) =>
      isEmergency ? work.emergencies.stop(person, bulletinId) : work.desk.withdrawBulletin(person, bulletinId),
    );
    if (!result.ok) {
      this.refusals.push(`withdraw ${result.refusal.code}`);
      return;
    }
    note.withdrawnMs = this.#world.trueMs;
    const isUp = this.#server.doors !== undefined;
    const meant = this.#boards.filter(({ deviceId }) => note.deviceIds.includes(deviceId));
    note.heardStop = isUp ? meant.filter((board) => board.hearsNow).map(({ deviceId }) => deviceId) : [];
    this.#world.after(askSilentAfterMs, () => void this.#askWhoIsSilent(person, note));
    for (const board of this.#boards) {
      const { deviceId } = board;
      if (!note.deviceIds.includes(deviceId)) continue;
      const area = board.place.chain.find((areaId) => result.value.areaIds.includes(areaId)) ?? '';
      const topic = isEmergency ? topics.areaOrders(area) : topics.plan(deviceId);
      const sequence = this.#sequenceOf(topic);
      if (sequence === undefined) continue;
      board.plans.whenHeld(isEmergency ? area : 'plan', sequence, (atMs) => {
        if (note.withdrawnMs !== undefined) note.goneOn[deviceId] = { sinceMs: atMs, untilMs: undefined };
      });
    }
  }

  /** An older copy has taken the database's place: what it does not know is lost, what it does not know withdrawn lives. */
  restored(copy: { madeMs: number; bulletinIds: ReadonlySet<string> }): void {
    const nowMs = this.#world.trueMs;
    for (const note of this.notes) {
      if (!copy.bulletinIds.has(note.bulletinId) && note.acceptedMs >= copy.madeMs) note.lostMs ??= nowMs;
      if (note.withdrawnMs === undefined || note.withdrawnMs < copy.madeMs) continue;
      note.withdrawnMs = undefined;
      note.heardStop = undefined;
      note.saidSilent = undefined;
      for (const span of Object.values(note.goneOn)) span.untilMs ??= nowMs;
    }
  }

  /** Whom the server does not name any more as one that may still sound it. */
  async #askWhoIsSilent(person: Person, note: Note): Promise<void> {
    const { now } = this.#server;
    if (note.withdrawnMs === undefined || now === undefined || this.#server.doors === undefined) return;
    const { bulletinId } = note;
    const silent = new Set<string>();
    if (note.class === 'emergency') {
      for (const { deviceId, bulletinId: of, outcome } of this.#server.storedAirings())
        if (of === bulletinId && outcome !== null) silent.add(deviceId);
    } else {
      const answer = await now.life.whileAlive(now.work.desk.withdrawal(person, bulletinId));
      if (!answer.ok) return;
      const named = new Set(answer.value.untold.map(({ clusterId }) => clusterId));
      for (const { deviceId, place } of this.#boards) if (!named.has(place.clusterId)) silent.add(deviceId);
    }
    const saidMs = this.#world.trueMs;
    const confirmed = note.deviceIds.filter((deviceId) => silent.has(deviceId));
    if (note.withdrawnMs !== undefined)
      note.saidSilent = Object.fromEntries(confirmed.map((deviceId) => [deviceId, saidMs]));
  }

  async #enter(
    person: Person,
    clipDurationMs: number,
    ask: (
      now: ServerLife,
      common: { requestId: string; title: string; clipId: string },
    ) => Promise<Result<BulletinView>>,
  ): Promise<BulletinView | undefined> {
    this.#requests += 1;
    const requestId = `request-${String(this.#requests).padStart(6, '0')}`;
    const path = this.#server.sounds.recording(clipDurationMs);
    const clip = await this.#ask(({ work }) => work.desk.keepUpload(person, { path, title: requestId }));
    if (!clip.ok) throw new Error(`A clip was refused: ${clip.refusal.code}`);
    const common = { requestId, title: requestId, clipId: clip.value.id };
    const result = await this.#ask((now) => ask(now, common));
    if (result.ok) return result.value;
    this.refusals.push(result.refusal.code);
    return undefined;
  }

  #note(
    view: BulletinView,
    ask: Pick<BulletinAsk, 'clipDurationMs' | 'late' | 'repeat' | 'resume'> & { drill?: boolean },
  ): Note {
    const { id, class: kind, clip, areaIds } = view;
    const nowMs = Math.floor(this.#world.trueMs);
    const nowAt = kind === 'emergency' ? view.createdAt : view.nowAt;
    const { clipDurationMs, repeat, late, resume } = ask;
    const whens = view.whens.filter((when) => when.kind !== 'now');
    const nowAtMs = nowAt === undefined ? undefined : Date.parse(nowAt);
    const durationMs = clipDurationMs * repeat.count + repeat.gapMs * (repeat.count - 1);
    const hours = cautiousHours(timeZone);
    const startsMs = occurrencesOf(
      { id, whens, nowAtMs, timeZone },
      { fromMs: nowMs - planPastMs, untilMs: this.#untilMs },
    )
      .map(({ atMs }) => atMs)
      .filter((atMs) => kind === 'emergency' || isPermitted(hours, { atMs, durationMs }));
    const note: Note = {
      bulletinId: id,
      clipId: clip.id,
      class: kind,
      acceptedMs: nowMs,
      startsMs,
      deviceIds: this.#boards
        .filter(({ place }) => place.chain.some((areaId) => areaIds.includes(areaId)))
        .map(({ deviceId }) => deviceId),
      lateMsMax: late.lateMsMax,
      repeatCount: repeat.count,
      gapMs: repeat.gapMs,
      clipDurationMs,
      mayRestart: resume === 'restart',
      ...(late.kind === 'join' || kind === 'emergency' ? {} : { resume }),
      isDrill: kind === 'emergency' && 'drill' in ask && ask.drill === true,
      goneOn: {},
    };
    this.notes.push(note);
    return note;
  }

  /** The answer, however often the server dies meanwhile. */
  async #ask<T>(ask: (now: ServerLife) => Promise<Result<T>>): Promise<Result<T>> {
    this.#asking += 1;
    try {
      for (;;) {
        const { now, doors } = this.#server;
        try {
          if (now !== undefined && doors !== undefined) return await now.life.answer(ask(now));
        } catch (error) {
          if (!(error instanceof ConnectionReset)) throw error;
        }
        await new Promise<void>((resolve) => this.#world.after(againMs, resolve));
      }
    } finally {
      this.#asking -= 1;
    }
  }

  #sequenceOf(topic: string): Sequence | undefined {
    const envelope = this.#server.newest.get(topic);
    return envelope === undefined ? undefined : documentOf(envelope);
  }
}
