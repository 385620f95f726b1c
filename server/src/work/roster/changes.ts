/**
 * Which entities have changed since panels were last told. Changes are gathered for a moment and told as whole entities,
 * so that a burst costs a slow panel no more than its result; nobody listening, nothing is gathered.
 */
import type { Cancel, Clock } from '../../edges/clock.ts';

/** How long changes are gathered: unnoticeable to the eye, and at most ten messages a second to each panel. */
export const gatherMs = 100;

/** What has changed: ids only. */
export interface Gathered {
  clusters: ReadonlySet<string>;
  airings: ReadonlySet<string>;
  /** Airings that are shown no more, with the clusters they had. */
  gone: ReadonlyMap<string, readonly string[]>;
}

export interface Changes {
  cluster(id: string): void;
  airing(occurrence: string): void;
  gone(occurrence: string, clusterIds: readonly string[]): void;
  /** Calls back with everything gathered; returns the unsubscription. */
  subscribe(tell: (gathered: Gathered) => void): () => void;
}

export function createChanges(clock: Clock): Changes {
  const listeners = new Set<(gathered: Gathered) => void>();
  let clusters = new Set<string>();
  let airings = new Set<string>();
  let gone = new Map<string, readonly string[]>();
  let timer: Cancel | undefined;

  function tellAll(): void {
    timer = undefined;
    const gathered = { clusters, airings, gone };
    clusters = new Set();
    airings = new Set();
    gone = new Map();
    for (const tell of listeners) tell(gathered);
  }

  function note(change: () => void): void {
    if (listeners.size === 0) return;
    change();
    timer ??= clock.setTimer(tellAll, gatherMs);
  }

  return {
    cluster: (id) => note(() => clusters.add(id)),
    airing: (occurrence) =>
      note(() => {
        airings.add(occurrence);
        gone.delete(occurrence);
      }),
    gone: (occurrence, clusterIds) =>
      note(() => {
        gone.set(occurrence, clusterIds);
        airings.delete(occurrence);
      }),
    subscribe: (tell) => {
      listeners.add(tell);
      return () => {
        listeners.delete(tell);
        if (listeners.size > 0) return;
        timer?.();
        timer = undefined;
        clusters = new Set();
        airings = new Set();
        gone = new Map();
      };
    },
  };
}
