/** Writes a notice in three steps on one page: what is said, where, when. The draft outlives a reload. */
import { Button, TextInput } from '@mantine/core';
import { IconSend } from '@tabler/icons-react';
import { useState } from 'react';
import { useMay, useMe } from '../../api/me.tsx';
import { useReach } from '../../api/queries.ts';
import { AreaPicker } from '../../kit/area-picker.tsx';
import { AskDialog } from '../../kit/ask-dialog.tsx';
import { Waiting } from '../../kit/empty-state.tsx';
import { Notice } from '../../kit/notice.tsx';
import { PageHeader } from '../../kit/page-header.tsx';
import { useLive, useNow } from '../../live/use-live.tsx';
import { civilDateOf } from '../../model/civil-time.ts';
import { missingIn, nightTimesOf, whensOf } from '../../model/draft.ts';
import { sentenceOf } from '../../model/when-words.ts';
import { SoundMaker } from '../../sound/sound-maker.tsx';
import { useSay } from '../../text/use-say.ts';
import styles from './compose-page.module.css';
import { ReachWords } from './reach-words.tsx';
import { SevenDays } from './seven-days.tsx';
import { Step } from './step.tsx';
import { useDraft } from './use-draft.ts';
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
  const { timeZone } = useMe();
  const nowMs = useNow(10_000);
  const today = civilDateOf(nowMs, timeZone);
  const { draft, change, suggestTitle, clear } = useDraft(nowMs);
  const reach = useReach(draft.areaIds).data;
  const clusterCount = draft.areaIds.length === 0 ? 0 : (reach?.clusters ?? 0);
  const [isAsking, setAsking] = useState(false);
  const send = useSend({ draft, onAccepted: clear, onDone: () => setAsking(false) });
  const missing = missingIn(draft, { timeZone, nowMs });
  const whens = whensOf(draft);
  const sentence =
    whens.length === 0 ? '' : sentenceOf({ whens, clusterCount, repeatCount: draft.repeatCount }, { today, say });
  const isNow = whens.some((when) => when.kind === 'now');
  const nightTimes = nightTimesOf(draft);
  const isDone = { 1: missing?.step !== 1, 2: draft.areaIds.length > 0, 3: missing === undefined };
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
          </Step>
          <Step number={2} title={say('compose.step-2')} isDone={isDone[2]}>
            <AreaPicker chosen={draft.areaIds} onChange={(areaIds) => change({ areaIds })} />
            <ReachWords areaIds={draft.areaIds} reach={reach} />
          </Step>
          <Step number={3} title={say('compose.step-3')} isDone={isDone[3]}>
            <WhenFields draft={draft} onChange={change} today={today} nowMs={nowMs} />
          </Step>
          <SevenDays draft={draft} nowMs={nowMs} />
        </div>
        <aside className={styles.summary} aria-label={say('compose.summary')}>
          <h2>{say('compose.summary')}</h2>
          <p className={styles.what}>{draft.title === '' ? say('compose.no-title') : draft.title}</p>
          <p className={styles.sentence} aria-live="polite">
            {sentence}
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
            onClick={() => (isNow || nightTimes.length > 0 ? setAsking(true) : send.run())}
          >
            {say(isNow ? 'compose.send-now' : 'compose.send')}
          </Button>
        </aside>
      </div>
      <AskDialog
        isOpen={isAsking}
        title={isNow ? say('compose.ask-now') : say('compose.ask-night', { times: nightTimes.join(', ') })}
        yes={say(isNow ? 'compose.send-now' : 'compose.send')}
        isBusy={send.isBusy}
        onYes={send.run}
        onNo={() => setAsking(false)}
      >
        <p>
          <strong>{draft.title}</strong>
        </p>
        <p>{sentence}</p>
        <ReachWords areaIds={draft.areaIds} reach={reach} named />
      </AskDialog>
    </>
  );
}
