/** Where a bulletin sounds, in words: the first few areas by name, the rest counted. Pure. */
import type { AreaView } from '@loa/protocol/panel';
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
