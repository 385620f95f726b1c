/** The draft of a notice, remembered by this browser for each person, until it is sent. */
import { useCallback, useEffect, useState } from 'react';
import { useSearchParams } from 'react-router';
import { useMe } from '../../api/me.tsx';
import { recall, remember } from '../../edges/storage.ts';
import { usePicture } from '../../live/use-live.tsx';
import { type Draft, newDraft, parseDraft } from '../../model/draft.ts';

/** Where this browser keeps a person's draft. */
export const draftKey = (personId: string) => `loa.draft.${personId}`;

/** `nowMs` is the server's time; only the first one counts. */
export function useDraft(nowMs: number) {
  const { person, timeZone } = useMe();
  const areas = usePicture('areas');
  const clusters = usePicture('clusters');
  const [query] = useSearchParams();
  const key = draftKey(person.id);
  const [draft, setDraft] = useState<Draft>(() => {
    const clipId = query.get('clip');
    const now = { nowMs, timeZone };
    const kept = parseDraft(recall(key), now) ?? newDraft(now);
    return clipId === null ? kept : { ...newDraft(now), source: 'kept', clipId, title: query.get('title') ?? '' };
  });
  const change = useCallback((part: Partial<Draft>) => setDraft((former) => ({ ...former, ...part })), []);
  /** Takes a suggested title only while the person has not written one of their own. */
  const suggestTitle = useCallback(
    (title: string) => setDraft((former) => (former.hasOwnTitle ? former : { ...former, title: title.slice(0, 200) })),
    [],
  );
  const clear = useCallback(() => {
    remember(key, undefined);
  }, [key]);
  useEffect(() => remember(key, JSON.stringify(draft)), [key, draft]);
  useEffect(() => {
    if (areas.size === 0) return;
    setDraft((former) => {
      const areaIds = former.areaIds.filter((id) => areas.has(id));
      const clusterIds = former.clusterIds.filter((id) => clusters.has(id));
      const isKnown = areaIds.length === former.areaIds.length && clusterIds.length === former.clusterIds.length;
      return isKnown ? former : { ...former, areaIds, clusterIds };
    });
  }, [areas, clusters]);
  return { draft, change, suggestTitle, clear };
}
