/**
 * A short word after something was done. It is read out, stays long enough for a slow reader, and is never the only
 * place where something can be learnt.
 */
import { IconAlertTriangle, IconCircleCheck, IconX } from '@tabler/icons-react';
import { createContext, type ReactNode, useCallback, useContext, useMemo, useRef, useState } from 'react';
import { browserClock, type Cancel } from '../edges/clock.ts';
import { useSay } from '../text/use-say.ts';
import styles from './toast.module.css';

/** How long a toast stays: enough to read twelve words twice. */
const stayMs = 8_000;

interface Toast {
  number: number;
  tone: 'good' | 'attention';
  words: string;
}

type Show = (tone: Toast['tone'], words: string) => void;
const ToastContext = createContext<Show>(() => {});

/** Shows a toast in place of the one before. */
export function useToast(): Show {
  return useContext(ToastContext);
}

export function ToastProvider(props: { children: ReactNode }) {
  const [toast, setToast] = useState<Toast>();
  const cancel = useRef<Cancel>(() => {});
  const number = useRef(0);
  const say = useSay();
  const show = useCallback<Show>((tone, words) => {
    cancel.current();
    number.current += 1;
    setToast({ number: number.current, tone, words });
    cancel.current = browserClock.setTimer(() => setToast(undefined), stayMs);
  }, []);
  const children = useMemo(() => props.children, [props.children]);
  return (
    <ToastContext value={show}>
      {children}
      <div className={styles.place} role="status" aria-live="polite">
        {toast !== undefined && (
          <div key={toast.number} className={styles.toast} data-tone={toast.tone}>
            {toast.tone === 'good' ? (
              <IconCircleCheck size={22} aria-hidden />
            ) : (
              <IconAlertTriangle size={22} aria-hidden />
            )}
            <span>{toast.words}</span>
            <button type="button" onClick={() => setToast(undefined)} aria-label={say('action.close')}>
              <IconX size={20} aria-hidden />
            </button>
          </div>
        )}
      </div>
    </ToastContext>
  );
}
