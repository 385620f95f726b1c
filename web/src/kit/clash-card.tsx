/**
 * One clash of two priority bulletins: both sides, what happens when nobody decides and until when somebody can, and two
 * large buttons. What a decision changes is shown before it is made, when it changes anything.
 */
import type { ClashView } from '@loa/protocol/panel';
import { Button } from '@mantine/core';
import { IconAlertTriangle, IconCircleCheck } from '@tabler/icons-react';
import { useId, useState } from 'react';
import { useMay, useMe } from '../api/me.tsx';
import { useNow, usePicture } from '../live/use-live.tsx';
import { clockWords, instantWords } from '../model/civil-time.ts';
import { type ClashSide, clashStanding, isDecidable, turnOf } from '../model/clash.ts';
import { useSay } from '../text/use-say.ts';
import { AskDialog } from './ask-dialog.tsx';
import { ChangedLines } from './changed-lines.tsx';
import styles from './clash-card.module.css';
import { useTurn } from './use-turn.ts';

const titles = { open: 'clash.title', decided: 'clash.decided-title', late: 'clash.over-title' } as const;

export function ClashCard(props: { clash: ClashView }) {
  const say = useSay();
  const id = useId();
  const { timeZone } = useMe();
  const mayDecide = useMay('schedule');
  const areas = usePicture('areas');
  const nowMs = useNow(10_000);
  const turn = useTurn(props.clash);
  const [isChanging, setChanging] = useState(false);
  const { clash } = props;
  const standing = clashStanding(clash, nowMs);
  const first = turnOf(clash, clash.decided?.first ?? clash.defaultFirst).first.title;
  const isAsked = mayDecide && isDecidable(clash, nowMs) && (standing === 'open' || isChanging);
  const time = (at: string) => instantWords(Date.parse(at), { nowMs, timeZone, say });
  const decide = async (side: ClashSide) => {
    await turn.begin(side);
    setChanging(false);
  };
  return (
    <section className={styles.card} data-standing={standing} aria-labelledby={id}>
      <header>
        {standing === 'decided' ? (
          <IconCircleCheck size={26} aria-hidden />
        ) : (
          <IconAlertTriangle size={26} aria-hidden />
        )}
        <h2 id={id}>{say(titles[standing])}</h2>
        <span className={styles.where}>
          {say('clash.where', { name: areas.get(clash.areaId)?.name ?? '', count: clash.clusterCount })}
        </span>
      </header>
      <ul className={styles.sides}>
        {clash.sides.map((side) => (
          <li key={side.occurrence}>
            <strong>{side.title}</strong>
            <span>
              {say('clash.span', { from: time(side.at), until: clockWords(Date.parse(side.until), timeZone) })} ·{' '}
              {say(side.isFromAbove ? 'clash.above' : 'clash.own')}
            </span>
          </li>
        ))}
      </ul>
      <p>
        {clash.decided !== undefined
          ? say('clash.decided', { title: first, name: clash.decided.by, time: time(clash.decided.at) })
          : standing === 'open'
            ? say('clash.default', { title: first, time: time(clash.decideBefore) })
            : say('clash.over', { title: first })}
      </p>
      {isAsked && (
        <div className={styles.buttons}>
          {clash.sides.map((side) => (
            <Button
              key={side.occurrence}
              size="lg"
              variant="light"
              loading={turn.busyWith === side.occurrence}
              disabled={turn.busyWith !== undefined}
              onClick={() => decide(side)}
            >
              {say('clash.first', { title: side.title })}
            </Button>
          ))}
        </div>
      )}
      {standing === 'decided' && mayDecide && !isChanging && isDecidable(clash, nowMs) && (
        <Button variant="default" className={styles.again} onClick={() => setChanging(true)}>
          {say('clash.again')}
        </Button>
      )}
      <AskDialog
        isOpen={turn.asked !== undefined}
        title={say('clash.ask', { title: turn.asked?.side.title ?? '' })}
        yes={say('clash.yes')}
        isBusy={turn.busyWith !== undefined}
        onYes={turn.confirm}
        onNo={turn.cancel}
      >
        {turn.asked !== undefined && <ChangedLines changed={turn.asked.changed} />}
      </AskDialog>
    </section>
  );
}
