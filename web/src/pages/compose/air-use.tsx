/** Air time of each session and day with the notice being written, beside what is allowed; what is over says so in words. */
import type { DayUseView } from '@loa/protocol/panel';
import { IconAlertTriangle } from '@tabler/icons-react';
import { Notice } from '../../kit/notice.tsx';
import { overWords, type SessionUseWords, sessionUseWords, usedDays } from '../../model/air-use.ts';
import { civilDateWords, spanWords } from '../../model/civil-time.ts';
import { useSay } from '../../text/use-say.ts';
import styles from './air-use.module.css';

export function AirUse(props: { days: readonly DayUseView[]; today: Temporal.PlainDate }) {
  const say = useSay();
  const { today } = props;
  const days = usedDays(props.days);
  if (days.length === 0) return null;
  const over = overWords(days, { today, say });
  return (
    <>
      {over.length > 0 && (
        <Notice tone="attention">
          <ul>
            {over.map((words) => (
              <li key={words}>{words}</li>
            ))}
          </ul>
        </Notice>
      )}
      <details className={styles.use} open={over.length > 0}>
        <summary>{say('airuse.title')}</summary>
        <dl>
          {days.map((day) => (
            <div key={day.date}>
              <dt>{civilDateWords(Temporal.PlainDate.from(day.date), { today, say })}</dt>
              {day.sessions.map((session) => (
                <dd key={session.name}>
                  <Use use={sessionUseWords(session, say)} />
                </dd>
              ))}
              {day.outsideMs > 0 && (
                <dd>
                  {say('airuse.outside')}: <strong>{spanWords(day.outsideMs, say)}</strong>
                </dd>
              )}
            </div>
          ))}
        </dl>
      </details>
    </>
  );
}

function Use(props: { use: SessionUseWords }) {
  const say = useSay();
  const { name, words, fraction, isOver } = props.use;
  return (
    <span className={styles.session} data-over={isOver}>
      <span>
        {name}: <strong>{words}</strong>
        {isOver && (
          <>
            {' '}
            <IconAlertTriangle size={18} aria-hidden /> {say('airuse.over')}
          </>
        )}
      </span>
      {fraction !== undefined && (
        <span className={styles.bar} aria-hidden>
          <i style={{ width: `${Math.round(fraction * 100)}%` }} />
        </span>
      )}
    </span>
  );
}
