/** The timetable of the seven days ahead: read, printed for the notice board, or taken along as iCalendar. */
import type { BulletinView, PlannedAiring } from '@loa/protocol/panel';
import { timetableIcs } from '@loa/schedules';
import { Button } from '@mantine/core';
import { IconCalendarDown, IconPrinter } from '@tabler/icons-react';
import { Link } from 'react-router';
import { failureOf, failureWords } from '../../api/failure-words.ts';
import { useMe } from '../../api/me.tsx';
import { useBulletins, useTimetable } from '../../api/queries.ts';
import { saveText } from '../../edges/save-text.ts';
import { airingPath, ClassMark } from '../../kit/airing-parts.tsx';
import { Waiting } from '../../kit/empty-state.tsx';
import { Notice } from '../../kit/notice.tsx';
import { PageHeader } from '../../kit/page-header.tsx';
import { useNow, usePicture } from '../../live/use-live.tsx';
import { airingTitle } from '../../model/airing-title.ts';
import { placesWords } from '../../model/areas-words.ts';
import { civilDateOf, dateWords, spanWords } from '../../model/civil-time.ts';
import { soundingMs, startWords, timetableOf, type WeekDay, weekOf } from '../../model/week.ts';
import { useLanguage, useSay } from '../../text/use-say.ts';
import styles from './week-page.module.css';

type PlaceOf = (of: Pick<BulletinView, 'areaIds' | 'clusterIds'>) => string;

export function WeekPage() {
  const say = useSay();
  const language = useLanguage();
  const { timeZone, person } = useMe();
  const nowMs = useNow(60_000);
  const areas = usePicture('areas');
  const clusters = usePicture('clusters');
  const bulletins = useBulletins();
  const timetable = useTimetable();
  const today = civilDateOf(nowMs, timeZone);
  const placeName = areas.get(person.areaId)?.name ?? '';
  const placeOf: PlaceOf = (of) => placesWords(of, { areas, clusters, say });
  const listed = bulletins.data;
  const planned = timetable.data;
  const error = timetable.error ?? bulletins.error;
  const save = () => {
    if (listed === undefined || planned === undefined) return;
    const entries = timetableOf({ bulletins: listed, planned: planned.airings }, { timeZone, placeOf, say });
    saveText({
      name: 'lich-phat.ics',
      mimeType: 'text/calendar;charset=utf-8',
      text: timetableIcs(entries, { name: `${say('week.title')} ${placeName}`.trim(), nowMs }),
    });
  };
  return (
    <>
      <PageHeader
        title={say('week.title')}
        line={placeName}
        back={{ to: '/bulletins', words: say('nav.bulletins') }}
        action={
          <span className={styles.actions}>
            <Button
              variant="default"
              leftSection={<IconCalendarDown size={22} aria-hidden />}
              disabled={listed === undefined || planned === undefined}
              onClick={save}
            >
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
      {error !== null && (
        <Notice tone="attention" live>
          {failureWords(failureOf(error), say, language)}
        </Notice>
      )}
      {planned === undefined && timetable.error === null && <Waiting words={say('frame.waiting')} />}
      {planned !== undefined && (
        <div className={styles.days}>
          {weekOf(planned, timeZone).map((day) => (
            <DaySheet key={day.date.toString()} day={day} today={today} placeOf={placeOf} />
          ))}
          {planned.leftOutCount > 0 && (
            <Notice tone="attention">{say('week.left-out', { count: planned.leftOutCount })}</Notice>
          )}
        </div>
      )}
    </>
  );
}

function DaySheet(props: { day: WeekDay; today: Temporal.PlainDate; placeOf: PlaceOf }) {
  const say = useSay();
  const { day, today } = props;
  return (
    <section className={styles.day}>
      <h2>{dateWords(day.date, { today, say })}</h2>
      {day.airings.length === 0 ? (
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
            {day.airings.map((airing) => (
              <Line key={airing.occurrence} airing={airing} place={props.placeOf(airing)} />
            ))}
          </tbody>
        </table>
      )}
    </section>
  );
}

/** A tune or relay is the session's own: said, but quietly. */
function Line(props: { airing: PlannedAiring; place: string }) {
  const say = useSay();
  const { timeZone } = useMe();
  const { airing, place } = props;
  const title = airingTitle(airing, say);
  return (
    <tr className={airing.isPart ? styles.part : undefined}>
      <td className={styles.time}>{startWords(airing, { timeZone, say })}</td>
      <td>
        <ClassMark airing={{ class: airing.class, drill: false }} />{' '}
        {airing.isPart ? title : <Link to={airingPath(airing.occurrence)}>{title}</Link>}
      </td>
      <td>{place}</td>
      <td className={styles.length}>{spanWords(soundingMs(airing), say)}</td>
    </tr>
  );
}
