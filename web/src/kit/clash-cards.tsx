/** Priority bulletins that want one time, each with its decision: asked for where it is open, named where it is made. */
import { Button } from '@mantine/core';
import { useState } from 'react';
import { useClashes } from '../api/queries.ts';
import { useNow } from '../live/use-live.tsx';
import { clashKey, clashOrder } from '../model/clash.ts';
import { useSay } from '../text/use-say.ts';
import styles from './clash-card.module.css';
import { ClashCard } from './clash-card.tsx';

/** A whole province may have many at once; the rest on demand. */
const shownMax = 4;

export function ClashCards() {
  const say = useSay();
  const nowMs = useNow(30_000);
  const clashes = clashOrder(useClashes().data ?? [], nowMs);
  const [isAll, setAll] = useState(false);
  const shown = isAll ? clashes : clashes.slice(0, shownMax);
  if (clashes.length === 0) return null;
  return (
    <div className={styles.cards}>
      {shown.map((clash) => (
        <ClashCard key={clashKey(clash)} clash={clash} />
      ))}
      {shown.length < clashes.length && (
        <Button variant="default" onClick={() => setAll(true)}>
          {say('clash.more', { count: clashes.length - shown.length })}
        </Button>
      )}
    </div>
  );
}
