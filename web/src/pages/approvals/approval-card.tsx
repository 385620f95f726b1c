/** One submitted bulletin on one screen: who sent it, where and when it would sound, its sound and text, the decision. */
import type { BulletinView } from '@loa/protocol/panel';
import { Button } from '@mantine/core';
import { IconArrowBackUp, IconCheck } from '@tabler/icons-react';
import { useState } from 'react';
import { addressOf } from '../../api/call.ts';
import { useMe } from '../../api/me.tsx';
import { ClassMark } from '../../kit/airing-parts.tsx';
import { AskDialog } from '../../kit/ask-dialog.tsx';
import { ClipPlayer } from '../../kit/clip-player.tsx';
import { Notice } from '../../kit/notice.tsx';
import { useNow, usePicture } from '../../live/use-live.tsx';
import { approvalQuestion, previewRequestFrom } from '../../model/approval.ts';
import { placesWords } from '../../model/areas-words.ts';
import { civilDateOf, instantWords } from '../../model/civil-time.ts';
import { whenWords } from '../../model/when-words.ts';
import { useSay } from '../../text/use-say.ts';
import { SevenDaysOf } from '../compose/seven-days.tsx';
import styles from './approvals-page.module.css';
import { ReturnDialog } from './return-dialog.tsx';
import { useDecide } from './use-decide.ts';

/** A text of so many letters lies open; a longer one would push the buttons off a phone. */
const openTextMax = 400;

export function ApprovalCard(props: { bulletin: BulletinView; onDecided: () => void }) {
  const say = useSay();
  const { timeZone } = useMe();
  const areas = usePicture('areas');
  const clusters = usePicture('clusters');
  const nowMs = useNow(30_000);
  const { bulletin } = props;
  const { clip } = bulletin;
  const [doing, setDoing] = useState<'approve' | 'return'>();
  const [isPreviewOpen, setPreviewOpen] = useState(false);
  const decide = useDecide(bulletin.id, (isDecided) => {
    setDoing(undefined);
    if (isDecided) props.onDecided();
  });
  const today = civilDateOf(nowMs, timeZone);
  const whens = bulletin.whens.map((when) => whenWords(when, { today, say, slot: bulletin.slot, isSubmitted: true }));
  const repeats = bulletin.repeat.count > 1 ? say('when.repeats', { count: bulletin.repeat.count }) : '';
  const when = whens.join('; ') + repeats;
  const places = `${placesWords(bulletin, { areas, clusters, say })} (${say('clusters.count', { count: bulletin.clusterCount })})`;
  const question = approvalQuestion(bulletin, say);
  const mayDecide = bulletin.mayDecide === true;
  return (
    <li className={styles.card}>
      <div className={styles.head}>
        <ClassMark airing={{ class: bulletin.class, drill: bulletin.drill }} />
        <h3>{bulletin.title}</h3>
      </div>
      <dl className={styles.facts}>
        <div>
          <dt>{say('bulletin.when')}</dt>
          <dd className={styles.when}>{when}</dd>
        </div>
        <div>
          <dt>{say('bulletin.where')}</dt>
          <dd>{places}</dd>
        </div>
        <div>
          <dt>{say('approval.sender')}</dt>
          <dd>
            {say('bulletin.by-line', {
              name: bulletin.createdBy,
              time: instantWords(Date.parse(bulletin.createdAt), { nowMs, timeZone, say }),
            })}
          </dd>
        </div>
      </dl>
      <ClipPlayer compact url={clip.previewUrl} title={bulletin.title} durationMs={clip.durationMs} />
      {(bulletin.versions ?? []).map(({ language, clipId, durationMs }) => {
        const words = say('approval.version', { language: say(`version.language.${language}`) });
        const url = addressOf('previewClip', { id: clipId });
        return <ClipPlayer key={language} url={url} title={words} durationMs={durationMs} />;
      })}
      {clip.text !== undefined && (
        <details open={clip.text.length <= openTextMax}>
          <summary>{say('approval.text')}</summary>
          <p className={styles.text}>{clip.text}</p>
        </details>
      )}
      <details onToggle={(event) => setPreviewOpen(event.currentTarget.open)}>
        <summary>{say('preview.title')}</summary>
        {isPreviewOpen && (
          <div className={styles.preview}>
            <SevenDaysOf request={previewRequestFrom(bulletin)} nowMs={nowMs} isBare />
          </div>
        )}
      </details>
      {decide.words !== undefined && (
        <Notice tone="attention" live>
          {decide.words}
        </Notice>
      )}
      {mayDecide ? (
        <div className={styles.actions}>
          <Button
            size="xl"
            leftSection={<IconCheck size={26} aria-hidden />}
            loading={decide.isBusy}
            onClick={() => (question === undefined ? decide.approve() : setDoing('approve'))}
          >
            {say('approval.approve')}
          </Button>
          <Button
            size="xl"
            variant="default"
            leftSection={<IconArrowBackUp size={26} aria-hidden />}
            disabled={decide.isBusy}
            onClick={() => setDoing('return')}
          >
            {say('approval.return')}
          </Button>
        </div>
      ) : (
        <Notice tone="quiet">{say('approval.own')}</Notice>
      )}
      <AskDialog
        isOpen={doing === 'approve'}
        title={question ?? ''}
        yes={say('approval.approve')}
        isBusy={decide.isBusy}
        onYes={decide.approve}
        onNo={() => setDoing(undefined)}
      >
        <p>
          <strong>{bulletin.title}</strong>
        </p>
        <p>
          {places}: {when}
        </p>
      </AskDialog>
      <ReturnDialog
        title={bulletin.title}
        isOpen={doing === 'return'}
        isBusy={decide.isBusy}
        onReturn={decide.sendBack}
        onClose={() => setDoing(undefined)}
      />
    </li>
  );
}
