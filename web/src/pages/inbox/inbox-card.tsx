/** One bulletin from above: who sent it and when, its sound and text, and the decision, to be made or made. */
import type { InboxItem } from '@loa/protocol/panel';
import { Button } from '@mantine/core';
import { IconCalendarPlus, IconVolumeOff } from '@tabler/icons-react';
import { useState } from 'react';
import { Link } from 'react-router';
import { useMay, useMe } from '../../api/me.tsx';
import { useBulletins } from '../../api/queries.ts';
import { ApprovalChip } from '../../kit/approval-chip.tsx';
import { ClipPlayer } from '../../kit/clip-player.tsx';
import { Notice } from '../../kit/notice.tsx';
import { StatusChip } from '../../kit/status-chip.tsx';
import { useNow, usePicture } from '../../live/use-live.tsx';
import { decisionWords } from '../../model/approval.ts';
import { civilDateOf, instantWords } from '../../model/civil-time.ts';
import { type InboxStanding, madeBulletin, standingOf } from '../../model/inbox.ts';
import type { Tone } from '../../model/tone.ts';
import { whenWords } from '../../model/when-words.ts';
import { useSay } from '../../text/use-say.ts';
import { DeclineDialog } from './decline-dialog.tsx';
import styles from './inbox-page.module.css';
import { TakeForm } from './take-form.tsx';

const tones: Record<InboxStanding, Tone> = {
  waiting: 'attention',
  scheduled: 'good',
  declined: 'quiet',
  recalled: 'quiet',
};

export function InboxCard(props: { item: InboxItem }) {
  const say = useSay();
  const { person, timeZone } = useMe();
  // Those above see what was decided; the commune decides.
  const mayDecide = useMay('schedule') && person.role === 'officer';
  const areas = usePicture('areas');
  const nowMs = useNow(30_000);
  const [doing, setDoing] = useState<'take' | 'decline'>();
  const { item } = props;
  const { bulletin } = item;
  const standing = standingOf(item);
  const made = madeBulletin(item, useBulletins().data ?? []);
  const time = (at: string) => instantWords(Date.parse(at), { nowMs, timeZone, say });
  const today = civilDateOf(nowMs, timeZone);
  const wished = bulletin.whens
    .filter((when) => when.kind !== 'now')
    .map((when) => whenWords(when, { today, say, slot: bulletin.slot }));
  const versions = (bulletin.versions ?? []).map(({ language }) => say(`version.language.${language}`));
  const isOwn = item.areaId === person.areaId;
  return (
    <li className={styles.card} data-standing={standing}>
      <div className={styles.head}>
        <h2>{bulletin.title}</h2>
        {made === undefined ? (
          <StatusChip tone={tones[standing]}>{say(`inbox.${standing}`)}</StatusChip>
        ) : (
          <ApprovalChip state={made.state} />
        )}
      </div>
      <dl className={styles.facts}>
        <div>
          <dt>{say('inbox.sent')}</dt>
          <dd>{say('bulletin.by-line', { name: bulletin.createdBy, time: time(bulletin.createdAt) })}</dd>
        </div>
        <div>
          <dt>{say('inbox.wished')}</dt>
          <dd>{wished.length === 0 ? say('inbox.wished-none') : wished.join('; ')}</dd>
        </div>
        {!isOwn && (
          <div>
            <dt>{say('inbox.for')}</dt>
            <dd>{areas.get(item.areaId)?.name ?? item.areaId}</dd>
          </div>
        )}
      </dl>
      <ClipPlayer compact url={bulletin.clip.previewUrl} title={bulletin.title} durationMs={bulletin.clip.durationMs} />
      {versions.length > 0 && <p>{say('inbox.versions', { languages: versions.join(', ') })}</p>}
      {bulletin.clip.text !== undefined && (
        <details>
          <summary>{say('inbox.text')}</summary>
          <p className={styles.text}>{bulletin.clip.text}</p>
        </details>
      )}
      <Decision item={item} time={time} />
      {made !== undefined && made.decision !== undefined && (
        <Notice tone="attention">{decisionWords(made, { say, time })}</Notice>
      )}
      {standing === 'waiting' && mayDecide && doing !== 'take' && (
        <div className={styles.actions}>
          <Button size="lg" leftSection={<IconCalendarPlus size={22} aria-hidden />} onClick={() => setDoing('take')}>
            {say('inbox.take')}
          </Button>
          <Button
            size="lg"
            variant="default"
            leftSection={<IconVolumeOff size={22} aria-hidden />}
            onClick={() => setDoing('decline')}
          >
            {say('inbox.decline')}
          </Button>
        </div>
      )}
      {standing === 'waiting' && doing === 'take' && <TakeForm item={item} onClose={() => setDoing(undefined)} />}
      <DeclineDialog item={item} isOpen={doing === 'decline'} onClose={() => setDoing(undefined)} />
    </li>
  );
}

/** What was decided, by whom, when; and what a recall means for it. */
function Decision(props: { item: InboxItem; time: (at: string) => string }) {
  const say = useSay();
  const { item, time } = props;
  const { answer } = item;
  const recalledAt = item.bulletin.withdrawnAt;
  const isTaken = answer?.kind === 'scheduled';
  return (
    <>
      {answer?.kind === 'scheduled' && (
        <p>
          {say('inbox.scheduled-by', { name: answer.by, time: time(answer.at) })}{' '}
          <Link to="/bulletins">{say('inbox.see-bulletins')}</Link>
        </p>
      )}
      {answer?.kind === 'declined' && (
        <p>{say('inbox.declined-by', { name: answer.by, time: time(answer.at), reason: answer.reason ?? '' })}</p>
      )}
      {recalledAt !== undefined && (
        <Notice tone={isTaken ? 'attention' : 'quiet'}>
          {say(isTaken ? 'inbox.recalled-after' : 'inbox.recalled-at', { time: time(recalledAt) })}
        </Notice>
      )}
    </>
  );
}
