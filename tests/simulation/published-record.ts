/** What matters to the promises of everything a server has published: drills in signed orders, and plans with something new. */
import { compareSequence, type PlanDocument, planBodySchema, type Sequence } from '@loa/protocol/device';
import { documentOf } from '@loa/server/keep/store/rows/document-row.ts';
import type { World } from './world.ts';

export class PublishedRecord {
  /** By emergency, what each order that was signed for it says. */
  readonly signedDrills: Record<string, boolean[]> = {};
  /** When a plan went out that lists what its former one did not. */
  readonly plansSignedMs: number[] = [];
  readonly #newest = new Map<string, { sequence: Sequence; items: ReadonlySet<string> }>();
  readonly #world: World;
  readonly #bodyOf: (hash: string) => string | undefined;

  constructor(options: { world: World; bodyOf: (hash: string) => string | undefined }) {
    this.#world = options.world;
    this.#bodyOf = options.bodyOf;
  }

  published(topic: string, payload: string): void {
    if (!/\/(plan|orders)$/.test(topic)) return;
    const document = documentOf(payload);
    const former = this.#newest.get(topic);
    if (former !== undefined && compareSequence(document, former.sequence) <= 0) return;
    const items = document.kind === 'plan' ? this.#itemsOf(document) : new Set<string>();
    this.#newest.set(topic, { sequence: document, items });
    if (document.kind === 'orders')
      for (const order of document.orders) if (order.kind === 'emergency') this.#drillsOf(order.id).push(order.drill);
    if (former !== undefined && [...items].some((item) => !former.items.has(item)))
      this.plansSignedMs.push(this.#world.trueMs);
  }

  #drillsOf(id: string): boolean[] {
    this.signedDrills[id] ??= [];
    return this.signedDrills[id];
  }

  #itemsOf({ body }: PlanDocument): Set<string> {
    const text = body.inline ?? this.#bodyOf(body.hash);
    if (text === undefined) return new Set();
    return new Set(planBodySchema.parse(JSON.parse(text)).items.map(({ occurrence, atMs }) => `${occurrence} ${atMs}`));
  }
}
