/**
 * What a board holds by its own documents: which occurrences oblige it since when, and when a newer document was taken.
 * Outlives the board's boots; what was lost on the way still obliges until the card itself lost it.
 */
import type { DocumentShelf } from '@loa/device-agent/keep/documents/documents.ts';
import { compareSequence, type Sequence } from '@loa/protocol/device';
import type { HeldSpan } from './history.ts';
import type { World } from './world.ts';

/** An occurrence in the plan whose clip is not here yet. */
interface Awaited {
  occurrence: string;
  hash: string;
}

export class HeldPlans {
  /** By occurrence: since and until when a plan with it and its clip were here. */
  readonly held = new Map<string, HeldSpan>();
  readonly #world: World;
  #planSeen: unknown;
  #awaited: Awaited[] = [];
  readonly #takings: { slot: string; sequence: Sequence; taken: (atMs: number) => void }[] = [];

  constructor(world: World) {
    this.#world = world;
  }

  /** Tells when the device holds a document of at least that number. */
  whenHeld(slot: string, sequence: Sequence, taken: (atMs: number) => void): void {
    this.#takings.push({ slot, sequence, taken });
  }

  see(documents: DocumentShelf, hasClip: (id: string) => boolean): void {
    this.#seePlan(documents);
    this.#seeClips(hasClip);
    this.#seeHolds(documents);
  }

  /** The next boot reads its plan anew. */
  forgetBoot(): void {
    this.#planSeen = undefined;
  }

  /** The card lost something: what is still to come obliges when it is held again. */
  forgetComing(): void {
    const nowSeconds = this.#world.trueMs / 1_000;
    for (const occurrence of [...this.held.keys()])
      if (Number(occurrence.split('@')[1]) > nowSeconds) this.held.delete(occurrence);
  }

  #seePlan(documents: DocumentShelf): void {
    const nowMs = this.#world.trueMs;
    const plan = documents.plan();
    if (plan === undefined || plan.head === this.#planSeen) return;
    this.#planSeen = plan.head;
    const listed = new Set(plan.body.items.map(({ occurrence }) => occurrence));
    for (const [occurrence, span] of this.held) {
      if (!listed.has(occurrence)) span.untilMs ??= nowMs;
      else if (span.untilMs !== undefined) this.held.set(occurrence, { sinceMs: nowMs, untilMs: undefined });
    }
    this.#awaited = plan.body.items
      .filter(({ occurrence }) => !this.held.has(occurrence))
      .map(({ occurrence, clip }) => ({ occurrence, hash: plan.body.clips[clip]?.id ?? '' }));
  }

  #seeClips(hasClip: (id: string) => boolean): void {
    const away: Awaited[] = [];
    for (const one of this.#awaited) {
      if (hasClip(one.hash)) this.held.set(one.occurrence, { sinceMs: this.#world.trueMs, untilMs: undefined });
      else away.push(one);
    }
    this.#awaited = away;
  }

  #seeHolds(documents: DocumentShelf): void {
    if (this.#takings.length === 0) return;
    const holds = documents.holds();
    for (const one of [...this.#takings]) {
      const held = one.slot === 'plan' ? holds.plan : holds.orders[one.slot];
      if (held === undefined || compareSequence(held, one.sequence) < 0) continue;
      this.#takings.splice(this.#takings.indexOf(one), 1);
      one.taken(this.#world.trueMs);
    }
  }
}
