/**
 * "Thêm vào lịch": where in the commune and when a bulletin from above is aired, with what it will do in seven days
 * before it is kept. Title and sound stay those from above.
 */
import type { InboxItem } from '@loa/protocol/panel';
import { Button } from '@mantine/core';
import { IconCalendarPlus } from '@tabler/icons-react';
import { useEffect, useId, useMemo, useRef, useState } from 'react';
import { useMe } from '../../api/me.tsx';
import { newRequestId } from '../../edges/random.ts';
import { AreaPicker } from '../../kit/area-picker.tsx';
import { AskDialog } from '../../kit/ask-dialog.tsx';
import { Notice } from '../../kit/notice.tsx';
import { SingleClusters } from '../../kit/single-clusters.tsx';
import { useNeedsLeader } from '../../kit/use-needs-leader.ts';
import { useNow } from '../../live/use-live.tsx';
import { civilDateOf } from '../../model/civil-time.ts';
import { type Draft, missingIn, nightTimesOf, slotOf, whensOf } from '../../model/draft.ts';
import { draftFor, takingOf } from '../../model/inbox.ts';
import { sentenceOf } from '../../model/when-words.ts';
import { useSay } from '../../text/use-say.ts';
import { ReachWords } from '../compose/reach-words.tsx';
import { SevenDays } from '../compose/seven-days.tsx';
import { useDraftReach } from '../compose/use-draft-reach.ts';
import { WhenFields } from '../compose/when-fields.tsx';
import styles from './inbox-page.module.css';
import { useAnswer } from './use-answer.ts';

export function TakeForm(props: { item: InboxItem; onClose: () => void }) {
  const say = useSay();
  const id = useId();
  const heading = useRef<HTMLHeadingElement>(null);
  const { timeZone } = useMe();
  const nowMs = useNow(10_000);
  const { item, onClose } = props;
  const [draft, setDraft] = useState<Draft>(() => draftFor(item, { nowMs, timeZone }));
  const [isAsking, setAsking] = useState(false);
  const isSubmitted = useNeedsLeader();
  const answer = useAnswer(item, { isSubmitted, onDone: onClose });
  const reach = useDraftReach(draft);
  // biome-ignore lint/correctness/useExhaustiveDependencies: another draft is another request
  const requestId = useMemo(() => newRequestId(), [draft]);
  useEffect(() => heading.current?.focus(), []);
  const change = (part: Partial<Draft>) => setDraft((former) => ({ ...former, ...part }));
  const today = civilDateOf(nowMs, timeZone);
  const missing = missingIn(draft, { timeZone, nowMs });
  const whens = whensOf(draft);
  const nightTimes = nightTimesOf(draft);
  const isNow = whens.some((when) => when.kind === 'now');
  const sentence =
    whens.length === 0
      ? ''
      : sentenceOf(
          { whens, clusterCount: reach?.clusters ?? 0, repeatCount: draft.repeatCount },
          { today, say, slot: slotOf(draft), isSubmitted },
        );
  const send = () => {
    setAsking(false);
    void answer.send(takingOf(draft, { areaId: item.areaId, requestId }));
  };
  return (
    <section className={styles.form} aria-labelledby={id}>
      <h3 id={id} ref={heading} tabIndex={-1}>
        {say('inbox.taking')}
      </h3>
      <h4>{say('inbox.taking-where')}</h4>
      <AreaPicker chosen={draft.areaIds} onChange={(areaIds) => change({ areaIds })} />
      <SingleClusters
        areaIds={draft.areaIds}
        chosen={draft.clusterIds}
        onChange={(clusterIds) => change({ clusterIds })}
      />
      <ReachWords areaIds={[...draft.areaIds, ...draft.clusterIds]} reach={reach} />
      <h4>{say('inbox.taking-when')}</h4>
      <WhenFields draft={draft} onChange={change} today={today} nowMs={nowMs} isPlain />
      <SevenDays draft={draft} nowMs={nowMs} />
      <p aria-live="polite">
        <strong>{sentence}</strong> {isSubmitted && say('approval.waits')}
      </p>
      {missing !== undefined && <p className={styles.missing}>{say(missing.words)}</p>}
      {answer.words !== undefined && (
        <Notice tone="attention" live>
          {answer.words}
        </Notice>
      )}
      <div className={styles.actions}>
        <Button
          size="lg"
          leftSection={<IconCalendarPlus size={22} aria-hidden />}
          disabled={missing !== undefined}
          loading={answer.isBusy}
          onClick={() => (!isSubmitted && (isNow || nightTimes.length > 0) ? setAsking(true) : send())}
        >
          {say(isSubmitted ? 'approval.submit' : 'inbox.take')}
        </Button>
        <Button size="lg" variant="default" onClick={onClose}>
          {say('action.cancel')}
        </Button>
      </div>
      <AskDialog
        isOpen={isAsking}
        title={isNow ? say('compose.ask-now') : say('compose.ask-night', { times: nightTimes.join(', ') })}
        yes={say('inbox.take')}
        onYes={send}
        onNo={() => setAsking(false)}
      >
        <p>{sentence}</p>
      </AskDialog>
    </section>
  );
}
