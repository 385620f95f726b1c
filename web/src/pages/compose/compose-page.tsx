/** Writes a notice in three steps on one page: what is said, where, when. The draft outlives a reload. */
import { Button, TextInput } from '@mantine/core';
import { IconSend } from '@tabler/icons-react';
import { useState } from 'react';
import { useMay, useMe } from '../../api/me.tsx';
import { AreaPicker } from '../../kit/area-picker.tsx';
import { AskDialog } from '../../kit/ask-dialog.tsx';
import { Waiting } from '../../kit/empty-state.tsx';
import { Notice } from '../../kit/notice.tsx';
import { PageHeader } from '../../kit/page-header.tsx';
import { SingleClusters } from '../../kit/single-clusters.tsx';
import { useNeedsLeader } from '../../kit/use-needs-leader.ts';
import { useLive, useNow } from '../../live/use-live.tsx';
import { civilDateOf } from '../../model/civil-time.ts';
import { missingIn, nightTimesOf, slotOf, whensOf } from '../../model/draft.ts';
import { sentenceOf } from '../../model/when-words.ts';
import { LanguageVersions } from '../../sound/language-versions.tsx';
import { SoundMaker } from '../../sound/sound-maker.tsx';
import { useSay } from '../../text/use-say.ts';
import { ClassChoice } from './class-choice.tsx';
import styles from './compose-page.module.css';
import { PolicyFields } from './policy-fields.tsx';
import { ReachWords } from './reach-words.tsx';
import { SevenDays } from './seven-days.tsx';
import { Step } from './step.tsx';
import { useDraft } from './use-draft.ts';
import { useDraftReach } from './use-draft-reach.ts';
import { useSend } from './use-send.ts';
import { WhenFields } from './when-fields.tsx';

/** The form needs the server's day: a draft begun by a wrong computer clock would name a wrong date. */
export function ComposePage() {
  const say = useSay();
  const maySchedule = useMay('schedule');
  const isDrawn = useLive((state) => state.isDrawn);
  return (
    <>
      <PageHeader title={say('nav.compose')} line={say('compose.line')} />
      {!maySchedule ? (
        <Notice tone="attention">{say('compose.no-right')}</Notice>
      ) : isDrawn ? (
        <ComposeForm />
      ) : (
        <Waiting words={say('frame.waiting')} lines={3} />
      )}
    </>
  );
}

function ComposeForm() {
  const say = useSay();
  const { person, timeZone } = useMe();
  const nowMs = useNow(10_000);
  const today = civilDateOf(nowMs, timeZone);
  const { draft, change, suggestTitle, clear } = useDraft(nowMs);
  const reach = useDraftReach(draft);
  const placeIds = [...draft.areaIds, ...draft.clusterIds];
  const clusterCount = reach?.clusters ?? 0;
  const isFromAbove = person.role === 'department';
  const isOffered = isFromAbove && draft.class === 'normal';
  const isSubmitted = useNeedsLeader(isOffered);
  const [isAsking, setAsking] = useState(false);
  const send = useSend({ draft, onAccepted: clear, onDone: () => setAsking(false) });
  const missing = missingIn(draft, { timeZone, nowMs, isFromAbove });
  const whens = whensOf(draft);
  const sentence =
    whens.length === 0
      ? ''
      : sentenceOf(
          { whens, clusterCount, repeatCount: draft.repeatCount, isOffered },
          { today, say, slot: slotOf(draft), isSubmitted },
        );
  const isNow = whens.some((when) => when.kind === 'now');
  const nightTimes = nightTimesOf(draft);
  const isDone = { 1: missing?.step !== 1, 2: placeIds.length > 0, 3: missing === undefined };
  const sendKey = isOffered
    ? 'offered.send'
    : isSubmitted
      ? 'approval.submit'
      : isNow
        ? 'compose.send-now'
        : 'compose.send';
  // Whoever approves is asked about the night and the present moment.
  const isAsked = isOffered || (!isSubmitted && (isNow || nightTimes.length > 0));
  const question = isOffered
    ? say('offered.ask-send')
    : isNow
      ? say('compose.ask-now')
      : say('compose.ask-night', { times: nightTimes.join(', ') });
  return (
    <>
      <div className={styles.page}>
        <div className={styles.steps}>
          <Step number={1} title={say('compose.step-1')} isDone={isDone[1]}>
            <SoundMaker draft={draft} onChange={change} onTitle={suggestTitle} />
            <TextInput
              label={say('compose.title')}
              description={say('compose.title-line')}
              value={draft.title}
              maxLength={200}
              onChange={(event) =>
                change({ title: event.currentTarget.value, hasOwnTitle: event.currentTarget.value !== '' })
              }
              size="lg"
            />
            <ClassChoice value={draft.class} isFromAbove={isFromAbove} onChange={(value) => change({ class: value })} />
            {isFromAbove && (
              <Notice tone="quiet">{say(isOffered ? 'offered.notice' : 'offered.priority-notice')}</Notice>
            )}
            <LanguageVersions versions={draft.versions} onChange={(versions) => change({ versions })} />
          </Step>
          <Step number={2} title={say('compose.step-2')} isDone={isDone[2]}>
            <AreaPicker chosen={draft.areaIds} onChange={(areaIds) => change({ areaIds })} />
            {!isFromAbove && (
              <SingleClusters
                areaIds={draft.areaIds}
                chosen={draft.clusterIds}
                onChange={(clusterIds) => change({ clusterIds })}
              />
            )}
            <ReachWords areaIds={placeIds} reach={reach} />
          </Step>
          <Step number={3} title={say('compose.step-3')} isDone={isDone[3]}>
            <WhenFields draft={draft} onChange={change} today={today} nowMs={nowMs} />
            <PolicyFields draft={draft} onChange={change} />
          </Step>
          {!isOffered && <SevenDays draft={draft} nowMs={nowMs} />}
        </div>
        <aside className={styles.summary} aria-label={say('compose.summary')}>
          <h2>{say(isOffered ? 'offered.summary' : 'compose.summary')}</h2>
          <p className={styles.what}>{draft.title === '' ? say('compose.no-title') : draft.title}</p>
          <p className={styles.sentence} aria-live="polite">
            {sentence} {isSubmitted && say('approval.waits')}
          </p>
          {missing !== undefined && <p className={styles.missing}>{say(missing.words)}</p>}
          {send.words !== undefined && (
            <Notice tone="attention" live>
              {send.words}
            </Notice>
          )}
          <Button
            size="xl"
            px="md"
            fullWidth
            leftSection={<IconSend size={24} aria-hidden />}
            disabled={missing !== undefined}
            loading={send.isBusy}
            onClick={() => (isAsked ? setAsking(true) : send.run())}
          >
            {say(sendKey)}
          </Button>
        </aside>
      </div>
      <AskDialog
        isOpen={isAsking}
        title={question}
        yes={say(sendKey)}
        isBusy={send.isBusy}
        onYes={send.run}
        onNo={() => setAsking(false)}
      >
        <p>
          <strong>{draft.title}</strong>
        </p>
        {isOffered && <p>{say('offered.notice')}</p>}
        <p>{sentence}</p>
        <ReachWords areaIds={placeIds} reach={reach} named />
      </AskDialog>
    </>
  );
}
