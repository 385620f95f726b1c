/** The timetable of the seven days ahead: read, printed for the notice board, or taken along as iCalendar. */
import type { BulletinView } from '@loa/protocol/panel';
import { timetableIcs } from '@loa/schedules';
import { Button } from '@mantine/core';
import { IconCalendarDown, IconPrinter } from '@tabler/icons-react';
import { Link } from 'react-router';
import { failureOf, failureWords } from '../../api/failure-words.ts';
import { useMe } from '../../api/me.tsx';
import { useBulletins } from '../../api/queries.ts';
import { saveText } from '../../edges/save-text.ts';
import { airingPath, ClassMark } from '../../kit/airing-parts.tsx';
import { Waiting } from '../../kit/empty-state.tsx';
import { Notice } from '../../kit/notice.tsx';
import { PageHeader } from '../../kit/page-header.tsx';
import { useNow, usePicture } from '../../live/use-live.tsx';
import { placesWords } from '../../model/areas-words.ts';
import { civilDateOf, clockWords, dateWords, spanWords } from '../../model/civil-time.ts';
import { timetableOf, type WeekDay, weekOf } from '../../model/week.ts';
import { useLanguage, useSay } from '../../text/use-say.ts';
import styles from './week-page.module.css';

export function WeekPage() {
  const say = useSay();
  const language = useLanguage();
  const { timeZone, person } = useMe();
  const nowMs = useNow(60_000);
  const areas = usePicture('areas');
  const clusters = usePicture('clusters');
  const bulletins = useBulletins();
  const first = civilDateOf(nowMs, timeZone);
  const days = weekOf(bulletins.data ?? [], { first, timeZone });
  const placeName = areas.get(person.areaId)?.name ?? '';
  const placeOf = (bulletin: BulletinView) => placesWords(bulletin, { areas, clusters, say });
  const save = () =>
    saveText({
      name: 'lich-phat.ics',
      mimeType: 'text/calendar;charset=utf-8',
      text: timetableIcs(timetableOf(bulletins.data ?? [], { timeZone, placeOf }), {
        name: `${say('week.title')} ${placeName}`.trim(),
        nowMs,
      }),
    });
  return (
    <>
      <PageHeader
        title={say('week.title')}
        line={placeName}
        back={{ to: '/bulletins', words: say('nav.bulletins') }}
        action={
          <span className={styles.actions}>
            <Button variant="default" leftSection={<IconCalendarDown size={22} aria-hidden />} onClick={save}>
              {say('week.save')}
            </Button>
            <Button
              variant="default"
              leftSection={<IconPrinter size={22} aria-hidden />}
              onClick={() => window.print()}
            >
              {say('log.print')}
            </Button>
          </span>
        }
      />
      {bulletins.error !== null && (
        <Notice tone="attention" live>
          {failureWords(failureOf(bulletins.error), say, language)}
        </Notice>
      )}
      {bulletins.data === undefined && bulletins.error === null && <Waiting words={say('frame.waiting')} />}
      {bulletins.data !== undefined && (
        <div className={styles.days}>
          {days.map((day) => (
            <DaySheet key={day.date.toString()} day={day} today={first} placeOf={placeOf} />
          ))}
        </div>
      )}
    </>
  );
}

function DaySheet(props: { day: WeekDay; today: Temporal.PlainDate; placeOf: (bulletin: BulletinView) => string }) {
  const say = useSay();
  const { timeZone } = useMe();
  const { day, today } = props;
  return (
    <section className={styles.day}>
      <h2>{dateWords(day.date, { today, say })}</h2>
      {day.entries.length === 0 ? (
        <p className={styles.none}>{say('week.none')}</p>
      ) : (
        <table>
          <thead className="visually-hidden">
            <tr>
              <th>{say('when.time')}</th>
              <th>{say('compose.title')}</th>
              <th>{say('bulletin.where')}</th>
              <th>{say('week.length')}</th>
            </tr>
          </thead>
          <tbody>
            {day.entries.map(({ occurrence, atMs, lengthMs, bulletin }) => (
              <tr key={occurrence}>
                <td className={styles.time}>
                  {bulletin.slot === undefined ? clockWords(atMs, timeZone) : say(`slot.${bulletin.slot}`)}
                </td>
                <td>
                  <ClassMark airing={{ class: bulletin.class, drill: bulletin.drill }} />{' '}
                  <Link to={airingPath(occurrence)}>{bulletin.title}</Link>
                </td>
                <td>{props.placeOf(bulletin)}</td>
                <td className={styles.length}>{spanWords(lengthMs, say)}</td>
              </tr>
            ))}
          </tbody>
        </table>
      )}
    </section>
  );
}
