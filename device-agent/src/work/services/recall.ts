/** What the record of services says after a restart. Pure. */
import type { ServiceOrder } from '@loa/protocol/device';
import type { BegunService, EndedService, ServiceEntry } from '../../keep/service-record.ts';

/** Where one order stands. */
export type Course = { phase: 'under-way'; kind: ServiceOrder['kind'] } | { phase: 'over' };

/** Begun in an earlier start, its end unknown. */
export interface Left {
  begun: BegunService;
}

export interface RecalledServices {
  courses: [string, Course][];
  left: Left[];
  /** Ended, and perhaps not in the outbox yet. */
  untold: EndedService[];
}

/** Reads the record from its beginning. */
export function recallServices(entries: readonly ServiceEntry[]): RecalledServices {
  const begun = new Map<string, BegunService>();
  const ended = new Map<string, EndedService>();
  const reported = new Set<string>();
  for (const entry of entries) {
    if (entry.kind === 'begun') begun.set(entry.order, entry);
    if (entry.kind === 'ended') ended.set(entry.order, entry);
    if (entry.kind === 'reported') reported.add(entry.order);
  }
  const left = [...begun.values()].filter(({ order }) => !ended.has(order) && !reported.has(order));
  const over = [...ended.keys(), ...reported];
  return {
    courses: [
      ...over.map((order): [string, Course] => [order, { phase: 'over' }]),
      ...left.map(({ order, service }): [string, Course] => [order, { phase: 'under-way', kind: service }]),
    ],
    left: left.map((one) => ({ begun: one })),
    untold: [...ended.values()].filter(({ order }) => !reported.has(order)),
  };
}
