/**
 * A button that acts only after it has been held for two seconds: no slip of a thumb sends an emergency. Works by
 * pointer and by keyboard (hold Space or Enter). Assistive technology that can only press is asked once in a dialog.
 */
import { type ReactNode, useCallback, useEffect, useRef, useState } from 'react';
import { browserClock, type Cancel } from '../edges/clock.ts';
import styles from './hold-button.module.css';

/** Long enough to be meant, short enough for a hurry. */
export const holdMs = 2_000;

/** `onPressed` is called for a press that cannot be a hold; it should ask before it acts. */
export function HoldButton(props: {
  children: ReactNode;
  hint: string;
  tone: 'alarm' | 'drill';
  disabled?: boolean;
  onHeld: () => void;
  onPressed: () => void;
}) {
  const [isHeld, setHeld] = useState(false);
  const cancel = useRef<Cancel | undefined>(undefined);
  const wasTouched = useRef(false);
  const { onHeld, disabled } = props;
  const release = useCallback(() => {
    cancel.current?.();
    cancel.current = undefined;
    setHeld(false);
  }, []);
  const hold = () => {
    if (disabled || cancel.current !== undefined) return;
    setHeld(true);
    cancel.current = browserClock.setTimer(() => {
      release();
      onHeld();
    }, holdMs);
  };
  useEffect(() => release, [release]);
  return (
    <button
      type="button"
      className={styles.hold}
      data-held={isHeld}
      data-tone={props.tone}
      disabled={disabled}
      onPointerDown={(event) => {
        wasTouched.current = true;
        if (event.button === 0) hold();
      }}
      onPointerUp={release}
      onPointerLeave={release}
      onPointerCancel={release}
      onBlur={release}
      onContextMenu={(event) => event.preventDefault()}
      onKeyDown={(event) => {
        if (event.key !== ' ' && event.key !== 'Enter') return;
        event.preventDefault();
        hold();
      }}
      onKeyUp={release}
      onClick={() => {
        if (!wasTouched.current) props.onPressed();
        wasTouched.current = false;
      }}
    >
      <span className={styles.fill} aria-hidden />
      <span className={styles.words}>
        <strong>{props.children}</strong>
        <span>{props.hint}</span>
      </span>
    </button>
  );
}
