/** Home of the officer: what sounds now, what comes, how today went, what is wrong; and the one big button. */
import { Button } from '@mantine/core';
import { IconMessagePlus, IconMoonStars } from '@tabler/icons-react';
import { Link } from 'react-router';
import { useMay, useMe } from '../../api/me.tsx';
import { SoundingCard } from '../../kit/airing-parts.tsx';
import { ClashCards } from '../../kit/clash-cards.tsx';
import { ComingSheet, OverSheet } from '../../kit/day-sheets.tsx';
import { Waiting } from '../../kit/empty-state.tsx';
import { InboxLine } from '../../kit/inbox-line.tsx';
import { PageHeader } from '../../kit/page-header.tsx';
import { RestsLine } from '../../kit/rests-line.tsx';
import { TroublesLine } from '../../kit/troubles-line.tsx';
import { useTimeline } from '../../kit/use-timeline.ts';
import { useLive, useNow, usePicture } from '../../live/use-live.tsx';
import { civilDateOf, dateWords } from '../../model/civil-time.ts';
import { useSay } from '../../text/use-say.ts';
import styles from './today-page.module.css';

export function TodayPage() {
  const say = useSay();
  const { person, timeZone } = useMe();
  const maySchedule = useMay('schedule');
  const isDrawn = useLive((state) => state.isDrawn);
  const areas = usePicture('areas');
  const nowMs = useNow(1_000);
  const timeline = useTimeline();
  const today = civilDateOf(nowMs, timeZone);
  const place = areas.get(person.areaId)?.name;
  return (
    <>
      <PageHeader
        title={say('nav.today')}
        line={`${dateWords(today, { today, say })}${place === undefined ? '' : ` · ${place}`}`}
        action={
          maySchedule && (
            <Button component={Link} to="/compose" size="xl" leftSection={<IconMessagePlus size={26} aria-hidden />}>
              {say('nav.compose')}
            </Button>
          )
        }
      />
      {!isDrawn ? (
        <Waiting words={say('frame.waiting')} />
      ) : (
        <div className={styles.page}>
          <section aria-label={say('today.now')} className={styles.now}>
            {timeline.sounding.map((airing) => (
              <SoundingCard key={airing.occurrence} airing={airing} />
            ))}
            {timeline.sounding.length === 0 && (
              <p className={styles.silence}>
                <IconMoonStars size={24} aria-hidden />
                {say('today.silence')}
              </p>
            )}
            <ClashCards />
            <InboxLine />
            <RestsLine />
            <TroublesLine />
          </section>
          <div className={styles.columns}>
            <ComingSheet days={timeline.coming} />
            <OverSheet airings={timeline.over} />
          </div>
        </div>
      )}
    </>
  );
}
