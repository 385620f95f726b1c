/** The playback log, one day at a time: what sounded, where, and how it ended. Prints as it stands. */
import { Button } from '@mantine/core';
import { IconChevronLeft, IconChevronRight, IconNotebook, IconPrinter } from '@tabler/icons-react';
import { useMemo } from 'react';
import { useSearchParams } from 'react-router';
import { failureOf, failureWords } from '../../api/failure-words.ts';
import { useMe } from '../../api/me.tsx';
import { useAirings } from '../../api/queries.ts';
import { OverRow } from '../../kit/airing-parts.tsx';
import { EmptyState, Waiting } from '../../kit/empty-state.tsx';
import { Notice } from '../../kit/notice.tsx';
import { PageHeader } from '../../kit/page-header.tsx';
import { Sheet } from '../../kit/sheet.tsx';
import { useNow, usePicture } from '../../live/use-live.tsx';
import { airedMs } from '../../model/air-time.ts';
import { civilDateOf, dateWords, dayWords, spanWords } from '../../model/civil-time.ts';
import { useLanguage, useSay } from '../../text/use-say.ts';
import styles from './log-page.module.css';

export function LogPage() {
  const say = useSay();
  const language = useLanguage();
  const { timeZone } = useMe();
  const [query, setQuery] = useSearchParams();
  const nowMs = useNow(15_000);
  const today = civilDateOf(nowMs, timeZone);
  const date = parseDate(query.get('date')) ?? today;
  const dateText = date.toString();
  const span = useMemo(() => {
    const start = Temporal.PlainDate.from(dateText).toZonedDateTime(timeZone);
    return { from: start.toInstant().toString(), until: start.add({ days: 1 }).toInstant().toString() };
  }, [dateText, timeZone]);
  const asked = useAirings(span);
  const live = usePicture('airings');
  const airings = (asked.data ?? [])
    .map((airing) => live.get(airing.occurrence) ?? airing)
    .filter((airing) => Date.parse(airing.at) <= nowMs)
    .sort((a, b) => Date.parse(a.at) - Date.parse(b.at));
  const go = (days: number) => setQuery({ date: date.add({ days }).toString() });
  const isToday = date.equals(today);
  return (
    <>
      <PageHeader
        title={say('nav.log')}
        line={say('log.line')}
        action={
          <Button variant="default" leftSection={<IconPrinter size={22} aria-hidden />} onClick={() => window.print()}>
            {say('log.print')}
          </Button>
        }
      />
      <div className={styles.days}>
        <Button variant="default" size="lg" onClick={() => go(-1)} leftSection={<IconChevronLeft aria-hidden />}>
          {say('log.before')}
        </Button>
        <p className={styles.day} role="status">
          <strong>{dayWords(date, { today, say })}</strong>
          {isToday && <span>{dateWords(date, { today, say })}</span>}
        </p>
        <Button
          variant="default"
          size="lg"
          disabled={isToday}
          onClick={() => go(1)}
          rightSection={<IconChevronRight aria-hidden />}
        >
          {say('log.after')}
        </Button>
      </div>
      {asked.error !== null && (
        <Notice tone="attention" live>
          {failureWords(failureOf(asked.error), say, language)}
        </Notice>
      )}
      {asked.data === undefined && asked.error === null && <Waiting words={say('frame.waiting')} />}
      {asked.data !== undefined && airings.length === 0 && (
        <EmptyState icon={<IconNotebook size={30} />} title={say('log.none')} />
      )}
      {airings.length > 0 && (
        <Sheet
          title={say('log.count', { count: airings.length })}
          aside={<span className={styles.total}>{say('log.total', { span: spanWords(airedMs(airings), say) })}</span>}
          flush
        >
          <ul>
            {airings.map((airing) => (
              <OverRow key={airing.occurrence} airing={airing} />
            ))}
          </ul>
        </Sheet>
      )}
    </>
  );
}

function parseDate(text: string | null): Temporal.PlainDate | undefined {
  if (text === null) return undefined;
  try {
    return Temporal.PlainDate.from(text);
  } catch {
    return undefined;
  }
}
