/** One airing, live: every cluster from waiting to its outcome, the counts, and the button that ends it. */

import type { AiringView } from '@loa/protocol/panel';
import { IconCalendarQuestion } from '@tabler/icons-react';
import { useMemo } from 'react';
import { useParams } from 'react-router';
import { failureOf, failureWords } from '../../api/failure-words.ts';
import { useMe } from '../../api/me.tsx';
import { useAiring, useBulletins } from '../../api/queries.ts';
import { ClassMark } from '../../kit/airing-parts.tsx';
import { ClipPlayer } from '../../kit/clip-player.tsx';
import { EmptyState, Waiting } from '../../kit/empty-state.tsx';
import { Notice } from '../../kit/notice.tsx';
import { PageHeader } from '../../kit/page-header.tsx';
import { SummaryBar } from '../../kit/summary-bar.tsx';
import { useLive, useNow, usePicture } from '../../live/use-live.tsx';
import { type AiringStage, stageOf, stillSounding, summarise } from '../../model/airing-summary.ts';
import { airingTitle } from '../../model/airing-title.ts';
import { instantWords, spanWords } from '../../model/civil-time.ts';
import { findAiring } from '../../model/find-airing.ts';
import { useLanguage, useSay } from '../../text/use-say.ts';
import styles from './airing-page.module.css';
import { EndButton } from './end-button.tsx';
import { TargetCards } from './target-cards.tsx';

export function AiringPage() {
  const say = useSay();
  const language = useLanguage();
  const { id = '' } = useParams();
  const airings = usePicture('airings');
  const live = useMemo(() => findAiring(airings, id), [airings, id]);
  const isDrawn = useLive((state) => state.isDrawn);
  const asked = useAiring(id, isDrawn && live === undefined);
  const airing = live ?? asked.data;
  if (airing !== undefined) return <AiringDetail airing={airing} />;
  if (!isDrawn || asked.isFetching) return <Waiting words={say('frame.waiting')} lines={5} />;
  return (
    <>
      <PageHeader title={say('airing.title')} back={{ to: '/', words: say('nav.home') }} />
      <EmptyState icon={<IconCalendarQuestion size={30} />} title={say('airing.unknown')}>
        {asked.error === null ? undefined : failureWords(failureOf(asked.error), say, language)}
      </EmptyState>
    </>
  );
}

function AiringDetail(props: { airing: AiringView }) {
  const { airing } = props;
  const say = useSay();
  const { timeZone } = useMe();
  const nowMs = useNow(1_000);
  const bulletins = useBulletins();
  const bulletin = bulletins.data?.find((one) => one.id === airing.bulletinId);
  const stage = stageOf(airing, nowMs);
  const parts = useMemo(() => summarise(airing.targets, say), [airing.targets, say]);
  const lengthMs = Date.parse(airing.until) - Date.parse(airing.at);
  return (
    <>
      <PageHeader
        title={airingTitle(airing, say)}
        back={{ to: '/', words: say('nav.home') }}
        mark={<ClassMark airing={airing} />}
        line={say('airing.line', {
          time: instantWords(Date.parse(airing.at), { nowMs, timeZone, say }),
          span: spanWords(lengthMs, say),
          count: airing.targets.length,
        })}
        action={<EndButton airing={airing} stage={stage} bulletin={bulletin} />}
      />
      <div className={styles.page}>
        {airing.drill && <p className={styles.drill}>{say('drill.words')}</p>}
        <section className={styles.summary} data-stage={stage} aria-label={say('airing.summary')}>
          <p className={styles.stage} role="status">
            {stageWords(airing, stage, nowMs)}
          </p>
          <SummaryBar parts={parts} large />
        </section>
        {bulletin !== undefined && (
          <ClipPlayer
            url={bulletin.clip.previewUrl}
            title={bulletin.clip.title}
            durationMs={bulletin.clip.durationMs}
          />
        )}
        {bulletin?.clip.text !== undefined && (
          <details className={styles.text}>
            <summary>{say('airing.text')}</summary>
            <p>{bulletin.clip.text}</p>
          </details>
        )}
        {airing.targets.length === 0 && <Notice tone="attention">{say('airing.no-targets')}</Notice>}
        <TargetCards airing={airing} nowMs={nowMs} />
      </div>
    </>
  );

  function stageWords(of: AiringView, at: AiringStage, now: number): string {
    const soundingCount = stillSounding(of).length;
    if (!of.active && soundingCount > 0) return say('airing.stage-stopping', { count: soundingCount });
    if (!of.active) return say('airing.stage-ended');
    if (at === 'coming') return say('airing.stage-coming', { span: spanWords(Date.parse(of.at) - now, say) });
    if (at === 'sounding') return say('airing.stage-sounding');
    return say('airing.stage-over');
  }
}
