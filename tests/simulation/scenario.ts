/**
 * What befalls a town, drawn from its seed: what people air and take back, which power, links, processes and clocks fail
 * when, and what an attacker tries. Everything is drawn before it begins; only what depends on what was accepted is
 * chosen as it happens.
 */
import type { Person } from '@loa/protocol/panel';
import type { When } from '@loa/schedules';
import { Attacker } from './attacker.ts';
import type { BulletinAsk, EmergencyAsk, Note } from './office.ts';
import { timeZone } from './places.ts';
import type { SimulatedBoard } from './simulated-board.ts';
import type { Town } from './town.ts';
import type { Chance } from './world.ts';

const secondMs = 1_000;
const minuteMs = 60_000;
const hourMs = 3_600_000;
const dayMs = 86_400_000;

/** How often things happen, a day. */
const perDay = {
  /** By day, in the hours in which an office works and horns may sound. */
  bulletins: 12,
  emergencies: 1.5,
  emergenciesInPlay: 2,
  serverDeaths: 3,
  serverDeathsInWork: 3,
  /** Each for one board. */
  powerCuts: 0.5,
  powerCutsInPlay: 0.6,
  powerCutsInWrite: 0.4,
  linkCuts: 1,
  clockSteps: 0.3,
  attacks: 8,
  /** A byte of a file, at a power cut. */
  rots: 0.1,
  serverClockJumps: 0.15,
};

/** Nothing begins in the last stretch, so that all of it is over when the town is mended. */
const calmMs = 40 * minuteMs;
const backupEveryMs = 3 * hourMs;

/** Runs a scenario of so many days from now on, then mends everything and lets it settle. */
export async function runScenario(town: Town, options: { days: number }): Promise<void> {
  const { world } = town;
  const endMs = world.trueMs + options.days * dayMs;
  new Scenario(town, { ...options, endMs }).begin();
  await world.runUntil(endMs);
  await town.mend();
  await world.runFor(settleMs);
}

/** From the mending to the verdict: longer than any wait between two tries. */
const settleMs = 12 * minuteMs;

class Scenario {
  readonly #town: Town;
  readonly #days: number;
  readonly #endMs: number;
  readonly #chance: Chance;
  readonly #attacker: Attacker;

  constructor(town: Town, options: { days: number; endMs: number }) {
    this.#town = town;
    this.#days = options.days;
    this.#endMs = options.endMs;
    this.#chance = town.world.chance.fork('scenario');
    this.#attacker = new Attacker(town);
  }

  begin(): void {
    const { boards } = this.#town;
    const restores = this.#chance.isTrue(0.5);
    const rotations = this.#chance.isTrue(0.5) ? 2 : 0;
    this.#often(perDay.bulletins, 'accept', () => this.#byDay(() => this.#accept()));
    this.#often(perDay.emergencies, 'emergency', () => this.#push());
    this.#often(perDay.emergenciesInPlay, 'emergency in play', () => this.#pushInPlay());
    this.#often(perDay.serverDeaths, 'server dies', () => this.#town.killServer(this.#downMs()));
    this.#often(perDay.serverDeathsInWork, 'server will die in work', () => this.#dieInWork());
    for (const board of boards) {
      this.#often(perDay.powerCuts, 'power cut', () => this.#cutPower(board));
      this.#often(perDay.powerCutsInPlay, 'power cut in play', () => this.#cutPowerInPlay(board));
      this.#often(perDay.powerCutsInWrite, 'power cut in write', () => this.#cutPowerInWrite(board));
      this.#often(perDay.linkCuts, 'link cut', () => this.#cutLink(board));
      this.#often(perDay.clockSteps, 'clock step', () => this.#stepClock(board));
      this.#often(perDay.attacks, 'attack', () => void (board.isEnrolled && this.#attacker.strike(board)));
    }
    for (let atMs = backupEveryMs; atMs < this.#days * dayMs; atMs += backupEveryMs)
      this.#at(this.#town.world.trueMs + atMs, 'backup', () => this.#town.server.now && this.#town.backUp());
    this.#often(perDay.serverClockJumps, 'server clock jumps', () => this.#jumpServerClock());
    for (const board of boards) this.#often(perDay.rots, 'a byte rots', () => this.#cutPower(board, true));
    for (let turn = 1; turn <= rotations; turn += 1)
      this.#at(this.#endMs - (this.#days * dayMs * turn) / (rotations + 1), 'new signing key', () =>
        this.#town.rotateKey(this.#downMs()),
      );
    if (restores) {
      const ago = this.#chance.below(3);
      const atMs = this.#endMs - this.#chance.between(calmMs, (this.#days * dayMs) / 2);
      this.#at(atMs, 'restore', async () => void (await this.#town.restore(ago, this.#downMs())));
    }
  }

  /** About so many times a day, anywhere in it. */
  #often(timesADay: number, name: string, act: () => void | Promise<void>): void {
    const expected = timesADay * this.#days;
    const times = Math.floor(expected) + (this.#chance.isTrue(expected % 1) ? 1 : 0);
    const fromMs = this.#town.world.trueMs;
    for (let time = 0; time < times; time += 1)
      this.#at(this.#chance.between(fromMs + minuteMs, this.#endMs - calmMs), name, act);
  }

  #at(atMs: number, name: string, act: () => unknown): void {
    const { world } = this.#town;
    world.after(atMs - world.trueMs, () => {
      this.#town.events.push(`${Math.round(world.trueMs)} ${name}`);
      Promise.resolve(act()).catch((error: unknown) => world.fail(error));
    });
  }

  #after(delayMs: number, name: string, act: () => unknown): void {
    this.#at(this.#town.world.trueMs + delayMs, name, act);
  }

  /** Now, or when the office opens. */
  #byDay(act: () => Promise<void>): void {
    const { world } = this.#town;
    const civil = Temporal.Instant.fromEpochMilliseconds(Math.floor(world.trueMs)).toZonedDateTimeISO(timeZone);
    const isOpen = civil.hour >= 4 && civil.hour < 20;
    const midnightMs = civil.startOfDay().epochMilliseconds + (civil.hour >= 20 ? dayMs : 0);
    const atMs = isOpen ? world.trueMs : midnightMs + this.#chance.between(4.5, 12) * hourMs;
    if (atMs < this.#endMs - calmMs) this.#at(atMs, 'in office', act);
  }

  async #accept(): Promise<void> {
    const { office } = this.#town;
    const { person, areaIds } = this.#author();
    const ask = this.#bulletin(areaIds);
    const diesAtOnce = this.#chance.isTrue(0.15);
    const takesBack = this.#chance.isTrue(0.2);
    const downMs = this.#downMs();
    const note = await office.accept(person, ask, () => diesAtOnce && this.#town.killServer(downMs));
    if (note !== undefined && takesBack)
      this.#after(this.#untilTakenBackMs(note), 'withdraw', () => office.withdraw(person, note));
  }

  async #push(): Promise<void> {
    const { office, places } = this.#town;
    const { department } = places.people;
    const areaIds = this.#chance.isTrue(0.3) ? ['p68'] : this.#communes();
    const ask: EmergencyAsk = {
      areaIds,
      repeat: { count: 1 + this.#chance.below(3), gapMs: this.#chance.below(5_000) },
      drill: this.#chance.isTrue(0.2),
      lifeMs: 10 * minuteMs + this.#chance.below(3 * hourMs),
      clipDurationMs: 3_000 + this.#chance.below(40_000),
    };
    const stops = this.#chance.isTrue(0.5);
    const diesAtOnce = this.#chance.isTrue(0.15);
    const stopAfterMs = this.#chance.isTrue(0.6) ? this.#chance.below(60_000) : this.#chance.below(2 * hourMs);
    const downMs = this.#downMs();
    const note = await office.push(department, ask, () => diesAtOnce && this.#town.killServer(downMs));
    if (note !== undefined && stops) this.#after(stopAfterMs, 'stop', () => office.withdraw(department, note));
  }

  #author(): { person: Person; areaIds: string[] } {
    const { people } = this.#town.places;
    if (this.#chance.isTrue(0.3))
      return { person: people.department, areaIds: this.#chance.isTrue(0.5) ? ['p68'] : this.#communes() };
    const person = this.#chance.pick(people.officers);
    const hasVillage = this.#town.places.clusters.some(({ areaId }) => areaId === `${person.areaId}-thon`);
    return { person, areaIds: [hasVillage && this.#chance.isTrue(0.25) ? `${person.areaId}-thon` : person.areaId] };
  }

  #communes(): string[] {
    const { communeIds } = this.#town.places;
    const chosen = communeIds.filter(() => this.#chance.isTrue(0.5));
    return chosen.length > 0 ? chosen : [this.#chance.pick(communeIds)];
  }

  #bulletin(areaIds: string[]): BulletinAsk {
    const chance = this.#chance;
    const kind = chance.pick(['skip', 'start', 'start', 'join'] as const);
    return {
      class: chance.isTrue(0.25) ? 'priority' : 'normal',
      areaIds,
      whens: [this.#when()],
      repeat: { count: 1 + chance.below(3), gapMs: chance.below(5_000) },
      late: { kind, lateMsMax: kind === 'skip' ? 1_000 : chance.below(30 * minuteMs) },
      resume: chance.pick(['resume', 'restart', 'drop'] as const),
      clipDurationMs: 4_000 + chance.below(80_000),
    };
  }

  #when(): BulletinAsk['whens'][number] {
    const { world } = this.#town;
    const kind = this.#chance.pick(['now', 'now', 'once', 'once', 'once', 'daily', 'daily', 'weekly'] as const);
    const soonMs = world.trueMs + 90 * secondMs + this.#chance.below(20 * minuteMs);
    const laterMs = world.trueMs + 90 * secondMs + this.#chance.below(dayMs);
    const meantMs = this.#chance.isTrue(0.5) ? soonMs : laterMs;
    const atMs = this.#chance.isTrue(0.15) ? this.#nearTheEdge(meantMs) : meantMs;
    const civil = Temporal.Instant.fromEpochMilliseconds(Math.floor(atMs)).toZonedDateTimeISO(timeZone);
    const date = civil.toPlainDate().toString();
    const time = civil.toPlainTime().toString({ smallestUnit: 'second' });
    if (kind === 'now') return { kind };
    if (kind === 'once') return { kind, date, time };
    const until = this.#chance.isTrue(0.5) ? { until: civil.toPlainDate().add({ days: 3 }).toString() } : {};
    if (kind === 'daily') return { kind, from: date, ...until, time };
    const weekdays = ([1, 2, 3, 4, 5, 6, 7] as const).filter(
      (weekday) => weekday === civil.dayOfWeek || this.#chance.isTrue(0.4),
    );
    return { kind, from: date, ...until, weekdays, time } satisfies When;
  }

  /** Where permitted hours end or begin, on the same or the next day. */
  #nearTheEdge(atMs: number): number {
    const day = Temporal.Instant.fromEpochMilliseconds(Math.floor(atMs)).toZonedDateTimeISO(timeZone).startOfDay();
    const edgeMs =
      day.epochMilliseconds + this.#chance.pick([5, 21, 21]) * hourMs + this.#chance.between(-20, 5) * minuteMs;
    return edgeMs > this.#town.world.trueMs + 90 * secondMs ? edgeMs : edgeMs + dayMs;
  }

  /** Often in the middle of a play. */
  #untilTakenBackMs(note: Note): number {
    const nowMs = this.#town.world.trueMs;
    const nextMs = note.startsMs.find((startMs) => startMs > nowMs);
    const isInPlay = this.#chance.isTrue(0.5) && nextMs !== undefined;
    return isInPlay ? nextMs - nowMs + this.#chance.below(note.clipDurationMs) : this.#chance.below(10 * hourMs);
  }

  #dieInWork(): void {
    const downMs = this.#downMs();
    const deathbed = {
      at: this.#chance.pick(['commit', 'publish'] as const),
      when: this.#chance.pick(['before', 'after'] as const),
      count: 1 + this.#chance.below(12),
    };
    if (this.#town.server.now !== undefined)
      this.#town.server.dieAt(deathbed, () => this.#town.startServerAfter(downMs));
  }

  #downMs(): number {
    return this.#chance.isTrue(0.85)
      ? this.#chance.between(secondMs, minuteMs)
      : this.#chance.between(minuteMs, 40 * minuteMs);
  }

  #jumpServerClock(): void {
    const byMs = this.#chance.between(2, 9) * dayMs * (this.#chance.isTrue(0.5) ? 1 : -1);
    this.#town.jumpServerClock(byMs, this.#chance.between(minuteMs, 6 * hourMs));
  }

  #cutPower(board: SimulatedBoard, rots = false): void {
    const offMs = this.#offMs();
    board.powerCut();
    if (rots) board.rot(this.#chance);
    this.#after(offMs, 'power on', () => board.powerOn());
  }

  #cutPowerInPlay(board: SimulatedBoard): void {
    if (!board.isEnrolled) return;
    const coming = this.#nextStart(({ deviceIds }) => deviceIds.includes(board.deviceId));
    if (coming === undefined) return;
    const intoMs = this.#chance.between(-400, coming.note.clipDurationMs);
    this.#at(coming.startMs + intoMs, 'power cut', () => this.#cutPower(board));
  }

  #pushInPlay(): void {
    const coming = this.#nextStart(() => true);
    if (coming === undefined) return;
    const intoMs = this.#chance.between(-2_000, coming.note.clipDurationMs);
    this.#at(coming.startMs + intoMs, 'emergency', () => this.#push());
  }

  /** The next planned start, soon enough to be over at the end. */
  #nextStart(isMeant: (note: Note) => boolean): { startMs: number; note: Note } | undefined {
    const { world, office } = this.#town;
    return office.notes
      .filter((note) => note.withdrawnMs === undefined && isMeant(note))
      .flatMap((note) => note.startsMs.map((startMs) => ({ startMs, note })))
      .filter(({ startMs }) => startMs > world.trueMs + 1_000 && startMs < this.#endMs - calmMs)
      .sort((a, b) => a.startMs - b.startMs)[0];
  }

  #cutPowerInWrite(board: SimulatedBoard): void {
    const offMs = this.#offMs();
    const steps = Math.ceil(10 ** this.#chance.between(0, 4.5));
    board.powerCutAtDiskStep(steps, () => this.#after(offMs, 'power on', () => board.powerOn()));
  }

  #offMs(): number {
    const luck = this.#chance.fraction();
    if (luck < 0.6) return this.#chance.between(3 * secondMs, minuteMs);
    return luck < 0.9 ? this.#chance.between(minuteMs, hourMs) : this.#chance.between(hourMs, 10 * hourMs);
  }

  #cutLink(board: SimulatedBoard): void {
    const luck = this.#chance.fraction();
    const spans = [
      [0.3, 5 * secondMs, minuteMs],
      [0.7, minuteMs, hourMs],
      [0.9, hourMs, 10 * hourMs],
      [1, dayMs, 3 * dayMs],
    ] as const;
    const [, fromMs, untilMs] = spans.find(([share]) => luck < share) ?? spans[0];
    board.network.isUp = false;
    this.#after(this.#chance.between(fromMs, untilMs), 'link mended', () => {
      board.network.isUp = true;
    });
  }

  #stepClock(board: SimulatedBoard): void {
    const sizeMs = this.#chance.isTrue(0.5) ? 5 * minuteMs : 30 * hourMs;
    board.stepClock(Math.round(this.#chance.between(-sizeMs, sizeMs)));
  }
}
