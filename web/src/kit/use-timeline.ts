/** The timeline of now: the live airings, and from the log those of today that the live picture no longer holds. */
import { useMemo } from 'react';
import { useMe } from '../api/me.tsx';
import { useAirings } from '../api/queries.ts';
import { useNow, usePicture } from '../live/use-live.tsx';
import { civilDateOf } from '../model/civil-time.ts';
import { type Timeline, timelineOf } from '../model/timeline.ts';

export function useTimeline(): Timeline {
  const { timeZone } = useMe();
  const live = usePicture('airings');
  const nowMs = useNow(5_000);
  const today = civilDateOf(nowMs, timeZone).toString();
  const span = useMemo(() => {
    const start = Temporal.PlainDate.from(today).toZonedDateTime(timeZone);
    return { from: start.toInstant().toString(), until: start.add({ days: 1 }).toInstant().toString() };
  }, [today, timeZone]);
  const logged = useAirings(span).data;
  return useMemo(() => {
    const past = (logged ?? []).filter((airing) => !live.has(airing.occurrence) && Date.parse(airing.at) < nowMs);
    return timelineOf([...past, ...live.values()], { nowMs, timeZone });
  }, [logged, live, nowMs, timeZone]);
}
