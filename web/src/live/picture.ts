/**
 * The live picture as this panel holds it: areas, clusters and airings by id, at one number of the feed. Pure: a
 * snapshot makes a picture, a delta makes the next one or is found to leave a gap. Entities that did not change keep
 * their identity, so that only what changed is drawn again.
 */
import type { AiringView, AreaView, Change, ClusterView, PanelMessage, Snapshot } from '@loa/protocol/panel';

/** Everything the panel knows at `number`. */
export interface Picture {
  number: number;
  areas: ReadonlyMap<string, AreaView>;
  clusters: ReadonlyMap<string, ClusterView>;
  /** By occurrence. */
  airings: ReadonlyMap<string, AiringView>;
}

export type Delta = Extract<PanelMessage, { kind: 'delta' }>;

/** What the panel shows before its first snapshot. */
export const emptyPicture: Picture = { number: 0, areas: new Map(), clusters: new Map(), airings: new Map() };

/** The picture a snapshot draws; whatever was known before is gone. */
export function pictureOf(snapshot: Snapshot): Picture {
  return {
    number: snapshot.number,
    areas: new Map(snapshot.areas.map((area) => [area.id, area])),
    clusters: new Map(snapshot.clusters.map((cluster) => [cluster.id, cluster])),
    airings: new Map(snapshot.airings.map((airing) => [airing.occurrence, airing])),
  };
}

/** The picture after a delta; the same picture for one already seen; `gap` when a number in between was missed. */
export function nextPicture(picture: Picture, delta: Delta): Picture | 'gap' {
  if (delta.number <= picture.number) return picture;
  if (delta.number !== picture.number + 1) return 'gap';
  return delta.changes.reduce(withChange, { ...picture, number: delta.number });
}

function withChange(picture: Picture, change: Change): Picture {
  switch (change.kind) {
    case 'cluster':
      return { ...picture, clusters: new Map(picture.clusters).set(change.cluster.id, change.cluster) };
    case 'area':
      return { ...picture, areas: new Map(picture.areas).set(change.area.id, change.area) };
    case 'airing':
      return { ...picture, airings: new Map(picture.airings).set(change.airing.occurrence, change.airing) };
    case 'airing-gone': {
      const airings = new Map(picture.airings);
      airings.delete(change.occurrence);
      return { ...picture, airings };
    }
  }
}
