/** Home of the department: the way to an emergency, what sounds, how each commune stands, what comes next. */
import { Button } from '@mantine/core';
import { IconUrgent } from '@tabler/icons-react';
import { Link } from 'react-router';
import { useMay, useMe } from '../../api/me.tsx';
import { SoundingCard } from '../../kit/airing-parts.tsx';
import { ClashCards } from '../../kit/clash-cards.tsx';
import { ComingSheet, OverSheet } from '../../kit/day-sheets.tsx';
import { Waiting } from '../../kit/empty-state.tsx';
import { PageHeader } from '../../kit/page-header.tsx';
import { useTimeline } from '../../kit/use-timeline.ts';
import { useLive, useNow, usePicture } from '../../live/use-live.tsx';
import { civilDateOf, dateWords } from '../../model/civil-time.ts';
import { useSay } from '../../text/use-say.ts';
import { CommuneTable } from './commune-table.tsx';
import styles from './overview-page.module.css';
import { Tiles } from './tiles.tsx';

export function OverviewPage() {
  const say = useSay();
  const { person, timeZone } = useMe();
  const mayPush = useMay('emergency');
  const isDrawn = useLive((state) => state.isDrawn);
  const areas = usePicture('areas');
  const timeline = useTimeline();
  const today = civilDateOf(useNow(60_000), timeZone);
  const place = areas.get(person.areaId)?.name;
  return (
    <>
      <PageHeader
        title={say('nav.overview')}
        line={`${dateWords(today, { today, say })}${place === undefined ? '' : ` · ${place}`}`}
        action={
          mayPush && (
            <Button
              component={Link}
              to="/emergency"
              size="xl"
              className={styles.emergency}
              leftSection={<IconUrgent size={28} aria-hidden />}
            >
              {say('overview.emergency')}
            </Button>
          )
        }
      />
      {!isDrawn ? (
        <Waiting words={say('frame.waiting')} />
      ) : (
        <div className={styles.page}>
          <Tiles />
          {timeline.sounding.length > 0 && (
            <section aria-label={say('today.now')} className={styles.now}>
              {timeline.sounding.map((airing) => (
                <SoundingCard key={airing.occurrence} airing={airing} />
              ))}
            </section>
          )}
          <ClashCards />
          <CommuneTable />
          <div className={styles.columns}>
            <ComingSheet days={timeline.coming} />
            <OverSheet airings={timeline.over} />
          </div>
        </div>
      )}
    </>
  );
}
