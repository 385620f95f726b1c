/**
 * The server of the simulation: the real work rooms, enrolment and law over a real SQLite in memory, with simulated time,
 * broker and sounds. A kill -9 leaves what was committed and the files, nothing else; a restore is an older copy of the
 * database with its epoch raised by the installation's own command.
 */
import { DatabaseSync } from 'node:sqlite';
import { keyFromSeed, type PrivateKey, publicPart, seal } from '@loa/protocol/device';
import { composeWork } from '@loa/server/compose-work.ts';
import { raiseEpoch } from '@loa/server/installation/restore-installation.ts';
import { openInlineStore } from '@loa/server/keep/store/open-store.ts';
import type { Store } from '@loa/server/keep/store/store.ts';
import type { Result } from '@loa/server/refusal.ts';
import type { Enrolment, Work } from '@loa/server/work/contracts.ts';
import { createEnrolment } from '@loa/server/work/enrolment/enrolment.ts';
import type { Span, StoredAiring } from './history.ts';
import { ConnectionReset, Life, type MortalClock } from './life.ts';
import type { DoorAnswer, ServerDoors } from './network.ts';
import { type Places, writePlaces } from './places.ts';
import { PublishedRecord } from './published-record.ts';
import { SimulatedBroker } from './simulated-broker.ts';
import { type SimulatedSounds, simulatedSounds } from './simulated-sounds.ts';
import { type Chance, MachineTime, type World } from './world.ts';

const calmWatchPace = 6;

/** What a broken build does differently. */
export interface ServerSabotage {
  work?(work: Work): Work;
  enrolment?(enrolment: Enrolment): Enrolment;
  /** The machine's clock as the program sees it. */
  clock?(clock: MortalClock): MortalClock;
  /** What was written in the last so many ms before a kill is lost. */
  losesLastMs?: number;
  /** A restore that forgets to raise the epoch. */
  keepsEpoch?: boolean;
}

/** Where the process dies by itself: at the n-th commit or publish from now on, before it or right after it. */
export interface Deathbed {
  at: 'commit' | 'publish';
  count: number;
  when: 'before' | 'after';
}

export interface ServerLife {
  life: Life;
  store: Store;
  work: Work;
  enrolment: Enrolment;
}

export class SimulatedServer {
  readonly sounds: SimulatedSounds;
  readonly time: MachineTime;
  signingKey: PrivateKey;
  /** Keys that count no more: an attacker may have them. */
  readonly retiredKeys: PrivateKey[] = [];
  /** Everything ever published, as whoever listens on the network has it. */
  readonly published: { topic: string; payload: string }[] = [];
  /** The last of each topic. */
  readonly newest = new Map<string, string>();
  readonly log: string[] = [];
  readonly #world: World;
  readonly #places: Places;
  readonly #chance: Chance;
  readonly #rootKey: PrivateKey;
  #keys: readonly PrivateKey[];
  #keySetNumber = 0;
  #keySetEnvelope = '';
  #clockWrongSinceMs: number | undefined;
  readonly #clockWrong: Span[] = [];
  readonly record: PublishedRecord;
  readonly #sabotage: ServerSabotage;
  readonly #onKilled: () => void;
  readonly #watchPace: number;
  #database = new DatabaseSync(':memory:');
  #crash: () => void = () => undefined;
  #deathbed: (Deathbed & { onDeath: () => void }) | undefined;
  /** Undefined while it is down. */
  now: ServerLife | undefined;
  doors: ServerDoors | undefined;

  /** `onKilled` resets whoever is connected. In a calm town the watch looks six times less often. */
  constructor(options: {
    world: World;
    places: Places;
    onKilled: () => void;
    isCalm?: boolean;
    sabotage?: ServerSabotage;
  }) {
    const { world } = options;
    this.#world = world;
    this.#places = options.places;
    this.#onKilled = options.onKilled;
    this.#sabotage = options.sabotage ?? {};
    this.#watchPace = options.isCalm === true ? calmWatchPace : 1;
    this.#chance = world.chance.fork('server');
    this.sounds = simulatedSounds(world.chance.fork('sounds'));
    this.time = new MachineTime(world);
    this.#rootKey = keyFromSeed(this.#chance.bytes(32));
    this.signingKey = keyFromSeed(this.#chance.bytes(32));
    this.#keys = [this.signingKey];
    this.#sealKeys();
    this.record = new PublishedRecord({
      world,
      bodyOf: (hash) =>
        this.#select(`select body from bodies where hash = '${hash}'`).map(({ body }) => String(body))[0],
    });
  }

  /** The next signing key takes over; the former still counts, the one before it no more. The process is down. */
  rotateKey(): void {
    const [present, former] = this.#keys;
    if (present === undefined) return;
    if (former !== undefined) this.retiredKeys.push(former);
    this.signingKey = keyFromSeed(this.#chance.bytes(32));
    this.#keys = [this.signingKey, present];
    this.#sealKeys();
  }

  #sealKeys(): void {
    this.#keySetNumber += 1;
    const payload = { kind: 'keys', v: 1, number: this.#keySetNumber, keys: this.#keys.map(publicPart) };
    this.#keySetEnvelope = seal({ payload, key: this.#rootKey, type: 'loa-keys' });
  }

  /** The civil clock jumps by so much, or is set right. */
  stepClock(byMs: number | undefined): void {
    this.time.stepMs(byMs ?? -this.#clockOffMs);
    this.#clockOffMs = byMs === undefined ? 0 : this.#clockOffMs + byMs;
    if (byMs !== undefined) this.#clockWrongSinceMs ??= this.#world.trueMs;
    else this.#endClockWrong();
  }

  #clockOffMs = 0;

  #endClockWrong(): void {
    if (this.#clockWrongSinceMs !== undefined)
      this.#clockWrong.push({ fromMs: this.#clockWrongSinceMs, untilMs: this.#world.trueMs });
    this.#clockWrongSinceMs = undefined;
  }

  /** When its civil clock was off. */
  clockWrong(): Span[] {
    const sinceMs = this.#clockWrongSinceMs;
    return sinceMs === undefined
      ? this.#clockWrong
      : [...this.#clockWrong, { fromMs: sinceMs, untilMs: this.#world.trueMs }];
  }

  /** Founds the installation and starts it. */
  async found(): Promise<void> {
    const store = await openInlineStore({ database: this.#database });
    await writePlaces(store, this.#places, this.time.nowMs());
    await store.close();
    await this.start();
  }

  /** Starts a process on what is on disk; nothing happens while one runs. */
  async start(): Promise<void> {
    if (this.now !== undefined) return;
    const life = new Life();
    const opened = await openInlineStore({ database: this.#database });
    this.#crash = opened.crash;
    const store = this.#mortalStore(opened, life);
    const machineClock = life.clock(this.time);
    const clock = this.#sabotage.clock?.(machineClock) ?? machineClock;
    const random = { bytes: (count: number) => this.#chance.bytes(count) };
    const broker = new SimulatedBroker({
      presence: (deviceId, presence) => work.intake.presence(deviceId, presence),
      areasOf: (deviceId) => work.roster.areasOf(deviceId),
      published: (topic, payload) => {
        this.published.push({ topic, payload });
        this.record.published(topic, payload);
        this.newest.set(topic, payload);
      },
    });
    const composed = composeWork({
      store,
      clock,
      random,
      broker: { publish: (topic, payload) => this.#dying('publish', life, () => broker.publish(topic, payload)) },
      sounds: life.bind(this.sounds),
      sign: (payload) => seal({ payload, key: this.signingKey, type: 'loa-document' }),
      keySet: () => this.#keySet(),
      watchPace: this.#watchPace,
      log: (level, message, detail) => this.#note(level, message, detail),
    });
    const work = this.#sabotage.work?.(composed) ?? composed;
    const enrolled = createEnrolment({
      store,
      clock,
      random,
      keys: { rootKey: publicPart(this.#rootKey), keySet: () => this.#keySet() },
      onEnrolled: work.deviceEnrolled,
      onRevoked: async (deviceId) => broker.revoke(deviceId),
    });
    const enrolment = this.#sabotage.enrolment?.(enrolled) ?? enrolled;
    this.now = { life, store, work, enrolment };
    try {
      await life.answer(work.start());
    } catch (error) {
      if (error instanceof ConnectionReset) return;
      throw error;
    }
    this.doors = this.#openDoors({ life, work, enrolment, broker });
  }

  /** kill -9: nothing that was not committed is left. */
  kill(): void {
    if (this.now === undefined) return;
    this.now.life.end();
    this.#crash();
    this.#loseLast();
    this.now = undefined;
    this.doors = undefined;
    this.#deathbed = undefined;
    this.time.reboot({ keepsTime: true });
    // A start sets the clock by its battery.
    this.#clockOffMs = 0;
    this.#endClockWrong();
    this.#onKilled();
  }

  /** The running process will kill itself there; forgotten when it is killed before. */
  dieAt(deathbed: Deathbed, onDeath: () => void): void {
    this.#deathbed = { ...deathbed, onDeath };
  }

  /** The database as one state, while in use. */
  backup(): Uint8Array {
    return this.#database.serialize();
  }

  /** Puts an older copy in place, as the restore command does; the process is down before and after. */
  async restore(copy: Uint8Array): Promise<void> {
    this.kill();
    this.#database = new DatabaseSync(':memory:');
    this.#database.deserialize(copy);
    if (this.#sabotage.keepsEpoch === true) return;
    const store = await openInlineStore({ database: this.#database });
    const { epoch } = await store.read((db) => db.selectFrom('installation').select('epoch').executeTakeFirstOrThrow());
    await raiseEpoch(store, { epochBefore: epoch, nowMs: this.time.nowMs() });
    await store.close();
  }

  #copies: { atMs: number; bytes: Uint8Array }[] = [];

  #keepCopy(): void {
    const { losesLastMs } = this.#sabotage;
    if (losesLastMs === undefined) return;
    const sinceMs = this.#world.trueMs - losesLastMs;
    this.#copies = [
      ...this.#copies.filter(({ atMs }) => atMs >= sinceMs),
      { atMs: this.#world.trueMs, bytes: this.backup() },
    ];
  }

  #loseLast(): void {
    const { losesLastMs = 0 } = this.#sabotage;
    const copy = this.#copies.find(({ atMs }) => atMs >= this.#world.trueMs - losesLastMs);
    this.#copies = [];
    if (copy === undefined) return;
    this.#database = new DatabaseSync(':memory:');
    this.#database.deserialize(copy.bytes);
  }

  storedBulletinIds(): string[] {
    return this.#select('select id from bulletins order by id').map(({ id }) => String(id));
  }

  storedAirings(): StoredAiring[] {
    return this.#select('select * from airings order by occurrence, device_id').map((row) => ({
      occurrence: String(row.occurrence),
      bulletinId: String(row.bulletin_id),
      deviceId: String(row.device_id),
      plannedMs: Number(row.planned_ms),
      untilMs: Number(row.until_ms),
      outcome: row.outcome === null ? null : String(row.outcome),
      phase: String(row.phase),
    }));
  }

  storedReports(): { deviceId: string; stream: string; seq: number; report: string }[] {
    return this.#select('select * from reports order by device_id, stream, seq').map((row) => ({
      deviceId: String(row.device_id),
      stream: String(row.stream),
      seq: Number(row.seq),
      report: String(row.report),
    }));
  }

  #select(sql: string): Record<string, unknown>[] {
    return this.#database.prepare(sql).all();
  }

  #mortalStore(store: Store, life: Life): Store {
    return {
      read: (query) => life.whileAlive(store.read(query)),
      write: (change) => {
        this.#keepCopy();
        return this.#dying('commit', life, () => store.write(change));
      },
      backupTo: (path) => store.backupTo(path),
      close: () => store.close(),
    };
  }

  /** Does it, unless the process dies at this very point. */
  #dying<T>(at: Deathbed['at'], life: Life, act: () => Promise<T>): Promise<T> {
    const deathbed = this.#deathbed;
    const isHere = life.isAlive && deathbed?.at === at && --deathbed.count === 0;
    const die = () => {
      this.kill();
      deathbed?.onDeath();
    };
    if (isHere && deathbed.when === 'before') die();
    if (!life.isAlive) return new Promise<never>(() => undefined);
    const done = act();
    return life.whileAlive(isHere ? done.finally(die) : done);
  }

  #keySet(): { number: number; envelope: string } {
    return { number: this.#keySetNumber, envelope: this.#keySetEnvelope };
  }

  #note(level: string, message: string, detail: Record<string, unknown> | undefined): void {
    this.log.push(`${this.#world.trueMs} ${level} ${message} ${JSON.stringify(detail ?? {})}`);
    if (level === 'error') this.#world.fail(new Error(`The server says: ${message} ${JSON.stringify(detail)}`));
  }

  #openDoors(parts: { life: Life; work: Work; enrolment: Enrolment; broker: SimulatedBroker }): ServerDoors {
    const { life, work, enrolment, broker } = parts;
    const ask = async (answer: Promise<Result<object>>): Promise<DoorAnswer> => {
      const result = await life.answer(answer);
      if (result.ok) return { status: 200, body: JSON.stringify(result.value) };
      return { status: result.refusal.status, body: JSON.stringify({ detail: result.refusal.en }) };
    };
    return {
      enrol: (request) => ask(enrolment.enrol(request)),
      nonce: (request) => ask(enrolment.nonce(request)),
      token: (request) => ask(enrolment.token(request)),
      deviceOf: enrolment.deviceOf,
      broker,
      file: async (device, wanted) => {
        const found = await life.answer(work.desk.fileFor(device, wanted));
        if (found?.kind === 'text') return Buffer.from(found.text);
        return found === undefined ? undefined : this.sounds.fileOf(wanted.hash);
      },
      openLink: (device, send, close) =>
        work.intake.open(
          device,
          (message) => life.isAlive && send(message),
          () => life.isAlive && close(),
        ),
    };
  }
}
