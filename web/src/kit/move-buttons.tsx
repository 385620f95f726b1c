/**
 * Moves an entry of a list up or down. The button that was pressed keeps the focus while its entry moves, and the new
 * place is read out.
 */
import { IconArrowDown, IconArrowUp } from '@tabler/icons-react';
import { useEffect, useRef, useState } from 'react';
import { useSay } from '../text/use-say.ts';
import styles from './move-buttons.module.css';

/** `index` of `count`, from 0. */
export function MoveButtons(props: { name: string; index: number; count: number; onMove: (by: -1 | 1) => void }) {
  const say = useSay();
  const { name, index, count } = props;
  const buttons = useRef<HTMLSpanElement>(null);
  const [pressed, setPressed] = useState<{ by: -1 | 1; index: number }>();
  useEffect(() => {
    if (pressed === undefined || pressed.index === index) return;
    buttons.current?.querySelector<HTMLButtonElement>(`[data-by="${pressed.by}"]`)?.focus();
  }, [pressed, index]);
  const move = (by: -1 | 1) => {
    if (index + by < 0 || index + by >= count) return;
    setPressed({ by, index });
    props.onMove(by);
  };
  return (
    <span ref={buttons} className={styles.buttons}>
      {([-1, 1] as const).map((by) => (
        <button
          key={by}
          type="button"
          data-by={by}
          aria-label={say(by === -1 ? 'law.up' : 'law.down', { name })}
          aria-disabled={index + by < 0 || index + by >= count}
          onClick={() => move(by)}
        >
          {by === -1 ? <IconArrowUp size={22} aria-hidden /> : <IconArrowDown size={22} aria-hidden />}
        </button>
      ))}
      <span className="visually-hidden" aria-live="polite">
        {pressed === undefined ? '' : say('law.moved', { name, number: index + 1, count })}
      </span>
    </span>
  );
}
