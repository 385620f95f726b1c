/** One bulletin: its words, its times, its places, its sound; and taking it back, after one question. */
import type { BulletinView } from '@loa/protocol/panel';
import { occurrenceId } from '@loa/schedules';
import { Button } from '@mantine/core';
import { IconCopy, IconTrashX } from '@tabler/icons-react';
import { useState } from 'react';
import { Link } from 'react-router';
import { useMay, useMe } from '../../api/me.tsx';
import { airingPath, ClassMark } from '../../kit/airing-parts.tsx';
import { ApprovalChip } from '../../kit/approval-chip.tsx';
import { AskDialog } from '../../kit/ask-dialog.tsx';
import { ClipPlayer } from '../../kit/clip-player.tsx';
import { Notice } from '../../kit/notice.tsx';
import { StatusChip } from '../../kit/status-chip.tsx';
import { useEnd } from '../../kit/use-end.ts';
import { WithdrawalAccount } from '../../kit/withdrawal-account.tsx';
import { useNow, usePicture } from '../../live/use-live.tsx';
import { decisionWords, isReturned } from '../../model/approval.ts';
import { placesWords } from '../../model/areas-words.ts';
import { isSilent } from '../../model/bulletins.ts';
import { civilDateOf, instantWords } from '../../model/civil-time.ts';
import { isAhead, type NextStart, nextStartWords } from '../../model/next-start.ts';
import { whenWords } from '../../model/when-words.ts';
import { useSay } from '../../text/use-say.ts';
import { AgainButton } from './again-button.tsx';
import styles from './bulletins-page.module.css';

/** The account of a withdrawal lies open for so long. */
const freshMs = 3_600_000;

export function BulletinCard(props: { bulletin: BulletinView; next: NextStart | undefined }) {
  const { bulletin, next } = props;
  const say = useSay();
  const { person, timeZone } = useMe();
  const areas = usePicture('areas');
  const clusters = usePicture('clusters');
  const nowMs = useNow(30_000);
  const reading = { nowMs, timeZone, say };
  const isEmergency = bulletin.class === 'emergency';
  const mayEnd = useMay(isEmergency ? 'emergency' : 'schedule');
  const maySchedule = useMay('schedule');
  const [isAsking, setAsking] = useState(false);
  const end = useEnd(() => setAsking(false));
  const isOffered = bulletin.state === 'offered';
  // Who sent it down takes it back.
  const isSender = person.role === 'department';
  const willSound = isAhead(bulletin, next);
  // It plays nowhere yet, so there is no airing to look at.
  const hasAiring = !isSilent(bulletin);
  const isSubmitted = bulletin.state === 'submitted' || bulletin.state === 'returned';
  // An emergency or a drill goes out by its own page only, with its own words; what came from above is not theirs to air.
  const mayAirAgain = maySchedule && !isEmergency && hasAiring && bulletin.areaIds.every((id) => areas.has(id));
  const today = civilDateOf(nowMs, timeZone);
  const whens =
    bulletin.nowAt !== undefined && hasAiring
      ? [instantWords(Date.parse(bulletin.nowAt), reading)]
      : bulletin.whens.map((when) => whenWords(when, { today, say, slot: bulletin.slot, isSubmitted }));
  const versions = (bulletin.versions ?? []).map(({ language }) => say(`version.language.${language}`));
  const places = placesWords(bulletin, { areas, clusters, say });
  const nowAtMs = bulletin.nowAt === undefined ? undefined : Date.parse(bulletin.nowAt);
  const nextOccurrence = next?.kind === 'at' ? next.occurrence : undefined;
  const airing = nowAtMs === undefined ? nextOccurrence : occurrenceId(bulletin.id, nowAtMs);
  const occurrence = hasAiring ? airing : undefined;
  const [isAccountOpen, setAccountOpen] = useState(Date.parse(bulletin.withdrawnAt ?? '') > nowMs - freshMs);
  const decided = decisionWords(bulletin, { say, time: (at) => instantWords(Date.parse(at), reading) });
  const hasAccount = bulletin.state === 'withdrawn' && !isEmergency;
  return (
    <li className={styles.card} data-over={!willSound}>
      <div className={styles.head}>
        <div className={styles.title}>
          <ClassMark airing={{ class: bulletin.class, drill: bulletin.drill }} />
          <h2>
            {occurrence === undefined ? bulletin.title : <Link to={airingPath(occurrence)}>{bulletin.title}</Link>}
          </h2>
        </div>
        {bulletin.state === 'withdrawn' ? (
          <StatusChip tone="quiet">{say('bulletin.withdrawn')}</StatusChip>
        ) : isOffered ? (
          <StatusChip tone="coming">{say('offered.chip')}</StatusChip>
        ) : isSubmitted ? (
          <ApprovalChip state={bulletin.state} />
        ) : next !== undefined ? (
          <StatusChip tone={next.kind === 'unplanned' ? 'quiet' : 'coming'}>{nextStartWords(next, reading)}</StatusChip>
        ) : (
          <StatusChip tone="quiet">{say('bulletin.over')}</StatusChip>
        )}
      </div>
      <dl className={styles.facts}>
        <div>
          <dt>{say(isOffered ? 'offered.when' : 'bulletin.when')}</dt>
          <dd>{whens.length === 0 ? say('inbox.wished-none') : whens.join('; ')}</dd>
        </div>
        <div>
          <dt>{say('bulletin.where')}</dt>
          <dd>
            {places} ({say('clusters.count', { count: bulletin.clusterCount })})
          </dd>
        </div>
        <div>
          <dt>{say('bulletin.by')}</dt>
          <dd>
            {say('bulletin.by-line', {
              name: bulletin.createdBy,
              time: instantWords(Date.parse(bulletin.createdAt), reading),
            })}
          </dd>
        </div>
      </dl>
      {bulletin.decision !== undefined &&
        (isReturned(bulletin) ? <Notice tone="attention">{decided}</Notice> : <p>{decided}</p>)}
      {bulletin.originId !== undefined && <p>{say('offered.origin')}</p>}
      {versions.length > 0 && <p>{say('inbox.versions', { languages: versions.join(', ') })}</p>}
      {hasAccount && (
        <details open={isAccountOpen} onToggle={(event) => setAccountOpen(event.currentTarget.open)}>
          <summary>{say('withdrawal.show')}</summary>
          <div className={styles.account}>{isAccountOpen && <WithdrawalAccount bulletinId={bulletin.id} />}</div>
        </details>
      )}
      <div className={styles.foot}>
        <ClipPlayer
          compact
          url={bulletin.clip.previewUrl}
          title={bulletin.clip.title}
          durationMs={bulletin.clip.durationMs}
        />
        <div className={styles.actions}>
          {maySchedule && bulletin.state === 'returned' && <AgainButton bulletin={bulletin} />}
          {mayAirAgain && (
            <Button
              component={Link}
              to={`/compose?clip=${bulletin.clip.id}&title=${encodeURIComponent(bulletin.title)}`}
              variant="default"
              leftSection={<IconCopy size={20} aria-hidden />}
            >
              {say('bulletin.again')}
            </Button>
          )}
          {mayEnd && willSound && (!isOffered || isSender) && (
            <Button
              variant="default"
              leftSection={<IconTrashX size={20} aria-hidden />}
              onClick={() => setAsking(true)}
            >
              {say(isOffered ? 'offered.recall' : 'end.withdraw')}
            </Button>
          )}
        </div>
      </div>
      <AskDialog
        isOpen={isAsking}
        title={say(isOffered ? 'offered.ask-recall' : 'end.ask-withdraw')}
        yes={say(isOffered ? 'offered.recall' : 'end.withdraw')}
        isBusy={end.isBusy}
        onYes={() => end.run({ bulletinId: bulletin.id, isEmergency, isSilent: isSilent(bulletin) })}
        onNo={() => setAsking(false)}
      >
        <p>
          <strong>{bulletin.title}</strong>
        </p>
        <p>{isOffered ? say('offered.consequence') : say('end.consequence', { count: bulletin.clusterCount })}</p>
      </AskDialog>
    </li>
  );
}
