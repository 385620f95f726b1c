/** The permitted hours of what was chosen, and a warning when the next start of one of its times does not lie in them. */
import { useMemo } from 'react';
import { Notice } from '../../kit/notice.tsx';
import { usePicture } from '../../live/use-live.tsx';
import { type Draft, repeatGapMs, whensOf } from '../../model/draft.ts';
import { areasOutsideHours, hoursWords } from '../../model/hours-words.ts';
import { useClip } from '../../sound/sound-maker.tsx';
import { useSay } from '../../text/use-say.ts';

/** Areas named in a warning. */
const namedMax = 3;

export function HoursNotice(props: { draft: Draft; nowMs: number; timeZone: string }) {
  const say = useSay();
  const { draft, nowMs, timeZone } = props;
  const areas = usePicture('areas');
  const clip = useClip(draft.clipId);
  const clusters = usePicture('clusters');
  const chosen = useMemo(() => {
    const ids = [...draft.areaIds, ...draft.clusterIds.flatMap((id) => clusters.get(id)?.areaId ?? [])];
    return [...new Set(ids)].flatMap((id) => areas.get(id) ?? []);
  }, [draft.areaIds, draft.clusterIds, areas, clusters]);
  const whens = whensOf(draft);
  const first = chosen[0];
  if (first === undefined || whens.length === 0) return null;
  const lengthMs = (clip?.durationMs ?? 0) * draft.repeatCount + repeatGapMs * (draft.repeatCount - 1);
  const outside = chosen.filter((area) =>
    whens.some((when) => areasOutsideHours({ areas: [area], when, lengthMs, timeZone, nowMs }).length > 0),
  );
  const rules = [...new Set(chosen.map((area) => hoursWords(area.hours, say)))];
  const named = outside
    .slice(0, namedMax)
    .map((area) => area.name)
    .join(', ');
  const rule = rules.length === 1 ? say('hours.rule', { hours: rules[0] ?? '' }) : say('hours.differ');
  const origin = first.hours.isDefault
    ? say('hours.default')
    : say('hours.document', { document: first.hours.document });
  return outside.length === 0 ? (
    <Notice tone="quiet">
      {rule} {rules.length === 1 && origin}
    </Notice>
  ) : (
    <Notice tone="attention" live>
      <strong>{say('hours.outside', { names: named })}</strong> {rule}
    </Notice>
  );
}
