/** The two sheets of a day: what is still to come, and what has been. */
import type { AiringView } from '@loa/protocol/panel';
import { IconCalendarOff, IconHistory } from '@tabler/icons-react';
import { useMe } from '../api/me.tsx';
import { useNow } from '../live/use-live.tsx';
import { civilDateOf, dayWords } from '../model/civil-time.ts';
import type { ComingDay } from '../model/timeline.ts';
import { useSay } from '../text/use-say.ts';
import { ComingRow, OverRow } from './airing-parts.tsx';
import styles from './day-sheets.module.css';
import { EmptyState } from './empty-state.tsx';
import { Sheet } from './sheet.tsx';

export function ComingSheet(props: { days: readonly ComingDay[] }) {
  const say = useSay();
  const { timeZone } = useMe();
  const today = civilDateOf(useNow(60_000), timeZone);
  return (
    <Sheet title={say('today.coming')} flush>
      {props.days.length === 0 && (
        <EmptyState icon={<IconCalendarOff size={30} />} title={say('today.nothing-coming')}>
          {say('today.nothing-coming-line')}
        </EmptyState>
      )}
      {props.days.map((day) => (
        <div key={day.date.toString()}>
          <h3 className={styles.day}>{dayWords(day.date, { today, say })}</h3>
          <ul>
            {day.airings.map((airing) => (
              <ComingRow key={airing.occurrence} airing={airing} />
            ))}
          </ul>
        </div>
      ))}
    </Sheet>
  );
}

export function OverSheet(props: { airings: readonly AiringView[] }) {
  const say = useSay();
  return (
    <Sheet title={say('today.over')} flush>
      {props.airings.length === 0 ? (
        <EmptyState icon={<IconHistory size={30} />} title={say('today.nothing-over')} />
      ) : (
        <ul>
          {props.airings.map((airing) => (
            <OverRow key={airing.occurrence} airing={airing} />
          ))}
        </ul>
      )}
    </Sheet>
  );
}
