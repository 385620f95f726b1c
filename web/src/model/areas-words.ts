/** Where a bulletin sounds, in words: the first few places by name, the rest counted. Pure. */
import type { AreaView, BulletinView, ClusterView } from '@loa/protocol/panel';
import type { Say } from '../text/say.ts';

/** Areas named before the rest is counted. */
const namedMax = 3;

/** `Khu phố Thắng Lợi, Khu phố Kim Ngọc`. An area that the person's picture does not hold lies above the person's own. */
export function areasWords(
  areaIds: readonly string[],
  input: { areas: ReadonlyMap<string, AreaView>; say: Say },
): string {
  const { areas, say } = input;
  const names = [...new Set(areaIds.map((id) => areas.get(id)?.name ?? say('area.above')))];
  const rest = names.length - namedMax;
  return names.slice(0, namedMax).join(', ') + (rest > 0 ? say('reach.more-areas', { count: rest }) : '');
}

/** The same of a bulletin, with the single clusters it names beside its areas. */
export function placesWords(
  bulletin: Pick<BulletinView, 'areaIds' | 'clusterIds'>,
  input: {
    areas: ReadonlyMap<string, AreaView>;
    clusters: ReadonlyMap<string, Pick<ClusterView, 'name'>>;
    say: Say;
  },
): string {
  const names = (bulletin.clusterIds ?? []).flatMap((id) => input.clusters.get(id)?.name ?? []);
  const rest = names.length - namedMax;
  const clusters = names.slice(0, namedMax).join(', ') + (rest > 0 ? input.say('reach.more', { count: rest }) : '');
  return [areasWords(bulletin.areaIds, input), clusters].filter((words) => words !== '').join(', ');
}
